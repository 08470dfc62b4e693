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

NetLayer convolution(std::string name, int filters, NetPadding padding) {
  return {.name = std::move(name),
          .type = NetLayerType::kConv2D,
          .units = filters,
          .window = {5, 5},
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
  return Sequential({28, 28, 1}, {convolution("conv1", 6, NetPadding::kSame),
                                  relu("relu1"),
                                  halving_pool("pool1"),
                                  convolution("conv2", 16, NetPadding::kValid),
                                  relu("relu2"),
                                  halving_pool("pool2"),
                                  {.name = "flatten", .type = NetLayerType::kFlatten},
                                  dense("fc1", 120),
                                  relu("relu3"),
                                  dense("fc2", 84),
                                  relu("relu4"),
                                  dense("output", 10)});
}

}  // namespace espalier::pruning
