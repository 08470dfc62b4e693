#pragma once

#include <string>

namespace espalier::solver::io {

// Text of JSON values. Large results are written number by number, without a tree of them.

/// A JSON string. Bytes beyond ASCII are passed on when they are well-formed UTF-8, else replaced.
std::string json_string(const std::string& text);

/// Shortest usual form of a statistic; JSON has no infinity and no NaN, null stands for them.
std::string json_double(double value);

/// "[1,2,3]" of a range of integers.
template <typename Range>
std::string json_list(const Range& numbers) {
  std::string result = "[";
  for (const auto number : numbers) {
    if (result.size() > 1) result += ',';
    result += std::to_string(number);
  }
  return result + ']';
}

/// An object on one line, field by field.
class JsonObject {
 public:
  /// `value` is JSON text.
  void add(const char* name, const std::string& value);
  std::string text() const { return text_ + '}'; }

 private:
  std::string text_ = "{";
};

}  // namespace espalier::solver::io
