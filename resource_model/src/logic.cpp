// LUTs and flip-flops, calibrated on synthesis reports.
//
// What the logic of a matrix-vector product consists of is known from hls4ml's code; how many LUTs
// each bit of it costs is fitted. Folded layers select the inputs of the cycle (fan_in * bits in
// all), hold the accumulators (fan_out * bits), and have per lane an operand register, an adder
// and, where the lane serves several outputs, a multiplexer over all of them, which HLS builds for
// the next power of two. Reuse factors that are powers of two make HLS select inputs by
// multiplexers in every lane, other ones by a shared shift register. Unfolded layers have a product
// and an adder per weight; HLS simplifies them by the values of the weights, which an estimate does
// not know, and places registers as it sees fit: their figures are the least certain.

#include "logic.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "espalier/resource_model/device.hpp"
#include "espalier/support/exact.hpp"

#include "logic_coefficients.hpp"
#include "multiplier.hpp"

namespace espalier::resource_model {
namespace {

constexpr int kWholeDesignTerm = 9;

int exact_accum_bits(const Layer& layer) noexcept {
  const auto terms = static_cast<std::uint64_t>(std::max(layer.fan_in(), 1));
  return layer.weight.width_bits + layer.input_type.width_bits +
         static_cast<int>(std::bit_width(terms - 1));
}

double dot(const LogicTerms& a, const LogicTerms& b) noexcept {
  double sum = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

bool is_folded(LogicKind kind) noexcept {
  return kind != LogicKind::kUnfolded && kind != LogicKind::kStreamedUnfolded;
}

/// Lanes, or weights where each has a product of its own.
double num_products(const LogicInput& in) noexcept {
  return static_cast<double>(
      is_folded(in.kind) ? ceil_div(in.fan_in * in.fan_out, std::max<std::int64_t>(in.reuse, 1))
                         : in.weights);
}

LogicTerms folded_terms(const LogicInput& in, double lanes) noexcept {
  const bool is_power = std::has_single_bit(static_cast<std::uint64_t>(in.reuse));
  const bool shares_output = lanes > static_cast<double>(in.fan_out);
  const double lane_inputs = lanes * in.input_bits;
  LogicTerms terms{};
  terms[3] = lane_inputs;
  terms[4] = lanes * in.weight_bits;
  terms[6] = is_power ? lane_inputs : 0.0;
  terms[7] = is_power && shares_output ? lane_inputs : 0.0;
  return terms;
}

LogicTerms across_terms(const LogicInput& in, double lanes) noexcept {
  const std::int64_t outputs_per_lane = in.reuse / std::max<std::int64_t>(in.fan_in, 1);
  const auto choices = std::bit_ceil(static_cast<std::uint64_t>(in.fan_out));
  LogicTerms terms{};
  terms[3] = lanes * in.accum_bits;
  terms[4] = lanes * in.weight_bits;
  terms[6] = outputs_per_lane > 2 ? lanes * static_cast<double>(choices) * in.accum_bits : 0.0;
  terms[7] = outputs_per_lane > 2 ? lanes * in.accum_bits : 0.0;
  return terms;
}

LogicTerms unfolded_terms(const LogicInput& in) noexcept {
  const auto weights = static_cast<double>(in.weights);
  LogicTerms terms{};
  terms[3] = weights * in.input_bits;
  terms[4] = weights * in.weight_bits;
  terms[6] = weights * in.accum_bits;
  return terms;
}

}  // namespace

LogicTerms logic_terms(const LogicInput& in) noexcept {
  const double products = num_products(in);
  LogicTerms terms = in.kind == LogicKind::kAcrossOutputs ? across_terms(in, products)
                     : is_folded(in.kind)                 ? folded_terms(in, products)
                                                          : unfolded_terms(in);
  const auto inputs = static_cast<double>(in.fan_in * in.input_bits);
  terms[0] = 1.0;
  terms[1] = inputs;
  terms[2] = static_cast<double>(in.fan_out * in.accum_bits);
  terms[5] = in.products_are_logic ? products * in.weight_bits * in.input_bits : 0.0;
  terms[8] = in.is_streamed ? inputs : 0.0;
  terms[kWholeDesignTerm] = in.is_whole_design ? 1.0 : 0.0;
  return terms;
}

LogicInput logic_input(const Network& network, const Layer& layer) {
  LogicInput in;
  in.fan_in = layer.fan_in();
  in.fan_out = layer.fan_out();
  in.reuse = layer.reuse_factor;
  in.weights = layer.num_weights();
  in.weight_bits = layer.weight.width_bits;
  in.input_bits = layer.input_type.width_bits;
  in.accum_bits = layer.accum ? layer.accum->width_bits : exact_accum_bits(layer);
  in.products_are_logic =
      dsp_per_product(layer.weight, layer.input_type, dsp_kind_of_part(network.part)) == 0;
  in.is_streamed = network.io_type == IoType::kStream;
  const bool has_lanes = layer.strategy != Strategy::kLatency && layer.reuse_factor > 1;
  if (in.is_streamed && layer.is_convolution()) {
    in.kind = has_lanes ? LogicKind::kStreamedFolded : LogicKind::kStreamedUnfolded;
  } else if (has_lanes) {
    in.kind = in.reuse > in.fan_in ? LogicKind::kAcrossOutputs : LogicKind::kWithinOutput;
  }
  return in;
}

Resources logic_of(const LogicInput& input) noexcept {
  const LogicTerms terms = logic_terms(input);
  const auto kind = static_cast<std::size_t>(input.kind);
  return {.lut = std::llround(dot(terms, kLutCoefficients[kind])),
          .ff = std::llround(dot(terms, kFfCoefficients[kind]))};
}

Resources logic_of_product(const LogicInput& input) noexcept {
  // What does not grow with the products: the constant, inputs, outputs, stream, whole design.
  LogicTerms terms = logic_terms(input);
  for (const int k : {0, 1, 2, 8, kWholeDesignTerm}) terms[static_cast<std::size_t>(k)] = 0.0;
  const auto kind = static_cast<std::size_t>(input.kind);
  const double products = std::max(num_products(input), 1.0);
  const auto share = [&](const LogicTerms& coefficients) {
    return static_cast<std::int64_t>(std::max(dot(terms, coefficients) / products, 0.0));
  };
  return {.lut = share(kLutCoefficients[kind]), .ff = share(kFfCoefficients[kind])};
}

std::array<double, 2> logic_errors(LogicKind kind) noexcept {
  const auto index = static_cast<std::size_t>(kind);
  return {kLutErrors[index], kFfErrors[index]};
}

Resources top_level_logic() noexcept {
  const auto kind = static_cast<std::size_t>(LogicKind::kAcrossOutputs);
  return {.lut = std::llround(kLutCoefficients[kind][kWholeDesignTerm]),
          .ff = std::llround(kFfCoefficients[kind][kWholeDesignTerm])};
}

}  // namespace espalier::resource_model
