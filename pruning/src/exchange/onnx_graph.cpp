// ONNX files are protocol-buffer messages. Protobuf's own stream reads tags, numbers and lengths;
// the few messages that matter here are told apart by the field numbers of onnx.proto, so that no
// generated code is needed. Messages nest in a fixed way: nothing recurses on what the file says.

#include "exchange/onnx_graph.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <string_view>

#include <google/protobuf/io/coded_stream.h>

#include "espalier/support/error.hpp"

#include "data/file_bytes.hpp"

namespace espalier::pruning {
namespace {

using google::protobuf::io::CodedInputStream;

/// Thrown inside, turned into an Error with the file's name.
struct Damaged {
  std::string what = "is damaged or not an ONNX model";
};

constexpr std::int64_t kMaxValues = std::int64_t{1} << 27;

/// One field of a message: a number, or the bytes of a text, list or message.
struct Field {
  std::uint32_t number = 0;
  bool is_bytes = false;
  std::uint64_t value = 0;
  std::string_view bytes;
};

std::string_view read_bytes(CodedInputStream& stream, int length) {
  const void* data = nullptr;
  int available = 0;
  if (length == 0) return {};
  if (length < 0 || !stream.GetDirectBufferPointer(&data, &available) || available < length ||
      !stream.Skip(length)) {
    throw Damaged{};
  }
  return {static_cast<const char*>(data), static_cast<std::size_t>(length)};
}

Field read_field(CodedInputStream& stream, std::uint32_t tag) {
  Field field{.number = tag >> 3, .is_bytes = false, .value = 0, .bytes = {}};
  std::uint32_t small = 0;
  bool read = false;
  switch (tag & 7) {
    case 0:
      read = stream.ReadVarint64(&field.value);
      break;
    case 1:
      read = stream.ReadLittleEndian64(&field.value);
      break;
    case 2:
      field.is_bytes = true;
      read = stream.ReadVarint32(&small);
      if (read && small > static_cast<std::uint32_t>(std::numeric_limits<int>::max()))
        throw Damaged{};
      if (read) field.bytes = read_bytes(stream, static_cast<int>(small));
      break;
    case 5:
      read = stream.ReadLittleEndian32(&small);
      field.value = small;
      break;
    default:
      break;  // groups, which ONNX has none of
  }
  if (!read || field.number == 0) throw Damaged{};
  return field;
}

template <typename Visit>
void for_each_field(std::string_view message, const Visit& visit) {
  if (message.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) throw Damaged{};
  CodedInputStream stream(reinterpret_cast<const std::uint8_t*>(message.data()),
                          static_cast<int>(message.size()));
  while (const std::uint32_t tag = stream.ReadTag()) visit(read_field(stream, tag));
  if (!stream.ConsumedEntireMessage()) throw Damaged{};
}

/// A repeated number may come one by one or packed.
void append_integers(const Field& field, std::vector<std::int64_t>& to) {
  if (!field.is_bytes) {
    to.push_back(static_cast<std::int64_t>(field.value));
    return;
  }
  CodedInputStream stream(reinterpret_cast<const std::uint8_t*>(field.bytes.data()),
                          static_cast<int>(field.bytes.size()));
  while (stream.CurrentPosition() < static_cast<int>(field.bytes.size())) {
    std::uint64_t value = 0;
    if (!stream.ReadVarint64(&value)) throw Damaged{};
    to.push_back(static_cast<std::int64_t>(value));
  }
}

template <typename T>
void append_raw(std::string_view bytes, std::vector<T>& to) {
  if (bytes.size() % sizeof(T) != 0) throw Damaged{};
  const std::size_t before = to.size();
  to.resize(before + bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(to.data() + before, bytes.data(), bytes.size());
}

float as_float(std::uint64_t value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value));
}

/// TensorProto.
void read_tensor(std::string_view message, std::map<std::string, OnnxTensor>& tensors,
                 std::string name = {}) {
  OnnxTensor tensor;
  std::uint64_t type = 0;
  std::string_view raw;
  for_each_field(message, [&](const Field& field) {
    if (field.number == 1) append_integers(field, tensor.shape);
    if (field.number == 2) type = field.value;
    if (field.number == 4 && field.is_bytes) append_raw(field.bytes, tensor.values);
    if (field.number == 4 && !field.is_bytes) tensor.values.push_back(as_float(field.value));
    if (field.number == 7) append_integers(field, tensor.integers);
    if (field.number == 8 && name.empty()) name = field.bytes;
    if (field.number == 9) raw = field.bytes;
    if (field.number == 14 && field.value != 0) throw Damaged{"keeps its tensors in other files"};
  });
  constexpr std::uint64_t kFloat = 1;
  constexpr std::uint64_t kInt64 = 7;
  if (type == kFloat) append_raw(raw, tensor.values);
  if (type == kInt64) append_raw(raw, tensor.integers);
  std::int64_t count = 1;
  for (const std::int64_t extent : tensor.shape) {
    if (extent < 0 || extent > kMaxValues || (count *= extent) > kMaxValues) throw Damaged{};
  }
  const std::size_t held = type == kFloat ? tensor.values.size() : tensor.integers.size();
  const bool is_known = type == kFloat || type == kInt64;
  if (is_known && static_cast<std::size_t>(count) != held) throw Damaged{};
  if (is_known) tensors[name] = std::move(tensor);
}

/// AttributeProto; a tensor in it is handed to `on_tensor`.
template <typename OnTensor>
void read_attribute(std::string_view message, OnnxNode& node, const OnTensor& on_tensor) {
  OnnxAttribute attribute;
  std::string name;
  for_each_field(message, [&](const Field& field) {
    if (field.number == 1) name = field.bytes;
    if (field.number == 2) attribute.number = as_float(field.value);
    if (field.number == 3) attribute.integer = static_cast<std::int64_t>(field.value);
    if (field.number == 4) attribute.text = field.bytes;
    if (field.number == 5) on_tensor(field.bytes);
    if (field.number == 8) append_integers(field, attribute.integers);
  });
  node.attributes[name] = std::move(attribute);
}

/// NodeProto. A constant becomes a tensor.
void read_node(std::string_view message, OnnxGraph& graph) {
  OnnxNode node;
  std::string_view constant;
  for_each_field(message, [&](const Field& field) {
    if (field.number == 1) node.inputs.emplace_back(field.bytes);
    if (field.number == 2) node.outputs.emplace_back(field.bytes);
    if (field.number == 3) node.name = field.bytes;
    if (field.number == 4) node.op = field.bytes;
    if (field.number == 5) {
      read_attribute(field.bytes, node, [&](std::string_view tensor) { constant = tensor; });
    }
  });
  if (node.op == "Constant" && !node.outputs.empty()) {
    read_tensor(constant, graph.tensors, node.outputs.front());
  } else {
    graph.nodes.push_back(std::move(node));
  }
}

/// ValueInfoProto with its TypeProto and TensorShapeProto.
void read_input(std::string_view message, OnnxGraph& graph) {
  OnnxInput input;
  const auto on_dimension = [&](std::string_view dimension) {
    std::int64_t size = 0;
    for_each_field(dimension, [&](const Field& field) {
      if (field.number == 1 && !field.is_bytes) size = static_cast<std::int64_t>(field.value);
    });
    input.shape.push_back(size);
  };
  const auto inside = [](std::string_view outer, std::uint32_t number, const auto& visit) {
    for_each_field(outer, [&](const Field& field) {
      if (field.number == number) visit(field.bytes);
    });
  };
  for_each_field(message, [&](const Field& field) {
    if (field.number == 1) input.name = field.bytes;
    if (field.number != 2) return;
    inside(field.bytes, 1, [&](std::string_view tensor) {
      inside(tensor, 2, [&](std::string_view shape) { inside(shape, 1, on_dimension); });
    });
  });
  graph.inputs.push_back(std::move(input));
}

/// GraphProto.
void read_graph(std::string_view message, OnnxGraph& graph) {
  for_each_field(message, [&](const Field& field) {
    if (field.number == 1) read_node(field.bytes, graph);
    if (field.number == 5) read_tensor(field.bytes, graph.tensors);
    if (field.number == 11) read_input(field.bytes, graph);
  });
}

}  // namespace

std::int64_t OnnxNode::integer(const char* attribute, std::int64_t otherwise) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? otherwise : found->second.integer;
}

float OnnxNode::number(const char* attribute, float otherwise) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? otherwise : found->second.number;
}

std::vector<std::int64_t> OnnxNode::integers(const char* attribute) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? std::vector<std::int64_t>{} : found->second.integers;
}

OnnxGraph read_onnx_graph(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = data::read_file_bytes(file);
  OnnxGraph graph;
  try {
    for_each_field({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                   [&](const Field& field) {
                     if (field.number == 7) read_graph(field.bytes, graph);
                   });
  } catch (const Damaged& damage) {
    throw Error(file.string(), 0, damage.what);
  }
  if (graph.nodes.empty()) throw Error(file.string(), 0, "is not an ONNX model: it has no nodes");
  return graph;
}

}  // namespace espalier::pruning
