#include "exchange/keras_layers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "espalier/support/error.hpp"

namespace espalier::pruning {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& file, const std::string& layer,
                         const std::string& what) {
  throw Error(file, 0, "layer '" + layer + "': " + what);
}

/// object[key] if both exist, else null.
const Json& at_or_null(const Json& object, const char* key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

bool flag(const Json& config, const char* key, bool missing) {
  const Json& value = at_or_null(config, key);
  if (value.is_boolean()) return value.get<bool>();
  return value.is_number_integer() ? value.get<int>() != 0 : missing;
}

int integer(const Json& config, const char* key, int missing) {
  const Json& value = at_or_null(config, key);
  return value.is_number_integer() ? value.get<int>() : missing;
}

std::optional<WeightQuantizer> read_quantizer(const std::string& file, const std::string& layer,
                                              const Json& config, const char* key) {
  const Json& value = at_or_null(config, key);
  if (value.is_null()) return {};
  WeightQuantizer quantizer;
  std::string name;
  if (value.is_string()) {
    const std::string text = value.get<std::string>();
    name = text.substr(0, text.find('('));
    // More arguments than bits and integer change the meaning.
    char end = 0;
    const char* const arguments = text.c_str() + std::min(name.size(), text.size());
    const int read = std::sscanf(arguments, "(%d,%d%c", &quantizer.bits, &quantizer.integer, &end);
    if ((read != 3 || end != ')') && std::sscanf(arguments, "(%d)", &quantizer.bits) != 1)
      name = "";
  } else {
    const Json& type = at_or_null(value, "class_name");
    const Json& settings = at_or_null(value, "config");
    if (type.is_string()) name = type.get<std::string>();
    quantizer.bits = integer(settings, "bits", 8);
    quantizer.integer = integer(settings, "integer", 0);
    quantizer.keep_negative = flag(settings, "keep_negative", true);
    quantizer.symmetric = flag(settings, "symmetric", false);
    const Json& alpha = at_or_null(settings, "alpha");
    const bool is_scaled = !alpha.is_null() && !(alpha.is_number() && alpha.get<double>() == 1.0);
    if (is_scaled) refuse(file, layer, std::string(key) + " has alpha other than 1");
  }
  if (name != "quantized_bits") {
    refuse(file, layer,
           std::string(key) + " is " + (name.empty() ? "of unknown form" : name) +
               "; expected quantized_bits");
  }
  if (quantizer.bits < 1 || quantizer.bits > 24 || quantizer.integer < 0 ||
      quantizer.integer > quantizer.bits) {
    refuse(file, layer,
           std::string(key) + " has " + std::to_string(quantizer.bits) + " bits, " +
               std::to_string(quantizer.integer) +
               " of them integer; expected up to "
               "24 bits");
  }
  return quantizer;
}

bool is_all_ones(const Json& value) {
  if (value.is_null()) return true;
  if (!value.is_array()) return value == 1;
  return std::all_of(value.begin(), value.end(), [](const Json& entry) { return entry == 1; });
}

void check_normalisation(const std::string& file, KerasLayer& layer, const Json& config) {
  const Json& epsilon = at_or_null(config, "epsilon");
  if (epsilon.is_number()) layer.epsilon = epsilon.get<double>();
  layer.has_scale = flag(config, "scale", true);
  layer.has_shift = flag(config, "center", true);
  if (!(layer.epsilon >= 0.0 && layer.epsilon < 1e6)) {
    refuse(file, layer.name, "epsilon is not a small positive number");
  }
  // The axis counts the batch; the last one is 1 for vectors, 2 for sequences, 3 for images.
  const Json& axis = at_or_null(config, "axis");
  const Json& number = axis.is_array() && axis.size() == 1 ? axis.front() : axis;
  if (!number.is_null() && number != -1 && number != 1 && number != 2 && number != 3) {
    refuse(file, layer.name, "normalises over an axis that is not the last one");
  }
}

KerasLayer read_layer(const std::string& file, const Json& entry) {
  const Json& type = at_or_null(entry, "class_name");
  const Json& config = at_or_null(entry, "config");
  const Json& name = at_or_null(config, "name");
  if (!type.is_string() || !name.is_string()) {
    throw Error(file, 0, "a layer has no class_name or no name; expected a Keras model");
  }
  KerasLayer layer{.name = name.get<std::string>(), .class_name = type.get<std::string>()};
  layer.use_bias = flag(config, "use_bias", true);
  layer.kernel_quantizer = read_quantizer(file, layer.name, config, "kernel_quantizer");
  layer.bias_quantizer = read_quantizer(file, layer.name, config, "bias_quantizer");
  if (!is_all_ones(at_or_null(config, "dilation_rate"))) {
    refuse(file, layer.name, "dilation_rate is not 1; dilated convolutions are not supported");
  }
  if (layer.class_name == "BatchNormalization") check_normalisation(file, layer, config);
  if (layer.class_name != "QActivation" && at_or_null(config, "activation").is_object()) {
    refuse(file, layer.name, "its activation is a quantiser; expected a QActivation layer instead");
  }
  return layer;
}

/// Nesting of brackets outside texts: the JSON library frees and prints by recursion.
void check_nesting(const std::string& text, const std::string& file) {
  constexpr int kMaxNesting = 100;
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxNesting) throw Error(file, 0, "its architecture is nested too deeply");
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

std::string without_index(const std::string& path) {
  const std::string last = path.substr(path.find_last_of('/') + 1);
  return last.substr(0, last.find(':'));
}

}  // namespace

float WeightQuantizer::apply(float value) const {
  const int fraction_bits = bits - (keep_negative ? 1 : 0) - integer;
  const double steps = std::ldexp(1.0, bits - (keep_negative ? 1 : 0));
  const double low = keep_negative ? -steps + (symmetric ? 1.0 : 0.0) : 0.0;
  const double scaled = std::nearbyint(std::ldexp(static_cast<double>(value), fraction_bits));
  return static_cast<float>(std::ldexp(std::clamp(scaled, low, steps - 1.0), -fraction_bits));
}

std::vector<KerasLayer> read_keras_layers(const std::string& architecture,
                                          const std::string& file) {
  check_nesting(architecture, file);
  const Json model = Json::parse(architecture, nullptr, false);
  const Json& config = at_or_null(model, "config");
  const Json& entries = config.is_array() ? config : at_or_null(config, "layers");
  if (!entries.is_array() || entries.empty()) {
    throw Error(file, 0, "holds no Keras architecture with layers");
  }
  std::vector<KerasLayer> layers;
  for (const Json& entry : entries) layers.push_back(read_layer(file, entry));
  return layers;
}

const std::vector<float>& find_tensor(const TensorFile& weights, const std::string& file,
                                      const std::string& layer, const std::string& variable,
                                      std::size_t count) {
  const FileTensor* found = nullptr;
  for (const FileTensor& tensor : weights.tensors) {
    if (!tensor.path.starts_with(layer + "/") || without_index(tensor.path) != variable) continue;
    if (found != nullptr) refuse(file, layer, "has more than one tensor '" + variable + "'");
    found = &tensor;
  }
  if (found == nullptr) refuse(file, layer, "has no tensor '" + variable + "' in the file");
  if (found->values.size() != count) {
    refuse(file, layer,
           "tensor '" + variable + "' has " + std::to_string(found->values.size()) +
               " values; expected " + std::to_string(count));
  }
  const bool is_finite = std::all_of(found->values.begin(), found->values.end(),
                                     [](float value) { return std::isfinite(value); });
  if (!is_finite) refuse(file, layer, "tensor '" + variable + "' has values that are not finite");
  return found->values;
}

}  // namespace espalier::pruning
