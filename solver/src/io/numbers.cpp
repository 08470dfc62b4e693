// Files of nothing but numbers. Line breaks carry no meaning in them, and four layouts are in use:
//
//   OR-Library    K, then K times: n m optimum, n profits, m rows of n weights, m capacities
//   single .dat   n m optimum, n profits, m rows of n weights, m capacities
//   Pisinger      n, then n times: index profit weight, then the capacity (his generator's output)
//   n c           n capacity, then n times: profit weight
//
// A layout is taken when it accounts for every number of the file and its usual first line does not
// speak against it: a first line of one number begins the first or third layout, one of three the
// second, one of two the fourth or second. Without that a file of the first layout with one row
// whose last number is missing would be one of the second layout with one item. The order above
// breaks ties. When none fits, the error counts in terms of the layout that the first line looks
// like. Counts of 0 fit like any other, so that they are reported as what they are.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/decimal.hpp"
#include "io/dense_reader.hpp"
#include "io/formats.hpp"

namespace espalier::solver::io {
namespace {

constexpr std::int64_t kManyNumbers = std::numeric_limits<std::int64_t>::max();

struct Dimensions {
  std::int64_t items = 0;
  std::int64_t rows = 0;

  /// Both are below 2^31, so that the count fits in 63 bits.
  std::int64_t numbers() const noexcept { return items + items * rows + rows; }
};

std::string to_text(Dimensions size) {
  return std::to_string(size.items) + " items and " + std::to_string(size.rows) + " rows";
}

/// The next token as a count from 0 to 2^31 - 1, if it is one.
std::optional<std::int64_t> peek_count(NumberCursor& cursor) {
  Decimal value;
  if (!cursor.skip_space() || cursor.read(value) != NumberError::kNone) return std::nullopt;
  if (value.decimals != 0 || value.mantissa < 0 || value.mantissa >= std::int64_t{1} << 31) {
    return std::nullopt;
  }
  return value.mantissa;
}

std::optional<Dimensions> peek_dimensions(NumberCursor& cursor) {
  const auto items = peek_count(cursor);
  const auto rows = items ? peek_count(cursor) : std::nullopt;
  if (!rows) return std::nullopt;
  return Dimensions{*items, *rows};
}

/// Reads `optimum, profits, weights, capacities`, the common part of the first two layouts.
DenseDraft read_body(DenseReader& reader, Dimensions size) {
  DenseDraft draft;
  draft.optimum = reader.read_number("the optimum");
  draft.profits = reader.read_block(size.items, "profit");
  for (std::int64_t i = 0; i < size.rows; ++i) {
    draft.rows.push_back(
        reader.read_block(size.items, "weight of row " + std::to_string(i) + " and item"));
  }
  draft.capacities = reader.read_list(size.rows, "capacity");
  return draft;
}

class NumbersFile {
 public:
  explicit NumbersFile(const SourceText& source)
      : source_(source), count_(start().skip_tokens(kManyNumbers)) {}

  std::vector<Instance> read() {
    switch (layout()) {
      case Layout::kOrLibrary:
        return read_or_library();
      case Layout::kSingle:
        return read_single();
      case Layout::kPisinger:
        return read_pisinger();
      case Layout::kCapacityFirst:
        return read_capacity_first();
      case Layout::kNone:
        break;
    }
    explain();
  }

 private:
  enum class Layout { kNone, kOrLibrary, kSingle, kPisinger, kCapacityFirst };

  Layout layout() const {
    const std::int64_t on_first_line = numbers_on_first_line();
    const bool is_one = on_first_line == 1;
    const bool is_two = on_first_line == 2;
    const bool is_three = on_first_line == 3;
    if (!is_two && !is_three && fits_or_library()) return Layout::kOrLibrary;
    if (!is_one && fits_single(is_three)) return Layout::kSingle;
    if (!is_two && !is_three && fits_pisinger()) return Layout::kPisinger;
    if (!is_one && !is_three && fits_capacity_first()) return Layout::kCapacityFirst;
    return Layout::kNone;
  }

  NumberCursor start() const noexcept { return {source_.begin(), source_.end()}; }

  bool fits_or_library() const {
    NumberCursor cursor = start();
    const auto instances = peek_count(cursor);
    if (!instances) return false;
    for (std::int64_t k = 0; k < *instances; ++k) {
      const auto size = peek_dimensions(cursor);
      if (!size) return false;
      const std::int64_t wanted = 1 + size->numbers();
      if (cursor.skip_tokens(wanted) != wanted) return false;
    }
    return !cursor.skip_space();
  }

  /// One item is only believed where the header has a line of its own.
  bool fits_single(bool has_header_line) const {
    NumberCursor cursor = start();
    const auto size = peek_dimensions(cursor);
    return size && count_ == 3 + size->numbers() && (size->items != 1 || has_header_line);
  }

  bool fits_pisinger() const {
    NumberCursor cursor = start();
    const auto items = peek_count(cursor);
    return items && count_ == 2 + 3 * *items;
  }

  bool fits_capacity_first() const {
    NumberCursor cursor = start();
    const auto items = peek_count(cursor);
    return items && count_ == 2 + 2 * *items;
  }

  std::vector<Instance> read_or_library() const {
    DenseReader reader(source_, start());
    const std::int64_t instances = reader.read_count("the number of instances");
    std::vector<Instance> result;
    for (std::int64_t k = 0; k < instances; ++k) {
      const std::string suffix = instances > 1 ? "#" + std::to_string(k) : "";
      result.push_back(read_instance(reader, suffix));
    }
    return result;
  }

  std::vector<Instance> read_single() const {
    DenseReader reader(source_, start());
    return one(read_instance(reader, ""));
  }

  Instance read_instance(DenseReader& reader, const std::string& suffix) const {
    reader.cursor().skip_space();
    const char* const place = reader.cursor().place();
    Dimensions size;
    size.items = reader.read_count("the number of items");
    size.rows = reader.read_count("the number of rows");
    DenseDraft draft = read_body(reader, size);
    draft.place = place;
    draft.name = source_.instance_name + suffix;
    return build_dense(source_, std::move(draft));
  }

  std::vector<Instance> read_pisinger() const {
    DenseReader reader(source_, start());
    const std::int64_t items = reader.read_count("the number of items");
    DenseDraft draft = draft_of_pairs(items, 3);
    // The generator counts from 1, some copies from 0.
    std::int64_t index_of_first = 0;
    for (std::int64_t j = 0; j < items; ++j) {
      const PlacedNumber index = reader.read_number("the index of item " + std::to_string(j));
      if (j == 0 && index.value == Decimal{1, 0}) index_of_first = 1;
      if (index.value != Decimal{index_of_first + j, 0}) {
        source_.fail(index.place, "found " + quote(token_at(index.place)) +
                                      " where the line of an item begins; expected its index " +
                                      std::to_string(index_of_first + j));
      }
      reader.read_into(draft.profits, "profit", j);
      reader.read_into(draft.rows[0], "weight", j);
    }
    draft.capacities.push_back(reader.read_number("the capacity"));
    return one(build_dense(source_, std::move(draft)));
  }

  std::vector<Instance> read_capacity_first() const {
    DenseReader reader(source_, start());
    const std::int64_t items = reader.read_count("the number of items");
    DenseDraft draft = draft_of_pairs(items, 2);
    draft.capacities.push_back(reader.read_number("the capacity"));
    for (std::int64_t j = 0; j < items; ++j) {
      reader.read_into(draft.profits, "profit", j);
      reader.read_into(draft.rows[0], "weight", j);
    }
    return one(build_dense(source_, std::move(draft)));
  }

  /// An empty draft of one row whose profits and weights alternate.
  DenseDraft draft_of_pairs(std::int64_t items, int stride) const {
    DenseDraft draft;
    draft.name = source_.instance_name;
    draft.place = source_.begin();
    draft.profits = NumberBlock(stride, items);
    draft.rows.emplace_back(stride, items);
    return draft;
  }

  static std::vector<Instance> one(Instance&& instance) {
    std::vector<Instance> result;
    result.push_back(std::move(instance));
    return result;
  }

  std::string_view token_at(const char* place) const noexcept {
    return NumberCursor(place, source_.end()).token();
  }

  /// Tokens on the line of the first token.
  std::int64_t numbers_on_first_line() const {
    NumberCursor cursor = start();
    cursor.skip_space();
    const char* line_end = cursor.place();
    while (line_end != source_.end() && *line_end != '\n') ++line_end;
    return NumberCursor(cursor.place(), line_end).skip_tokens(kManyNumbers);
  }

  /// Throws the error of a file that no layout accounts for.
  [[noreturn]] void explain() const {
    const std::int64_t on_first_line = numbers_on_first_line();
    if (on_first_line == 1) explain_or_library();
    DenseReader reader(source_, start());
    const std::int64_t items = reader.read_count("the number of items");
    if (on_first_line == 2) {
      fail_count(2 + 2 * items, "a file 'n capacity' with " + std::to_string(items) +
                                    " pairs of profit and weight");
    }
    const Dimensions size{items, reader.read_count("the number of rows")};
    fail_count(3 + size.numbers(), "an instance 'n m optimum' with " + to_text(size));
  }

  [[noreturn]] void explain_or_library() const {
    DenseReader reader(source_, start());
    const std::int64_t instances = reader.read_count("the number of instances");
    std::int64_t expected = 1;
    for (std::int64_t k = 0; k < instances; ++k) {
      const std::string of_instance = " of instance " + std::to_string(k);
      Dimensions size;
      size.items = reader.read_count("the number of items" + of_instance);
      size.rows = reader.read_count("the number of rows" + of_instance);
      expected += 3 + size.numbers();
      if (expected > count_) {
        fail_count(expected, "an OR-Library file up to instance " + std::to_string(k) + " of " +
                                 std::to_string(instances) + " with " + to_text(size));
      }
      reader.cursor().skip_tokens(1 + size.numbers());
    }
    fail_count(expected, "an OR-Library file of " + std::to_string(instances) + " instances");
  }

  /// `expected` numbers were needed for `meaning`; points at the end, or at the first one too many.
  [[noreturn]] void fail_count(std::int64_t expected, const std::string& meaning) const {
    NumberCursor cursor = start();
    cursor.skip_tokens(expected);
    cursor.skip_space();
    source_.fail(cursor.place(), "found " + std::to_string(count_) + " numbers; expected " +
                                     std::to_string(expected) + " for " + meaning);
  }

  const SourceText& source_;
  std::int64_t count_;
};

}  // namespace

std::vector<Instance> read_numbers(const SourceText& source) { return NumbersFile(source).read(); }

}  // namespace espalier::solver::io
