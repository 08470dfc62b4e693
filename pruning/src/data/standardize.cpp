#include "data/standardize.hpp"

#include <cmath>
#include <vector>

namespace espalier::pruning::data {
namespace {

struct Scaling {
  std::vector<double> mean, factor;
};

Scaling standard_scaling(const Dataset& data) {
  const std::size_t features = data.sample_size();
  Scaling scaling{std::vector<double>(features, 0.0), std::vector<double>(features, 1.0)};
  for (std::size_t f = 0; f < features; ++f) {
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const double value = data.features[i * features + f];
      sum += value;
      squares += value * value;
    }
    const auto count = static_cast<double>(data.size() > 0 ? data.size() : 1);
    const double mean = sum / count;
    const double variance = squares / count - mean * mean;
    scaling.mean[f] = mean;
    scaling.factor[f] = variance > 0.0 ? 1.0 / std::sqrt(variance) : 1.0;
  }
  return scaling;
}

void apply(const Scaling& scaling, Dataset& data) {
  const std::size_t features = scaling.mean.size();
  for (std::size_t i = 0; i < data.features.size(); ++i) {
    const std::size_t f = i % features;
    data.features[i] = static_cast<float>((data.features[i] - scaling.mean[f]) * scaling.factor[f]);
  }
}

}  // namespace

void standardize(DataSplit& split) {
  const Scaling scaling = standard_scaling(split.train);
  for (Dataset* part : {&split.train, &split.validation, &split.test}) apply(scaling, *part);
}

}  // namespace espalier::pruning::data
