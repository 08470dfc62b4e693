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
  if (rule == "pol") {
    derive(line);
  } else if (rule == "rup") {
    add_clause(line);
  } else if (rule == "del") {
    remove(line);
  } else if (rule == "red") {
    exchange(line);
  } else if (rule == "o") {
    state_solution(line);
  } else if (rule == "c") {
    conclude(line);
  } else if (rule == "f") {
    load_formula(line);
  } else {
    throw ProofFault{"found '" + std::string(rule) +
                     "'; expected one of the rules f, pol, rup, red, o, del and c"};
  }
  line.expect_end();
}

// --- the database of constraints ---

std::unique_ptr<PbSum> ProofChecker::new_sum() {
  if (spare_.empty()) return std::make_unique<PbSum>(num_variables());
  auto sum = std::move(spare_.back());
  spare_.pop_back();
  sum->clear();
  return sum;
}

void ProofChecker::add(std::unique_ptr<PbSum> sum) { constraints_.push_back(std::move(sum)); }

const PbSum& ProofChecker::constraint(std::int64_t id) const {
  if (id < 1 || id > static_cast<std::int64_t>(constraints_.size()) ||
      constraints_[static_cast<std::size_t>(id - 1)] == nullptr) {
    throw ProofFault{"there is no constraint " + std::to_string(id)};
  }
  return *constraints_[static_cast<std::size_t>(id - 1)];
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
    unordered_.push_back(static_cast<std::int64_t>(constraints_.size()));
  }
}

void ProofChecker::remove(ProofLine& line) {
  line.expect("id");
  do {
    const std::int64_t id = line.number();
    if (id <= problem_.num_rows()) throw ProofFault{"a row of the instance is deleted"};
    constraint(id);
    release(std::move(constraints_[static_cast<std::size_t>(id - 1)]));
    std::erase_if(units_, [id](const Unit& unit) { return unit.id == id; });
  } while (!line.is_at_end());
}

void ProofChecker::conclude(ProofLine& line) {
  const std::int64_t id = line.number();
  if (!constraint(id).is_contradiction()) {
    throw ProofFault{"constraint " + std::to_string(id) + " is no contradiction"};
  }
  is_concluded_ = true;
}

// --- cutting planes ---

/// Reverse Polish notation. A constraint is only copied when its first sum is formed: `pending` is
/// what the topmost entry stands for until then.
void ProofChecker::derive(ProofLine& line) {
  struct Entry {
    const PbSum* source = nullptr;  // a constraint not copied yet, times `factor`
    std::int64_t factor = 1;
    std::unique_ptr<PbSum> sum;
  };
  std::vector<Entry> stack;
  const auto top = [&](std::size_t depth) -> Entry& {
    if (stack.size() < depth) throw ProofFault{"an operand is missing"};
    return stack[stack.size() - depth];
  };
  const auto own = [&](Entry& entry) -> PbSum& {
    if (entry.sum == nullptr) {
      entry.sum = new_sum();
      entry.sum->add_multiple(*entry.source, entry.factor);
    }
    return *entry.sum;
  };
  do {
    const std::string_view word = line.word();
    if (word == "+") {
      top(2);
      Entry second = std::move(stack.back());
      stack.pop_back();
      PbSum& first = own(stack.back());
      if (second.sum == nullptr) {
        first.add_multiple(*second.source, second.factor);
      } else {
        first.add_multiple(*second.sum, 1);
        release(std::move(second.sum));
      }
    } else if (word == "s") {
      own(top(1)).saturate();
    } else if (ProofLine::is_literal(word)) {
      const Literal literal = ProofLine::to_literal(word, num_variables());
      if (line.peek() == "w") {
        line.word();
        if (literal.is_negated) throw ProofFault{"a negated literal is weakened"};
        own(top(1)).weaken(literal.variable);
      } else {
        Entry& entry = stack.emplace_back();
        entry.sum = new_sum();
        entry.sum->add_literal(literal);
      }
    } else {
      const std::int64_t number = ProofLine::to_number(word);
      const std::string_view next = line.peek();
      if (next == "*") {
        line.word();
        Entry& entry = top(1);
        if (entry.sum == nullptr && entry.factor == 1) {
          entry.factor = number;
        } else {
          own(entry).multiply(number);
        }
      } else if (next == "d") {
        line.word();
        own(top(1)).divide(number);
      } else {
        stack.emplace_back().source = &constraint(number);
      }
    }
  } while (!line.is_at_end());
  if (stack.size() != 1) throw ProofFault{"more than one constraint is left"};
  own(stack.back());
  add(std::move(stack.back().sum));
  unordered_.push_back(static_cast<std::int64_t>(constraints_.size()));
}

// --- clauses ---

/// "1 x1 1 ~x2 >= 1 ;" with any number of literals of distinct variables.
std::vector<Literal> ProofChecker::clause_literals(ProofLine& line) {
  std::vector<Literal> literals;
  while (line.peek() == "1") {
    line.word();
    literals.push_back(line.literal(num_variables()));
  }
  line.expect(">=");
  line.expect("1");
  line.expect(";");
  return literals;
}

std::unique_ptr<PbSum> ProofChecker::clause_sum(std::span<const Literal> literals) {
  auto sum = new_sum();
  for (const Literal literal : literals) sum->add_literal(literal);
  sum->add_to_right_side(1);
  return sum;
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
      if (constraints_[static_cast<std::size_t>(order.id - 1)] == nullptr) continue;
      const bool is_first = order.literals[0].variable == assigned_[k];
      const Literal here = order.literals[is_first ? 0 : 1];
      const bool is_true = (values_[variable] == 1) != here.is_negated;
      if (!is_true && !assign(order.literals[is_first ? 1 : 0])) return false;
    }
  }
  return true;
}

void ProofChecker::add_clause(ProofLine& line) {
  const std::vector<Literal> literals = clause_literals(line);
  for (const Literal literal : literals) {
    const auto known = assigned_.size();
    if (!assign({literal.variable, !literal.is_negated}) || assigned_.size() == known) {
      unassign_all();
      throw ProofFault{"a clause names a variable twice"};
    }
  }
  const bool follows =
      !propagate() ||
      constraint(static_cast<std::int64_t>(constraints_.size())).is_violated(values_, assigned_);
  unassign_all();
  if (!follows) throw ProofFault{"the clause does not follow from the constraint before it"};
  add(clause_sum(literals));
  const auto id = static_cast<std::int64_t>(constraints_.size());
  if (literals.size() == 1) units_.push_back({id, literals.front()});
  unordered_.push_back(id);
}

// --- exchanges ---

/// Whether the order, with two variables exchanged in it, is one that the proof has.
bool ProofChecker::is_exchanged_order(const Order& order, std::int32_t first,
                                      std::int32_t second) const {
  std::array<Literal, 2> exchanged = order.literals;
  for (Literal& literal : exchanged) {
    if (literal.variable == first) {
      literal.variable = second;
    } else if (literal.variable == second) {
      literal.variable = first;
    }
  }
  const auto& places = orders_of_[static_cast<std::size_t>(exchanged[0].variable)];
  return std::any_of(places.begin(), places.end(), [&](std::size_t place) {
    const Order& other = orders_[place];
    return constraints_[static_cast<std::size_t>(other.id - 1)] != nullptr &&
           ((other.literals[0] == exchanged[0] && other.literals[1] == exchanged[1]) ||
            (other.literals[0] == exchanged[1] && other.literals[1] == exchanged[0]));
  });
}

/// A solution that violates the new clause and satisfies `sum` satisfies it after the exchange too.
void ProofChecker::require_exchangeable(const PbSum& sum, std::int32_t first,
                                        std::int32_t second) const {
  if (sum.has_equal_coefficients(first, second)) return;
  if (!sum.gains_by_exchange(first, values_[static_cast<std::size_t>(first)], second,
                             values_[static_cast<std::size_t>(second)])) {
    throw ProofFault{"the exchange may violate a constraint"};
  }
}

/// red 1 x1 1 ~x2 >= 1 ; x1 -> x2 x2 -> x1
///
/// Where the clause fails both literals are false; exchanging the two variables must then satisfy
/// the clause, keep every constraint satisfied and make the objective no worse.
void ProofChecker::exchange(ProofLine& line) {
  const std::vector<Literal> literals = clause_literals(line);
  if (literals.size() != 2 || literals[0].variable == literals[1].variable) {
    throw ProofFault{"only clauses of two variables may be added by 'red'"};
  }
  const std::int32_t first = literals[0].variable;
  const std::int32_t second = literals[1].variable;
  for (const auto& [from, to] : {std::pair(first, second), std::pair(second, first)}) {
    const Literal is_from = line.literal(num_variables());
    line.expect("->");
    const Literal is_to = line.literal(num_variables());
    if (is_from != Literal{from, false} || is_to != Literal{to, false}) {
      throw ProofFault{"the witness is not the exchange of the two variables of the clause"};
    }
  }
  unassign_all();
  for (const Literal literal : literals) assign({literal.variable, !literal.is_negated});
  const int first_value = values_[static_cast<std::size_t>(first)];
  const int second_value = values_[static_cast<std::size_t>(second)];
  if (first_value == second_value) throw ProofFault{"the exchange does not satisfy the clause"};

  PbSum objective(num_variables());
  for (const std::int32_t j : {first, second}) {
    objective.add_term(j, problem_.profits()[static_cast<std::size_t>(j)]);
  }
  if (!objective.gains_by_exchange(first, first_value, second, second_value)) {
    throw ProofFault{"the exchange makes the objective worse"};
  }
  for (const std::int64_t id : unordered_) {
    const auto& sum = constraints_[static_cast<std::size_t>(id - 1)];
    if (sum != nullptr) require_exchangeable(*sum, first, second);
  }
  for (const std::int32_t variable : {first, second}) {
    for (const std::size_t place : orders_of_[static_cast<std::size_t>(variable)]) {
      const Order& order = orders_[place];
      const auto& sum = constraints_[static_cast<std::size_t>(order.id - 1)];
      if (sum == nullptr || is_exchanged_order(order, first, second)) continue;
      require_exchangeable(*sum, first, second);
    }
  }
  unassign_all();
  add(clause_sum(literals));
  const std::size_t place = orders_.size();
  orders_.push_back({static_cast<std::int64_t>(constraints_.size()), {literals[0], literals[1]}});
  orders_of_[static_cast<std::size_t>(first)].push_back(place);
  orders_of_[static_cast<std::size_t>(second)].push_back(place);
}

// --- solutions ---

/// o x1 ~x2 ...: every variable of the formula has a value, every constraint is satisfied; from now
/// on only better solutions count.
void ProofChecker::state_solution(ProofLine& line) {
  unassign_all();
  std::int64_t objective = 0;
  while (!line.is_at_end()) {
    const Literal literal = line.literal(num_variables());
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
  for (const auto& sum : constraints_) {
    if (sum != nullptr && sum->is_violated(values_, assigned_)) {
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
  unordered_.push_back(static_cast<std::int64_t>(constraints_.size()));
}

}  // namespace espalier::solver
