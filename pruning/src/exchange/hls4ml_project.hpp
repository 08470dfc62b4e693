#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace espalier::pruning {

/// The multipliers of one layer in a project that hls4ml has generated.
struct ProjectLayer {
  std::int64_t n_in = 0;
  std::int64_t n_out = 0;
  std::int64_t reuse_factor = 0;
  std::int64_t num_zeros = 0;
  std::int64_t limit = 0;  ///< of multiplications at a time
  bool is_unrolled = false;
  bool is_latency = false;
};

/// Layers with weights by name, from firmware/parameters.h and firmware/nnet_utils/nnet_code_gen.h
/// below `folder`. Throws Error naming the file when it cannot be read or understood.
std::map<std::string, ProjectLayer> read_hls4ml_project(const std::filesystem::path& folder);

}  // namespace espalier::pruning
