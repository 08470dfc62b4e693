#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "fixed_point/quantizer.hpp"
#include "fixed_point/step.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Activation;
using resource_model::FixedPoint;

/// Type of the entries of tables and of the sums over them, unless configured otherwise.
constexpr FixedPoint kSoftmaxTable = {.width_bits = 18,
                                      .integer_bits = 8,
                                      .rounding = resource_model::Rounding::kRound,
                                      .overflow = resource_model::Overflow::kSaturate};
constexpr FixedPoint kFunctionTable = {.width_bits = 18, .integer_bits = 8};
constexpr int kTableEntries = 1024;

/// Linear and ReLU: another type, negative values cut off or not.
class CastStep final : public FixedPointStep {
 public:
  CastStep(std::size_t size, const FixedPoint& from, const FixedPoint& to, bool cuts_off)
      : FixedPointStep(size, size), quantize_(from.fraction_bits(), to), cuts_off_(cuts_off) {}

  void run(const std::int64_t* in, std::int64_t* out) const override {
    std::transform(in, in + num_inputs(), out,
                   [this](std::int64_t x) { return cuts_off_ && x <= 0 ? 0 : quantize_(x); });
  }

 private:
  Quantizer quantize_;
  bool cuts_off_;
};

/// Sigmoid and tanh: a table over [-range, range), addressed by the value cut off towards zero.
class TableStep final : public FixedPointStep {
 public:
  TableStep(std::size_t size, const FixedPoint& from, const FixedPoint& to, int range,
            float (*function)(float))
      : FixedPointStep(size, size), fraction_bits_(from.fraction_bits()), range_(range) {
    const Quantizer quantize(kFunctionTable.fraction_bits(), to);
    for (int i = 0; i < kTableEntries; ++i) {
      const float position = static_cast<float>(i) - kTableEntries / 2.0F;
      const float x = 2.0F * static_cast<float>(range) * position / kTableEntries;
      table_.push_back(
          quantize(Quantizer::from_value(static_cast<double>(function(x)), kFunctionTable)));
    }
  }

  void run(const std::int64_t* in, std::int64_t* out) const override {
    std::transform(in, in + num_inputs(), out, [this](std::int64_t x) {
      const double units = std::ldexp(static_cast<double>(x), -fraction_bits_);
      const double index = std::trunc(units * kTableEntries / (2.0 * range_)) + kTableEntries / 2.0;
      return table_[static_cast<std::size_t>(std::clamp(index, 0.0, kTableEntries - 1.0))];
    });
  }

 private:
  int fraction_bits_;
  int range_;
  std::vector<std::int64_t> table_;
};

/// hls4ml's softmax "stable": e^(x - max) from a table, 1 / sum from another, both addressed by the
/// leading bits of their argument.
class SoftmaxStep final : public FixedPointStep {
 public:
  SoftmaxStep(std::size_t size, const FixedPoint& from, const FixedPoint& to)
      : FixedPointStep(size, size),
        // max - x is never negative: the sign bit goes.
        distance_{.width_bits = from.width_bits - (from.is_signed ? 1 : 0),
                  .integer_bits = from.integer_bits - (from.is_signed ? 1 : 0),
                  .is_signed = false},
        to_distance_(from.fraction_bits(), distance_),
        to_sum_(kSoftmaxTable.fraction_bits(), kSoftmaxTable),
        to_result_(2 * kSoftmaxTable.fraction_bits(), to) {
    const int table_bits = std::min(from.width_bits, kSoftmaxTable.width_bits);
    const int entries = table_bits >= 10 ? kTableEntries : 1 << table_bits;
    const int exp_bits = std::min(address_bits(entries), distance_.width_bits);
    exp_shift_ = distance_.width_bits - exp_bits;
    inverse_shift_ = kSoftmaxTable.width_bits - address_bits(entries);
    for (std::int64_t i = 0; i < std::int64_t{1} << exp_bits; ++i) {
      const float x = static_cast<float>(
          std::ldexp(static_cast<double>(i << exp_shift_), -distance_.fraction_bits()));
      exp_.push_back(Quantizer::from_value(static_cast<double>(std::exp(-x)), kSoftmaxTable));
    }
    for (std::int64_t i = 0; i < entries; ++i) {
      const float x = static_cast<float>(std::ldexp(
          static_cast<double>(to_sum_.fit(i << inverse_shift_)), -kSoftmaxTable.fraction_bits()));
      inverse_.push_back(Quantizer::from_value(static_cast<double>(1.0F / x), kSoftmaxTable));
    }
  }

  void run(const std::int64_t* in, std::int64_t* out) const override {
    const std::size_t size = num_inputs();
    const std::int64_t top = *std::max_element(in, in + size);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::int64_t distance = to_distance_(top - in[i]);
      out[i] = exp_[static_cast<std::size_t>(distance >> exp_shift_)];
      sum = to_sum_.fit(sum + out[i]);
    }
    const std::int64_t inverse = inverse_[static_cast<std::size_t>(sum >> inverse_shift_)];
    for (std::size_t i = 0; i < size; ++i) out[i] = to_result_(out[i] * inverse);
  }

 private:
  static int address_bits(int entries) {
    return static_cast<int>(std::bit_width(static_cast<unsigned>(entries - 1)));
  }

  FixedPoint distance_;
  Quantizer to_distance_;
  Quantizer to_sum_;
  Quantizer to_result_;
  int exp_shift_ = 0;
  int inverse_shift_ = 0;
  std::vector<std::int64_t> exp_;
  std::vector<std::int64_t> inverse_;
};

float sigmoid(float x) { return static_cast<float>(1.0 / (1.0F + std::exp(-x))); }
float tangent(float x) { return static_cast<float>(std::tanh(static_cast<double>(x))); }

}  // namespace

std::unique_ptr<FixedPointStep> make_activation_step(Activation activation, std::size_t size,
                                                     const FixedPoint& from, const FixedPoint& to) {
  switch (activation) {
    case Activation::kSoftmax:
      return std::make_unique<SoftmaxStep>(size, from, to);
    case Activation::kSigmoid:
      return std::make_unique<TableStep>(size, from, to, 8, sigmoid);
    case Activation::kTanh:
      return std::make_unique<TableStep>(size, from, to, 4, tangent);
    case Activation::kLinear:
    case Activation::kRelu:
      break;
  }
  return std::make_unique<CastStep>(size, from, to, activation == Activation::kRelu);
}

}  // namespace espalier::pruning
