#include "loop/goal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "espalier/pruning/selection.hpp"
#include "espalier/resource_model/device.hpp"
#include "espalier/resource_model/estimate.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

using resource_model::LayerStructures;
using resource_model::Resources;

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

Resources limits_of(const ResourceLimits& limits) {
  return {.dsp = limits.dsp.value_or(kUnlimited),
          .bram18 = limits.bram18.value_or(kUnlimited),
          .lut = limits.lut.value_or(kUnlimited),
          .ff = limits.ff.value_or(kUnlimited)};
}

/// What the device leaves for multipliers, with their logic, and weight memories, as far as the
/// objective counts it.
Resources room_in_device(const resource_model::Network& hardware,
                         const resource_model::Objective& objective) {
  const resource_model::Device* device = resource_model::find_device(hardware.part);
  if (device == nullptr) {
    throw Error("the capacity of part " + hardware.part +
                " is not known; expected a budget in numbers instead of the device");
  }
  const auto estimate = resource_model::estimate(hardware);
  Resources rest = estimate.total;
  for (const auto& layer : estimate.layers) rest = rest - layer.weights;
  Resources room = device->capacity - rest;
  if (!objective.lut) room.lut = kUnlimited;
  if (!objective.ff) room.ff = kUnlimited;
  const bool has_room =
      std::all_of(kResourceDimensions.begin(), kResourceDimensions.end(),
                  [&room](const ResourceDimension& d) { return room.*d.amount >= 0; });
  if (!has_room) {
    throw Error("device " + std::string(device->name) +
                " cannot hold what remains of the network without its weights; expected a larger "
                "one");
  }
  return room;
}

std::array<double, kResourceDimensions.size()> fractions_below(const Resources& limits,
                                                               const Resources& baseline) {
  std::array<double, kResourceDimensions.size()> fractions{};
  for (std::size_t d = 0; d < fractions.size(); ++d) {
    const std::int64_t amount = baseline.*kResourceDimensions[d].amount;
    const std::int64_t limit = std::max<std::int64_t>(limits.*kResourceDimensions[d].amount, 0);
    if (limit < amount) fractions[d] = removed_fraction(amount, limit);
  }
  return fractions;
}

std::array<double, kResourceDimensions.size()> fractions_of(const PruneOptions& options,
                                                            const resource_model::Network& hardware,
                                                            const Resources& baseline) {
  if (options.target_fractions) {
    const ResourceFractions& f = *options.target_fractions;
    return {f.dsp, f.bram18, f.lut, f.ff};
  }
  if (options.target_budget) return fractions_below(limits_of(*options.target_budget), baseline);
  if (options.fit_device)
    return fractions_below(room_in_device(hardware, options.objective), baseline);
  std::array<double, kResourceDimensions.size()> equal{};
  equal.fill(options.target_sparsity);
  return equal;
}

/// What is left when every entry keeps its floor only. With all values zero exactly the floor is
/// kept, the first structures of each layer; the last structure of a layer never costs more than
/// they do.
Resources cost_of_floors(const std::vector<LayerStructures>& structures,
                         const std::vector<std::int64_t>& floors, const Resources& prunable) {
  std::vector<std::vector<double>> no_values;
  for (const LayerStructures& s : structures) {
    no_values.emplace_back(static_cast<std::size_t>(s.num_structures), 0.0);
  }
  return select_structures(structures, no_values, prunable, {.floors = floors}).used;
}

}  // namespace

double removed_fraction(std::int64_t before, std::int64_t after) noexcept {
  return before == 0 ? 0.0 : static_cast<double>(before - after) / static_cast<double>(before);
}

Resources sum_of_structures(const std::vector<LayerStructures>& structures) {
  Resources sum;
  for (const LayerStructures& s : structures) {
    for (const ResourceDimension& d : kResourceDimensions) {
      sum.*d.amount +=
          (s.num_structures - 1) * s.per_structure.*d.amount + s.last_structure.*d.amount;
    }
  }
  return sum;
}

std::vector<std::int64_t> structure_floors(const PruneOptions& options,
                                           const resource_model::Network& hardware,
                                           const std::vector<LayerStructures>& structures) {
  std::vector<std::int64_t> floors;
  std::size_t named = 0;
  for (const LayerStructures& s : structures) {
    const std::string& name = hardware.layers[static_cast<std::size_t>(s.layer)].name;
    std::int64_t floor = options.min_structures_per_layer;
    if (const auto it = options.layer_floors.find(name); it != options.layer_floors.end()) {
      const double share = it->second * static_cast<double>(s.num_structures);
      floor = std::max(floor, static_cast<std::int64_t>(std::ceil(share - 1e-9)));
      named += s.first_weight == 0 ? 1 : 0;
    }
    floors.push_back(floor);
  }
  if (named < options.layer_floors.size()) {
    for (const auto& [name, share] : options.layer_floors) {
      const auto is_named = [&, &wanted = name](const LayerStructures& s) {
        return hardware.layers[static_cast<std::size_t>(s.layer)].name == wanted;
      };
      if (std::none_of(structures.begin(), structures.end(), is_named)) {
        throw Error("there is a floor for layer " + name +
                    ", which has no weights; expected a layer of the hardware description");
      }
    }
  }
  return floors;
}

Goal::Goal(const PruneOptions& options, const resource_model::Network& hardware,
           const std::vector<LayerStructures>& structures, const Resources& baseline)
    : baseline_(baseline), fractions_(fractions_of(options, hardware, baseline)) {
  const Resources prunable = sum_of_structures(structures);
  for (std::size_t d = 0; d < fractions_.size(); ++d) {
    const std::int64_t amount = prunable.*kResourceDimensions[d].amount;
    const bool is_plain =
        !options.target_fractions && !options.target_budget && !options.fit_device;
    if (amount == 0 && fractions_[d] > 0.0 && !is_plain) {
      throw Error(std::string("the goal asks for less ") + kResourceDimensions[d].name +
                  ", which no structure frees with this objective; expected another goal or "
                  "objective");
    }
    if (amount == 0) fractions_[d] = 0.0;
  }
  largest_ = *std::max_element(fractions_.begin(), fractions_.end());
  final_target_ = largest_;
  const Resources least =
      baseline - prunable +
      cost_of_floors(structures, structure_floors(options, hardware, structures), prunable);
  if (options.target_fractions || options.target_budget || options.fit_device) {
    require(least);
  } else {
    lower_to(least);
  }
}

void Goal::lower_to(const Resources& least) noexcept {
  for (std::size_t d = 0; d < fractions_.size(); ++d) {
    if (fractions_[d] == 0.0) continue;
    const auto amount = kResourceDimensions[d].amount;
    final_target_ = std::min(final_target_, removed_fraction(baseline_.*amount, least.*amount));
  }
}

void Goal::require(const Resources& least) const {
  const Resources end = budget(final_target_);
  for (const ResourceDimension& d : kResourceDimensions) {
    if (least.*d.amount > end.*d.amount) {
      throw Error("the goal leaves " + std::to_string(end.*d.amount) + " " + d.name +
                  "; expected at least " + std::to_string(least.*d.amount) +
                  ", what the floors and what no structure frees need");
    }
  }
}

double Goal::smallest_step() const noexcept {
  double step = 1.0;
  for (std::size_t d = 0; d < fractions_.size(); ++d) {
    if (fractions_[d] == 0.0) continue;
    const auto amount = static_cast<double>(baseline_.*kResourceDimensions[d].amount);
    step = std::min(step, largest_ / (fractions_[d] * amount));
  }
  return step;
}

/// The tiny addition keeps a target that is a quotient of integers from losing a unit to rounding.
Resources Goal::budget(double target) const noexcept {
  Resources budget = baseline_;
  for (std::size_t d = 0; d < fractions_.size(); ++d) {
    if (fractions_[d] == 0.0) continue;
    const auto amount = kResourceDimensions[d].amount;
    const double removed = target * (fractions_[d] / largest_);
    const double left = (1.0 - removed) * static_cast<double>(baseline_.*amount);
    budget.*amount = static_cast<std::int64_t>(std::floor(left + 1e-6));
  }
  return budget;
}

}  // namespace espalier::pruning
