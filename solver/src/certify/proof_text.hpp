#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "espalier/solver/problem.hpp"

#include "certify/proof_steps.hpp"
#include "certify/standard_form.hpp"

namespace espalier::solver {

/// The problem in OPB: a minimisation with >= rows over x1 ... xn. Zero coefficients are left out.
std::string opb_text(const Problem& problem);

/// Writes a proof line by line in the VeriPB format, version 1.1, and numbers the constraints as
/// the format does: rows from 1 on, then one for each line that derives a constraint.
class ProofText {
 public:
  ProofText(const Problem& problem, const StandardForm& form);

  /// A row that nothing satisfies: the whole proof.
  void conclude_by_row(int row);

  /// What the tree refers to: orders items that are alike, divides rows, excludes items that are
  /// too heavy, and states the solution. `selected` is ordered along the chains as the first of
  /// those lines allow.
  void open(std::span<const std::int32_t> selected);
  /// Defines a variable for each number k from `least` to `most`: whether k or more core items are
  /// chosen.
  void define_thresholds(std::int64_t least, std::int64_t most);
  /// The tree, and the contradiction that it ends in.
  void conclude_by_tree(const ProofSteps& steps);

  std::int64_t num_leaves() const noexcept { return num_leaves_; }
  /// The finished text, with a check sum of both files in a last comment.
  std::string finish(const std::string& opb) &&;

 private:
  void order_chain(const std::vector<std::int32_t>& chain);
  void divide_rows();
  void exclude_heavy_items();
  void state_solution(std::span<const std::int32_t> selected);
  void derive_alone(std::int64_t constraint);
  void add_leaf(const Leaf& leaf);
  void add_cardinality(const Leaf& leaf, bool& is_first);

  void text(const char* words) { text_ += words; }
  void number(std::int64_t value);
  void variable(std::int32_t item);
  void literal(std::int32_t item, bool is_true);
  void core_literal(std::int32_t core_item, bool is_true);
  void erase(std::span<const std::int64_t> ids);
  void term(std::int64_t constraint, std::int64_t multiplier, bool& is_first);

  const Problem& problem_;
  const StandardForm& form_;
  std::string text_;
  std::int64_t last_ = 0;              // number of the last constraint
  std::vector<std::int64_t> row_ids_;  // per row: its constraint, divided where that helps
  std::int64_t objective_id_ = 0;
  std::int64_t least_threshold_ = 0;
  std::int64_t first_threshold_id_ = 0;   // two constraints for each: at least k, fewer than k
  std::vector<std::int64_t> clause_ids_;  // the stack of the postfix steps
  bool keeps_clauses_ = false;            // some row is a clause itself
  std::int64_t num_leaves_ = 0;
};

}  // namespace espalier::solver
