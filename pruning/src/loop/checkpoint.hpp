#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "espalier/pruning/prune.hpp"

namespace espalier::pruning {

/// Everything that the rest of a run depends on, between two iterations. The schedule is not in it:
/// it follows from the verdicts on the iterations.
struct RunState {
  NetworkState baseline;
  std::vector<std::uint8_t> baseline_correct;  ///< per validation sample
  double regularization = 0.0;
  std::vector<RegularizationTrial> regularization_trials;
  std::vector<IterationRecord> iterations;
  std::string best_network;             ///< NetworkTrainer::save() of the best accepted state
  LayerMasks best_masks;                ///< empty: nothing accepted yet
  std::vector<std::int64_t> best_kept;  ///< structures kept, per entry of the structures
  std::vector<double> value_weights;    ///< factors of the values, per entry of the structures
  std::vector<double> multipliers;      ///< of the last knapsack
  std::uint64_t trainings = 0;          ///< so many seeds are used up
  double seconds = 0.0;                 ///< time that it took
};

/// What must be equal in two runs for one to go on from the checkpoint of the other, as text: the
/// options that change the result, hardware and kernels. The number of threads does not.
std::string run_identity(const PruneOptions& options, const resource_model::Network& hardware,
                         const std::vector<std::span<const float>>& initial_kernels);

/// Replaces the file atomically: whenever the program dies, the file is the old one or the new one.
void write_checkpoint(const std::filesystem::path& file, const std::string& identity,
                      const RunState& state);

/// Nothing when there is no such file. Throws Error naming the file when it is damaged or was
/// written by a run with another identity.
std::optional<RunState> read_checkpoint(const std::filesystem::path& file,
                                        const std::string& identity);

}  // namespace espalier::pruning
