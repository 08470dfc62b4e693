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

/// Whether  sum_j w_j x_j <= capacity,  divided by `divisor` and rounded, says no more than that
/// one of some literals is true.
bool is_clause(std::span<const std::int64_t> weights, std::int64_t capacity, std::int64_t divisor) {
  Int128 degree = -Int128{capacity};
  for (const std::int64_t w : weights) {
    if (w != 0 && w != divisor && w != -divisor) return false;
    if (w > 0) degree += w;
  }
  return degree > 0 && degree <= divisor;
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
    const auto row = static_cast<std::size_t>(i);
    row_ids_.push_back(i + 1);
    const std::int64_t capacity = problem.capacities()[row];
    keeps_clauses_ = keeps_clauses_ || is_clause(problem.row(i), capacity, 1) ||
                     is_clause(problem.row(i), capacity, form.row_divisors[row]);
  }
  text("pseudo-Boolean proof version 1.1\nf ");
  number(last_);
  text("\n");
}

void ProofText::number(std::int64_t value) { append_number(text_, value); }

void ProofText::variable(std::int32_t item) {
  text("x");
  number(std::int64_t{item} + 1);
}

void ProofText::literal(std::int32_t item, bool is_true) {
  if (!is_true) text("~");
  variable(item);
}

/// The literal of a core item or of a threshold, or its negation.
void ProofText::core_literal(std::int32_t core_item, bool is_true) {
  if (core_item >= form_.core.num_items) {
    text(is_true ? "y" : "~y");
    number(std::int64_t{core_item} - form_.core.num_items + 1);
    return;
  }
  const std::int32_t item = form_.item_of[static_cast<std::size_t>(core_item)];
  literal(item, is_true != (form_.is_negated[static_cast<std::size_t>(item)] != 0));
}

void ProofText::term(std::int64_t constraint, std::int64_t multiplier, bool& is_first) {
  if (multiplier == 0) return;
  text(" ");
  number(constraint);
  if (multiplier != 1) {
    text(" ");
    number(multiplier);
    text(" *");
  }
  if (!is_first) text(" +");
  is_first = false;
}

void ProofText::conclude_by_row(int row) {
  text("c ");
  number(row + 1);
  text("\n");
}

void ProofText::open(std::span<const std::int32_t> selected) {
  for (const auto& chain : form_.chains) order_chain(chain);
  divide_rows();
  exclude_heavy_items();
  state_solution(selected);
}

/// Exchanging two items that are alike changes no row, and improves the objective when it brings in
/// the more profitable one. The first is ordered before all others, then the second before all that
/// are left, and so on: each exchange then respects the orders stated before it. Neighbours are
/// enough for what follows.
void ProofText::order_chain(const std::vector<std::int32_t>& chain) {
  std::vector<std::int64_t> needless;
  for (std::size_t a = 0; a < chain.size(); ++a) {
    for (std::size_t b = a + 1; b < chain.size(); ++b) {
      const std::int32_t first = form_.item_of[static_cast<std::size_t>(chain[a])];
      const std::int32_t second = form_.item_of[static_cast<std::size_t>(chain[b])];
      text("red 1 ");
      core_literal(chain[a], true);
      text(" 1 ");
      core_literal(chain[b], false);
      text(" >= 1 ; ");
      for (const auto& [from, to] : {std::pair(first, second), std::pair(second, first)}) {
        variable(from);
        text(" -> ");
        variable(to);
        text(from == first ? " " : "\n");
      }
      ++last_;
      if (b > a + 1) needless.push_back(last_);
    }
  }
  if (!needless.empty()) erase(needless);
}

void ProofText::divide_rows() {
  for (std::size_t i = 0; i < row_ids_.size(); ++i) {
    if (form_.row_divisors[i] == 1) continue;
    text("p ");
    number(row_ids_[i]);
    text(" ");
    number(form_.row_divisors[i]);
    text(" d\n");
    row_ids_[i] = ++last_;
  }
}

void ProofText::exclude_heavy_items() {
  for (const auto& [item, row] : form_.forced_out) {
    derive_alone(row_ids_[static_cast<std::size_t>(row)]);
    text("u 1 ");
    literal(item, form_.is_negated[static_cast<std::size_t>(item)] != 0);
    text(" >= 1 ;\n");
    erase(std::array{last_ + 1});
    last_ += 2;
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
  for (const std::int32_t item : selected) is_selected[static_cast<std::size_t>(item)] = true;
  text("o");
  for (std::size_t j = 0; j < n; ++j) {
    if (!is_mentioned[j]) continue;
    text(" ");
    literal(static_cast<std::int32_t>(j), is_selected[j]);
  }
  text("\n");
  objective_id_ = ++last_;
  if (form_.profit_divisor == 1) return;
  text("p ");
  number(objective_id_);
  text(" ");
  number(form_.profit_divisor);
  text(" d\n");
  objective_id_ = ++last_;
}

/// "k or more" is  sum l + k ~y >= k,  "fewer than k" is  sum ~l + (n - k + 1) y >= n - k + 1.
void ProofText::define_thresholds(std::int64_t least, std::int64_t most) {
  const std::int32_t n = form_.core.num_items;
  least_threshold_ = least;
  first_threshold_id_ = last_ + 1;
  for (std::int64_t k = least; k <= most; ++k) {
    const auto threshold = n + static_cast<std::int32_t>(k - least);
    for (const bool is_reached : {true, false}) {
      const std::int64_t weight = is_reached ? k : n - k + 1;
      text("red ");
      for (std::int32_t c = 0; c < n; ++c) {
        text("1 ");
        core_literal(c, is_reached);
        text(" ");
      }
      number(weight);
      text(" ");
      core_literal(threshold, !is_reached);
      text(" >= ");
      number(weight);
      text(" ; ");
      core_literal(threshold, true);
      text(is_reached ? " -> 0\n" : " -> 1\n");
      ++last_;
    }
  }
}

/// The threshold's constraint that a cardinality stands for: at least `count`, or fewer than one
/// more.
void ProofText::add_cardinality(const Leaf& leaf, bool& is_first) {
  const std::int64_t multiplier = leaf.cardinality_multiplier;
  if (multiplier < 0) {
    const std::int64_t at = leaf.cardinality - least_threshold_;
    term(first_threshold_id_ + 2 * at, -multiplier, is_first);
  } else if (multiplier > 0) {
    const std::int64_t at = leaf.cardinality + 1 - least_threshold_;
    term(first_threshold_id_ + 2 * at + 1, multiplier, is_first);
  }
}

/// The constraint once more, doubled. VeriPB takes equal constraints for one, and deletes that when
/// two copies of it have been deleted: a proof must not delete what is equal to anything it needs.
/// For this reason nothing that is to be deleted is kept for later either.
void ProofText::derive_alone(std::int64_t constraint) {
  text("p ");
  number(constraint);
  text(" 2 *\n");
}

void ProofText::add_leaf(const Leaf& leaf) {
  const std::size_t begin = text_.size();
  text("p");
  bool is_first = true;
  term(objective_id_, leaf.objective_multiplier, is_first);
  for (std::size_t i = 0; i < leaf.row_multipliers.size(); ++i) {
    term(row_ids_[static_cast<std::size_t>(form_.row_of[i])], leaf.row_multipliers[i], is_first);
  }
  add_cardinality(leaf, is_first);
  // A row alone, not multiplied.
  if (text_.find(' ', begin + 2) == std::string::npos) text(" 2 *");
  text("\nu");
  for (const Decision decision : leaf.clause) {
    text(" 1 ");
    core_literal(decision.item, decision.value == 0);
  }
  text(" >= 1 ;\n");
  erase(std::array{last_ + 1});
  last_ += 2;
  clause_ids_.push_back(last_);
  ++num_leaves_;
}

void ProofText::erase(std::span<const std::int64_t> ids) {
  text("del id");
  for (const std::int64_t id : ids) {
    text(" ");
    number(id);
  }
  text("\n");
}

void ProofText::conclude_by_tree(const ProofSteps& steps) {
  steps.replay(
      form_.row_of.size(), [this](const Leaf& leaf) { add_leaf(leaf); },
      [this] {
        const std::int64_t second = clause_ids_.back();
        clause_ids_.pop_back();
        const std::int64_t first = clause_ids_.back();
        text("p ");
        number(first);
        text(" ");
        number(second);
        text(" + s\n");
        // A row that is a clause may be one of these: see derive_alone().
        if (!keeps_clauses_) erase(std::array{first, second});
        clause_ids_.back() = ++last_;
      });
  text("c ");
  number(clause_ids_.back());
  text("\n");
}

std::string ProofText::finish(const std::string& opb) && {
  char line[64];
  std::snprintf(line, sizeof line, "* crc32 %08lx %08lx\n", check_sum(opb), check_sum(text_));
  return std::move(text_) + line;
}

}  // namespace espalier::solver
