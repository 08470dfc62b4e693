#include "report_rows.hpp"

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <sstream>

#include <zlib.h>

#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

namespace espalier::bench {
namespace {

using resource_model::FixedPoint;
using resource_model::IoType;
using resource_model::Layer;
using resource_model::LayerType;
using resource_model::Network;
using resource_model::Padding;
using resource_model::Strategy;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  return fields;
}

std::string unpack(const std::filesystem::path& file) {
  gzFile stream = gzopen(file.c_str(), "rb");
  if (stream == nullptr) throw Error(file.string(), 0, "cannot be opened");
  std::string text;
  char buffer[1 << 15];
  int count = 0;
  while ((count = gzread(stream, buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  const bool is_whole = count == 0 && gzclose(stream) == Z_OK;
  if (!is_whole) throw Error(file.string(), 0, "is damaged");
  return text;
}

FixedPoint type_of(const ReportRow& row, const std::string& prefix) {
  FixedPoint type;
  type.width_bits = row.integer(prefix + "_bits", type.width_bits);
  type.integer_bits = row.integer(prefix + "_int", std::min(type.integer_bits, type.width_bits));
  return type;
}

/// The stride and padding that lead from one size to the other.
void set_slide(Layer& layer, std::size_t axis, int output) {
  const int input = layer.input[axis];
  for (int stride = 1; stride <= std::max(layer.kernel[axis], 2); ++stride) {
    layer.stride[axis] = stride;
    if (input >= layer.kernel[axis] && (input - layer.kernel[axis]) / stride + 1 == output) return;
  }
  layer.padding = Padding::kSame;
  layer.stride[axis] = output > 0 ? ceil_div(input, output) : 1;
}

bool set_convolution(const ReportRow& row, Layer& layer) {
  layer.type = row.text("layer_type").ends_with("1d") ? LayerType::kConv1D : LayerType::kConv2D;
  // N-TORC's sequences are listed twice as long as its cycles tell: at every reuse factor, RF = 1
  // too, they fit half the length.
  const int times_too_long = row.text("source") == "n-torc" ? 2 : 1;
  layer.input = {row.integer("in_h", 1), row.integer("in_w", 0) / times_too_long,
                 row.integer("n_chan", 0)};
  layer.kernel = {row.integer("filt_h", 1), row.integer("filt_w", 1)};
  layer.filters = row.integer("n_filt", layer.n_out);
  set_slide(layer, 0, row.integer("out_h", 1));
  set_slide(layer, 1, row.integer("out_w", 1) / times_too_long);
  return layer.input[1] > 0 && layer.fan_in() == layer.n_in && layer.fan_out() == layer.n_out;
}

int packets_of(const ReportRow& row, int n_in) {
  static const std::regex kLength("^dense_array_ap_u?fixed_(?:[0-9]+_)*?([0-9]+)u_array");
  std::smatch match;
  const std::string& name = row.text("function");
  if (std::regex_search(name, match, kLength)) {
    return std::max(1, n_in / std::max(1, std::atoi(match[1].str().c_str())));
  }
  return n_in > 64 ? n_in / 16 : 1;
}

}  // namespace

const std::string& ReportRow::text(const std::string& column) const {
  static const std::string kEmpty;
  const auto found = fields_.find(column);
  return found == fields_.end() ? kEmpty : found->second;
}

std::optional<double> ReportRow::number(const std::string& column) const {
  const std::string& value = text(column);
  if (value.empty()) return std::nullopt;
  return std::atof(value.c_str());
}

int ReportRow::integer(const std::string& column, int fallback) const {
  const auto value = number(column);
  return value ? static_cast<int>(*value) : fallback;
}

std::vector<ReportRow> read_rows(const std::filesystem::path& file) {
  std::istringstream stream(unpack(file));
  std::string line;
  std::getline(stream, line);
  const std::vector<std::string> columns = split(line);
  std::vector<ReportRow> rows;
  while (std::getline(stream, line)) {
    std::map<std::string, std::string> fields;
    const std::vector<std::string> values = split(line);
    for (std::size_t k = 0; k < std::min(columns.size(), values.size()); ++k) {
      fields[columns[k]] = values[k];
    }
    rows.emplace_back(std::move(fields));
  }
  return rows;
}

std::string source_kind(const ReportRow& row) {
  const std::string& source = row.text("source");
  return source == "wa-hls4ml" || source == "n-torc" ? source : "repositories";
}

std::optional<Network> network_of(const ReportRow& row) {
  const std::string& kind = row.text("layer_type");
  if (kind == "lstm" || !row.number("n_in") || !row.number("n_out")) return std::nullopt;
  Layer layer;
  layer.name = row.text("project");
  layer.n_in = row.integer("n_in", 0);
  layer.n_out = row.integer("n_out", 0);
  layer.strategy = row.text("strategy") == "latency" ? Strategy::kLatency : Strategy::kResource;
  layer.reuse_factor = row.integer("rf", 1);
  layer.weight = type_of(row, "w");
  layer.input_type = type_of(row, "in");
  layer.accum = type_of(row, "acc");

  Network network;
  network.connected = false;
  network.part = row.text("part");
  network.clock_ns = row.number("clock_ns").value_or(5.0);
  // Some commits were labelled io_parallel although their functions pass streams of arrays.
  const bool passes_arrays = row.text("function").find("_array") != std::string::npos;
  const bool is_stream = row.text("io_type") == "stream" || passes_arrays;
  network.io_type = is_stream ? IoType::kStream : IoType::kParallel;
  if (kind != "dense" && !set_convolution(row, layer)) return std::nullopt;
  if (kind == "dense" && is_stream) layer.packets = packets_of(row, layer.n_in);
  if (row.text("scope") == "kernel") {
    // The matrix-vector function inside a convolution is a dense layer of its own.
    layer.type = LayerType::kDense;
    layer.packets = 1;
    network.io_type = IoType::kParallel;
  }
  network.layers.push_back(std::move(layer));
  return network;
}

}  // namespace espalier::bench
