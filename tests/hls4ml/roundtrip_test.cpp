// roundtrip_test PYTHON CASE FOLDER: exports a network, lets the real hls4ml convert, compile and
// run it, and compares the outputs bit for bit with our own fixed-point inference.
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "espalier/pruning/export_model.hpp"
#include "espalier/pruning/fixed_point_network.hpp"
#include "espalier/resource_model/weight_layout.hpp"

#include "exchange/hls4ml_project.hpp"
#include "exchange/keras_architecture.hpp"
#include "loop/hardware_link.hpp"
#include "roundtrip_cases.hpp"

namespace {

namespace fs = std::filesystem;
using namespace espalier::pruning;
using espalier::resource_model::Layer;
using espalier::tests::RoundtripCase;

constexpr int kSkipped = 77;

void write_doubles(const fs::path& file, const std::vector<double>& values) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(double)));
}

std::vector<double> read_doubles(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  std::vector<double> values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(double));
  return values;
}

void write_inputs(const RoundtripCase& made, const fs::path& folder) {
  write_doubles(folder / "input.bin", {made.features.begin(), made.features.end()});
  std::ofstream shape(folder / "shape.txt");
  shape << made.count;
  const auto& first = made.hardware.layers.front();
  const bool is_sequence = first.type == espalier::resource_model::LayerType::kConv1D;
  const auto& sizes = made.network.input_shape();
  for (std::size_t k = is_sequence ? 1 : 0; k < sizes.size(); ++k) shape << ' ' << sizes[k];
}

int compare(const std::vector<double>& ours, const std::vector<double>& theirs) {
  if (ours.size() != theirs.size()) {
    std::cout << "FAILED: " << theirs.size() << " outputs of hls4ml, " << ours.size() << " ours\n";
    return 1;
  }
  std::size_t different = 0;
  std::size_t zeros = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i] == 0.0) ++zeros;
    if (ours[i] == theirs[i]) continue;
    if (++different <= 5) {
      std::cout << "output " << i << ": " << ours[i] << " ours, " << theirs[i] << " of hls4ml\n";
    }
  }
  std::cout << different << " of " << ours.size() << " outputs differ, " << zeros << " are 0\n";
  return different == 0 && zeros < ours.size() ? 0 : 1;
}

/// Lanes of the kernel, in hardware order, that have a weight which is not zero.
std::int64_t used_lanes(std::span<const float> kernel, const Layer& layer) {
  const espalier::resource_model::WeightLayout layout(layer);
  std::set<std::int64_t> used;
  for (std::int64_t f = 0; f < layout.num_weights(); ++f) {
    const auto index = static_cast<std::size_t>(layout.framework_index(f));
    if (kernel[index] != 0.0F) used.insert(layout.lane(f));
  }
  return static_cast<std::int64_t>(used.size());
}

/// Unrolled layers and those with a multiplier per weight: as many multiplications as we count.
int compare_limits(const RoundtripCase& made, const fs::path& folder) {
  const auto project = read_hls4ml_project(folder / "hls");
  const auto hardware = with_exportable_names(made.hardware);
  int failures = 0;
  for (const LayerLink& link : link_layers(made.network, hardware)) {
    const Layer& layer = hardware.layers[static_cast<std::size_t>(link.hardware_layer)];
    const ProjectLayer& theirs = project.at(layer.name);
    const std::int64_t ours = used_lanes(made.network.kernel(link.network_layer), layer);
    const bool is_exact = (theirs.is_unrolled && layer.reuse_factor <= layer.fan_in()) ||
                          (theirs.is_latency && layer.reuse_factor == 1);
    std::cout << layer.name << ": " << ours << " multipliers, hls4ml's limit " << theirs.limit
              << (is_exact ? "" : " (not exact)") << '\n';
    if (theirs.reuse_factor != layer.reuse_factor || (is_exact && theirs.limit != ours)) {
      std::cout << "FAILED: layer " << layer.name << '\n';
      ++failures;
    }
  }
  return failures;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string python = argv[1];
  const fs::path folder = argv[3];
  if (!fs::exists(python)) {
    std::cerr << "SKIPPED: " << python << " is missing; ./run test makes it where there is Python "
              << "and a network\n";
    return kSkipped;
  }
  fs::create_directories(folder);
  const RoundtripCase made = espalier::tests::make_roundtrip_case(argv[2]);
  export_model(made.network, made.hardware, folder);
  write_inputs(made, folder);
  fs::remove(folder / "output.bin");
  const std::string command =
      python + " " ESPALIER_SOURCE_DIR "/tests/hls4ml/predict.py " + folder.string();
  if (std::system(command.c_str()) != 0) {
    std::cout << "FAILED: hls4ml does not convert, compile or run the export\n";
    return 1;
  }
  const FixedPointNetwork fixed(made.network, made.hardware);
  const int different =
      compare(fixed.predict(made.features, made.count), read_doubles(folder / "output.bin"));
  return different + compare_limits(made, folder) == 0 ? 0 : 1;
}
