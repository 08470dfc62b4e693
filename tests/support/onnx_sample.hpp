#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::tests {

/// Bytes of protocol-buffer messages, field by field.
class ProtoMessage {
 public:
  ProtoMessage& number(std::uint32_t field, std::uint64_t value) {
    varint(field << 3);
    varint(value);
    return *this;
  }
  ProtoMessage& text(std::uint32_t field, std::string_view bytes) {
    varint(field << 3 | 2U);
    varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  ProtoMessage& message(std::uint32_t field, const ProtoMessage& inner) {
    return text(field, inner.bytes_);
  }
  const std::string& bytes() const noexcept { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_ += static_cast<char>(value | 128);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

inline ProtoMessage onnx_tensor(const std::string& name, const std::vector<std::uint64_t>& shape,
                                const std::vector<float>& values) {
  ProtoMessage tensor;
  for (const std::uint64_t extent : shape) tensor.number(1, extent);
  std::string raw(values.size() * sizeof(float), '\0');
  std::memcpy(raw.data(), values.data(), raw.size());
  return tensor.number(2, 1).text(8, name).text(9, raw);
}

inline ProtoMessage onnx_node(const std::string& op, const std::vector<std::string>& inputs,
                              const std::string& output,
                              const std::vector<ProtoMessage>& attributes = {}) {
  ProtoMessage node;
  for (const std::string& input : inputs) node.text(1, input);
  node.text(2, output).text(3, op + "_" + output).text(4, op);
  for (const ProtoMessage& attribute : attributes) node.message(5, attribute);
  return node;
}

inline ProtoMessage onnx_integers(const std::string& name,
                                  const std::vector<std::uint64_t>& values) {
  ProtoMessage attribute;
  attribute.text(1, name);
  for (const std::uint64_t value : values) attribute.number(8, value);
  return attribute.number(20, 7);
}

/// An image of 4 x 4 pixels, a convolution, a pool and two products, the second with its bias added
/// by a node of its own.
inline std::string onnx_sample() {
  ProtoMessage graph;
  graph.message(1, onnx_node("Transpose", {"in"}, "t", {onnx_integers("perm", {0, 3, 1, 2})}));
  graph.message(
      1, onnx_node("Conv", {"t", "K", "B"}, "c",
                   {onnx_integers("kernel_shape", {3, 3}), onnx_integers("pads", {1, 1, 1, 1})}));
  graph.message(1, onnx_node("Relu", {"c"}, "r"));
  graph.message(
      1, onnx_node("MaxPool", {"r"}, "p",
                   {onnx_integers("kernel_shape", {2, 2}), onnx_integers("strides", {2, 2})}));
  graph.message(1, onnx_node("Transpose", {"p"}, "u", {onnx_integers("perm", {0, 2, 3, 1})}));
  graph.message(1, onnx_node("Flatten", {"u"}, "f"));
  graph.message(1, onnx_node("Gemm", {"f", "W", "C"}, "g"));
  graph.message(1, onnx_node("Relu", {"g"}, "h"));
  graph.message(1, onnx_node("MatMul", {"h", "V"}, "m"));
  graph.message(1, onnx_node("Add", {"m", "D"}, "a"));
  graph.message(1, onnx_node("Softmax", {"a"}, "out"));
  graph.message(5, onnx_tensor("K", {2, 1, 3, 3}, std::vector<float>(18, 0.5F)));
  graph.message(5, onnx_tensor("B", {2}, {0.1F, 0.2F}));
  graph.message(5, onnx_tensor("W", {8, 3}, std::vector<float>(24, 0.25F)));
  graph.message(5, onnx_tensor("C", {3}, {0.0F, 1.0F, 2.0F}));
  graph.message(5, onnx_tensor("V", {3, 2}, std::vector<float>(6, 0.75F)));
  graph.message(5, onnx_tensor("D", {2}, {0.5F, 0.5F}));
  ProtoMessage shape;
  for (const std::uint64_t extent : {1U, 4U, 4U, 1U}) {
    shape.message(1, ProtoMessage().number(1, extent));
  }
  const ProtoMessage type =
      ProtoMessage().message(1, ProtoMessage().number(1, 1).message(2, shape));
  graph.message(11, ProtoMessage().text(1, "in").message(2, type));
  return ProtoMessage().number(1, 4).message(7, graph).bytes();
}

}  // namespace espalier::tests
