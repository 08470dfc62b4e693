#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "espalier/pruning/network_trainer.hpp"
#include "espalier/pruning/prune.hpp"

#include "loop/hardware_link.hpp"

namespace espalier::pruning {

/// Our own training behind the interface that the loop knows. References are kept.
class SequentialTrainer final : public NetworkTrainer {
 public:
  SequentialTrainer(Sequential network, const DataSplit& data,
                    const resource_model::Network& hardware, const PruneOptions& options,
                    PruneObserver& observer);

  /// With batch normalisations until train_baseline() or restore(), folded afterwards.
  const Sequential& network() const noexcept { return network_; }

  std::vector<std::span<const float>> kernels() const override;
  void apply_masks(const LayerMasks& masks) override;
  void fine_tune(const LayerMasks& masks, std::uint64_t seed) override;
  Evaluation evaluate(DataPart part) override;
  std::string save() const override;
  void restore(const std::string& state) override;
  void train_baseline(std::uint64_t seed) override;
  void regrow(std::uint64_t seed) override;
  void set_regularization(double strength) override;
  std::vector<std::vector<float>> sensitivity(Sensitivity kind) override;
  std::optional<double> fixed_point_accuracy(DataPart part) override;

 private:
  void fold();
  std::vector<std::uint8_t> correct_in_fixed_point() const;
  void run_training(TrainOptions training, const LayerMasks& masks, std::uint64_t seed);
  const Dataset& dataset(DataPart part) const noexcept {
    return part == DataPart::kValidation ? data_.validation : data_.test;
  }

  Sequential network_;
  const DataSplit& data_;
  const resource_model::Network& hardware_;
  const PruneOptions& options_;
  PruneObserver& observer_;
  std::vector<LayerLink> links_;
  std::vector<GroupPenalty> penalties_;
  double strength_;  ///< of the group penalty
  bool is_folded_ = false;
  bool judges_fixed_point_ = false;  ///< after the baseline, when fixed_point_tuning is on
};

}  // namespace espalier::pruning
