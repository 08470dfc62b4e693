#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "espalier/resource_model/fixed_point.hpp"

namespace espalier::resource_model {

/// Reads the fields of one JSON object strictly: every value is checked for its type, and fields
/// that nobody asked for are errors. All errors begin with `file: where: `.
class JsonObject {
 public:
  /// `where` names the object in errors ("layer 'fc1'"), empty for the whole file. The JSON value
  /// must outlive this.
  JsonObject(const nlohmann::json& value, std::string file, std::string where);

  std::optional<std::string> text(const char* field);
  std::optional<int> integer(const char* field);
  std::optional<double> number(const char* field);
  std::optional<bool> boolean(const char* field);
  std::optional<FixedPoint> type(const char* field);
  /// A list of `min_count` to `max_count` integers; a single integer counts as a list of one.
  std::optional<std::vector<int>> integers(const char* field, std::size_t min_count,
                                           std::size_t max_count);
  /// The raw value; nullptr when absent.
  const nlohmann::json* raw(const char* field);

  /// Throws for a field that none of the calls above has asked for.
  void refuse_other_fields() const;
  /// Throws Error `file: where: message`.
  [[noreturn]] void fail(const std::string& message) const;
  /// Throws: the field's value is shown, and `expected` said.
  [[noreturn]] void fail_field(const char* field, const std::string& expected) const;
  [[noreturn]] void fail_missing(const char* field, const std::string& expected) const;

 private:
  const nlohmann::json& value_;
  std::string file_;
  std::string where_;
  std::set<std::string> known_;
};

/// Parses a JSON text; throws Error with file and line when it is none.
nlohmann::json parse_json(const std::string& text, const std::string& file);

}  // namespace espalier::resource_model
