// An ONNX graph that is a chain of layers, followed from the input and written down as a Keras
// architecture, so that everything after is as for Keras models. Images must come channels last and
// be turned around by a Transpose before the first convolution, as converters from Keras write
// them; the layout is followed through the chain.

#include "exchange/onnx_reader.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "espalier/support/error.hpp"

#include "exchange/onnx_graph.hpp"

namespace espalier::pruning {
namespace {

using Json = nlohmann::json;
using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kMaxExtent = 1 << 20;

class ChainReader {
 public:
  ChainReader(const OnnxGraph& graph, std::string file) : graph_(graph), file_(std::move(file)) {}

  TensorFile read() {
    start();
    std::set<const OnnxNode*> seen;
    while (const OnnxNode* const node = next()) {
      if (!seen.insert(node).second) refuse(*node, "is part of a loop");
      add(*node);
      if (node->outputs.empty()) break;
      current_ = node->outputs.front();
    }
    const Json model{{"class_name", "Sequential"}, {"config", {{"layers", layers_}}}};
    result_.architecture = model.dump(-1, ' ', false, Json::error_handler_t::replace);
    return std::move(result_);
  }

 private:
  [[noreturn]] void refuse(const OnnxNode& node, const std::string& what) const {
    const std::string name =
        node.name.empty() && !node.outputs.empty() ? node.outputs.front() : node.name;
    throw Error(file_, 0, "node '" + name + "' (" + node.op + "): " + what);
  }

  /// The one input that is no tensor of the file.
  void start() {
    const OnnxInput* input = nullptr;
    for (const OnnxInput& candidate : graph_.inputs) {
      if (graph_.tensors.contains(candidate.name)) continue;
      if (input != nullptr) throw Error(file_, 0, "has several inputs; expected one");
      input = &candidate;
    }
    if (input == nullptr) throw Error(file_, 0, "has no input");
    if (input->shape.size() < 2 || input->shape.size() > 4) {
      throw Error(file_, 0,
                  "input '" + input->name +
                      "' has no shape of a batch of vectors, "
                      "sequences or images");
    }
    shape_.assign(input->shape.begin() + 1, input->shape.end());
    for (const std::int64_t extent : shape_) {
      if (extent < 1 || extent > kMaxExtent) {
        throw Error(file_, 0,
                    "input '" + input->name + "' has a size that is open or out of range");
      }
    }
    Json batch{nullptr};
    for (const std::int64_t extent : shape_) batch.push_back(extent);
    add_layer("InputLayer", "input_1", {{"batch_input_shape", batch}, {"dtype", "float32"}});
    current_ = input->name;
  }

  const OnnxNode* next() const {
    const OnnxNode* found = nullptr;
    for (const OnnxNode& node : graph_.nodes) {
      if (std::find(node.inputs.begin(), node.inputs.end(), current_) == node.inputs.end())
        continue;
      if (found != nullptr) refuse(node, "shares its input; expected a plain chain of nodes");
      found = &node;
    }
    return found;
  }

  void add(const OnnxNode& node) {
    const std::string& op = node.op;
    if (op == "Identity" || op == "Dropout") return;
    if (op == "Transpose") return add_transpose(node);
    if (op == "MatMul" || op == "Gemm") return add_dense(node);
    if (op == "Add") return add_bias(node);
    if (op == "Conv") return add_convolution(node);
    if (op == "MaxPool" || op == "AveragePool") return add_pool(node);
    if (op == "BatchNormalization") return add_normalisation(node);
    if (op == "Flatten" || op == "Reshape") return add_flatten(node);
    if (op == "Relu") return add_activation(node, "relu");
    if (op == "Sigmoid") return add_activation(node, "sigmoid");
    if (op == "Tanh") return add_activation(node, "tanh");
    if (op == "Softmax") return add_activation(node, "softmax");
    refuse(node, "is not supported");
  }

  const OnnxTensor& tensor(const OnnxNode& node, std::size_t input) const {
    const auto found =
        input < node.inputs.size() ? graph_.tensors.find(node.inputs[input]) : graph_.tensors.end();
    if (found == graph_.tensors.end()) {
      refuse(node, "input " + std::to_string(input) + " is no constant of the file");
    }
    return found->second;
  }

  void add_layer(const char* type, const std::string& name, Json config) {
    config["name"] = name;
    layers_.push_back({{"class_name", type}, {"config", std::move(config)}});
  }

  /// The node's name, or one made of its kind, that no layer has yet.
  std::string layer_name(const OnnxNode& node, const char* kind) {
    std::string name = node.name;
    for (int number = 1; name.empty() || !names_.insert(name).second; ++number) {
      name = kind + ("_" + std::to_string(number));
    }
    return name;
  }

  void add_tensor(const std::string& layer, const char* variable, Ints shape,
                  std::vector<float> values) {
    result_.tensors.push_back({layer + "/" + variable + ":0", std::move(shape), std::move(values)});
  }

  bool is_image() const { return shape_.size() > 1; }

  /// Sequences and images: to channels first and back. The shape itself stays channels last.
  void add_transpose(const OnnxNode& node) {
    const Ints order = node.integers("perm");
    if (!is_image()) return;  // of a vector and its batch, in pairs around a normalisation
    const std::size_t rank = shape_.size() + 1;
    Ints first{0, static_cast<std::int64_t>(rank) - 1};
    for (std::size_t k = 1; k + 1 < rank; ++k) first.push_back(static_cast<std::int64_t>(k));
    Ints last{0};
    for (std::size_t k = 2; k < rank; ++k) last.push_back(static_cast<std::int64_t>(k));
    last.push_back(1);
    if (order != (channels_first_ ? last : first)) refuse(node, "turns axes in an unusual order");
    channels_first_ = !channels_first_;
  }

  void add_dense(const OnnxNode& node) {
    const bool is_gemm = node.op == "Gemm";
    if (is_gemm && (node.integer("transA", 0) != 0 || node.number("alpha", 1.0F) != 1.0F ||
                    node.number("beta", 1.0F) != 1.0F)) {
      refuse(node, "scales or transposes; expected a plain product");
    }
    if (is_image() || node.inputs.front() != current_) {
      refuse(node, "expected a vector as its first input");
    }
    const OnnxTensor& weights = tensor(node, 1);
    const bool is_transposed = is_gemm && node.integer("transB", 0) != 0;
    if (weights.shape.size() != 2 || weights.shape[is_transposed ? 1 : 0] != shape_[0]) {
      refuse(node, "its matrix does not fit " + std::to_string(shape_[0]) + " inputs");
    }
    const auto inputs = static_cast<std::size_t>(shape_[0]);
    const auto outputs = static_cast<std::size_t>(weights.shape[is_transposed ? 0 : 1]);
    std::vector<float> kernel(weights.values);
    for (std::size_t k = 0; is_transposed && k < kernel.size(); ++k) {
      kernel[k] = weights.values[k % outputs * inputs + k / outputs];
    }
    shape_ = {static_cast<std::int64_t>(outputs)};
    const std::string name = layer_name(node, "dense");
    const bool has_bias = is_gemm && node.inputs.size() > 2;
    add_layer("Dense", name,
              {{"units", outputs}, {"use_bias", has_bias}, {"activation", "linear"}});
    add_tensor(name, "kernel", weights.shape, std::move(kernel));
    if (has_bias) add_tensor(name, "bias", {shape_[0]}, tensor(node, 2).values);
  }

  /// The bias of the product right before.
  void add_bias(const OnnxNode& node) {
    Json& last = layers_.back();
    const bool is_open = last["class_name"] == "Dense" && last["config"]["use_bias"] == false &&
                         last["config"]["activation"] == "linear" && node.inputs.size() == 2;
    const std::size_t other = is_open && node.inputs[0] == current_ ? 1 : 0;
    if (!is_open) refuse(node, "adds to something else than a product without bias");
    last["config"]["use_bias"] = true;
    add_tensor(last["config"]["name"], "bias", {shape_[0]}, tensor(node, other).values);
  }

  /// What convolutions and pools have in common: window, strides and padding as Keras names them;
  /// shape_ becomes that of the output.
  Json window_config(const OnnxNode& node, const char* window_name) {
    const std::size_t axes = shape_.size() - 1;
    if (!is_image() || !channels_first_) {
      refuse(node, "expected a sequence or image that a Transpose has brought to channels first");
    }
    const Ints window = node.integers("kernel_shape");
    Ints strides = node.integers("strides");
    Ints pads = node.integers("pads");
    if (strides.empty()) strides.assign(axes, 1);
    if (pads.empty()) pads.assign(2 * axes, 0);
    if (window.size() != axes || strides.size() != axes || pads.size() != 2 * axes) {
      refuse(node, "its window has not the dimensions of its input");
    }
    const auto auto_pad = node.attributes.find("auto_pad");
    if (auto_pad != node.attributes.end() && auto_pad->second.text != "NOTSET") {
      refuse(node, "has auto_pad; expected explicit padding");
    }
    bool pads_none = true;
    bool pads_same = true;
    for (std::size_t k = 0; k < axes; ++k) {
      if (window[k] < 1 || window[k] > kMaxExtent || strides[k] < 1 || strides[k] > kMaxExtent) {
        refuse(node, "its window or stride is out of range");
      }
      const std::int64_t outputs = (shape_[k] + strides[k] - 1) / strides[k];
      const std::int64_t total =
          std::max<std::int64_t>((outputs - 1) * strides[k] + window[k] - shape_[k], 0);
      pads_none = pads_none && pads[k] == 0 && pads[k + axes] == 0;
      pads_same = pads_same && pads[k] == total / 2 && pads[k + axes] == total - total / 2;
    }
    if (!pads_none && !pads_same) refuse(node, "pads neither by nothing nor to the same size");
    for (std::size_t k = 0; k < axes; ++k) {
      shape_[k] = pads_none ? (shape_[k] - window[k]) / strides[k] + 1
                            : (shape_[k] + strides[k] - 1) / strides[k];
      if (pads_none && shape_[k] < 1) refuse(node, "its window is larger than its input");
    }
    return {{window_name, window},
            {"strides", strides},
            {"padding", pads_none ? "valid" : "same"},
            {"data_format", "channels_last"}};
  }

  void add_convolution(const OnnxNode& node) {
    const OnnxTensor& weights = tensor(node, 1);
    const Ints dilations = node.integers("dilations");
    if (node.integer("group", 1) != 1 ||
        std::any_of(dilations.begin(), dilations.end(), [](std::int64_t d) { return d != 1; })) {
      refuse(node, "is grouped or dilated");
    }
    const std::int64_t channels = shape_.back();
    Json config = window_config(node, "kernel_size");
    if (weights.shape.size() != shape_.size() + 1 || weights.shape[1] != channels ||
        !std::equal(weights.shape.begin() + 2, weights.shape.end(),
                    node.integers("kernel_shape").begin())) {
      refuse(node, "its kernel does not fit its input");
    }
    const std::int64_t filters = weights.shape[0];
    std::int64_t taps = 1;
    for (std::size_t k = 2; k < weights.shape.size(); ++k) taps *= weights.shape[k];
    // (filter, channel, taps) -> (taps, channel, filter)
    std::vector<float> kernel;
    kernel.reserve(weights.values.size());
    for (std::int64_t t = 0; t < taps; ++t) {
      for (std::int64_t c = 0; c < channels; ++c) {
        for (std::int64_t f = 0; f < filters; ++f) {
          kernel.push_back(weights.values[static_cast<std::size_t>((f * channels + c) * taps + t)]);
        }
      }
    }
    const bool is_sequence = shape_.size() == 2;
    shape_.back() = filters;
    const std::string name = layer_name(node, "conv");
    const bool has_bias = node.inputs.size() > 2;
    config.update(Json{{"filters", filters}, {"use_bias", has_bias}, {"activation", "linear"}});
    add_layer(is_sequence ? "Conv1D" : "Conv2D", name, std::move(config));
    add_tensor(name, "kernel", {static_cast<std::int64_t>(kernel.size())}, std::move(kernel));
    if (has_bias) add_tensor(name, "bias", {filters}, tensor(node, 2).values);
  }

  void add_pool(const OnnxNode& node) {
    if (node.integer("ceil_mode", 0) != 0 || node.integer("count_include_pad", 0) != 0) {
      refuse(node, "counts windows or padding in a way that is not supported");
    }
    const bool is_sequence = shape_.size() == 2;
    const std::string type = node.op == "MaxPool" ? "MaxPooling" : "AveragePooling";
    Json config = window_config(node, "pool_size");
    add_layer((type + (is_sequence ? "1D" : "2D")).c_str(), layer_name(node, "pool"),
              std::move(config));
  }

  void add_normalisation(const OnnxNode& node) {
    if (is_image() && !channels_first_) refuse(node, "normalises over another axis than channels");
    const std::string name = layer_name(node, "batch_normalization");
    add_layer("BatchNormalization", name,
              {{"axis", -1}, {"epsilon", node.number("epsilon", 1e-5F)}});
    const char* const variables[] = {"gamma", "beta", "moving_mean", "moving_variance"};
    for (std::size_t k = 0; k < 4; ++k) {
      add_tensor(name, variables[k], {shape_.back()}, tensor(node, k + 1).values);
    }
  }

  void add_flatten(const OnnxNode& node) {
    if (node.op == "Reshape" && tensor(node, 1).integers.size() != 2) {
      refuse(node, "gives another shape than a vector");
    }
    std::int64_t size = 1;
    for (const std::int64_t extent : shape_) size *= extent;
    if (channels_first_ && shape_.back() != 1 && shape_.back() != size) {
      refuse(node, "flattens with channels first; expected a Transpose to channels last before it");
    }
    if (!is_image()) return;
    shape_ = {size};
    channels_first_ = false;
    add_layer("Flatten", layer_name(node, "flatten"), {{"data_format", "channels_last"}});
  }

  /// Part of the kernel before it where there is one.
  void add_activation(const OnnxNode& node, const char* activation) {
    Json& last = layers_.back();
    const Json& type = last["class_name"];
    const bool takes_one = type == "Dense" || type == "Conv1D" || type == "Conv2D";
    if (takes_one && last["config"]["activation"] == "linear") {
      last["config"]["activation"] = activation;
    } else {
      add_layer("Activation", layer_name(node, activation), {{"activation", activation}});
    }
  }

  const OnnxGraph& graph_;
  std::string file_;
  std::string current_;  ///< name of the value that the chain has come to
  Ints shape_;           ///< of that value, channels last, without the batch
  bool channels_first_ = false;
  std::set<std::string> names_ = {"input_1"};
  Json layers_ = Json::array();
  TensorFile result_;
};

}  // namespace

TensorFile read_onnx(const std::filesystem::path& file) {
  const OnnxGraph graph = read_onnx_graph(file);
  return ChainReader(graph, file.string()).read();
}

}  // namespace espalier::pruning
