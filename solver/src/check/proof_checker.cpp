#include "check/proof_checker.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace espalier::solver {
namespace {

/// Those that go are mostly among the last.
void erase_number(std::vector<std::int64_t>& numbers, std::int64_t number) {
  const auto found = std::find(numbers.rbegin(), numbers.rend(), number);
  if (found != numbers.rend()) numbers.erase(std::next(found).base());
}

}  // namespace

ProofChecker::ProofChecker(const Problem& problem)
    : problem_(problem),
      orders_of_(static_cast<std::size_t>(problem.num_items())),
      assignment_(static_cast<std::size_t>(problem.num_items())),
      is_mentioned_(static_cast<std::size_t>(problem.num_items()), false) {
  const auto mention = [this](std::span<const std::int64_t> coefficients) {
    for (std::size_t j = 0; j < coefficients.size(); ++j) {
      if (coefficients[j] != 0) is_mentioned_[j] = true;
    }
  };
  mention(problem.profits());
  for (int i = 0; i < problem.num_rows(); ++i) mention(problem.row(i));
}

void ProofChecker::follow(std::string_view text) {
  if (is_concluded_) throw ProofFault{"a step after the conclusion"};
  ProofLine line(text);
  const std::string_view rule = line.word();
  if (!is_loaded_ && rule != "f") throw ProofFault{"found '" + std::string(rule) + "' before 'f'"};
  if (rule == "p") {
    derive(line);
  } else if (rule == "u") {
    add_clause(line);
  } else if (rule == "del") {
    remove(line);
  } else if (rule == "red") {
    strengthen(line);
  } else if (rule == "o") {
    state_solution(line);
  } else if (rule == "c") {
    conclude(line);
  } else if (rule == "f") {
    load_formula(line);
  } else {
    throw ProofFault{"found '" + std::string(rule) +
                     "'; expected one of the rules f, p, u, red, o, del and c"};
  }
  line.expect_end();
}

// --- the database of constraints ---

std::unique_ptr<PbSum> ProofChecker::unused_sum() {
  if (spare_.empty()) return std::make_unique<PbSum>(num_variables());
  auto sum = std::move(spare_.back());
  spare_.pop_back();
  return sum;
}

std::unique_ptr<PbSum> ProofChecker::new_sum() {
  auto sum = unused_sum();
  sum->clear(num_variables());
  return sum;
}

void ProofChecker::add(std::unique_ptr<PbSum> sum) {
  constraints_.push_back({.sum = std::move(sum), .clause = {}});
  unordered_.push_back(last());
}

void ProofChecker::add(std::span<const Literal> clause) {
  constraints_.push_back(
      {.sum = nullptr, .clause = {clause.begin(), clause.end()}, .is_clause = true});
  unordered_.push_back(last());
}

const ProofChecker::Constraint& ProofChecker::constraint(std::int64_t id) const {
  if (id < 1 || id > last() || is_deleted(id)) {
    throw ProofFault{"there is no constraint " + std::to_string(id)};
  }
  return constraints_[static_cast<std::size_t>(id - 1)];
}

void ProofChecker::add_to(PbSum& sum, const Constraint& constraint, std::int64_t factor) {
  if (!constraint.is_clause) {
    sum.add_multiple(*constraint.sum, factor);
    return;
  }
  for (const Literal literal : constraint.clause) {
    sum.add_term(literal.variable, literal.is_negated ? -factor : factor);
    if (literal.is_negated) sum.add_to_right_side(-factor);
  }
  sum.add_to_right_side(factor);
}

bool ProofChecker::is_violated(const Constraint& constraint) const {
  if (!constraint.is_clause) return constraint.sum->is_violated(assignment_);
  return std::all_of(constraint.clause.begin(), constraint.clause.end(),
                     [&](Literal literal) { return assignment_.is_false(literal); });
}

PbSum ProofChecker::row_sum(int row) const {
  PbSum sum(num_variables());
  for (int j = 0; j < problem_.num_items(); ++j) sum.add_term(j, -problem_.weight(row, j));
  sum.add_to_right_side(-problem_.capacities()[static_cast<std::size_t>(row)]);
  return sum;
}

void ProofChecker::load_formula(ProofLine& line) {
  if (is_loaded_) throw ProofFault{"the formula is loaded twice"};
  is_loaded_ = true;
  if (line.number() != problem_.num_rows()) {
    throw ProofFault{"the instance has " + std::to_string(problem_.num_rows()) + " rows"};
  }
  for (int i = 0; i < problem_.num_rows(); ++i) {
    add(std::make_unique<PbSum>(row_sum(i)));
  }
}

void ProofChecker::remove(ProofLine& line) {
  line.expect("id");
  do {
    const std::int64_t id = line.number();
    if (id <= problem_.num_rows()) throw ProofFault{"a row of the instance is deleted"};
    constraint(id);
    Constraint& deleted = constraints_[static_cast<std::size_t>(id - 1)];
    if (deleted.sum != nullptr) release(std::move(deleted.sum));
    deleted = {};
    erase_number(unordered_, id);
    erase_number(derived_, id);
  } while (!line.is_at_end());
}

void ProofChecker::conclude(ProofLine& line) {
  const std::int64_t id = line.number();
  assignment_.clear();
  if (!is_violated(constraint(id))) {
    throw ProofFault{"constraint " + std::to_string(id) + " is no contradiction"};
  }
  is_concluded_ = true;
}

// --- cutting planes ---

ProofChecker::Operand& ProofChecker::top() {
  if (stack_.empty()) throw ProofFault{"an operand is missing"};
  return stack_.back();
}

/// The operand's sum, worked out; none above it has terms.
PbSum& ProofChecker::own(Operand& operand) {
  if (operand.sum != nullptr) return *operand.sum;
  multiples_.clear();
  for (const Term& term : std::span(terms_).subspan(operand.first_term)) {
    if (!term.source->is_clause) multiples_.push_back({term.source->sum.get(), term.factor});
  }
  operand.sum = unused_sum();
  operand.sum->assign_combination(multiples_, num_variables());
  for (const Term& term : std::span(terms_).subspan(operand.first_term)) {
    if (term.source->is_clause) add_to(*operand.sum, *term.source, term.factor);
  }
  terms_.resize(operand.first_term);
  return *operand.sum;
}

void ProofChecker::multiply_top(std::int64_t factor) {
  Operand& operand = top();
  if (operand.sum == nullptr && terms_.size() == operand.first_term + 1 &&
      terms_.back().factor == 1) {
    terms_.back().factor = factor;
  } else {
    own(operand).multiply(factor);
  }
}

void ProofChecker::replace_two_by_sum() {
  if (stack_.size() < 2) throw ProofFault{"an operand is missing"};
  Operand second = std::move(stack_.back());
  stack_.pop_back();
  Operand& first = stack_.back();
  if (first.sum == nullptr && second.sum == nullptr) return;  // their terms are neighbours
  own(second);
  own(first).add_multiple(*second.sum, 1);
  release(std::move(second.sum));
}

/// Reverse Polish notation.
void ProofChecker::derive(ProofLine& line) {
  stack_.clear();
  terms_.clear();
  do {
    const std::string_view word = line.word();
    if (word == "+") {
      replace_two_by_sum();
    } else if (word == "s") {
      own(top()).saturate();
    } else if (ProofLine::is_literal(word)) {
      const Literal literal = ProofLine::to_literal(word, names());
      if (line.peek() == "w") {
        line.word();
        if (literal.is_negated) throw ProofFault{"a negated literal is weakened"};
        own(top()).weaken(literal.variable);
      } else {
        Operand& axiom = stack_.emplace_back();
        axiom.first_term = terms_.size();
        axiom.sum = new_sum();
        axiom.sum->add_literal(literal);
      }
    } else {
      const std::int64_t number = ProofLine::to_number(word);
      const std::string_view next = line.peek();
      if (next == "*") {
        line.word();
        multiply_top(number);
      } else if (next == "d") {
        line.word();
        own(top()).divide(number);
      } else {
        stack_.emplace_back().first_term = terms_.size();
        terms_.push_back({&constraint(number), 1});
      }
    }
  } while (!line.is_at_end());
  if (stack_.size() != 1) throw ProofFault{"more than one constraint is left"};
  own(stack_.back());
  add(std::move(stack_.back().sum));
  derived_.push_back(last());
}

// --- clauses ---

/// "1 x1 1 ~x2 >= 1 ;" with any number of literals of distinct variables.
const std::vector<Literal>& ProofChecker::clause_literals(ProofLine& line) {
  literals_.clear();
  while (line.peek() == "1") {
    line.word();
    literals_.push_back(line.literal(names()));
  }
  line.expect(">=");
  line.expect("1");
  line.expect(";");
  return literals_;
}

/// Makes true what the orders of the variables say that were assigned since the last call; false
/// when that is contradictory.
bool ProofChecker::apply_orders() {
  for (; num_ordered_ < assignment_.assigned().size(); ++num_ordered_) {
    const std::int32_t variable = assignment_.assigned()[num_ordered_];
    for (const std::size_t place : orders_of_[static_cast<std::size_t>(variable)]) {
      const Order& order = orders_[place];
      if (is_deleted(order.id)) continue;
      const bool is_first = order.literals[0].variable == variable;
      if (!assignment_.is_false(order.literals[is_first ? 0 : 1])) continue;
      if (!assignment_.assign(order.literals[is_first ? 1 : 0])) return false;
    }
  }
  return true;
}

/// Makes true what the constraint says of variables without a value; false when it is violated.
bool ProofChecker::apply(const Constraint& constraint) {
  if (!constraint.is_clause) {
    scratch_.resize(num_variables());
    return constraint.sum->propagate(assignment_, scratch_);
  }
  std::optional<Literal> open;
  for (const Literal literal : constraint.clause) {
    if (assignment_.is_false(literal)) continue;
    if (open || assignment_.is_true(literal)) return true;
    open = literal;
  }
  return open && assignment_.assign(*open);
}

/// Everything that follows by unit propagation; false when that is contradictory. A proof derives
/// its constraints in the order in which they serve here, so that one pass mostly is enough.
bool ProofChecker::propagate() {
  num_ordered_ = 0;
  std::size_t known = 0;
  do {
    known = assignment_.assigned().size();
    for (const std::int64_t id : derived_) {
      if (!apply_orders() || !apply(constraint(id))) return false;
    }
    if (!apply_orders()) return false;
  } while (assignment_.assigned().size() > known);
  return true;
}

/// Or ">= 0 ;", which says nothing.
void ProofChecker::add_clause(ProofLine& line) {
  if (ProofLine ahead = line; ahead.word() == ">=" && ahead.peek() == "0") {
    ahead.word();
    ahead.expect(";");
    line = ahead;
    add(std::make_unique<PbSum>(0));
    return;
  }
  const std::vector<Literal>& literals = clause_literals(line);
  assignment_.clear();
  for (const Literal literal : literals) {
    const auto known = assignment_.assigned().size();
    if (!assignment_.assign({literal.variable, !literal.is_negated}) ||
        assignment_.assigned().size() == known) {
      throw ProofFault{"a clause names a variable twice"};
    }
  }
  const bool follows = !propagate();
  assignment_.clear();
  if (!follows) throw ProofFault{"the clause does not follow by unit propagation"};
  add(literals);
  derived_.push_back(last());
}

// --- solutions ---

/// o x1 ~x2 ...: every variable of the formula has a value, every constraint is satisfied; from now
/// on only better solutions count.
void ProofChecker::state_solution(ProofLine& line) {
  if (names().num_extensions > 0) throw ProofFault{"a solution after a definition"};
  assignment_.clear();
  std::int64_t objective = 0;
  while (!line.is_at_end()) {
    const Literal literal = line.literal(names());
    const auto known = assignment_.assigned().size();
    if (!assignment_.assign(literal) || assignment_.assigned().size() == known) {
      throw ProofFault{"the solution names a variable twice"};
    }
    if (!literal.is_negated) {
      objective += problem_.profits()[static_cast<std::size_t>(literal.variable)];
    }
  }
  for (std::size_t j = 0; j < num_variables(); ++j) {
    if (is_mentioned_[j] && assignment_.value(static_cast<std::int32_t>(j)) < 0) {
      throw ProofFault{"the solution gives x" + std::to_string(j + 1) + " no value"};
    }
  }
  for (const Constraint& constraint : constraints_) {
    if (!constraint.is_deleted() && is_violated(constraint)) {
      throw ProofFault{"the solution violates a constraint"};
    }
  }
  assignment_.clear();
  objective_ = objective;
  auto better = new_sum();
  for (int j = 0; j < problem_.num_items(); ++j) {
    better->add_term(j, problem_.profits()[static_cast<std::size_t>(j)]);
  }
  better->add_to_right_side(objective);
  better->add_to_right_side(1);
  add(std::move(better));
}

}  // namespace espalier::solver
