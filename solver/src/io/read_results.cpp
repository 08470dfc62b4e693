// Result files are read with nlohmann-json's SAX interface, because it alone hands out numbers as
// they are written: an objective such as 9007199254740993.5 must not go through a double.

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"

#include "io/unpack.hpp"

namespace espalier::solver {
namespace {

using Json = nlohmann::json;

/// Collects the fields of one object, or of an array of objects, and passes over nested values that
/// it does not know. Throws Error for the first thing that is not as it should be.
class ResultHandler final : public nlohmann::json_sax<Json> {
 public:
  ResultHandler(std::string file, const std::string& text) : file_(std::move(file)), text_(text) {}

  bool null() override {
    if (at_field()) {
      const bool may_be_null = key_ == "objective" || key_ == "bound";
      if (is_known() && !may_be_null) fail_type();
    }
    return value_done();
  }
  bool boolean(bool) override {
    refuse_known();
    return value_done();
  }
  bool number_integer(number_integer_t value) override { return integer(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return integer(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override {
    if (at_field() && (key_ == "objective" || key_ == "bound")) {
      decimal_field() = text;
    } else {
      refuse_known();
    }
    return value_done();
  }
  bool string(string_t& value) override {
    if (at_field() && key_ == "instance") {
      current_.instance = value;
    } else if (at_field() && key_ == "status") {
      current_.status = value;
    } else {
      refuse_known();
    }
    return value_done();
  }
  bool binary(binary_t&) override { return true; }

  bool start_object(std::size_t) override {
    if (depth_ == object_depth_) {
      current_ = {};
      seen_.clear();
    } else {
      refuse_known();
    }
    ++depth_;
    return true;
  }
  bool key(string_t& name) override {
    if (at_field()) {
      key_ = name;
      if (is_known() && !seen_.insert(name).second) fail("has the field '" + name + "' twice");
    }
    return true;
  }
  bool end_object() override {
    --depth_;
    if (depth_ == object_depth_) finish_result();
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ == 0) {
      object_depth_ = 1;
    } else if (at_field() && key_ == "selected") {
      in_selected_ = true;
    } else {
      refuse_known();
    }
    ++depth_;
    return true;
  }
  bool end_array() override {
    --depth_;
    in_selected_ = false;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // The part of the library's message behind "syntax error" says what was found and expected.
    std::string message = error.what();
    const auto begin = message.find("syntax error");
    if (begin != std::string::npos) message = message.substr(begin);
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(position, text_.size()));
    throw Error(file_, 1 + static_cast<long>(std::count(text_.begin(), end, '\n')),
                "not a JSON result: " + message);
  }

  std::vector<ClaimedResult> release() { return std::move(results_); }

 private:
  /// Whether the next value belongs to a field of a result itself.
  bool at_field() const noexcept { return depth_ == object_depth_ + 1; }
  bool is_known() const {
    return key_ == "instance" || key_ == "status" || key_ == "objective" || key_ == "bound" ||
           key_ == "selected" || key_ == "n" || key_ == "m";
  }

  bool value_done() {
    if (depth_ <= object_depth_) {
      throw Error(file_, 0, "found a bare value; expected a result object or an array of them");
    }
    return true;
  }

  std::string& decimal_field() { return key_ == "objective" ? current_.objective : current_.bound; }

  bool integer(const std::string& text) {
    if (in_selected_ && depth_ == object_depth_ + 2) {
      current_.selected.push_back(item_index(text));
    } else if (at_field() && (key_ == "objective" || key_ == "bound")) {
      decimal_field() = text;
    } else if (at_field() && key_ == "n") {
      current_.num_items = std::stoll(bounded(text));
    } else if (at_field() && key_ == "m") {
      current_.num_rows = std::stoll(bounded(text));
    } else {
      refuse_known();
    }
    return value_done();
  }

  /// Text of an integer that fits in 63 bits.
  const std::string& bounded(const std::string& text) const {
    if (text.size() > 18) fail_type();
    return text;
  }

  std::int32_t item_index(const std::string& text) const {
    const std::int64_t value = std::stoll(bounded(text));
    if (value < 0 || value > std::numeric_limits<std::int32_t>::max()) {
      fail("has the item " + text + " in 'selected'; expected 0-based indices");
    }
    return static_cast<std::int32_t>(value);
  }

  /// A value of a type that the current field does not take.
  void refuse_known() const {
    if (in_selected_ || (at_field() && is_known())) fail_type();
  }

  [[noreturn]] void fail_type() const {
    const bool is_text = key_ == "instance" || key_ == "status";
    fail("has a wrong value in the field '" + key_ + "'; expected " +
         (is_text                                  ? "a string"
          : key_ == "selected"                     ? "an array of item indices"
          : key_ == "objective" || key_ == "bound" ? "a number"
                                                   : "a whole number"));
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw Error(file_, 0, "result " + std::to_string(results_.size()) + " " + message);
  }

  void finish_result() {
    for (const char* field : {"status", "objective", "bound", "selected"}) {
      if (seen_.count(field) == 0) fail(std::string("lacks the field '") + field + "'");
    }
    results_.push_back(std::move(current_));
  }

  std::string file_;
  const std::string& text_;
  int depth_ = 0;         // of nesting at the current value
  int object_depth_ = 0;  // at which the results stand: 1 in an array
  bool in_selected_ = false;
  std::string key_;  // last key of a result
  std::set<std::string> seen_;
  ClaimedResult current_;
  std::vector<ClaimedResult> results_;
};

}  // namespace

std::vector<ClaimedResult> read_results_from_text(const std::string& text,
                                                  const std::string& name) {
  ResultHandler handler(name, text);
  Json::sax_parse(text, &handler);
  auto results = handler.release();
  if (results.empty()) throw Error(name, 0, "holds no result; expected at least one");
  return results;
}

std::vector<ClaimedResult> read_results(const std::filesystem::path& file) {
  return read_results_from_text(io::read_bytes(file), file.string());
}

}  // namespace espalier::solver
