#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/resource_model/network.hpp"

namespace espalier::pruning {

/// A network as the FPGA computes it: integers of the types that the hardware description gives,
/// with the rounding and overflow of ap_fixed. Equal bit for bit to the C simulation of the project
/// that hls4ml makes of the exported files (see export_model.hpp).
///
/// How the types of `hardware` are understood, and written to hls4ml's configuration:
/// - the first layer's `input_type` is the type of the network's inputs; every other layer takes
///   what the layer before gives;
/// - absent accumulators, and the sums before a ReLU, are as wide as hls4ml infers for an exact
/// sum;
/// - before softmax, sigmoid and tanh, whose tables are addressed by the leading bits, sums are
///   rounded to the layer's `result`; so are all outputs.
///
/// Layers: Dense, Conv1D, Conv2D, max and average pools, Flatten, ReLU, softmax ("stable"), sigmoid
/// and tanh, in both io types. Batch normalisations of `network` are folded first.
///
/// Immutable and safe to share between threads; holds a copy of the weights.
class FixedPointNetwork {
 public:
  /// Throws Error naming the layer when the two do not belong together, for layers that are not in
  /// the list, and for types so wide that a product or sum leaves 62 bits.
  FixedPointNetwork(const Sequential& network, const resource_model::Network& hardware);
  ~FixedPointNetwork();
  FixedPointNetwork(FixedPointNetwork&&) noexcept;
  FixedPointNetwork& operator=(FixedPointNetwork&&) noexcept;

  std::size_t num_inputs() const noexcept;
  std::size_t num_outputs() const noexcept;

  /// Outputs of `count` samples, row-major, after the last activation, as exact values.
  std::vector<double> predict(std::span<const float> features, std::size_t count,
                              int threads = 1) const;

  /// One flag per sample, 1 = the largest output is at the label, the first of several equal ones.
  std::vector<std::uint8_t> correct_samples(const Dataset& data, int threads = 1) const;

  /// Fraction of samples that are correct.
  double accuracy(const Dataset& data, int threads = 1) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace espalier::pruning
