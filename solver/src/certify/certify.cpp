#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "espalier/solver/certificate.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/physical_memory.hpp"

#include "certify/proof_text.hpp"
#include "certify/proof_tree.hpp"
#include "certify/prove.hpp"
#include "certify/standard_form.hpp"
#include "search/limits.hpp"
#include "search/root.hpp"

namespace espalier::solver {
namespace {

/// Longer chains lose the ends that lie furthest from the relaxation's fractional item.
constexpr std::size_t kLongestChain = 300;
/// Nodes after which a tree is given up for one that is split by the number of chosen items, and
/// the most such numbers that may be left.
constexpr std::int64_t kUnsplitNodes = 1000;
constexpr std::int64_t kMostCardinalities = 100;
/// The steps of a proof may take this part of the machine's memory: joining parts and writing the
/// text need as much again.
constexpr std::int64_t kMemoryPart = 4;

/// Keeps of every chain what the search may have to decide: items whose reduced cost is within the
/// gap. The others have one value in all solutions of interest anyway.
void shorten_chains(StandardForm& form, Int128 target) {
  if (form.chains.empty()) return;
  const RootRelaxation root(form.core);
  const std::vector<double> costs = root.reduced_costs();
  const double gap = root.bound() - static_cast<double>(target) + 1.0;
  for (auto& chain : form.chains) {
    const auto distance = [&](std::int32_t item) {
      return std::abs(costs[static_cast<std::size_t>(item)]);
    };
    std::erase_if(chain, [&](std::int32_t item) { return distance(item) > gap; });
    std::size_t begin = 0;
    std::size_t end = chain.size();
    while (end - begin > kLongestChain) {
      if (distance(chain[begin]) > distance(chain[end - 1])) {
        ++begin;
      } else {
        --end;
      }
    }
    chain = {chain.begin() + static_cast<std::ptrdiff_t>(begin),
             chain.begin() + static_cast<std::ptrdiff_t>(end)};
  }
  std::erase_if(form.chains, [](const auto& chain) { return chain.size() < 2; });
}

/// The same number of items of every chain, taken from its front: as good, and in the order that
/// the proof asks for.
std::vector<std::int32_t> in_chain_order(const StandardForm& form,
                                         std::span<const std::int32_t> selected) {
  std::vector<bool> is_true(static_cast<std::size_t>(form.num_items), false);  // per literal
  for (const std::int32_t item : selected) is_true[static_cast<std::size_t>(item)] = true;
  for (std::size_t j = 0; j < is_true.size(); ++j) {
    if (form.is_negated[j] != 0) is_true[j] = !is_true[j];
  }
  for (const auto& chain : form.chains) {
    const auto item = [&](std::int32_t core_item) {
      return static_cast<std::size_t>(form.item_of[static_cast<std::size_t>(core_item)]);
    };
    const auto count =
        std::count_if(chain.begin(), chain.end(), [&](std::int32_t c) { return is_true[item(c)]; });
    for (std::size_t k = 0; k < chain.size(); ++k) {
      is_true[item(chain[k])] = k < static_cast<std::size_t>(count);
    }
  }
  std::vector<std::int32_t> items;
  for (std::size_t j = 0; j < is_true.size(); ++j) {
    if (is_true[j] != (form.is_negated[j] != 0)) items.push_back(static_cast<std::int32_t>(j));
  }
  return items;
}

ProofSetting make_setting(const StandardForm& form, const LpModel& model, Int128 target,
                          Limits& limits) {
  const auto n = static_cast<std::size_t>(form.core.num_items);
  ProofSetting setting{form, model, target, limits, {}, {}, {}};
  setting.next_in_chain.assign(n, -1);
  setting.previous_in_chain.assign(n, -1);
  for (const auto& chain : form.chains) {
    for (std::size_t k = 1; k < chain.size(); ++k) {
      setting.next_in_chain[static_cast<std::size_t>(chain[k - 1])] = chain[k];
      setting.previous_in_chain[static_cast<std::size_t>(chain[k])] = chain[k - 1];
    }
  }
  return setting;
}

/// A proven tree, with the thresholds on the number of chosen items that it speaks of.
struct ProvenTree {
  Subproof proof;
  std::int64_t least_threshold = 0;
  std::int64_t most_threshold = -1;
};

/// The tree of a core without rows or items: its root, refuted by the objective row alone.
ProvenTree prove_trivially(const StandardForm& form, Int128 target) {
  auto leaf = LeafMaker(form.core, target).make_for_point({});
  if (!leaf) throw InternalError("internal error: a better solution than the optimum");
  ProvenTree tree;
  tree.proof.steps.add_leaf(*leaf);
  tree.proof.nodes = tree.proof.leaves = 1;
  return tree;
}

/// One subtree for every number of chosen items: smaller trees, but only where they are not small.
std::optional<ProvenTree> prove_split(const StandardForm& form, Int128 target, Limits& limits,
                                      int threads) {
  const LpModel model(form.core, true);
  const RootRelaxation root(form.core);
  RootSubproblem whole;
  whole.items.resize(static_cast<std::size_t>(form.core.num_items));
  std::iota(whole.items.begin(), whole.items.end(), 0);
  whole.bound = root.bound();
  const auto roots = split_by_cardinality(model, whole, root.num_chosen(), clamp_to_int64(target),
                                          [&] { return limits.stopped(); });
  const auto [least, most] = std::minmax_element(
      roots.begin(), roots.end(),
      [](const auto& a, const auto& b) { return a.cardinality < b.cardinality; });
  if (roots.empty() || most->cardinality - least->cardinality >= kMostCardinalities) {
    return std::nullopt;
  }
  auto proof = prove_by_cardinality(make_setting(form, model, target, limits), least->cardinality,
                                    most->cardinality, threads);
  if (!proof) return std::nullopt;
  return ProvenTree{std::move(*proof), std::max<std::int64_t>(least->cardinality, 1),
                    std::min<std::int64_t>(most->cardinality + 1, form.core.num_items)};
}

std::optional<ProvenTree> prove_tree(const StandardForm& form, Int128 target, Limits& limits,
                                     const SolveOptions& options) {
  if (form.core.num_rows == 0) return prove_trivially(form, target);
  const LpModel model(form.core, false);
  SolveOptions short_options = options;
  short_options.node_limit = std::min(options.node_limit, kUnsplitNodes);
  Limits short_limits(short_options);
  if (auto proof = prove(make_setting(form, model, target, short_limits), 1)) {
    return ProvenTree{.proof = std::move(*proof)};
  }
  if (auto tree = prove_split(form, target, limits, options.threads)) return tree;
  if (limits.stopped()) return std::nullopt;
  auto proof = prove(make_setting(form, model, target, limits), options.threads);
  if (!proof) return std::nullopt;
  return ProvenTree{.proof = std::move(*proof)};
}

void validate(const Problem& problem, const Result& result) {
  if (result.status == Status::kFeasible) {
    throw Error("no certificate for a result that is not proven optimal or infeasible");
  }
  if (result.status == Status::kInfeasible) return;
  if (!is_feasible(problem, result.selected) ||
      objective_of(problem, result.selected) != result.objective) {
    throw Error("no certificate for a result of another problem");
  }
}

}  // namespace

std::filesystem::path opb_beside(const std::filesystem::path& proof) {
  auto opb = proof;
  return opb.replace_extension(".opb");
}

CertificateSummary write_certificate(const Problem& problem, const Result& result,
                                     const std::filesystem::path& proof,
                                     const SolveOptions& options) {
  validate(problem, result);
  SolveOptions bounded = options;
  bounded.memory_limit_mib = within_physical_memory(options.memory_limit_mib, kMemoryPart);
  Limits limits(bounded);
  StandardForm form(problem);
  CertificateSummary summary;
  if (form.infeasible_row.has_value() != (result.status == Status::kInfeasible)) {
    throw InternalError("internal error: a wrong claim about feasibility");
  }
  const Int128 target = form.infeasible_row ? 0 : form.core_target_above(result.objective);
  if (form.core.num_rows > 0) shorten_chains(form, target);
  ProofText text(problem, form);
  if (form.infeasible_row) {
    text.conclude_by_row(*form.infeasible_row);
  } else {
    const auto tree = prove_tree(form, target, limits, bounded);
    if (!tree) {
      summary.stop_reason = limits.reason();
      summary.nodes = limits.nodes();
      summary.seconds = limits.seconds();
      return summary;
    }
    summary.nodes = tree->proof.nodes;
    text.open(in_chain_order(form, result.selected));
    text.define_thresholds(tree->least_threshold, tree->most_threshold);
    text.conclude_by_tree(tree->proof.steps);
  }
  summary.leaves = text.num_leaves();
  const std::string opb = opb_text(problem);
  const std::string lines = std::move(text).finish(opb);
  summary.proof_bytes = static_cast<std::int64_t>(lines.size());
  const FileContent files[] = {{proof, lines}, {opb_beside(proof), opb}};
  write_files_atomically(files);
  summary.seconds = limits.seconds();
  return summary;
}

}  // namespace espalier::solver
