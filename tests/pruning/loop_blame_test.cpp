#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/prune.hpp"

#include "kernel_trainer.hpp"
#include "loop/blame.hpp"

using namespace espalier::pruning;
using espalier::resource_model::Layer;
using espalier::resource_model::Network;
using espalier::tests::KernelTrainer;

TEST_CASE("a collapse is told from a near miss", "[loop]") {
  CHECK_FALSE(has_collapsed(0.9096, 0.8976, 0.8904));  // Fashion-MNIST
  CHECK(has_collapsed(0.79, 0.7785, 0.3409));          // jets without an output class
  CHECK_FALSE(has_collapsed(0.9, 0.8, 0.71));
  CHECK(has_collapsed(0.9, 0.8, 0.69));
}

TEST_CASE("the layer to blame loses most accuracy for what it frees", "[loop]") {
  const std::vector<LayerTrial> trials = {{.accuracy = 0.80, .share_freed = 0.50},
                                          {.accuracy = 0.85, .share_freed = 0.02},
                                          {.accuracy = 0.89, .share_freed = 0.001},
                                          {.accuracy = 0.00, .share_freed = 0.0}};
  CHECK(layer_to_blame(trials, 0.9, 0.88) == 1U);
  CHECK(layer_to_blame(trials, 0.9, 0.84) == 0U);
  CHECK(layer_to_blame(trials, 0.9, 0.895) == 2U);
  CHECK_FALSE(layer_to_blame(trials, 0.9, 0.79));
  CHECK_FALSE(layer_to_blame({}, 0.9, 0.88));
}

namespace {

/// Whose "output" must stay whole while its weights look worthless beside those of "hidden", of
/// which three quarters may go.
class OutputMatters final : public KernelTrainer {
 public:
  OutputMatters() : KernelTrainer({std::vector<float>(128), std::vector<float>(16, 0.1F)}) {
    for (std::size_t k = 0; k < kernels_[0].size(); ++k) {
      kernels_[0][k] = 1.0F + static_cast<float>(k) / 1000.0F;
    }
    kernels_[1][0] = 1.0F;  // dividing by the largest does not help the others
  }

  Evaluation evaluate(DataPart) override {
    const bool is_good = num_left(1) == 16 && num_left(0) >= 32;
    return {.accuracy = is_good ? 0.9 : 0.3};
  }
};

Network two_layers() {
  Network hardware;
  hardware.connected = false;
  for (const auto& [name, n_in, n_out] :
       {std::tuple("hidden", 16, 8), std::tuple("output", 8, 2)}) {
    Layer layer;
    layer.name = name;
    layer.n_in = n_in;
    layer.n_out = n_out;
    layer.strategy = espalier::resource_model::Strategy::kResource;
    layer.reuse_factor = 4;
    hardware.layers.push_back(layer);
  }
  return hardware;
}

}  // namespace

TEST_CASE("a layer that looks worthless but is not is found out and spared", "[loop]") {
  OutputMatters trainer;
  PruneOptions options;
  options.schedule = ScheduleKind::kPolynomial;
  options.polynomial_steps = 4;
  const PruneReport report = prune(trainer, two_layers(), options);
  REQUIRE_FALSE(report.iterations.empty());
  CHECK_FALSE(report.iterations.front().accepted);
  CHECK(report.iterations.front().protected_layer == "output");
  CHECK(report.layers[1].structures_kept == 4);
  CHECK(report.layers[0].structures_kept == 8);  // a quarter of 32: as far as it goes
}
