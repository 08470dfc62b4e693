#include "classes/class_samples.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <utility>

#include "classes/near_vertex.hpp"
#include "classes/radix_sort.hpp"

namespace espalier::solver {
namespace {

/// Least sample of a class that is not taken whole.
constexpr std::size_t kLeastSample = 96;
/// A multiplier foretold further from that of the samples would be a poor guess.
constexpr double kMostCorrection = 2.0;

}  // namespace

void ClassSamples::place(std::size_t total, Random& random) {
  past_multipliers_.clear();
  samples_.resize(open_.open().size());
  std::size_t items = 0;
  for (const OpenClass& of : open_.open()) items += of.profits.size();
  for (std::size_t k = 0; k < samples_.size(); ++k) {
    Sample& sample = samples_[k];
    sample.population = open_.open()[k].profits.size();
    sample.places.clear();
    sample.unit = 1.0;
    const double share = static_cast<double>(sample.population) / static_cast<double>(items);
    const std::size_t wanted =
        std::max(kLeastSample, static_cast<std::size_t>(share * static_cast<double>(total)));
    if (sample.population <= 2 * wanted) continue;
    // One out of each stretch of equal length.
    sample.unit = static_cast<double>(sample.population) / static_cast<double>(wanted);
    sample.places.reserve(wanted);
    for (std::size_t j = 0; j < wanted; ++j) {
      const double place = (static_cast<double>(j) + random.uniform()) * sample.unit;
      const auto position = std::min(static_cast<std::size_t>(place), sample.population - 1);
      sample.places.push_back({static_cast<std::int32_t>(position), 0, 0});
    }
  }
}

bool ClassSamples::has_past() const {
  const auto open = open_.open();
  return !past_multipliers_.empty() &&
         std::equal(open.begin(), open.end(), samples_.begin(), samples_.end(),
                    [](const OpenClass& of, const Sample& sample) {
                      return of.profits.size() == sample.population;
                    });
}

/// By falling profit now. After small changes hardly anything has to move: by insertion, then, as
/// long as that takes few steps.
void ClassSamples::sort_places(std::vector<Place>& places) {
  constexpr std::size_t kStepsPerPlace = 12;
  std::size_t steps_left = kStepsPerPlace * places.size();
  for (std::size_t k = 1; k < places.size(); ++k) {
    const Place moving = places[k];
    std::size_t at = k;
    for (; at > 0 && places[at - 1].now < moving.now && steps_left > 0; --at, --steps_left) {
      places[at] = places[at - 1];
    }
    places[at] = moving;
    if (steps_left > 0) continue;
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
      return std::tie(b.now, a.position) < std::tie(a.now, b.position);
    });
    return;
  }
}

void ClassSamples::read() {
  curves_.clear();
  for (std::size_t k = 0; k < samples_.size(); ++k) {
    Sample& sample = samples_[k];
    const OpenClass& of = open_.open()[k];
    for (Place& place : sample.places) {
      place.now = of.profits[static_cast<std::size_t>(place.position)];
    }
    sort_places(sample.places);
    sample.sorted.clear();
    for (const Place& place : sample.places) {
      if (place.now <= 0) break;
      sample.sorted.push_back(place.now);
    }
    if (sample.places.empty()) {
      std::copy_if(of.profits.begin(), of.profits.end(), std::back_inserter(sample.sorted),
                   [](std::int64_t profit) { return profit > 0; });
      sort_falling(sample.sorted);
    }
    ClassCurve curve;
    curve.weights = of.weights;
    curve.values = sample.sorted;
    curve.unit = sample.unit;
    const double first = std::ceil(static_cast<double>(of.floor) / sample.unit);
    curve.first = std::min(sample.sorted.size(), static_cast<std::size_t>(first));
    curves_.push_back(curve);
  }
}

LpPoint ClassSamples::minimise(std::span<const double> expected) {
  read();
  minimum_ = minimise_dual(curves_, open_.capacities(),
                           vertex_near(curves_, expected, open_.capacities().size()));
  return minimum_;
}

LpPoint ClassSamples::minimise_again() {
  read();
  const std::vector<double> multipliers = minimum_.multipliers;
  minimum_ = moved(std::move(minimum_), curves_, multipliers);
  minimum_.pivots = 0;
  minimum_ = minimise_dual(curves_, open_.capacities(), std::move(minimum_));
  return minimum_;
}

std::vector<double> ClassSamples::foretold() const {
  std::vector<double> multipliers = minimum_.multipliers;
  for (std::size_t i = 0; i < multipliers.size(); ++i) {
    const double factor = past_multipliers_[i] / past_minimum_[i];
    if (factor < kMostCorrection && factor > 1.0 / kMostCorrection) multipliers[i] *= factor;
  }
  return multipliers;
}

std::vector<double> ClassSamples::moved_parts(std::span<const double> multipliers) const {
  std::vector<double> parts;
  double all_moved = 1.0;  // what was not seen may still be rare only
  double all = 1.0;
  for (std::size_t k = 0; k < samples_.size(); ++k) {
    const Sample& sample = samples_[k];
    const double before = curves_[k].threshold(past_multipliers_);
    const double now = curves_[k].threshold(multipliers);
    std::int64_t moved = 0;
    for (const Place& place : sample.places) {
      const bool was_above = static_cast<double>(place.before) > before;
      const bool is_above = static_cast<double>(place.now) > now;
      moved += was_above != is_above ? 1 : 0;
    }
    const auto size = static_cast<double>(sample.places.size());
    parts.push_back(sample.places.empty() ? 0.0 : static_cast<double>(moved) / size);
    all_moved += static_cast<double>(moved);
    all += size;
  }
  parts.push_back(all_moved / all);
  for (double& part : parts) part = std::max(part, parts.back());
  return parts;
}

void ClassSamples::remember(std::span<const double> multipliers) {
  for (Sample& sample : samples_) {
    for (Place& place : sample.places) place.before = place.now;
  }
  past_minimum_ = minimum_.multipliers;
  past_multipliers_.assign(multipliers.begin(), multipliers.end());
}

}  // namespace espalier::solver
