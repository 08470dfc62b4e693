#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
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
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> numbers_;
  std::vector<std::string> names_;
};

/// Writes >= rows as <= rows and a minimisation as a maximisation, scales fractions to integers and
/// builds the problem. Throws Error at the row that is too large, or with which a column gets
/// coefficients of both signs.
Instance build_sparse(const SourceText& source, SparseModel&& model);

}  // namespace espalier::solver::io
