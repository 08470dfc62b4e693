#include "json_object.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "espalier/support/error.hpp"

namespace espalier::resource_model {

using nlohmann::json;

JsonObject::JsonObject(const json& value, std::string file, std::string where)
    : value_(value), file_(std::move(file)), where_(std::move(where)) {
  if (!value_.is_object()) fail("expected a JSON object, found " + std::string(value_.type_name()));
}

const json* JsonObject::raw(const char* field) {
  known_.insert(field);
  const auto found = value_.find(field);
  return found == value_.end() ? nullptr : &*found;
}

std::optional<std::string> JsonObject::text(const char* field) {
  const json* value = raw(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) fail_field(field, "a text in quotes");
  return value->get<std::string>();
}

namespace {

std::optional<int> as_int(const json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  const bool too_large =
      value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<int>::max();
  if (too_large || value.get<std::int64_t>() < std::numeric_limits<int>::min()) return std::nullopt;
  return value.get<int>();
}

}  // namespace

std::optional<int> JsonObject::integer(const char* field) {
  const json* value = raw(field);
  if (value == nullptr) return std::nullopt;
  const std::optional<int> number = as_int(*value);
  if (!number) fail_field(field, "an integer below 2^31");
  return number;
}

std::optional<double> JsonObject::number(const char* field) {
  const json* value = raw(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) fail_field(field, "a number");
  return value->get<double>();
}

std::optional<bool> JsonObject::boolean(const char* field) {
  const json* value = raw(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) fail_field(field, "true or false");
  return value->get<bool>();
}

std::optional<FixedPoint> JsonObject::type(const char* field) {
  const std::optional<std::string> name = text(field);
  if (!name) return std::nullopt;
  try {
    return parse_fixed_point(*name);
  } catch (const Error& error) {
    fail("field '" + std::string(field) + "': " + error.message());
  }
}

std::optional<std::vector<int>> JsonObject::integers(const char* field, std::size_t min_count,
                                                     std::size_t max_count) {
  const json* value = raw(field);
  if (value == nullptr) return std::nullopt;
  std::vector<int> numbers;
  bool is_good = value->is_array() || value->is_number_integer();
  const auto append = [&](const json& entry) {
    const std::optional<int> number = as_int(entry);
    is_good = is_good && number.has_value();
    numbers.push_back(number.value_or(0));
  };
  if (value->is_array()) {
    for (const json& entry : *value) append(entry);
  } else {
    append(*value);
  }
  if (!is_good || numbers.size() < min_count || numbers.size() > max_count) {
    const std::string count = min_count == max_count
                                  ? std::to_string(min_count)
                                  : std::to_string(min_count) + " to " + std::to_string(max_count);
    fail_field(field, "a list of " + count + " integers");
  }
  return numbers;
}

void JsonObject::refuse_other_fields() const {
  for (const auto& [field, value] : value_.items()) {
    if (known_.contains(field)) continue;
    std::string names;
    for (const std::string& name : known_) names += (names.empty() ? "" : ", ") + name;
    fail("unknown field '" + field + "'; expected one of " + names);
  }
}

void JsonObject::fail(const std::string& message) const {
  throw Error(file_, 0, (where_.empty() ? "" : where_ + ": ") + message);
}

void JsonObject::fail_field(const char* field, const std::string& expected) const {
  std::string shown = value_.at(field).dump(-1, ' ', false, json::error_handler_t::replace);
  if (shown.size() > 60) shown = shown.substr(0, 57) + "...";
  fail("field '" + std::string(field) + "' is " + shown + "; expected " + expected);
}

void JsonObject::fail_missing(const char* field, const std::string& expected) const {
  fail("field '" + std::string(field) + "' is missing; expected " + expected);
}

json parse_json(const std::string& text, const std::string& file) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
    const long line = 1 + static_cast<long>(std::count(text.begin(), end, '\n'));
    throw Error(file, line, "not valid JSON here; expected a network description");
  } catch (const json::out_of_range&) {
    throw Error(file, 0, "a number in it is beyond the range of double precision");
  }
}

}  // namespace espalier::resource_model
