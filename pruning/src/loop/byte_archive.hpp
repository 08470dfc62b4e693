#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "espalier/support/error.hpp"

namespace espalier::pruning {

/// Writes values one after the other as bytes, as this machine has them.
class ByteWriter {
 public:
  template <typename Value>
  void operator()(const Value& value) {
    static_assert(std::is_arithmetic_v<Value>);
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const std::string& text) {
    (*this)(std::uint64_t{text.size()});
    bytes += text;
  }
  template <typename Value>
  void operator()(const std::vector<Value>& values) {
    (*this)(std::uint64_t{values.size()});
    for (const Value& value : values) (*this)(value);
  }
  template <typename Value>
  void operator()(const std::optional<Value>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }

  std::string bytes;
};

/// Reads what ByteWriter wrote, in the same order; throws Error where the bytes end too early.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <typename Value>
  void operator()(Value& value) {
    static_assert(std::is_arithmetic_v<Value>);
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
  }
  void operator()(std::string& text) { text = take(size()); }
  template <typename Value>
  void operator()(std::vector<Value>& values) {
    const std::size_t count = size();
    values.clear();
    for (std::size_t i = 0; i < count; ++i) (*this)(values.emplace_back());
  }
  template <typename Value>
  void operator()(std::optional<Value>& value) {
    bool has_value = false;
    (*this)(has_value);
    value.reset();
    if (has_value) (*this)(value.emplace());
  }

  bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) throw Error("ends too early; expected a complete checkpoint");
    const std::string_view part = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return part;
  }
  /// A count of things that take a byte or more each.
  std::uint64_t size() {
    std::uint64_t count = 0;
    (*this)(count);
    if (count > rest_.size()) throw Error("ends too early; expected a complete checkpoint");
    return count;
  }

  std::string_view rest_;
};

}  // namespace espalier::pruning
