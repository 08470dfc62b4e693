// The rule `red`: constraints that do not follow from the others, yet cost no best solution.

#include <algorithm>
#include <string>
#include <utility>

#include "check/proof_checker.hpp"

namespace espalier::solver {
namespace {

constexpr std::int64_t kFullyDefined = -1;

}  // namespace

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
    return !is_deleted(other.id) &&
           ((other.literals[0] == exchanged[0] && other.literals[1] == exchanged[1]) ||
            (other.literals[0] == exchanged[1] && other.literals[1] == exchanged[0]));
  });
}

/// An assignment that violates the new clause and satisfies the constraint satisfies it after the
/// exchange too.
void ProofChecker::require_exchangeable(const Constraint& constraint, std::int32_t first,
                                        std::int32_t second) {
  auto sum = new_sum();
  add_to(*sum, constraint, 1);
  const bool may =
      sum->has_equal_coefficients(first, second) ||
      sum->gains_by_exchange(first, assignment_.value(first), second, assignment_.value(second));
  release(std::move(sum));
  if (!may) throw ProofFault{"the exchange may violate a constraint"};
}

/// red CONSTRAINT ; WITNESS
///
/// The constraint may be added when every assignment that satisfies all others but not this one
/// becomes, by the witness, one that satisfies all and is no worse. A constraint with one of the
/// variables y defines it; all others must be orders.
void ProofChecker::strengthen(ProofLine& line) {
  std::vector<Literal> literals;
  auto sum = new_sum();
  bool is_clause = true;
  while (line.peek() != ">=") {
    const std::int64_t coefficient = line.number();
    // A new variable is known from its first occurrence on, which is here.
    const std::string_view name = line.peek();
    const std::string next = "y" + std::to_string(names().num_extensions + 1);
    if (name == next || name == "~" + next) {
      add_extension();
      auto wider = new_sum();
      wider->add_multiple(*sum, 1);
      release(std::exchange(sum, std::move(wider)));
    }
    const Literal literal = line.literal(names());
    literals.push_back(literal);
    is_clause = is_clause && coefficient == 1;
    sum->add_term(literal.variable, literal.is_negated ? -coefficient : coefficient);
    if (literal.is_negated) sum->add_to_right_side(-coefficient);
  }
  line.expect(">=");
  const std::int64_t degree = line.number();
  sum->add_to_right_side(degree);
  line.expect(";");
  const bool is_definition = std::any_of(literals.begin(), literals.end(), [&](Literal literal) {
    return static_cast<std::size_t>(literal.variable) >= names().num_items;
  });
  if (is_definition) {
    define(std::move(sum), line);
  } else if (is_clause && degree == 1) {
    exchange(literals, line);
  } else {
    throw ProofFault{"only orders and definitions may be added by 'red'"};
  }
}

void ProofChecker::add_extension() {
  assignment_.add_variable();
  orders_of_.emplace_back();
  is_mentioned_.push_back(false);
  definition_ = 0;
}

/// red 1 x1 1 x2 2 ~y1 >= 2 ; y1 -> 0
/// red 1 ~x1 1 ~x2 1 y1 >= 1 ; y1 -> 1
///
/// The first such line of a variable is satisfied by giving it a value, and nothing else has it.
/// The second, right behind it, is satisfied by the other value, and where it fails the first holds
/// with that value all the same.
void ProofChecker::define(std::unique_ptr<PbSum> sum, ProofLine& line) {
  const Literal variable = line.literal(names());
  line.expect("->");
  const std::string_view word = line.word();
  const bool is_last = static_cast<std::size_t>(variable.variable) + 1 == num_variables();
  if (!is_last || variable.is_negated || (word != "0" && word != "1")) {
    throw ProofFault{"the witness does not give the last variable y a value"};
  }
  const int value = word == "1" ? 1 : 0;
  if (!sum->holds_with(variable.variable, value)) {
    throw ProofFault{"the witness does not satisfy the constraint"};
  }
  if (definition_ != 0) {
    if (definition_ != last()) throw ProofFault{"a variable y is defined again"};
    // Where `sum` fails, -sum >= 1 - right side holds; it must imply the first with `value`. The
    // difference of the two then holds whatever the variables are.
    PbSum difference(num_variables());
    difference.add_multiple(*constraint(definition_).sum, 1);
    difference.substitute(variable.variable, value);
    difference.add_multiple(*sum, 1);
    difference.add_to_right_side(-1);
    if (!difference.holds_with(variable.variable, 0) ||
        !difference.holds_with(variable.variable, 1)) {
      throw ProofFault{"the second definition may violate the first"};
    }
  }
  add(std::move(sum));
  definition_ = definition_ == 0 ? last() : kFullyDefined;
}

/// red 1 x1 1 ~x2 >= 1 ; x1 -> x2 x2 -> x1
///
/// Where the clause fails both literals are false; exchanging the two variables must then satisfy
/// the clause, keep every constraint satisfied and make the objective no worse.
void ProofChecker::exchange(std::span<const Literal> literals, ProofLine& line) {
  if (literals.size() != 2 || literals[0].variable == literals[1].variable) {
    throw ProofFault{"only clauses of two variables may be added by 'red'"};
  }
  const std::int32_t first = literals[0].variable;
  const std::int32_t second = literals[1].variable;
  for (const auto& [from, to] : {std::pair(first, second), std::pair(second, first)}) {
    const Literal is_from = line.literal(names());
    line.expect("->");
    const Literal is_to = line.literal(names());
    if (is_from != Literal{from, false} || is_to != Literal{to, false}) {
      throw ProofFault{"the witness is not the exchange of the two variables of the clause"};
    }
  }
  assignment_.clear();
  for (const Literal literal : literals)
    assignment_.assign({literal.variable, !literal.is_negated});
  const int first_value = assignment_.value(first);
  const int second_value = assignment_.value(second);
  if (first_value == second_value) throw ProofFault{"the exchange does not satisfy the clause"};

  PbSum objective(num_variables());
  for (const std::int32_t j : {first, second}) {
    objective.add_term(j, problem_.profits()[static_cast<std::size_t>(j)]);
  }
  if (!objective.gains_by_exchange(first, first_value, second, second_value)) {
    throw ProofFault{"the exchange makes the objective worse"};
  }
  for (const std::int64_t id : unordered_) {
    if (!is_deleted(id)) require_exchangeable(constraint(id), first, second);
  }
  for (const std::int32_t variable : {first, second}) {
    for (const std::size_t place : orders_of_[static_cast<std::size_t>(variable)]) {
      const Order& order = orders_[place];
      if (is_deleted(order.id) || is_exchanged_order(order, first, second)) continue;
      require_exchangeable(constraint(order.id), first, second);
    }
  }
  assignment_.clear();
  add(literals);
  unordered_.pop_back();  // orders_ has it instead
  const std::size_t place = orders_.size();
  orders_.push_back({last(), {literals[0], literals[1]}});
  orders_of_[static_cast<std::size_t>(first)].push_back(place);
  orders_of_[static_cast<std::size_t>(second)].push_back(place);
}

}  // namespace espalier::solver
