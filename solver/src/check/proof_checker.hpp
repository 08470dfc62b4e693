#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "espalier/solver/problem.hpp"

#include "check/pb_sum.hpp"
#include "check/proof_lines.hpp"

namespace espalier::solver {

/// Follows a proof in the VeriPB format, version 1.1, line by line.
///
/// Knows the rules f, p, u, red, o, del id and c of the format, of `u` and `red` the part that is
/// needed to prove a knapsack optimal; what is more general is refused. `u` adds a clause
/// that unit propagation contradicts once all literals of the clause are false: over what `p` and
/// `u` derived and over the clauses of two literals that `red` added. `red` adds a clause of two
/// literals whose witness exchanges their variables. Every method throws ProofFault when a line
/// does not hold.
class ProofChecker {
 public:
  explicit ProofChecker(const Problem& problem);

  void follow(std::string_view line);

  bool is_concluded() const noexcept { return is_concluded_; }
  /// Objective of the best solution that the proof has stated; nothing when it stated none.
  std::optional<std::int64_t> objective() const noexcept { return objective_; }

 private:
  /// A constraint of the proof: a clause as its literals, anything else as a sum. Deleted: neither.
  struct Constraint {
    std::unique_ptr<PbSum> sum;
    std::vector<Literal> clause;
    bool is_clause = false;
    bool is_deleted() const noexcept { return sum == nullptr && !is_clause; }
  };
  struct Term {
    const Constraint* source = nullptr;
    std::int64_t factor = 1;
  };
  /// What stands on the stack of a derivation: the sum of its terms in terms_, from `first_term` to
  /// the next operand's, or, once that is worked out, a sum of its own.
  struct Operand {
    std::size_t first_term = 0;
    std::unique_ptr<PbSum> sum;
  };
  /// A clause of two literals that `red` added, both ways an implication.
  struct Order {
    std::int64_t id = 0;
    std::array<Literal, 2> literals;
  };

  void load_formula(ProofLine& line);
  void derive(ProofLine& line);
  void add_clause(ProofLine& line);
  void strengthen(ProofLine& line);
  void exchange(std::span<const Literal> literals, ProofLine& line);
  void define(std::unique_ptr<PbSum> sum, ProofLine& line);
  void state_solution(ProofLine& line);
  void remove(ProofLine& line);
  void conclude(ProofLine& line);

  std::size_t num_variables() const noexcept { return assignment_.num_variables(); }
  ProofLine::Names names() const noexcept {
    const auto num_items = static_cast<std::size_t>(problem_.num_items());
    return {num_items, num_variables() - num_items};
  }
  PbSum row_sum(int row) const;
  /// A sum with anything in it, and 0 >= 0.
  std::unique_ptr<PbSum> unused_sum();
  std::unique_ptr<PbSum> new_sum();
  std::int64_t last() const noexcept { return static_cast<std::int64_t>(constraints_.size()); }
  void add(std::unique_ptr<PbSum> sum);
  void add(std::span<const Literal> clause);
  void release(std::unique_ptr<PbSum> sum) { spare_.push_back(std::move(sum)); }
  const Constraint& constraint(std::int64_t id) const;
  bool is_deleted(std::int64_t id) const {
    return constraints_[static_cast<std::size_t>(id - 1)].is_deleted();
  }
  void add_to(PbSum& sum, const Constraint& constraint, std::int64_t factor);
  bool is_violated(const Constraint& constraint) const;
  Operand& top();
  PbSum& own(Operand& operand);
  void multiply_top(std::int64_t factor);
  void replace_two_by_sum();
  const std::vector<Literal>& clause_literals(ProofLine& line);
  void add_extension();

  bool propagate();
  bool apply_orders();
  bool apply(const Constraint& constraint);
  void require_exchangeable(const Constraint& constraint, std::int32_t first, std::int32_t second);
  bool is_exchanged_order(const Order& order, std::int32_t first, std::int32_t second) const;

  const Problem& problem_;
  std::vector<Constraint> constraints_;        // by number - 1
  std::vector<Operand> stack_;                 // of the derivation at hand
  std::vector<Term> terms_;                    // of its operands
  std::vector<PbSum::Multiple> multiples_;     // of the operand at hand
  std::vector<Literal> literals_;              // of the clause at hand
  std::vector<std::unique_ptr<PbSum>> spare_;  // memory of deleted ones
  std::vector<std::int64_t> unordered_;        // numbers of those that are not orders, for `red`
  std::vector<std::int64_t> derived_;          // numbers of what `p` and `u` derived
  std::vector<Order> orders_;
  std::vector<std::vector<std::size_t>> orders_of_;  // per variable: places in orders_
  Assignment assignment_;
  std::size_t num_ordered_ = 0;  // of the assigned variables, those whose orders are applied
  std::vector<std::int32_t> scratch_;
  std::vector<bool> is_mentioned_;  // per variable: in a row or the objective
  std::optional<std::int64_t> objective_;
  std::int64_t definition_ = 0;  // number of the constraint that defines the last y by half
  bool is_loaded_ = false;
  bool is_concluded_ = false;
};

}  // namespace espalier::solver
