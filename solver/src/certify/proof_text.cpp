#include "certify/proof_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include <zlib.h>

namespace espalier::solver {
namespace {

void append_number(std::string& text, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text.append(digits, end);
}

/// One side of a row or of the objective; a sum without terms gets a zero one, for readers that
/// expect a term.
void append_negated_sum(std::string& text, std::span<const std::int64_t> coefficients) {
  bool has_terms = false;
  for (std::size_t j = 0; j < coefficients.size(); ++j) {
    if (coefficients[j] == 0) continue;
    has_terms = true;
    text += coefficients[j] < 0 ? "+" : "";
    append_number(text, -coefficients[j]);
    text += " x";
    append_number(text, static_cast<std::int64_t>(j) + 1);
    text += ' ';
  }
  if (!has_terms) text += "0 x1 ";
}

/// Of  sum_j a_j x_j / divisor >= right_side.
Fingerprint fingerprint_of(std::span<const std::int64_t> coefficients, std::int64_t divisor,
                           std::int64_t right_side) {
  Fingerprint fingerprint;
  for (std::size_t j = 0; j < coefficients.size(); ++j) {
    fingerprint.add_term(static_cast<std::int64_t>(j), coefficients[j] / divisor);
  }
  fingerprint.add_to_right_side(right_side);
  return fingerprint;
}

unsigned long check_sum(const std::string& text) {
  return crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

}  // namespace

std::string opb_text(const Problem& problem) {
  std::string text = "* #variable= ";
  append_number(text, problem.num_items());
  text += " #constraint= ";
  append_number(text, problem.num_rows());
  text += "\nmin: ";
  append_negated_sum(text, problem.profits());
  text += ";\n";
  for (int i = 0; i < problem.num_rows(); ++i) {
    append_negated_sum(text, problem.row(i));
    text += ">= ";
    append_number(text, -problem.capacities()[static_cast<std::size_t>(i)]);
    text += " ;\n";
  }
  return text;
}

ProofText::ProofText(const Problem& problem, const StandardForm& form)
    : problem_(problem), form_(form), last_(problem.num_rows()) {
  for (int i = 0; i < problem.num_rows(); ++i) {
    const std::int64_t capacity = problem.capacities()[static_cast<std::size_t>(i)];
    rows_.push_back({i + 1, fingerprint_of(problem.row(i), -1, -capacity)});
    keep(rows_.back());
  }
  text("pseudo-Boolean proof version 1.1\nf ");
  number(last_);
  text("\n");
}

void ProofText::number(std::int64_t value) { append_number(text_, value); }

void ProofText::literal(TextLiteral literal) {
  if (!literal.is_true) text("~");
  const bool is_item = literal.variable < problem_.num_items();
  text(is_item ? "x" : "y");
  number(std::int64_t{literal.variable} - (is_item ? 0 : problem_.num_items()) + 1);
}

/// The literal of a core item or of a threshold, or its negation.
ProofText::TextLiteral ProofText::core_literal(std::int32_t core_item, bool is_true) const {
  const std::int32_t n = form_.core.num_items;
  if (core_item >= n) return {problem_.num_items() + core_item - n, is_true};
  const std::int32_t item = form_.item_of[static_cast<std::size_t>(core_item)];
  return {item, is_true != (form_.is_negated[static_cast<std::size_t>(item)] != 0)};
}

// --- sums and clauses ---

/// Adds a multiple to a sum, whose number is 0 before the first.
void ProofText::add_term(const Line& line, std::int64_t multiplier, Line& sum) {
  if (multiplier == 0) return;
  const bool is_first = sum.id == 0;
  text(is_first ? "p " : " ");
  number(line.id);
  if (multiplier != 1) {
    text(" ");
    number(multiplier);
    text(" *");
  }
  if (!is_first) text(" +");
  sum.id = last_ + 1;
  sum.fingerprint.add_multiple(line.fingerprint, multiplier);
}

/// Multiplies the sum until it equals nothing else, for it is to be deleted.
void ProofText::end_sum(Line& sum) {
  std::int64_t factor = 1;
  while (!present_.insert(sum.fingerprint.value()).second) {
    sum.fingerprint.add_multiple(sum.fingerprint, 1);
    factor *= 2;
  }
  if (factor > 1) {
    text(" ");
    number(factor);
    text(" *");
  }
  text("\n");
  ++last_;
}

/// A clause that follows by unit propagation.
ProofText::Line ProofText::clause(std::span<const TextLiteral> literals) {
  Line line;
  text("u ");
  for (const TextLiteral one : literals) {
    text("1 ");
    literal(one);
    text(" ");
    line.fingerprint.add_literal(one.variable, one.is_true);
  }
  line.fingerprint.add_to_right_side(1);
  text(">= 1 ;\n");
  line.id = last_propagated_ = ++last_;
  return line;
}

void ProofText::erase(std::span<const Line> lines) {
  if (lines.empty()) return;
  text("del id");
  for (const Line& line : lines) {
    text(" ");
    number(line.id);
    present_.erase(line.fingerprint.value());
  }
  text("\n");
}

// --- before the tree ---

void ProofText::conclude_by_row(int row) {
  text("c ");
  number(row + 1);
  text("\n");
}

void ProofText::open(std::span<const std::int32_t> selected) {
  for (const auto& chain : form_.chains) order_chain(chain);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::int64_t divisor = form_.row_divisors[i];
    divide(rows_[i], problem_.row(static_cast<int>(i)), -divisor,
           -floor_div(problem_.capacities()[i], divisor));
  }
  exclude_heavy_items();
  state_solution(selected);
}

/// Exchanging two items that are alike changes no row, and improves the objective when it brings in
/// the more profitable one. The first is ordered before all others, then the second before all that
/// are left, and so on: each exchange then respects the orders stated before it. Neighbours are
/// enough for what follows.
void ProofText::order_chain(const std::vector<std::int32_t>& chain) {
  std::vector<Line> needless;
  for (std::size_t a = 0; a < chain.size(); ++a) {
    for (std::size_t b = a + 1; b < chain.size(); ++b) {
      const TextLiteral first = core_literal(chain[a], true);
      const TextLiteral second = core_literal(chain[b], false);
      const TextLiteral from{first.variable, true}, to{second.variable, true};
      text("red 1 ");
      literal(first);
      text(" 1 ");
      literal(second);
      text(" >= 1 ; ");
      literal(from);
      text(" -> ");
      literal(to);
      text(" ");
      literal(to);
      text(" -> ");
      literal(from);
      text("\n");
      Line order{.id = ++last_, .fingerprint = {}};
      order.fingerprint.add_literal(first.variable, first.is_true);
      order.fingerprint.add_literal(second.variable, second.is_true);
      order.fingerprint.add_to_right_side(1);
      const bool is_new = present_.insert(order.fingerprint.value()).second;
      if (b > a + 1 && is_new) needless.push_back(order);
    }
  }
  erase(needless);
}

/// Replaces a constraint by  sum_j a_j x_j / divisor >= right_side,  which division makes of it.
void ProofText::divide(Line& line, std::span<const std::int64_t> coefficients, std::int64_t divisor,
                       std::int64_t right_side) {
  const std::int64_t magnitude = std::abs(divisor);
  if (magnitude == 1) return;
  text("p ");
  number(line.id);
  text(" ");
  number(magnitude);
  text(" d\n");
  line = {++last_, fingerprint_of(coefficients, divisor, right_side)};
  keep(line);
}

void ProofText::exclude_heavy_items() {
  for (const auto& [item, row] : form_.forced_out) {
    Line sum;
    add_term(rows_[static_cast<std::size_t>(row)], 1, sum);
    end_sum(sum);
    const TextLiteral excluded{item, form_.is_negated[static_cast<std::size_t>(item)] != 0};
    keep(clause(std::span(&excluded, 1)));
    erase(std::span(&sum, 1));
  }
}

/// Names every variable that the OPB file mentions.
void ProofText::state_solution(std::span<const std::int32_t> selected) {
  const auto n = static_cast<std::size_t>(problem_.num_items());
  std::vector<bool> is_mentioned(n, false);
  const auto mention = [&](std::span<const std::int64_t> coefficients) {
    bool has_terms = false;
    for (std::size_t j = 0; j < n; ++j) {
      if (coefficients[j] == 0) continue;
      is_mentioned[j] = true;
      has_terms = true;
    }
    if (!has_terms) is_mentioned[0] = true;
  };
  mention(problem_.profits());
  for (int i = 0; i < problem_.num_rows(); ++i) mention(problem_.row(i));
  std::vector<bool> is_selected(n, false);
  std::int64_t objective = 0;
  for (const std::int32_t item : selected) {
    is_selected[static_cast<std::size_t>(item)] = true;
    objective += problem_.profits()[static_cast<std::size_t>(item)];
  }
  text("o");
  for (std::size_t j = 0; j < n; ++j) {
    if (!is_mentioned[j]) continue;
    text(" ");
    literal({static_cast<std::int32_t>(j), is_selected[j]});
  }
  text("\n");
  objective_ = {++last_, fingerprint_of(problem_.profits(), 1, objective + 1)};
  keep(objective_);
  divide(objective_, problem_.profits(), form_.profit_divisor,
         ceil_div(objective + 1, form_.profit_divisor));
}

/// "k or more" is  sum l + k ~y >= k,  "fewer than k" is  sum ~l + (n - k + 1) y >= n - k + 1.
void ProofText::define_thresholds(std::int64_t least, std::int64_t most) {
  const std::int32_t n = form_.core.num_items;
  least_threshold_ = least;
  for (std::int64_t k = least; k <= most; ++k) {
    const auto threshold = n + static_cast<std::int32_t>(k - least);
    for (const bool is_reached : {true, false}) {
      const std::int64_t weight = is_reached ? k : n - k + 1;
      Line line{.id = ++last_, .fingerprint = {}};
      const auto term = [&](std::int64_t coefficient, TextLiteral one) {
        number(coefficient);
        text(" ");
        literal(one);
        text(" ");
        Fingerprint fingerprint;
        fingerprint.add_literal(one.variable, one.is_true);
        line.fingerprint.add_multiple(fingerprint, coefficient);
      };
      text("red ");
      for (std::int32_t c = 0; c < n; ++c) term(1, core_literal(c, is_reached));
      term(weight, core_literal(threshold, !is_reached));
      text(">= ");
      number(weight);
      text(" ; ");
      literal(core_literal(threshold, true));
      text(is_reached ? " -> 0\n" : " -> 1\n");
      line.fingerprint.add_to_right_side(weight);
      thresholds_.push_back(line);
      keep(line);
    }
  }
}

// --- the tree ---

/// The threshold's constraint that a cardinality stands for: at least `count`, or fewer than one
/// more.
const ProofText::Line& ProofText::cardinality_line(const Multipliers& multipliers) const {
  const std::int64_t at = multipliers.cardinality < 0
                              ? 2 * (multipliers.count - least_threshold_)
                              : 2 * (multipliers.count + 1 - least_threshold_) + 1;
  return thresholds_[static_cast<std::size_t>(at)];
}

ProofText::Line ProofText::sum(const Multipliers& multipliers) {
  Line sum;
  add_term(objective_, multipliers.objective, sum);
  for (std::size_t i = 0; i < multipliers.rows.size(); ++i) {
    add_term(rows_[static_cast<std::size_t>(form_.row_of[i])], multipliers.rows[i], sum);
  }
  if (multipliers.cardinality != 0) {
    add_term(cardinality_line(multipliers), std::abs(multipliers.cardinality), sum);
  }
  end_sum(sum);
  return sum;
}

/// Before a leaf or a bound: what stands on the stack may be the first child of two, which has to
/// say now what it has to say.
void ProofText::begin_step() {
  if (plan_->has_clause_before(next_step_)) close(subtrees_.back());
  if (plan_->begins_subtree(next_step_)) propagate();
  ++next_step_;
}

/// Makes VeriPB propagate over all constraints so far, where it has not. It takes a constraint up
/// with the first `u` after it, the latest first, and never looks again at a literal that is false
/// without any assumption just then, even if what made it false is deleted. So what is to outlive a
/// subtree is taken up before that begins.
void ProofText::propagate() {
  if (last_propagated_ == last_) return;
  text("u >= 0 ;\n");
  last_propagated_ = ++last_;
}

void ProofText::leaf(const Leaf& leaf) {
  begin_step();
  subtrees_.push_back({leaf.clause, {sum(leaf.multipliers)}});
  ++num_leaves_;
}

void ProofText::bound(const Multipliers& multipliers) {
  begin_step();
  bounds_.push_back(sum(multipliers));
}

void ProofText::end_bound() {
  auto& reasons = subtrees_.back().reasons;
  reasons.insert(reasons.begin(), bounds_.back());
  bounds_.pop_back();
}

void ProofText::join(std::int32_t item) {
  const Subtree second = std::move(subtrees_.back());
  subtrees_.pop_back();
  Subtree& joined = subtrees_.back();
  joined.clause = resolve(joined.clause, second.clause, item);
  joined.reasons.insert(joined.reasons.end(), second.reasons.begin(), second.reasons.end());
}

/// Replaces the reasons of a subtree by its clause.
void ProofText::close(Subtree& subtree) {
  literals_.clear();
  for (const Decision decision : subtree.clause) {
    literals_.push_back(core_literal(decision.item, decision.value == 0));
  }
  const Line line = clause(literals_);
  erase(subtree.reasons);
  subtree.reasons.clear();
  // One that equals a constraint that stays is not deleted either.
  if (present_.insert(line.fingerprint.value()).second) subtree.reasons.push_back(line);
}

void ProofText::conclude_by_tree(const ProofSteps& steps) {
  plan_.emplace(steps, form_.row_of.size());
  steps.replay(form_.row_of.size(), *this);
  close(subtrees_.back());
  text("c ");
  number(last_);
  text("\n");
}

std::string ProofText::finish(const std::string& opb) && {
  char line[64];
  std::snprintf(line, sizeof line, "* crc32 %08lx %08lx\n", check_sum(opb), check_sum(text_));
  return std::move(text_) + line;
}

}  // namespace espalier::solver
