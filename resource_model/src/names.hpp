#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// What a layer type's spelling says: Keras has one per number of dimensions.
struct LayerTypeName {
  std::string_view spelling;
  LayerType type;
  bool is_1d = false;
  bool is_global = false;  ///< a pool over the whole image
};

/// Type of the entries that stand for training only; they make no Layer.
inline constexpr const char* kDropoutName = "Dropout";

std::optional<LayerTypeName> layer_type_of(std::string_view spelling);
std::optional<Strategy> strategy_of(std::string_view spelling);
std::optional<IoType> io_type_of(std::string_view spelling);
std::optional<Backend> backend_of(std::string_view spelling);
std::optional<ConvImplementation> conv_implementation_of(std::string_view spelling);
std::optional<Activation> activation_of(std::string_view spelling);

/// All spellings, for messages.
std::string layer_type_names();
std::string activation_names();

}  // namespace espalier::resource_model
