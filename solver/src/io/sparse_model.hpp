#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "espalier/solver/instance_io.hpp"

#include "io/decimal.hpp"
#include "io/source_text.hpp"

namespace espalier::solver::io {

struct Term {
  std::int32_t column = 0;
  Decimal coefficient;
};

enum class Relation { kAtMost, kAtLeast };

/// A row as a file of named columns states it; every column at most once.
struct SparseRow {
  std::string name;
  const char* place = nullptr;  ///< where it begins in the text, for errors
  Relation relation = Relation::kAtMost;
  Decimal right_hand_side;
  std::vector<Term> terms;
};

/// A model of 0-1 columns as OPB, MPS and CPLEX-LP files state it, before it is made a Problem.
struct SparseModel {
  bool is_maximisation = false;
  const char* objective_place = nullptr;
  std::vector<Term> objective;
  Decimal objective_constant;
  std::vector<std::string> columns;
  std::vector<SparseRow> rows;
};

/// Gives every name a number, in order of first appearance.
///
/// Files name their columns in the same order again and again, in rows with some left out, so that
/// the names behind the last one are tried first; others are looked up in a hash table with open
/// addressing.
class NameTable {
 public:
  std::int32_t number_of(std::string_view name);
  /// -1 when the name has not appeared.
  std::int32_t find(std::string_view name) const;
  std::size_t size() const noexcept { return names_.size(); }
  const std::string& name(std::int32_t number) const {
    return names_[static_cast<std::size_t>(number)];
  }
  std::vector<std::string> release() { return std::move(names_); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t number = -1;  ///< -1: free
  };

  /// Number of the name if it is the last one or one of the next few, else -1.
  std::int32_t find_near_last(std::string_view name) const noexcept;
  /// The slot of the name, or the free one where it belongs.
  std::size_t slot_of(std::string_view name, std::uint32_t hash) const;
  void grow();

  std::vector<Slot> slots_;  ///< a power of two of them, at most half of them in use
  std::vector<std::string> names_;
  mutable std::size_t last_ = 0;  ///< number of the name that was looked for last
};

/// Writes >= rows as <= rows and a minimisation as a maximisation, scales fractions to integers and
/// builds the problem. Throws Error at the row that is too large, or with which a column gets
/// coefficients of both signs.
Instance build_sparse(const SourceText& source, SparseModel&& model);

}  // namespace espalier::solver::io
