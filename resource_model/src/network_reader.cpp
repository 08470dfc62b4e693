// Network descriptions: our own JSON in. Sizes, types and folding that a layer leaves out come from
// the layer before it or from hls4ml's defaults.

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "espalier/resource_model/device.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/support/error.hpp"

#include "json_object.hpp"
#include "keras_reader.hpp"
#include "names.hpp"
#include "validate.hpp"

namespace espalier::resource_model {
namespace {

/// What one layer hands to the next: an image, or a vector of n values when channels are 0.
struct Flow {
  std::array<int, 3> image = {0, 0, 0};
  int n = 0;
  int packets = 1;  ///< beats in which a stream carries it
  FixedPoint type;
  bool type_is_given = false;  ///< the layer before wrote its result type down
};

class LayerReader {
 public:
  LayerReader(JsonObject& fields, const FixedPoint& precision, const std::optional<Flow>& before)
      : fields_(fields), precision_(precision), before_(before) {}

  Layer read() {
    read_name_and_type();
    if (layer_.type == LayerType::kDense) {
      read_dense_sizes();
    } else {
      read_image_sizes();
    }
    if (layer_.has_weights()) read_folding();
    read_types();
    read_activation();
    fields_.refuse_other_fields();
    return layer_;
  }

  bool input_is_given() const noexcept { return input_is_given_; }
  bool result_is_given() const noexcept { return result_is_given_; }

 private:
  void read_name_and_type() {
    const auto name = fields_.text("name");
    if (!name) fields_.fail_missing("name", "a name for the layer");
    layer_.name = *name;
    const auto type = fields_.text("type");
    if (!type) fields_.fail_missing("type", "one of " + layer_type_names());
    const std::optional<LayerTypeName> known = layer_type_of(*type);
    if (!known) fields_.fail_field("type", "one of " + layer_type_names());
    layer_.type = known->type;
    is_1d_ = known->is_1d;
    is_global_ = known->is_global;
  }

  void read_dense_sizes() {
    const auto n_in = fields_.integer("n_in");
    if (!n_in && !before_) fields_.fail_missing("n_in", "the number of inputs");
    layer_.n_in = n_in.value_or(before_ ? before_->n : 0);
    require_flow("n_in", before_ && layer_.n_in == before_->n);
    const auto n_out = fields_.integer("n_out");
    if (!n_out) fields_.fail_missing("n_out", "the number of outputs");
    layer_.n_out = *n_out;
    layer_.packets = fields_.integer("packets").value_or(before_ ? before_->packets : 1);
  }

  void read_image_sizes() {
    read_input_shape();
    if (!layer_.is_convolution() && !layer_.is_pool()) return;
    if (layer_.input[2] == 0)
      fields_.fail_missing("in", "the input shape, [height, width, channels]");
    const char* const window = layer_.is_pool() ? "pool" : "kernel";
    if (is_global_) {
      layer_.kernel = {layer_.input[0], layer_.input[1]};
      layer_.stride = layer_.kernel;
      return;
    }
    const auto kernel = fields_.integers(window, 1, 2);
    if (!kernel) fields_.fail_missing(window, is_1d_ ? "a length" : "[height, width]");
    layer_.kernel = window_of(window, *kernel);
    if (layer_.is_pool()) layer_.stride = layer_.kernel;
    if (const auto stride = fields_.integers("stride", 1, 2)) {
      layer_.stride = window_of("stride", *stride);
    }
    read_padding();
    read_conv_implementation();
    if (layer_.type == LayerType::kDepthwiseConv2D) return;
    if (!layer_.is_convolution()) return;
    const auto filters = fields_.integer("filters");
    if (!filters) fields_.fail_missing("filters", "the number of output channels");
    layer_.filters = *filters;
  }

  void read_input_shape() {
    const bool may_be_vector = !layer_.is_convolution() && !layer_.is_pool();
    const std::size_t fewest = may_be_vector ? 1 : is_1d_ ? 2 : 3;
    if (const auto shape = fields_.integers("in", fewest, 3)) {
      if (shape->size() == 1) {
        layer_.n_in = shape->front();
      } else if (shape->size() == 2) {
        layer_.input = {1, (*shape)[0], (*shape)[1]};
      } else {
        layer_.input = {(*shape)[0], (*shape)[1], (*shape)[2]};
      }
      const bool agrees = before_ && (shape->size() == 1 ? layer_.n_in == before_->n
                                                         : layer_.input == before_->image);
      require_flow("in", agrees);
    } else if (before_) {
      layer_.input = before_->image;
      layer_.n_in = before_->n;
    } else {
      fields_.fail_missing("in", "the input shape, such as [height, width, channels]");
    }
    if (layer_.input[2] != 0) {
      layer_.n_in = static_cast<int>(std::min<std::int64_t>(
          std::int64_t{layer_.input[0]} * layer_.input[1] * layer_.input[2], 1 << 30));
    }
  }

  std::array<int, 2> window_of(const char* field, const std::vector<int>& sizes) {
    if (!is_1d_) return {sizes.front(), sizes.back()};
    if (sizes.size() != 1) fields_.fail_field(field, "one integer for a sequence");
    return {1, sizes.front()};
  }

  void read_padding() {
    const auto padding = fields_.text("padding");
    if (!padding || *padding == "valid") return;
    if (*padding != "same") fields_.fail_field("padding", "\"valid\" or \"same\"");
    layer_.padding = Padding::kSame;
  }

  void read_conv_implementation() {
    const auto implementation = fields_.text("conv_implementation");
    if (!implementation) return;
    const auto known = conv_implementation_of(*implementation);
    if (!known) fields_.fail_field("conv_implementation", "\"LineBuffer\" or \"Encoded\"");
    layer_.conv_implementation = *known;
  }

  void read_folding() {
    const auto strategy = fields_.text("strategy");
    const std::string expected = "\"Latency\", \"Resource\" or \"ResourceUnrolled\"";
    if (!strategy) fields_.fail_missing("strategy", expected);
    const auto known = strategy_of(*strategy);
    if (!known) fields_.fail_field("strategy", expected);
    layer_.strategy = *known;
    layer_.reuse_factor = fields_.integer("reuse_factor").value_or(1);
    if (layer_.is_convolution()) {
      layer_.parallelization_factor = fields_.integer("parallelization_factor").value_or(1);
    }
  }

  void read_types() {
    const auto input = fields_.type("input");
    input_is_given_ = input.has_value();
    layer_.input_type = input.value_or(before_ ? before_->type : precision_);
    const bool has_coefficients =
        layer_.has_weights() || layer_.type == LayerType::kBatchNormalization;
    layer_.weight = precision_;
    layer_.bias = precision_;
    if (has_coefficients) {
      layer_.weight = fields_.type("weight").value_or(precision_);
      layer_.bias = fields_.type("bias").value_or(precision_);
      layer_.accum = fields_.type("accum");
    }
    const auto result = fields_.type("result");
    result_is_given_ = result.has_value();
    const bool passes_through =
        layer_.type == LayerType::kFlatten || layer_.type == LayerType::kMaxPooling;
    layer_.result = result.value_or(passes_through ? layer_.input_type : precision_);
  }

  void read_activation() {
    const auto activation = fields_.text("activation");
    if (!activation) {
      if (layer_.type == LayerType::kActivation) {
        fields_.fail_missing("activation", "one of " + activation_names());
      }
      return;
    }
    const auto known = activation_of(*activation);
    if (!known) fields_.fail_field("activation", "one of " + activation_names());
    layer_.activation = *known;
  }

  void require_flow(const char* field, bool agrees) {
    if (!before_ || agrees) return;
    const auto [height, width, channels] = before_->image;
    const std::string shape = channels == 0
                                  ? ""
                                  : " (" + std::to_string(height) + " x " + std::to_string(width) +
                                        " x " + std::to_string(channels) + ")";
    fields_.fail_field(field, "the " + std::to_string(before_->n) + " values" + shape +
                                  " of the layer before, or \"connected\": false");
  }

  JsonObject& fields_;
  const FixedPoint& precision_;
  const std::optional<Flow>& before_;
  Layer layer_;
  bool is_1d_ = false;
  bool is_global_ = false;
  bool input_is_given_ = false;
  bool result_is_given_ = false;
};

Flow flow_after(const Layer& layer, bool result_is_given) {
  Flow flow;
  flow.n = static_cast<int>(std::min<std::int64_t>(layer.num_outputs(), 1 << 30));
  const bool is_vector =
      layer.type == LayerType::kDense || layer.type == LayerType::kFlatten || layer.input[2] == 0;
  if (!is_vector) {
    const auto [height, width] = layer.output_size();
    flow.image = {height, width, layer.output_channels()};
    flow.packets = static_cast<int>(std::min<std::int64_t>(std::int64_t{height} * width, 1 << 30));
  } else if (layer.type == LayerType::kFlatten && layer.input[2] != 0) {
    flow.packets =
        static_cast<int>(std::min<std::int64_t>(layer.num_outputs() / layer.input[2], 1 << 30));
  }
  flow.type = layer.result;
  flow.type_is_given = result_is_given;
  return flow;
}

std::string place_of(const nlohmann::json& entry, std::size_t index) {
  if (entry.is_object() && entry.contains("name") && entry.at("name").is_string()) {
    return "layer '" + entry.at("name").get<std::string>() + "'";
  }
  return "layer " + std::to_string(index + 1);
}

bool is_dropout(const nlohmann::json& entry) {
  return entry.is_object() && entry.contains("type") && entry.at("type") == kDropoutName;
}

/// Dropout is no hardware: it becomes a rate of the layer before it, or of the network's inputs.
/// Returns its name.
std::string read_dropout(JsonObject& fields, Network& network) {
  const auto name = fields.text("name");
  if (!name) fields.fail_missing("name", "a name for the layer");
  fields.text("type");
  const auto rate = fields.number("rate");
  if (!rate) fields.fail_missing("rate", "the share of the values that training drops");
  if (!(*rate >= 0.0 && *rate < 1.0)) fields.fail_field("rate", "0 or more and less than 1");
  fields.refuse_other_fields();
  double& total =
      network.layers.empty() ? network.input_dropout_rate : network.layers.back().dropout_rate;
  total = joint_dropout_rate(total, *rate);
  return *name;
}

void read_layers(const nlohmann::json& entries, const FixedPoint& precision,
                 const std::string& file, Network& network) {
  std::optional<Flow> before;
  std::set<std::string> names;
  for (std::size_t k = 0; k < entries.size(); ++k) {
    JsonObject fields(entries[k], file, place_of(entries[k], k));
    if (is_dropout(entries[k])) {
      if (!names.insert(read_dropout(fields, network)).second) {
        fields.fail_field("name", "a name of its own");
      }
      continue;
    }
    LayerReader reader(fields, precision, before);
    Layer layer = reader.read();
    try {
      validate_layer(layer);
    } catch (const Error& error) {
      throw Error(file, 0, error.message());
    }
    if (!names.insert(layer.name).second) fields.fail_field("name", "a name of its own");
    if (network.connected) {
      // What a layer takes in is what the one before gives out, if that was left open.
      if (before && reader.input_is_given() && !before->type_is_given) {
        network.layers.back().result = layer.input_type;
      }
      before = flow_after(layer, reader.result_is_given());
    }
    network.layers.push_back(std::move(layer));
  }
}

}  // namespace

Network parse_network(const std::string& json, const std::string& name) {
  const nlohmann::json document = parse_json(json, name);
  if (is_keras_model(document)) return keras_network(document, name, nullptr, "");
  JsonObject fields(document, name, "");
  Network network;
  if (const auto io_type = fields.text("io_type")) {
    const auto known = io_type_of(*io_type);
    if (!known) fields.fail_field("io_type", "\"io_parallel\" or \"io_stream\"");
    network.io_type = *known;
  }
  if (const auto backend = fields.text("backend")) {
    const auto known = backend_of(*backend);
    if (!known) fields.fail_field("backend", "\"Vivado\" or \"Vitis\"");
    network.backend = *known;
  }
  network.part = fields.text("part").value_or(network.part);
  try {
    dsp_kind_of_part(network.part);
  } catch (const Error& error) {
    throw Error(name, 0, error.message());
  }
  network.clock_ns = fields.number("clock_ns").value_or(network.clock_ns);
  if (!(network.clock_ns > 0.0 && network.clock_ns <= 1e6)) {
    fields.fail_field("clock_ns", "a period above 0 ns");
  }
  network.connected = fields.boolean("connected").value_or(true);
  const FixedPoint precision = fields.type("precision").value_or(FixedPoint{});
  const nlohmann::json* layers = fields.raw("layers");
  if (layers == nullptr) fields.fail_missing("layers", "a list of layers");
  if (!layers->is_array() || layers->empty()) {
    fields.fail_field("layers", "a list of at least one layer");
  }
  fields.refuse_other_fields();
  read_layers(*layers, precision, name, network);
  if (network.layers.empty()) fields.fail_field("layers", "a layer that is no Dropout");
  return network;
}

namespace {

std::string read_text(const std::filesystem::path& file, const char* expected) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(file.string(), 0, std::string("cannot be opened; expected ") + expected);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw Error(file.string(), 0, "cannot be read to its end");
  // The signature of HDF5 files.
  if (text.starts_with("\x89HDF\r\n")) {
    throw Error(file.string(), 0,
                "is an HDF5 file; expected " + std::string(expected) +
                    " (save the architecture with model.to_json())");
  }
  return text;
}

constexpr const char* kModelText = "a network description or a Keras architecture in JSON";

}  // namespace

Network read_network(const std::filesystem::path& file) {
  return parse_network(read_text(file, kModelText), file.string());
}

Network read_keras_network(const std::filesystem::path& model,
                           const std::filesystem::path& hls4ml_config) {
  return parse_keras_network(read_text(model, kModelText), model.string(), hls4ml_config);
}

Network parse_keras_network(const std::string& architecture, const std::string& name,
                            const std::filesystem::path& hls4ml_config) {
  const nlohmann::json document = parse_json(architecture, name);
  if (!is_keras_model(document)) {
    throw Error(name, 0, "is not a Keras architecture; a configuration goes with one only");
  }
  nlohmann::json config;
  if (!hls4ml_config.empty()) {
    config = parse_json(read_text(hls4ml_config, "an hls4ml configuration in JSON"),
                        hls4ml_config.string());
  }
  return keras_network(document, name, config, hls4ml_config.string());
}

}  // namespace espalier::resource_model
