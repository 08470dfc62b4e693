// Holds whole-network estimates against the HLS reports of networks.csv.gz: every network with a
// Resource layer, its DSP and BRAM, and what the tables do not tell about it.
//
// The network table lists only the matrix layers with their folding. Types and image shapes come
// from the layer table where it has the same layer in the project or its repository; a layer that
// it does not have takes the types of another and no shape, so that queues between image layers
// cannot be counted. The last dense layer is taken to end in a softmax or in nothing,
// whichever is nearer to the report's DSP blocks.

#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <sstream>
#include <utility>

#include "espalier/resource_model/estimate.hpp"
#include "espalier/support/error.hpp"

#include "report_rows.hpp"

namespace {

using namespace espalier::bench;
using namespace espalier::resource_model;

struct ListedLayer {
  std::string kind;
  int n_in = 0;
  int n_out = 0;
  int reuse_factor = 1;
  std::string strategy;
};

struct Outcome {
  Resources estimate;
  bool has_unknown_kind = false;  ///< recurrent layers
  bool lacks_shapes = false;      ///< an image layer whose size is in neither table
  bool lacks_types = false;       ///< no layer of the repository is in the layer table
};

std::vector<ListedLayer> listed_layers(const std::string& text) {
  std::vector<ListedLayer> layers;
  std::istringstream stream(text);
  for (std::string entry; std::getline(stream, entry, ';');) {
    ListedLayer layer;
    std::array<char, 32> kind{};
    std::array<char, 32> strategy{};
    if (std::sscanf(entry.c_str(), "%31[^:]:%dx%d:rf%d:%31s", kind.data(), &layer.n_in,
                    &layer.n_out, &layer.reuse_factor, strategy.data()) != 5) {
      throw espalier::Error("layer '" + entry + "' of a network is not type:NxM:rfR:strategy");
    }
    layer.kind = kind.data();
    layer.strategy = strategy.data();
    layers.push_back(layer);
  }
  return layers;
}

/// A row for a listed layer, from the project or else from another one of its repository; nullptr
/// when there is none.
const ReportRow* find_row(const std::vector<const ReportRow*>& rows, const ListedLayer& layer) {
  for (const ReportRow* row : rows) {
    if (row->text("layer_type") == layer.kind && row->integer("n_in", 0) == layer.n_in &&
        row->integer("n_out", 0) == layer.n_out && row->text("scope") == "layer") {
      return row;
    }
  }
  return nullptr;
}

/// The layer rows of the network's project first, then those of its repository.
std::vector<const ReportRow*> related_rows(const std::vector<ReportRow>& layers,
                                           const ReportRow& network) {
  std::vector<const ReportRow*> own;
  std::vector<const ReportRow*> others;
  for (const ReportRow& row : layers) {
    if (row.text("source") != network.text("source")) continue;
    (row.text("project") == network.text("project") ? own : others).push_back(&row);
  }
  own.insert(own.end(), others.begin(), others.end());
  return own;
}

Layer plain_layer(const ListedLayer& listed, const ReportRow* neighbour) {
  Layer layer;
  if (neighbour != nullptr) layer = network_of(*neighbour)->layers.front();
  Layer plain;
  plain.weight = layer.weight;
  plain.input_type = layer.input_type;
  plain.accum = layer.accum;
  plain.n_in = listed.n_in;
  plain.n_out = listed.n_out;
  plain.name = listed.kind;
  return plain;
}

Outcome estimate_network(const ReportRow& report, const std::vector<const ReportRow*>& rows) {
  Outcome outcome;
  Network network;
  network.io_type = report.text("io_type") == "stream" ? IoType::kStream : IoType::kParallel;
  network.part = report.text("part");
  network.clock_ns = report.number("clock_ns").value_or(5.0);
  const std::vector<ListedLayer> listed = listed_layers(report.text("layers"));
  const ReportRow* neighbour = nullptr;
  for (const ReportRow* row : rows) {
    if (neighbour == nullptr && network_of(*row)) neighbour = row;
  }
  outcome.lacks_types = neighbour == nullptr;
  for (std::size_t k = 0; k < listed.size(); ++k) {
    const ListedLayer& entry = listed[k];
    if (entry.strategy == "?") {
      outcome.has_unknown_kind = true;
      continue;
    }
    const ReportRow* const row = find_row(rows, entry);
    const auto described = row == nullptr ? std::nullopt : network_of(*row);
    Layer layer = described ? described->layers.front() : plain_layer(entry, neighbour);
    outcome.lacks_shapes |= !described && entry.kind.find("conv") != std::string::npos;
    layer.reuse_factor = entry.reuse_factor;
    layer.strategy = entry.strategy == "latency" ? Strategy::kLatency : Strategy::kResource;
    const bool is_last = k + 1 == listed.size();
    if (is_last && entry.kind == "dense" && layer.n_out > 1) {
      layer.activation = Activation::kSoftmax;
    }
    network.layers.push_back(layer);
  }
  outcome.estimate = estimate(network).total;
  // Which activation ends the network is not in the tables: softmax or none, what fits better.
  const Activation last = std::exchange(network.layers.back().activation, Activation::kLinear);
  const Resources without = estimate(network).total;
  const double report_dsp = *report.number("dsp");
  if (last == Activation::kSoftmax &&
      std::abs(static_cast<double>(without.dsp) - report_dsp) <
          std::abs(static_cast<double>(outcome.estimate.dsp) - report_dsp)) {
    outcome.estimate = without;
  }
  return outcome;
}

bool is_close(std::int64_t estimate, double report, double tolerance) {
  return std::abs(static_cast<double>(estimate) - report) <= tolerance * report + 0.5;
}

std::string reasons(const Outcome& outcome, bool is_streamed) {
  std::string text;
  if (outcome.has_unknown_kind) text += " recurrent layer left out;";
  if (outcome.lacks_types) text += " types not in the tables;";
  if (outcome.lacks_shapes && is_streamed) text += " image sizes not in the tables, so no queues;";
  return text;
}

void run(const char* networks_file, const char* layers_file) {
  const auto networks = read_rows(networks_file);
  const auto layers = read_rows(layers_file);
  int total = 0;
  int dsp_close = 0;
  int bram_close = 0;
  int described = 0;
  int described_dsp = 0;
  int described_bram = 0;
  for (const ReportRow& report : networks) {
    if (report.text("layers").find("resource") == std::string::npos) continue;
    const Outcome outcome = estimate_network(report, related_rows(layers, report));
    const bool dsp = is_close(outcome.estimate.dsp, *report.number("dsp"), 0.02);
    const bool bram = is_close(outcome.estimate.bram18, *report.number("bram18k"), 0.10);
    const std::string why = reasons(outcome, report.text("io_type") == "stream");
    ++total;
    dsp_close += dsp;
    bram_close += bram;
    if (why.empty()) {
      ++described;
      described_dsp += dsp;
      described_bram += bram;
    }
    std::printf("%-28.28s DSP %5lld of %5.0f %s  BRAM %5lld of %5.0f %s %s\n",
                report.text("source").c_str(), static_cast<long long>(outcome.estimate.dsp),
                *report.number("dsp"), dsp ? "  " : "! ",
                static_cast<long long>(outcome.estimate.bram18), *report.number("bram18k"),
                bram ? "  " : "! ", why.c_str());
  }
  std::printf(
      "\n%d networks with Resource layers: DSP within 2 %% in %d, BRAM within 10 %% in %d\n", total,
      dsp_close, bram_close);
  std::printf("%d of them fully described by the tables: DSP %d, BRAM %d\n", described,
              described_dsp, described_bram);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: evaluate_networks_resource_model networks.csv.gz layers.csv.gz\n");
    return 2;
  }
  try {
    run(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "evaluate_networks_resource_model: %s\n", error.what());
    return 1;
  }
}
