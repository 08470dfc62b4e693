#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "espalier/solver/instance_io.hpp"

#include "io/decimal.hpp"
#include "io/source_text.hpp"

namespace espalier::solver::io {

/// A coefficient and its column, in 16 bytes: files have many.
struct Term {
  Term(std::int32_t of_column, Decimal coefficient) noexcept
      : mantissa(coefficient.mantissa), decimals(coefficient.decimals), column(of_column) {}

  Decimal coefficient() const noexcept { return {mantissa, decimals}; }

  std::int64_t mantissa;
  std::int32_t decimals;
  std::int32_t column;
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

/// Writes >= rows as <= rows and a minimisation as a maximisation, scales fractions to integers and
/// builds the problem. Throws Error at the row that is too large, or with which a column gets
/// coefficients of both signs.
Instance build_sparse(const SourceText& source, SparseModel&& model);

}  // namespace espalier::solver::io
