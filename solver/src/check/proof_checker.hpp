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
/// Knows the rules f, pol, rup, red, o, del id and c of the format, of `rup` and `red` the part
/// that is needed to prove a knapsack optimal; what is more general is refused. `rup` adds a clause
/// that the last constraint contradicts once all literals of the clause are false, with what
/// follows from that by unit clauses and by clauses that `red` added. `red` adds a clause of two
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
  /// A clause of two literals that `red` added, both ways an implication.
  struct Order {
    std::int64_t id = 0;
    std::array<Literal, 2> literals;
  };
  struct Unit {
    std::int64_t id = 0;
    Literal literal;
  };

  void load_formula(ProofLine& line);
  void derive(ProofLine& line);
  void add_clause(ProofLine& line);
  void exchange(ProofLine& line);
  void state_solution(ProofLine& line);
  void remove(ProofLine& line);
  void conclude(ProofLine& line);

  std::size_t num_variables() const noexcept { return values_.size(); }
  PbSum row_sum(int row) const;
  std::unique_ptr<PbSum> new_sum();
  void add(std::unique_ptr<PbSum> sum);
  void release(std::unique_ptr<PbSum> sum) { spare_.push_back(std::move(sum)); }
  const PbSum& constraint(std::int64_t id) const;
  std::vector<Literal> clause_literals(ProofLine& line);
  std::unique_ptr<PbSum> clause_sum(std::span<const Literal> literals);

  bool assign(Literal literal);
  bool propagate();
  void unassign_all();
  void require_exchangeable(const PbSum& sum, std::int32_t first, std::int32_t second) const;
  bool is_exchanged_order(const Order& order, std::int32_t first, std::int32_t second) const;

  const Problem& problem_;
  std::vector<std::unique_ptr<PbSum>> constraints_;  // by number - 1; null: deleted
  std::vector<std::unique_ptr<PbSum>> spare_;        // memory of deleted ones
  std::vector<std::int64_t> unordered_;  // numbers of those that are not orders, for `red`
  std::vector<Order> orders_;
  std::vector<std::vector<std::size_t>> orders_of_;  // per variable: places in orders_
  std::vector<Unit> units_;
  std::vector<std::int8_t> values_;  // per variable: 0, 1, or -1
  std::vector<std::int32_t> assigned_;
  std::vector<bool> is_mentioned_;  // per variable: in a row or the objective
  std::optional<std::int64_t> objective_;
  bool is_loaded_ = false;
  bool is_concluded_ = false;
};

}  // namespace espalier::solver
