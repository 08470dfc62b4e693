#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/solver/instance_io.hpp"

#include "io/decimal.hpp"
#include "io/source_text.hpp"

namespace espalier::solver::io {

/// A number with its place in the text, for errors that only show later.
struct PlacedNumber {
  Decimal value;
  const char* place = nullptr;
};

/// The profits or the weights of one row, 8 bytes each as long as they are integers.
class NumberBlock {
 public:
  NumberBlock() = default;
  /// The numbers are every `stride`-th token of the text; errors find their places by that.
  NumberBlock(int stride, std::int64_t count);

  void add(Decimal value, const char* place);
  /// Most decimals of any number.
  int decimals() const noexcept { return most_decimals_; }
  /// All numbers times 10^exponent. Throws Error at the number that does not fit, or with which the
  /// sum of magnitudes, begun at `total`, reaches 2^63. `what` names the numbers ("profit").
  std::vector<std::int64_t> release_scaled(int exponent, std::int64_t total,
                                           const SourceText& source, const std::string& what);

 private:
  const char* place_of(std::size_t index, const SourceText& source) const noexcept;
  std::int64_t scaled_value(std::size_t index, int exponent, const SourceText& source,
                            const std::string& what) const;

  const char* begin_ = nullptr;
  int stride_ = 1;
  int most_decimals_ = 0;
  std::vector<std::int64_t> mantissas_;
  std::vector<std::uint8_t> decimals_;  // of the first numbers; those beyond its end have none
};

/// The numbers of one instance before they are scaled to integers.
struct DenseDraft {
  std::string name;
  const char* place = nullptr;  ///< where the instance begins in the text
  PlacedNumber optimum;         ///< 0 where the format or the file gives none
  NumberBlock profits;
  std::vector<NumberBlock> rows;
  std::vector<PlacedNumber> capacities;
};

/// Scales the objective, and every row with its capacity, by a power of ten each and builds the
/// problem.
Instance build_dense(const SourceText& source, DenseDraft&& draft);

/// Reads whitespace-separated numbers and says what is wrong with those that are none.
class DenseReader {
 public:
  DenseReader(const SourceText& source, NumberCursor cursor) : source_(source), cursor_(cursor) {}

  /// `what` names the number in errors.
  PlacedNumber read_number(const std::string& what);
  /// A whole number from 1 to 2^31 - 1.
  std::int64_t read_count(const std::string& what);
  /// `count` numbers that follow one another; `what` with the index behind it names each.
  NumberBlock read_block(std::int64_t count, const std::string& what);
  std::vector<PlacedNumber> read_list(std::int64_t count, const std::string& what);
  /// Reads a number and adds it to the block; `what` with `index` behind it names it.
  void read_into(NumberBlock& block, const char* what, std::int64_t index);

  NumberCursor& cursor() noexcept { return cursor_; }

 private:
  [[noreturn]] void fail(NumberError error, const std::string& what);

  const SourceText& source_;
  NumberCursor cursor_;
};

}  // namespace espalier::solver::io
