#pragma once

#include <array>
#include <cstdint>

#include "espalier/resource_model/network.hpp"
#include "espalier/resource_model/resources.hpp"

namespace espalier::resource_model {

/// The ways to build a matrix-vector product that need a cost model of their own.
enum class LogicKind {
  kWithinOutput,      ///< folded, RF <= fan_in: a lane adds to one output
  kAcrossOutputs,     ///< folded, RF > fan_in: a lane serves several outputs in turn
  kUnfolded,          ///< strategy Latency, or RF = 1
  kStreamedFolded,    ///< convolution of io_stream, folded
  kStreamedUnfolded,  ///< convolution of io_stream, strategy Latency
};
inline constexpr int kNumLogicKinds = 5;
inline constexpr int kNumLogicTerms = 10;

using LogicTerms = std::array<double, kNumLogicTerms>;

/// What decides the LUTs and flip-flops of one matrix-vector product.
struct LogicInput {
  LogicKind kind = LogicKind::kUnfolded;
  std::int64_t fan_in = 0;
  std::int64_t fan_out = 0;
  std::int64_t reuse = 1;
  std::int64_t weights = 0;  ///< weights that are not zero; all of them where unknown
  int weight_bits = 0;
  int input_bits = 0;
  int accum_bits = 0;
  bool products_are_logic = false;
  bool is_streamed = false;
  bool is_whole_design = false;  ///< the report is of a network of this one layer
};

/// Sizes of the multiplexers, registers, adders and products of the layer, in bits. LUTs and
/// flip-flops are linear in them, with one vector of coefficients for each LogicKind.
LogicTerms logic_terms(const LogicInput& input) noexcept;

/// The input for a layer with weights.
LogicInput logic_input(const Network& network, const Layer& layer);

/// LUTs and flip-flops of one such product; dsp and bram18 are 0. The coefficients are those of
/// logic_coefficients.hpp, fitted to synthesis reports by bench/resource_model/fit_logic.cpp.
Resources logic_of(const LogicInput& input) noexcept;

/// The part of it that grows with the number of products, for one of them: a lane, or a weight of
/// the unfolded kinds. Rounded down, so that all products together have no more than the layer.
Resources logic_of_product(const LogicInput& input) noexcept;

/// The calibration's stated errors for layers of a kind: median relative errors of LUT and FF.
std::array<double, 2> logic_errors(LogicKind kind) noexcept;

/// LUTs and flip-flops of the top level of a network: what remains in the reports of whole designs
/// beside their layers.
Resources top_level_logic() noexcept;

}  // namespace espalier::resource_model
