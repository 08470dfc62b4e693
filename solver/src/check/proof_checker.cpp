#include "check/proof_checker.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace espalier::solver {
ProofChecker::ProofChecker(const Problem& problem)
    : problem_(problem),
      orders_of_(static_cast<std::size_t>(problem.num_items())),
      values_(static_cast<std::size_t>(problem.num_items()), -1),
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
  if (!constraint.is_clause) return constraint.sum->is_violated(values_, assigned_);
  return std::all_of(constraint.clause.begin(), constraint.clause.end(), [&](Literal literal) {
    const std::int8_t value = values_[static_cast<std::size_t>(literal.variable)];
    return value == (literal.is_negated ? 1 : 0);
  });
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
    std::erase_if(units_, [id](const Unit& unit) { return unit.id == id; });
  } while (!line.is_at_end());
}

void ProofChecker::conclude(ProofLine& line) {
  const std::int64_t id = line.number();
  unassign_all();
  if (!is_violated(constraint(id))) {
    throw ProofFault{"constraint " + std::to_string(id) + " is no contradiction"};
  }
  is_concluded_ = true;
}

// --- cutting planes ---

ProofChecker::Operand& ProofChecker::operand(std::size_t depth) {
  if (stack_.size() < depth) throw ProofFault{"an operand is missing"};
  return stack_[stack_.size() - depth];
}

PbSum& ProofChecker::own(Operand& operand) {
  if (operand.sum != nullptr) return *operand.sum;
  operand.sum = unused_sum();
  if (operand.source->is_clause) {
    operand.sum->clear(num_variables());
    add_to(*operand.sum, *operand.source, operand.factor);
  } else {
    operand.sum->assign_multiple(*operand.source->sum, operand.factor, num_variables());
  }
  return *operand.sum;
}

void ProofChecker::replace_two_by_sum() {
  PbSum& first = own(operand(2));
  Operand second = std::move(stack_.back());
  stack_.pop_back();
  if (second.sum == nullptr) {
    add_to(first, *second.source, second.factor);
  } else {
    first.add_multiple(*second.sum, 1);
    release(std::move(second.sum));
  }
}

/// "p A B + s" for two clauses with one variable in opposite literals: the sum has degree 1, and
/// saturated it is the clause of all other literals. Most lines of a proof with a tree are such.
bool ProofChecker::resolve(ProofLine& line) {
  ProofLine ahead = line;
  const std::string_view words[] = {ahead.word(), ahead.peek()};
  if (words[1].empty() || words[1].find_first_not_of("0123456789") != std::string_view::npos) {
    return false;
  }
  ahead.word();
  if (ahead.peek() != "+" || words[0].find_first_not_of("0123456789") != std::string_view::npos) {
    return false;
  }
  ahead.word();
  if (ahead.peek() != "s") return false;
  ahead.word();
  if (!ahead.is_at_end()) return false;
  const Constraint& first = constraint(ProofLine::to_number(words[0]));
  const Constraint& second = constraint(ProofLine::to_number(words[1]));
  if (!first.is_clause || !second.is_clause) return false;
  unassign_all();
  literals_.clear();
  for (const Literal literal : first.clause) assign(literal);
  std::int32_t opposite = -1;
  int num_opposite = 0;
  for (const Literal literal : second.clause) {
    const bool is_new = values_[static_cast<std::size_t>(literal.variable)] < 0;
    if (assign(literal)) {
      if (is_new) literals_.push_back(literal);
    } else {
      opposite = literal.variable;
      ++num_opposite;
    }
  }
  unassign_all();
  if (num_opposite != 1) return false;
  for (const Literal literal : first.clause) {
    if (literal.variable != opposite) literals_.push_back(literal);
  }
  add(literals_);
  line = ahead;
  return true;
}

/// Reverse Polish notation.
void ProofChecker::derive(ProofLine& line) {
  if (resolve(line)) return;
  stack_.clear();
  do {
    const std::string_view word = line.word();
    if (word == "+") {
      replace_two_by_sum();
    } else if (word == "s") {
      own(operand(1)).saturate();
    } else if (ProofLine::is_literal(word)) {
      const Literal literal = ProofLine::to_literal(word, names());
      if (line.peek() == "w") {
        line.word();
        if (literal.is_negated) throw ProofFault{"a negated literal is weakened"};
        own(operand(1)).weaken(literal.variable);
      } else {
        Operand& axiom = stack_.emplace_back();
        axiom.sum = new_sum();
        axiom.sum->add_literal(literal);
      }
    } else {
      const std::int64_t number = ProofLine::to_number(word);
      const std::string_view next = line.peek();
      if (next == "*") {
        line.word();
        Operand& factor = operand(1);
        if (factor.sum == nullptr && factor.factor == 1) {
          factor.factor = number;
        } else {
          own(factor).multiply(number);
        }
      } else if (next == "d") {
        line.word();
        own(operand(1)).divide(number);
      } else {
        stack_.emplace_back().source = &constraint(number);
      }
    }
  } while (!line.is_at_end());
  if (stack_.size() != 1) throw ProofFault{"more than one constraint is left"};
  own(stack_.back());
  add(std::move(stack_.back().sum));
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

/// Makes a literal true; false when it is known to be false.
bool ProofChecker::assign(Literal literal) {
  auto& value = values_[static_cast<std::size_t>(literal.variable)];
  const std::int8_t wanted = literal.is_negated ? 0 : 1;
  if (value >= 0) return value == wanted;
  value = wanted;
  assigned_.push_back(literal.variable);
  return true;
}

void ProofChecker::unassign_all() {
  for (const std::int32_t variable : assigned_) values_[static_cast<std::size_t>(variable)] = -1;
  assigned_.clear();
}

/// Everything that follows by units and orders; false when that is contradictory.
bool ProofChecker::propagate() {
  for (const Unit& unit : units_) {
    if (!assign(unit.literal)) return false;
  }
  for (std::size_t k = 0; k < assigned_.size(); ++k) {
    const auto variable = static_cast<std::size_t>(assigned_[k]);
    for (const std::size_t place : orders_of_[variable]) {
      const Order& order = orders_[place];
      if (is_deleted(order.id)) continue;
      const bool is_first = order.literals[0].variable == assigned_[k];
      const Literal here = order.literals[is_first ? 0 : 1];
      const bool is_true = (values_[variable] == 1) != here.is_negated;
      if (!is_true && !assign(order.literals[is_first ? 1 : 0])) return false;
    }
  }
  return true;
}

void ProofChecker::add_clause(ProofLine& line) {
  const std::vector<Literal>& literals = clause_literals(line);
  unassign_all();
  for (const Literal literal : literals) {
    const auto known = assigned_.size();
    if (!assign({literal.variable, !literal.is_negated}) || assigned_.size() == known) {
      throw ProofFault{"a clause names a variable twice"};
    }
  }
  const bool follows = !propagate() || is_violated(constraint(last()));
  unassign_all();
  if (!follows) throw ProofFault{"the clause does not follow from the constraint before it"};
  add(literals);
  if (literals.size() == 1) units_.push_back({last(), literals.front()});
}

// --- solutions ---

/// o x1 ~x2 ...: every variable of the formula has a value, every constraint is satisfied; from now
/// on only better solutions count.
void ProofChecker::state_solution(ProofLine& line) {
  if (names().num_extensions > 0) throw ProofFault{"a solution after a definition"};
  unassign_all();
  std::int64_t objective = 0;
  while (!line.is_at_end()) {
    const Literal literal = line.literal(names());
    const auto known = assigned_.size();
    if (!assign(literal) || assigned_.size() == known) {
      throw ProofFault{"the solution names a variable twice"};
    }
    if (!literal.is_negated) {
      objective += problem_.profits()[static_cast<std::size_t>(literal.variable)];
    }
  }
  for (std::size_t j = 0; j < values_.size(); ++j) {
    if (is_mentioned_[j] && values_[j] < 0) {
      throw ProofFault{"the solution gives x" + std::to_string(j + 1) + " no value"};
    }
  }
  for (const Constraint& constraint : constraints_) {
    if (!constraint.is_deleted() && is_violated(constraint)) {
      throw ProofFault{"the solution violates a constraint"};
    }
  }
  unassign_all();
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
