#include "certify/prove.hpp"

#include <algorithm>
#include <utility>

#include <oneapi/tbb/parallel_invoke.h>
#include <oneapi/tbb/task_arena.h>

#include "espalier/support/handover.hpp"
#include "espalier/support/useful_threads.hpp"

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

/// One proof of two; the shorter when one clause does without the branching.
Subproof combine(Subproof first, Subproof second, std::int32_t item) {
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
  const std::size_t middle = first.steps.size();
  first.steps.append(second.steps);
  first.steps.join(0, middle, item);
  first.clause = resolve(first.clause, second.clause, item);
  first.nodes = nodes;
  first.leaves += second.leaves;
  return first;
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

  const ProofSetting& setting_;
  Handover handover_;
};

/// A subproblem's proof in a pool of threads.
std::optional<Subproof> prove_below(const ProofSetting& setting, const DecisionPath& above,
                                    int threads) {
  tbb::task_arena arena(useful_threads(threads));
  ParallelProof proof(setting);
  Handover handover;
  std::optional<Subproof> result;
  handover.publish();
  arena.execute([&] {
    handover.receive();
    result = proof.prove(above, shared_levels(threads));
    handover.publish();
  });
  handover.receive();
  return result;
}

/// The decisions that a cardinality stands for.
DecisionPath thresholds_of(const Cardinality& cardinality) {
  DecisionPath path;
  for (const Decision decision :
       {Decision{cardinality.reached, 1}, Decision{cardinality.missed, 0}}) {
    if (decision.item < 0) continue;
    path.begin_group();
    path.add(decision);
  }
  return path;
}

/// A cardinality that the relaxation alone refutes.
std::optional<Subproof> refute(ProofSetting setting, Cardinality cardinality) {
  setting.cardinality = cardinality;
  const auto opening = ProofTree(setting).open(thresholds_of(cardinality));
  if (!opening.leaf) return std::nullopt;
  Subproof proof;
  proof.steps.add_leaf(*opening.leaf);
  proof.clause = opening.leaf->clause;
  proof.nodes = proof.leaves = 1;
  return proof;
}

}  // namespace

std::optional<Subproof> prove(const ProofSetting& setting, int threads) {
  return prove_below(setting, {}, threads);
}

std::optional<Subproof> prove_by_cardinality(ProofSetting setting, std::int64_t least,
                                             std::int64_t most, int threads) {
  const std::int32_t n = setting.form.core.num_items;
  const auto threshold = [&](std::int64_t k) {
    return k >= 1 && k <= n ? n + static_cast<std::int32_t>(k - least) : -1;
  };
  // "At least k" is proven for one k after the other, until that is impossible.
  std::optional<Subproof> whole;
  if (threshold(least) >= 0) {
    whole = refute(setting, {least - 1, -1, threshold(least)});
    if (!whole) return std::nullopt;
  }
  const auto join = [&](std::optional<Subproof> next, std::int64_t k) {
    if (!next) return false;
    whole = whole ? combine(std::move(*whole), std::move(*next), threshold(k)) : std::move(*next);
    return true;
  };
  for (std::int64_t k = least; k <= most; ++k) {
    setting.cardinality = {k, threshold(k), threshold(k + 1)};
    if (!join(prove_below(setting, thresholds_of(*setting.cardinality), threads), k)) {
      return std::nullopt;
    }
  }
  if (threshold(most + 1) >= 0 &&
      !join(refute(setting, {most + 1, threshold(most + 1), -1}), most + 1)) {
    return std::nullopt;
  }
  return whole;
}

}  // namespace espalier::solver
