#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "espalier/solver/problem.hpp"

#include "certify/fingerprint.hpp"
#include "certify/proof_plan.hpp"
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

  // --- the steps of the tree ---
  void leaf(const Leaf& leaf);
  void bound(const Multipliers& multipliers);
  void end_bound();
  void join(std::int32_t item);

  std::int64_t num_leaves() const noexcept { return num_leaves_; }
  /// The finished text, with a check sum of both files in a last comment.
  std::string finish(const std::string& opb) &&;

 private:
  /// Over the variables x of the items and, behind them, the thresholds y.
  struct TextLiteral {
    std::int32_t variable = 0;
    bool is_true = true;
  };
  /// A constraint with its fingerprint.
  struct Line {
    std::int64_t id = 0;
    Fingerprint fingerprint;
  };
  /// A subtree that is not joined yet. Once the branchings of its clause are true, its reasons and
  /// the bounds above lead to a contradiction by unit propagation, one after the other.
  struct Subtree {
    Clause clause;
    std::vector<Line> reasons;
  };

  void order_chain(const std::vector<std::int32_t>& chain);
  void divide(Line& line, std::span<const std::int64_t> coefficients, std::int64_t divisor,
              std::int64_t right_side);
  void exclude_heavy_items();
  void state_solution(std::span<const std::int32_t> selected);
  const Line& cardinality_line(const Multipliers& multipliers) const;
  Line sum(const Multipliers& multipliers);
  void begin_step();
  void propagate();
  void close(Subtree& subtree);

  TextLiteral core_literal(std::int32_t core_item, bool is_true) const;
  void text(const char* words) { text_ += words; }
  void number(std::int64_t value);
  void literal(TextLiteral literal);
  void add_term(const Line& line, std::int64_t multiplier, Line& sum);
  void end_sum(Line& sum);
  Line clause(std::span<const TextLiteral> literals);
  void keep(const Line& line) { present_.insert(line.fingerprint.value()); }
  void erase(std::span<const Line> lines);

  const Problem& problem_;
  const StandardForm& form_;
  std::string text_;
  std::int64_t last_ = 0;   // number of the last constraint
  std::vector<Line> rows_;  // divided where that helps
  Line objective_;
  std::int64_t least_threshold_ = 0;
  std::vector<Line> thresholds_;   // two for each: at least k, fewer than k
  std::vector<Subtree> subtrees_;  // the stack of the postfix steps
  std::vector<Line> bounds_;       // whose subtrees are not complete
  std::optional<ProofPlan> plan_;
  std::size_t next_step_ = 0;  // among leaves and bounds
  std::vector<TextLiteral> literals_;
  /// Fingerprints of the constraints that are not deleted. VeriPB takes equal constraints for one,
  /// which goes with its second copy: what is to be deleted must equal nothing else.
  std::unordered_set<std::uint64_t> present_;
  std::int64_t last_propagated_ = 0;  // number of the last `u`
  std::int64_t num_leaves_ = 0;
};

}  // namespace espalier::solver
