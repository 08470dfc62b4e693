#include "prune_tasks.hpp"

#include <utility>
#include <vector>

#include "espalier/resource_model/network_io.hpp"
#include "espalier/support/error.hpp"

namespace espalier::app {
namespace {

using pruning::PruneOptions;
using pruning::ScheduleKind;
using resource_model::Activation;
using resource_model::FixedPoint;
using resource_model::Layer;
using resource_model::LayerType;
using resource_model::Strategy;

/// The generated jets are the same in every run; --seed is for training.
constexpr std::uint64_t kJetSeed = 1;

Layer dense(const char* name, int n_in, int n_out, Activation activation) {
  Layer layer;
  layer.name = name;
  layer.type = LayerType::kDense;
  layer.n_in = n_in;
  layer.n_out = n_out;
  layer.activation = activation;
  return layer;
}

Layer convolution(const char* name, std::array<int, 3> input, int filters,
                  resource_model::Padding padding) {
  Layer layer;
  layer.name = name;
  layer.type = LayerType::kConv2D;
  layer.input = input;
  layer.kernel = {5, 5};
  layer.filters = filters;
  layer.padding = padding;
  layer.activation = Activation::kRelu;
  return layer;
}

Layer pool(const char* name, std::array<int, 3> input) {
  Layer layer;
  layer.name = name;
  layer.type = LayerType::kMaxPooling;
  layer.input = input;
  layer.kernel = {2, 2};
  layer.stride = {2, 2};
  return layer;
}

void fold(Layer& layer, Strategy strategy, int reuse_factor) {
  layer.strategy = strategy;
  layer.reuse_factor = reuse_factor;
}

void set_precision(resource_model::Network& network, const FixedPoint& type) {
  for (Layer& layer : network.layers) {
    layer.weight = layer.bias = layer.input_type = layer.result = type;
  }
}

resource_model::Network jets_hardware() {
  resource_model::Network network;
  network.layers = {
      dense("fc1", 16, 64, Activation::kRelu), dense("fc2", 64, 32, Activation::kRelu),
      dense("fc3", 32, 32, Activation::kRelu), dense("output", 32, 5, Activation::kSoftmax)};
  for (Layer& layer : network.layers) fold(layer, Strategy::kResource, 4);
  set_precision(network, {.width_bits = 16, .integer_bits = 6});
  return network;
}

resource_model::Network lenet_hardware() {
  using resource_model::Padding;
  resource_model::Network network;
  network.layers = {convolution("conv1", {28, 28, 1}, 6, Padding::kSame),
                    pool("pool1", {28, 28, 6}),
                    convolution("conv2", {14, 14, 6}, 16, Padding::kValid),
                    pool("pool2", {10, 10, 16}),
                    dense("fc1", 400, 120, Activation::kRelu),
                    dense("fc2", 120, 84, Activation::kRelu),
                    dense("output", 84, 10, Activation::kSoftmax)};
  fold(network.layers[4], Strategy::kResource, 25);
  fold(network.layers[5], Strategy::kResource, 12);
  set_precision(network, {.width_bits = 18, .integer_bits = 8});
  return network;
}

std::string shape_text(const std::vector<int>& shape) {
  std::string text;
  for (const int size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

}  // namespace

PruneTask make_jets_task() {
  constexpr std::size_t kTrain = 50000;
  constexpr std::size_t kHeldOut = 20000;
  resource_model::Network hardware = jets_hardware();
  PruneTask task{.name = "jets",
                 .network = pruning::make_network(hardware),
                 .hardware = hardware,
                 .data = pruning::generate_jets(kTrain, kHeldOut, kHeldOut, kJetSeed),
                 .options = {}};
  task.options.schedule = ScheduleKind::kPolynomial;
  task.options.polynomial_steps = 10;
  task.options.regularization = 1e-3;
  task.options.baseline_training.epochs = 15;
  task.options.fine_tuning.epochs = 8;
  return task;
}

PruneTask make_fashion_task(const std::filesystem::path& data_folder) {
  resource_model::Network hardware = lenet_hardware();
  PruneTask task{.name = "fashion",
                 .network = pruning::make_network(hardware),
                 .hardware = hardware,
                 .data = pruning::load_fashion_mnist(data_folder),
                 .options = {}};
  task.options.schedule = ScheduleKind::kPolynomial;
  task.options.polynomial_steps = 12;
  task.options.regularization = 3e-4;
  task.options.baseline_training.epochs = 20;
  task.options.fine_tuning.epochs = 5;
  return task;
}

void apply_description(PruneTask& task, const std::filesystem::path& file) {
  task.hardware = resource_model::read_network(file);
  task.network = pruning::make_network(task.hardware);
  check_fit(task, file);
}

PruneTask trained_task(const std::string& name, pruning::ImportedModel model,
                       pruning::DataSplit data) {
  PruneTask task{.name = name,
                 .network = std::move(model.network),
                 .hardware = std::move(model.hardware),
                 .data = std::move(data),
                 .options = {}};
  task.options.schedule = ScheduleKind::kPolynomial;
  task.options.polynomial_steps = 10;
  task.options.regularization = 1e-3;
  task.options.baseline_training.epochs = 0;
  task.options.fine_tuning.epochs = 8;
  return task;
}

void check_fit(const PruneTask& task, const std::filesystem::path& file) {
  const pruning::Dataset& data = task.data.train;
  if (task.network.input_shape() != data.sample_shape) {
    throw Error(file.string(), 0,
                "the first layer takes " + shape_text(task.network.input_shape()) +
                    " values; expected " + shape_text(data.sample_shape) + " as in the data of " +
                    task.name);
  }
  if (task.network.num_classes() != data.num_classes) {
    throw Error(file.string(), 0,
                "the last layer has " + std::to_string(task.network.num_classes()) +
                    " outputs; expected " + std::to_string(data.num_classes) + ", the classes of " +
                    task.name);
  }
}

}  // namespace espalier::app
