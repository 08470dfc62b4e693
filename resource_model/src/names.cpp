#include "names.hpp"

#include <array>

namespace espalier::resource_model {
namespace {

constexpr std::array<LayerTypeName, 16> kLayerTypes{{
    {"Dense", LayerType::kDense},
    {"Conv1D", LayerType::kConv1D, true},
    {"Conv2D", LayerType::kConv2D},
    {"DepthwiseConv2D", LayerType::kDepthwiseConv2D},
    {"SeparableConv2D", LayerType::kSeparableConv2D},
    {"MaxPooling1D", LayerType::kMaxPooling, true},
    {"MaxPooling2D", LayerType::kMaxPooling},
    {"AveragePooling1D", LayerType::kAveragePooling, true},
    {"AveragePooling2D", LayerType::kAveragePooling},
    {"GlobalMaxPooling1D", LayerType::kMaxPooling, true, true},
    {"GlobalMaxPooling2D", LayerType::kMaxPooling, false, true},
    {"GlobalAveragePooling1D", LayerType::kAveragePooling, true, true},
    {"GlobalAveragePooling2D", LayerType::kAveragePooling, false, true},
    {"BatchNormalization", LayerType::kBatchNormalization},
    {"Activation", LayerType::kActivation},
    {"Flatten", LayerType::kFlatten},
}};

constexpr std::array kActivations{Activation::kLinear, Activation::kRelu, Activation::kSigmoid,
                                  Activation::kTanh, Activation::kSoftmax};
constexpr std::array kStrategies{Strategy::kLatency, Strategy::kResource,
                                 Strategy::kResourceUnrolled};
constexpr std::array kBackends{Backend::kVivado, Backend::kVitis};
constexpr std::array kConvImplementations{ConvImplementation::kLineBuffer,
                                          ConvImplementation::kEncoded};
constexpr std::array kIoTypes{IoType::kParallel, IoType::kStream};

/// The value that to_string spells this way.
template <typename Values>
std::optional<typename Values::value_type> find_spelling(const Values& values,
                                                         std::string_view spelling) {
  for (const auto value : values) {
    if (to_string(value) == spelling) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<LayerTypeName> layer_type_of(std::string_view spelling) {
  for (const LayerTypeName& name : kLayerTypes) {
    if (name.spelling == spelling) return name;
  }
  return std::nullopt;
}

std::optional<Strategy> strategy_of(std::string_view spelling) {
  return find_spelling(kStrategies, spelling);
}

std::optional<IoType> io_type_of(std::string_view spelling) {
  return find_spelling(kIoTypes, spelling);
}

std::optional<Backend> backend_of(std::string_view spelling) {
  return find_spelling(kBackends, spelling);
}

std::optional<ConvImplementation> conv_implementation_of(std::string_view spelling) {
  return find_spelling(kConvImplementations, spelling);
}

std::optional<Activation> activation_of(std::string_view spelling) {
  return find_spelling(kActivations, spelling);
}

std::string layer_type_names() {
  std::string names;
  for (const LayerTypeName& name : kLayerTypes) {
    names += std::string(name.spelling) + ", ";
  }
  return names + kDropoutName;
}

std::string activation_names() {
  std::string names;
  for (const Activation activation : kActivations) {
    names += (names.empty() ? "" : ", ") + std::string(to_string(activation));
  }
  return names;
}

}  // namespace espalier::resource_model
