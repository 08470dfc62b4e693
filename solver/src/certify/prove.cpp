#include "certify/prove.hpp"

#include <atomic>
#include <utility>

#include <oneapi/tbb/parallel_invoke.h>
#include <oneapi/tbb/task_arena.h>

#include "espalier/support/handover.hpp"

#include "search/allowed_threads.hpp"

namespace espalier::solver {
namespace {

/// Branchings above the subtrees that are proven by one thread each: 32 subtrees for each thread,
/// so that the last to finish are small.
int shared_levels(int threads) {
  if (threads == 1) return 0;
  int levels = 5;
  for (; threads > 1; threads /= 2) ++levels;
  return levels;
}

class ParallelProof {
 public:
  explicit ParallelProof(const ProofSetting& setting) : setting_(setting) {}

  std::optional<Subproof> prove(const DecisionPath& above, int levels) {
    handover_.receive();
    ProofTree tree(setting_);
    if (levels == 0) return tree.prove(above);
    auto opening = tree.open(above);
    Subproof proof;
    if (opening.leaf) {
      proof.steps.add_leaf(*opening.leaf);
      proof.clause = std::move(opening.leaf->clause);
      proof.nodes = proof.leaves = 1;
      return proof;
    }
    Branch other = opening.branch;
    other.value = static_cast<std::int8_t>(1 - other.value);
    DecisionPath first_path = above;
    DecisionPath second_path = above;
    tree.extend(first_path, opening.branch);
    tree.extend(second_path, other);
    std::optional<Subproof> first;
    std::optional<Subproof> second;
    handover_.publish();
    tbb::parallel_invoke([&] { run(first_path, levels - 1, first); },
                         [&] { run(second_path, levels - 1, second); });
    handover_.receive();
    if (!first || !second) return std::nullopt;
    return combine(std::move(*first), std::move(*second), opening.branch.item);
  }

 private:
  void run(const DecisionPath& path, int levels, std::optional<Subproof>& result) {
    result = prove(path, levels);
    handover_.publish();
  }

  /// One proof of two; the shorter when one clause does without the branching.
  static Subproof combine(Subproof first, Subproof second, std::int32_t item) {
    const auto names_it = [item](const Clause& clause) {
      return std::any_of(clause.begin(), clause.end(),
                         [item](Decision decision) { return decision.item == item; });
    };
    const std::int64_t nodes = first.nodes + second.nodes + 1;
    const bool needs_first = names_it(second.clause);
    const bool needs_second = names_it(first.clause);
    if (!needs_second || !needs_first) {
      Subproof& proof = needs_second ? second : first;
      proof.nodes = nodes;
      return std::move(proof);
    }
    first.steps.append(second.steps);
    first.steps.add_join();
    first.clause = resolve(first.clause, second.clause, item);
    first.nodes = nodes;
    first.leaves += second.leaves;
    return first;
  }

  const ProofSetting& setting_;
  Handover handover_;
};

}  // namespace

std::optional<Subproof> prove(const ProofSetting& setting, int threads) {
  const MoreThreads more_threads(threads);
  tbb::task_arena arena(threads);
  ParallelProof proof(setting);
  Handover handover;
  std::optional<Subproof> result;
  handover.publish();
  arena.execute([&] {
    handover.receive();
    result = proof.prove({}, shared_levels(threads));
    handover.publish();
  });
  handover.receive();
  return result;
}

}  // namespace espalier::solver
