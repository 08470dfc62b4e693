// A training code of one's own, driven by the pruning loop: softmax regression with plain gradient
// descent on the generated jets, 16 features to 5 classes on 20 multipliers. The loop knows of it
// only what NetworkTrainer says.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "espalier/pruning/prune.hpp"
#include "espalier/resource_model/network_io.hpp"

namespace {

using namespace espalier::pruning;

constexpr std::size_t kInputs = 16, kClasses = 5;

class Regression final : public NetworkTrainer {
 public:
  explicit Regression(const DataSplit& data) : data_(data), weights_(kInputs * kClasses, 0.0F) {}

  std::vector<std::span<const float>> kernels() const override { return {weights_}; }

  void apply_masks(const LayerMasks& masks) override {
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      if (masks[0][k] == 0) weights_[k] = 0.0F;
    }
  }

  void train_baseline(std::uint64_t) override {
    for (int pass = 0; pass < 60; ++pass) descend(0.5F);
  }

  void fine_tune(const LayerMasks& masks, std::uint64_t) override {
    for (int pass = 0; pass < 20; ++pass) {
      descend(0.3F);
      apply_masks(masks);
    }
  }

  Evaluation evaluate(DataPart part) override {
    const Dataset& data = part == DataPart::kValidation ? data_.validation : data_.test;
    Evaluation result;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const std::vector<float> p = probabilities(data.sample(i));
      const auto best = std::max_element(p.begin(), p.end()) - p.begin();
      result.correct.push_back(best == data.labels[i] ? 1 : 0);
      result.accuracy += result.correct.back();
    }
    result.accuracy /= static_cast<double>(data.size());
    return result;
  }

  std::string save() const override {
    std::string bytes(weights_.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), weights_.data(), bytes.size());
    return bytes;
  }
  void restore(const std::string& state) override {
    std::memcpy(weights_.data(), state.data(), state.size());
  }

 private:
  std::vector<float> probabilities(std::span<const float> x) const {
    std::vector<float> p(kClasses, 0.0F);
    for (std::size_t i = 0; i < kInputs; ++i) {
      for (std::size_t c = 0; c < kClasses; ++c) p[c] += x[i] * weights_[i * kClasses + c];
    }
    const float largest = *std::max_element(p.begin(), p.end());
    float sum = 0.0F;
    for (float& value : p) sum += value = std::exp(value - largest);
    for (float& value : p) value /= sum;
    return p;
  }

  /// One step along the gradient over all training data.
  void descend(float rate) {
    std::vector<float> gradient(weights_.size(), 0.0F);
    const Dataset& data = data_.train;
    for (std::size_t n = 0; n < data.size(); ++n) {
      const auto x = data.sample(n);
      std::vector<float> error = probabilities(x);
      error[static_cast<std::size_t>(data.labels[n])] -= 1.0F;
      for (std::size_t i = 0; i < kInputs; ++i) {
        for (std::size_t c = 0; c < kClasses; ++c) gradient[i * kClasses + c] += x[i] * error[c];
      }
    }
    const float step = rate / static_cast<float>(data.size());
    for (std::size_t k = 0; k < weights_.size(); ++k) weights_[k] -= step * gradient[k];
  }

  const DataSplit& data_;
  std::vector<float> weights_;  ///< (in, out), row-major
};

}  // namespace

int main() {
  const auto hardware = espalier::resource_model::parse_network(R"({"layers": [
    {"name": "output", "type": "Dense", "n_in": 16, "n_out": 5, "strategy": "Resource",
     "reuse_factor": 4}]})",
                                                                "example");
  const DataSplit data = generate_jets(4000, 2000, 2000, 1);
  Regression trainer(data);
  PruneOptions options;
  options.step = 0.1;
  options.tolerance = 0.1;
  const PruneReport report = prune(trainer, hardware, options);
  std::cout << "multipliers: " << report.baseline.resources.dsp << " before, "
            << report.pruned.resources.dsp << " after; "
            << (report.pruned.validation_accuracy >= 0.9 * report.baseline.validation_accuracy
                    ? "within the tolerance\n"
                    : "out of the tolerance\n");
}
