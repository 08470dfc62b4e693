#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace espalier::pruning {

/// The parts of an ONNX model that a chain of layers needs (onnx.proto of ONNX 1.12).
struct OnnxTensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;           ///< of float tensors
  std::vector<std::int64_t> integers;  ///< of int64 tensors
};

struct OnnxAttribute {
  std::int64_t integer = 0;
  float number = 0.0F;
  std::string text;
  std::vector<std::int64_t> integers;
};

struct OnnxNode {
  std::string op;
  std::string name;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::map<std::string, OnnxAttribute> attributes;

  std::int64_t integer(const char* attribute, std::int64_t otherwise) const;
  float number(const char* attribute, float otherwise) const;
  std::vector<std::int64_t> integers(const char* attribute) const;  ///< empty when absent
};

struct OnnxInput {
  std::string name;
  std::vector<std::int64_t> shape;  ///< 0 for sizes that are left open
};

struct OnnxGraph {
  std::vector<OnnxNode> nodes;
  std::map<std::string, OnnxTensor> tensors;  ///< initialisers and constants
  std::vector<OnnxInput> inputs;
};

/// Throws Error naming the file when it is no ONNX model, is damaged, or keeps tensors elsewhere.
OnnxGraph read_onnx_graph(const std::filesystem::path& file);

}  // namespace espalier::pruning
