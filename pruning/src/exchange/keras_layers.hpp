#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exchange/tensor_file.hpp"

namespace espalier::pruning {

/// What quantized_bits() of QKeras does to a weight: round(x * 2^(bits - keep_negative - integer))
/// to even, cut off at the ends of the range.
struct WeightQuantizer {
  int bits = 8;
  int integer = 0;  ///< without the sign
  bool keep_negative = true;
  bool symmetric = false;

  float apply(float value) const;
};

/// What a Keras layer's configuration says about its tensors, beyond sizes and types.
struct KerasLayer {
  std::string name = {};
  std::string class_name = {};
  bool use_bias = true;
  double epsilon = 1e-3;  ///< batch normalisation
  bool has_scale = true;  ///< batch normalisation: gamma
  bool has_shift = true;  ///< batch normalisation: beta
  std::optional<WeightQuantizer> kernel_quantizer = {};
  std::optional<WeightQuantizer> bias_quantizer = {};
};

/// The layers of an architecture in order. Throws Error naming file, layer and what is not
/// supported: dilated convolutions, other quantisers, normalisation over other axes than the last.
std::vector<KerasLayer> read_keras_layers(const std::string& architecture, const std::string& file);

/// Tensor `variable` ("kernel", "bias", "gamma", ...) of a layer with the given number of values;
/// Keras writes it as "LAYER/LAYER/variable:0". Throws Error naming file and layer when it is
/// missing, ambiguous, of another size, or not finite.
const std::vector<float>& find_tensor(const TensorFile& weights, const std::string& file,
                                      const std::string& layer, const std::string& variable,
                                      std::size_t count);

}  // namespace espalier::pruning
