// The networks of the published experiments (Ramhorst, Loncar, Constantinides, "FPGA Resource-aware
// Structured Pruning for Real-Time Neural Networks", arXiv 2308.05170).
#include <string>
#include <utility>
#include <vector>

#include "espalier/pruning/sequential.hpp"

namespace espalier::pruning {
namespace {

NetLayer dense(std::string name, int units) {
  return {.name = std::move(name), .type = NetLayerType::kDense, .units = units};
}

NetLayer relu(std::string name) { return {.name = std::move(name), .type = NetLayerType::kRelu}; }

NetLayer batch_norm(std::string name) {
  return {.name = std::move(name), .type = NetLayerType::kBatchNorm};
}

NetLayer convolution(std::string name, int filters, int window, NetPadding padding) {
  return {.name = std::move(name),
          .type = NetLayerType::kConv2D,
          .units = filters,
          .window = {window, window},
          .padding = padding};
}

NetLayer halving_pool(std::string name) {
  return {.name = std::move(name),
          .type = NetLayerType::kMaxPool2D,
          .window = {2, 2},
          .stride = {2, 2}};
}

}  // namespace

Sequential make_jet_mlp() {
  return Sequential({16}, {dense("fc1", 64), relu("relu1"), dense("fc2", 32), relu("relu2"),
                           dense("fc3", 32), relu("relu3"), dense("output", 5)});
}

Sequential make_lenet() {
  return Sequential({28, 28, 1}, {convolution("conv1", 6, 5, NetPadding::kSame),
                                  relu("relu1"),
                                  halving_pool("pool1"),
                                  convolution("conv2", 16, 5, NetPadding::kValid),
                                  relu("relu2"),
                                  halving_pool("pool2"),
                                  {.name = "flatten", .type = NetLayerType::kFlatten},
                                  dense("fc1", 120),
                                  relu("relu3"),
                                  dense("fc2", 84),
                                  relu("relu4"),
                                  dense("output", 10)});
}

Sequential make_svhn_cnn() {
  std::vector<NetLayer> layers;
  for (const auto& [block, filters] :
       {std::pair("1", 16), std::pair("2", 16), std::pair("3", 24)}) {
    const std::string suffix = block;
    layers.push_back(convolution("conv" + suffix, filters, 3, NetPadding::kValid));
    layers.push_back(batch_norm("conv" + suffix + "_bn"));
    layers.push_back(relu("conv" + suffix + "_relu"));
    layers.push_back(halving_pool("pool" + suffix));
  }
  layers.push_back({.name = "flatten", .type = NetLayerType::kFlatten});
  for (const auto& [name, units] : {std::pair("fc1", 42), std::pair("fc2", 64)}) {
    layers.push_back(dense(name, units));
    layers.push_back(batch_norm(std::string(name) + "_bn"));
    layers.push_back(relu(std::string(name) + "_relu"));
  }
  layers.push_back(dense("output", 10));
  return Sequential({32, 32, 3}, std::move(layers));
}

}  // namespace espalier::pruning
