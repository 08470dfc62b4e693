#pragma once

#include <array>
#include <vector>

#include "espalier/pruning/prune.hpp"
#include "espalier/resource_model/resources.hpp"
#include "espalier/resource_model/structure.hpp"

#include "select/resource_rows.hpp"

namespace espalier::pruning {

double removed_fraction(std::int64_t before, std::int64_t after) noexcept;

/// Sum of what all structures free.
resource_model::Resources sum_of_structures(
    const std::vector<resource_model::LayerStructures>& structures);

/// How many structures each entry keeps in any case, from the options. Throws Error for the name of
/// a layer that has no structures.
std::vector<std::int64_t> structure_floors(
    const PruneOptions& options, const resource_model::Network& hardware,
    const std::vector<resource_model::LayerStructures>& structures);

/// Where a run is going: a fraction of every resource to remove in the end, whatever way the
/// options say it, and the budget of every target on the way there.
class Goal {
 public:
  /// Throws Error when the floors or what no structure can free leave no room for the goal; a plain
  /// target_sparsity is lowered instead.
  Goal(const PruneOptions& options, const resource_model::Network& hardware,
       const std::vector<resource_model::LayerStructures>& structures,
       const resource_model::Resources& baseline);

  /// Largest fraction to remove; 0 when there is nothing to do.
  double final_target() const noexcept { return final_target_; }

  /// Smallest target that asks for less of any resource than a smaller one: one unit of the
  /// resource that the baseline has most of; 1 when there is nothing to do.
  double smallest_step() const noexcept;

  /// What the network may use at a target: of each resource that structures can free,
  /// floor((1 - target * its fraction / the largest fraction) * baseline); the others as they are.
  resource_model::Resources budget(double target) const noexcept;

 private:
  void lower_to(const resource_model::Resources& least) noexcept;
  void require(const resource_model::Resources& least) const;

  resource_model::Resources baseline_;
  std::array<double, kResourceDimensions.size()> fractions_{};
  double largest_ = 0.0;
  double final_target_ = 0.0;
};

}  // namespace espalier::pruning
