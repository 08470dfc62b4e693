#include "classes/rank_deviations.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "classes/small_matrix.hpp"

namespace espalier::solver {
namespace {

/// What keeps H regular where too few classes say anything, beside a diagonal of 1.
constexpr double kRidge = 1e-9;

/// Rows whose multiplier is determined by the classes.
std::vector<std::size_t> tight_rows(const LpPoint& point) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < point.multipliers.size(); ++i) {
    if (point.multipliers[i] > 0.0) rows.push_back(i);
  }
  return rows;
}

}  // namespace

std::vector<double> independent_parts(std::span<const ClassCurve> samples,
                                      std::span<const double> multipliers) {
  std::vector<double> parts;
  for (const ClassCurve& sample : samples) {
    const auto size = static_cast<double>(std::max<std::size_t>(sample.values.size(), 1));
    const double part =
        static_cast<double>(sample.taken_above(sample.threshold(multipliers))) / size;
    parts.push_back(part * (1.0 - part) + 1.0 / size);
  }
  return parts;
}

std::vector<double> rank_deviations(std::span<const ClassCurve> samples, const LpPoint& point,
                                    std::span<const double> moved) {
  const std::vector<std::size_t> rows = tight_rows(point);
  std::vector<double> densities;
  std::vector<double> scale(rows.size(), 0.0);  // makes the diagonal of H 1
  for (const ClassCurve& sample : samples) {
    const double threshold = sample.threshold(point.multipliers);
    densities.push_back(sample.density(sample.taken_above(threshold), threshold));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto weight = static_cast<double>(sample.weights[rows[i]]);
      scale[i] += sample.unit * densities.back() * weight * weight;
    }
  }
  for (double& s : scale) s = s > 0.0 ? 1.0 / std::sqrt(s) : 1.0;
  const auto weight = [&](const ClassCurve& sample, std::size_t i) {
    return scale[i] * static_cast<double>(sample.weights[rows[i]]);
  };
  SmallMatrix response(rows.size());
  SmallMatrix error(rows.size());
  for (std::size_t c = 0; c < samples.size(); ++c) {
    const ClassCurve& sample = samples[c];
    const double noise = sample.unit == 1.0 ? 0.0
                                            : sample.unit * sample.unit * moved[c] *
                                                  static_cast<double>(sample.values.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < rows.size(); ++j) {
        const double product = weight(sample, i) * weight(sample, j);
        response.at(i, j) += sample.unit * densities[c] * product;
        error.at(i, j) += noise * product;
      }
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) response.at(i, i) += kRidge;
  const bool is_regular = response.invert();
  std::vector<double> deviations;
  std::vector<double> shift(rows.size());
  for (std::size_t c = 0; c < samples.size(); ++c) {
    const ClassCurve& sample = samples[c];
    double variance = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      shift[i] = 0.0;
      for (std::size_t j = 0; j < rows.size(); ++j) {
        shift[i] += response.at(i, j) * weight(sample, j);
      }
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < rows.size(); ++j) {
        variance += shift[i] * error.at(i, j) * shift[j];
      }
    }
    const auto size = static_cast<double>(sample.values.size());
    const double deviation = is_regular ? densities[c] * std::sqrt(std::max(0.0, variance)) : size;
    deviations.push_back(std::min(deviation, size));
  }
  return deviations;
}

}  // namespace espalier::solver
