#include "exchange/hls4ml_project.hpp"

#include <charconv>
#include <fstream>
#include <optional>
#include <string_view>

#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

namespace fs = std::filesystem;

/// The text behind `key`, if the line has it.
std::optional<std::string_view> after(std::string_view line, std::string_view key) {
  const auto found = line.find(key);
  if (found == std::string_view::npos) return std::nullopt;
  return line.substr(found + key.size());
}

std::optional<std::int64_t> number_after(std::string_view line, std::string_view key) {
  const auto rest = after(line, key);
  std::int64_t number = 0;
  if (!rest || std::from_chars(rest->data(), rest->data() + rest->size(), number).ec != std::errc{})
    return std::nullopt;
  return number;
}

/// Limits that the generated code of unrolled layers has in it, by the layer's number.
std::map<std::int64_t, std::int64_t> unrolled_limits(const fs::path& file) {
  std::map<std::int64_t, std::int64_t> limits;
  std::ifstream stream(file);
  std::optional<std::int64_t> layer;
  for (std::string line; std::getline(stream, line);) {
    if (const auto number = number_after(line, "class dense_resource_unrolled_")) layer = number;
    const auto limit = number_after(line, "instances=mul limit=");
    if (layer && limit) limits.emplace(*layer, *limit);
  }
  return limits;
}

}  // namespace

std::map<std::string, ProjectLayer> read_hls4ml_project(const fs::path& folder) {
  const fs::path file = folder / "firmware/parameters.h";
  std::ifstream stream(file);
  if (!stream) throw Error(file.string(), 0, "cannot be opened; expected an hls4ml project");
  const auto unrolled = unrolled_limits(folder / "firmware/nnet_utils/nnet_code_gen.h");

  std::map<std::string, ProjectLayer> layers;
  std::string name;
  std::int64_t number = -1;  // -1: not inside the structure of a matrix product
  ProjectLayer layer;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("// ")) name = line.substr(3);
    // A convolution has its matrix product in a structure of its own, config2_mult.
    if (line.starts_with("struct ")) {
      const bool is_product = line.find("dense_config") != std::string::npos;
      number = is_product ? number_after(line, "struct config").value_or(-1) : -1;
      layer = {};
    }
    if (number < 0) continue;
    if (const auto value = number_after(line, " n_in = ")) layer.n_in = *value;
    if (const auto value = number_after(line, " n_out = ")) layer.n_out = *value;
    if (const auto value = number_after(line, " reuse_factor = ")) layer.reuse_factor = *value;
    if (const auto value = number_after(line, " n_zeros = ")) layer.num_zeros = *value;
    if (line.find("strategy = nnet::latency") != std::string::npos) layer.is_latency = true;
    if (!line.starts_with("};")) continue;
    if (layer.n_in <= 0 || layer.n_out <= 0 || layer.reuse_factor <= 0) {
      throw Error(file.string(), 0,
                  "layer '" + name + "' has no sizes; expected a project of hls4ml");
    }
    const auto own = unrolled.find(number);
    layer.is_unrolled = own != unrolled.end();
    const std::int64_t lanes =
        (layer.n_in * layer.n_out + layer.reuse_factor - 1) / layer.reuse_factor;
    layer.limit = layer.is_unrolled ? own->second : lanes - layer.num_zeros / layer.reuse_factor;
    layers.emplace(name, layer);
    number = -1;
  }
  return layers;
}

}  // namespace espalier::pruning
