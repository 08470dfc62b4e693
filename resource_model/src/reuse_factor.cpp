#include "espalier/resource_model/reuse_factor.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "validate.hpp"

namespace espalier::resource_model {
namespace {

/// Divisors of a positive number, ascending.
std::vector<int> divisors(std::int64_t number) {
  std::vector<int> low;
  std::vector<int> high;
  for (std::int64_t d = 1; d * d <= number; ++d) {
    if (number % d != 0) continue;
    low.push_back(static_cast<int>(d));
    if (d * d != number) high.push_back(static_cast<int>(number / d));
  }
  low.insert(low.end(), high.rbegin(), high.rend());
  return low;
}

/// Convolutions of io_parallel unroll over outputs and cannot fold beyond one output's inputs.
bool folds_outputs(const Layer& layer, IoType io_type) {
  return !(layer.is_convolution() && io_type == IoType::kParallel);
}

}  // namespace

std::vector<int> valid_reuse_factors(const Layer& layer, IoType io_type) {
  if (!layer.has_weights()) return {};
  const std::int64_t fan_in = layer.fan_in();
  if (layer.strategy == Strategy::kLatency) return divisors(fan_in * layer.fan_out());

  std::vector<int> factors = divisors(fan_in);
  if (folds_outputs(layer, io_type)) {
    for (const int k : divisors(layer.fan_out())) {
      if (k > 1) factors.push_back(static_cast<int>(fan_in * k));
    }
  }
  const bool is_single = factors.size() == 1;
  if (layer.strategy == Strategy::kResourceUnrolled && !is_single &&
      factors.back() == fan_in * layer.fan_out()) {
    factors.pop_back();
  }
  return factors;
}

bool is_valid_reuse_factor(const Layer& layer, IoType io_type, int reuse_factor) {
  if (!layer.has_weights()) return reuse_factor >= 1;
  const std::int64_t fan_in = layer.fan_in();
  const std::int64_t fan_out = layer.fan_out();
  if (reuse_factor < 1 || reuse_factor > fan_in * fan_out) return false;
  if (layer.strategy == Strategy::kLatency) return true;
  if (layer.strategy == Strategy::kResourceUnrolled && reuse_factor > 1 &&
      reuse_factor == fan_in * fan_out) {
    return false;
  }
  if (fan_in % reuse_factor == 0) return true;
  return folds_outputs(layer, io_type) && reuse_factor % fan_in == 0 &&
         fan_out % (reuse_factor / fan_in) == 0;
}

int nearest_valid_reuse_factor(const Layer& layer, IoType io_type, int reuse_factor) {
  if (is_valid_reuse_factor(layer, io_type, reuse_factor)) return reuse_factor;
  const std::vector<int> valid = valid_reuse_factors(layer, io_type);
  if (valid.empty()) return std::max(reuse_factor, 1);
  const auto above = std::lower_bound(valid.begin(), valid.end(), reuse_factor);
  if (above == valid.begin()) return valid.front();
  if (above == valid.end()) return valid.back();
  const int below = *(above - 1);
  return *above - reuse_factor < reuse_factor - below ? *above : below;
}

namespace {

std::string neighbours_text(const std::vector<int>& valid, int reuse_factor) {
  const auto above = std::upper_bound(valid.begin(), valid.end(), reuse_factor);
  std::string text;
  if (above != valid.begin()) text += std::to_string(*(above - 1)) + " below";
  if (above != valid.end())
    text += (text.empty() ? "" : " and ") + std::to_string(*above) + " above";
  return text;
}

}  // namespace

std::optional<std::string> correct_reuse_factor(Layer& layer, IoType io_type) {
  const int asked = layer.reuse_factor;
  if (is_valid_reuse_factor(layer, io_type, asked)) return std::nullopt;
  layer.reuse_factor = nearest_valid_reuse_factor(layer, io_type, asked);
  const std::vector<int> valid = valid_reuse_factors(layer, io_type);
  return about_layer(layer, "reuse factor " + std::to_string(asked) + " is invalid with strategy " +
                                to_string(layer.strategy) + ", hls4ml silently uses " +
                                std::to_string(layer.reuse_factor) +
                                "; the nearest valid ones are " + neighbours_text(valid, asked));
}

std::vector<std::string> correct_reuse_factors(Network& network) {
  std::vector<std::string> warnings;
  for (Layer& layer : network.layers) {
    auto warning = correct_reuse_factor(layer, network.io_type);
    if (warning) warnings.push_back(*std::move(warning));
  }
  return warnings;
}

}  // namespace espalier::resource_model
