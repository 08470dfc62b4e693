#include "certify/proof_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "espalier/support/error.hpp"

namespace espalier::solver {
namespace {

constexpr std::int64_t kPollInterval = 64;
/// Values closer to an integer than this count as integral; only a guide.
constexpr double kIntegralityTolerance = 1e-6;
constexpr double kCutoffMargin = 1e-6;
/// Observations after which a pseudo-cost is trusted without looking one iteration ahead.
/// More than in a search for solutions: nodes are dearer here, since each leaf is written and
/// checked.
constexpr double kReliableCount = 3.0;

bool names(const Clause& clause, std::int32_t item) {
  return std::any_of(clause.begin(), clause.end(),
                     [item](Decision decision) { return decision.item == item; });
}

}  // namespace

ProofTree::ProofTree(const ProofSetting& setting)
    : setting_(setting),
      threshold_(clamp_to_int64(setting.target)),
      relaxation_(setting.model),
      pseudo_costs_(setting.form.core.num_items),
      leaf_maker_(setting.form.core, setting.target, setting.cardinality),
      value_of_(static_cast<std::size_t>(setting.form.core.num_items), -1) {}

void ProofTree::extend(DecisionPath& path, Branch branch) {
  path.begin_group();
  path.add(branch);
  // Out: so are all that follow in the chain. In: so are all before.
  const auto& step = branch.value == 0 ? setting_.next_in_chain : setting_.previous_in_chain;
  for (auto item = step[static_cast<std::size_t>(branch.item)]; item >= 0;
       item = step[static_cast<std::size_t>(item)]) {
    if (value_of_[static_cast<std::size_t>(item)] >= 0) break;
    path.add({item, branch.value});
  }
}

/// Cold start below the decisions.
void ProofTree::start(const DecisionPath& above) {
  arena_.release({});
  path_ = above;
  frames_.clear();
  deferred_.clear();
  taken_.clear();
  std::fill(value_of_.begin(), value_of_.end(), std::int8_t{-1});
  for (const Decision decision : path_.all()) {
    if (decision.item >= setting_.form.core.num_items) continue;  // a threshold
    value_of_[static_cast<std::size_t>(decision.item)] = decision.value;
    if (decision.value == 1) taken_.push_back(decision.item);
  }
  std::vector<std::int32_t> items;
  for (std::int32_t j = 0; j < setting_.form.core.num_items; ++j) {
    if (value_of_[static_cast<std::size_t>(j)] < 0) items.push_back(j);
  }
  relaxation_.start(items, taken_, setting_.cardinality ? setting_.cardinality->count : 0, arena_);
  last_branch_ = {-1, 0};
  proof_ = {};
}

ProofTree::Opening ProofTree::open(const DecisionPath& above) {
  start(above);
  ++proof_.nodes;
  Opening opening;
  opening.leaf = evaluate();
  if (!opening.leaf) {
    const auto branch = choose_branch();
    if (!branch) throw InternalError("internal error: a better solution than the optimum");
    opening.branch = *branch;
  }
  return opening;
}

std::optional<Subproof> ProofTree::prove(const DecisionPath& above) {
  start(above);
  for (;;) {
    ++proof_.nodes;
    if (++unreported_nodes_ >= kPollInterval && poll()) return std::nullopt;
    std::optional<Leaf> leaf = evaluate();
    if (!leaf) {
      if (const auto branch = choose_branch()) {
        descend(*branch);
        continue;
      }
      leaf = leaf_maker_.make_for_point(path_);
      if (!leaf) throw InternalError("internal error: a better solution than the optimum");
    }
    ++proof_.leaves;
    proof_.steps.add_leaf(*leaf);
    if (!resume(leaf->clause)) {
      proof_.clause = std::move(leaf->clause);
      poll();
      return std::move(proof_);
    }
  }
}

/// Solves the relaxation of the present node; a leaf when it is refuted.
std::optional<Leaf> ProofTree::evaluate() {
  do {
    for (int attempt = 0; attempt < 4; ++attempt) {
      const double cutoff = attempt < 2 ? static_cast<double>(threshold_) - kCutoffMargin
                                        : -std::numeric_limits<double>::infinity();
      const LpOutcome outcome = relaxation_.reoptimize(cutoff);
      if (outcome == LpOutcome::kOptimal) break;
      if (auto leaf = close()) return leaf;
      relaxation_.recover();
    }
    relaxation_.settle_branch();
    auto leaf = close();
    if (last_branch_.item >= 0) {
      pseudo_costs_.record(last_branch_.item, last_branch_.value,
                           std::max(parent_bound_ - relaxation_.bound(), 0.0), distance_);
      last_branch_.item = -1;
    }
    if (leaf) return leaf;
  } while (apply_deferred());
  relaxation_.compact(arena_);
  relaxation_.refactor_if_old();
  return std::nullopt;
}

/// The present multipliers as a proof in integers, if they are one.
std::optional<Leaf> ProofTree::close() {
  if (!relaxation_.bound_is_below(threshold_, taken_)) return std::nullopt;
  std::vector<double> duals;
  for (int i = 0; i < relaxation_.num_rows(); ++i) {
    duals.push_back(std::ldexp(relaxation_.duals()[static_cast<std::size_t>(i)],
                               -setting_.model.exponents[static_cast<std::size_t>(i)]));
  }
  return leaf_maker_.make(duals, path_);
}

/// Fixes what the last branching implies where that could not be done at once; true when the
/// relaxation has to be solved again.
bool ProofTree::apply_deferred() {
  bool has_moved = false;
  while (!deferred_.empty() && !has_moved) {
    const Decision decision = deferred_.back();
    deferred_.pop_back();
    for (int column = 0; column < relaxation_.frame().num_columns; ++column) {
      if (relaxation_.frame().item[column] != decision.item) continue;
      relaxation_.fix_directly(column, decision.value);
      has_moved = true;
    }
  }
  return has_moved;
}

double ProofTree::estimate_fall(int row, int value, double distance) {
  const std::int32_t item = relaxation_.frame().item[relaxation_.basic_column(row)];
  if (pseudo_costs_.count(item, value) < kReliableCount) {
    return relaxation_.dual_penalty(row, value);
  }
  return pseudo_costs_.average(item, value) * distance;
}

/// The fractional item with the greatest product of estimated falls, else any free one.
std::optional<Branch> ProofTree::choose_branch() {
  constexpr double kLeastFall = 1e-6;
  std::optional<Branch> best;
  double best_score = -1.0;
  for (int row = 0; row < relaxation_.num_rows(); ++row) {
    const int column = relaxation_.basic_column(row);
    if (column < 0) continue;
    const double value = relaxation_.basic_value(row);
    if (value < kIntegralityTolerance || value > 1.0 - kIntegralityTolerance) continue;
    const double down = estimate_fall(row, 0, value);
    const double up = estimate_fall(row, 1, 1.0 - value);
    const double score =
        std::max(std::min(down, 1e100), kLeastFall) * std::max(std::min(up, 1e100), kLeastFall);
    if (score <= best_score) continue;
    best_score = score;
    best = {relaxation_.frame().item[column], static_cast<std::int8_t>(up < down ? 1 : 0)};
  }
  if (best) return best;
  for (int column = 0; column < relaxation_.frame().num_columns; ++column) {
    if (relaxation_.is_free(column)) return Branch{relaxation_.frame().item[column], 0};
  }
  return std::nullopt;
}

/// Puts the present node aside and steps into its first child.
void ProofTree::descend(Branch branch) {
  Frame frame;
  frame.mark = arena_.mark();
  relaxation_.save(frame.node, arena_);
  frame.branch = branch;
  frame.parent_bound = relaxation_.bound();
  frame.num_groups = path_.num_groups();
  frame.num_taken = taken_.size();
  frame.steps_begin = proof_.steps.size();
  frames_.push_back(std::move(frame));
  decide(branch);
}

/// Decides an item and what follows from it, on the path and in the relaxation.
void ProofTree::decide(Branch branch) {
  extend(path_, branch);
  const auto group = path_.group(path_.num_groups() - 1);
  for (const Decision decision : group) {
    value_of_[static_cast<std::size_t>(decision.item)] = decision.value;
    if (decision.value == 1) taken_.push_back(decision.item);
  }
  // What follows mostly has its value in the relaxation already. The branching comes last, since it
  // is what the next reoptimize() starts with; basic variables wait for their turn.
  int branch_column = -1;
  const auto num_columns = relaxation_.frame().num_columns;
  for (int column = 0; column < num_columns; ++column) {
    const std::int32_t item = relaxation_.frame().item[column];
    if (item == branch.item) branch_column = column;
    if (group.size() == 1 || item == branch.item || !relaxation_.is_free(column)) continue;
    const bool follows = std::any_of(group.begin(), group.end(),
                                     [item](Decision decision) { return decision.item == item; });
    if (!follows) continue;
    if (relaxation_.is_nonbasic_at(column, branch.value)) {
      relaxation_.fix_at_bound(column);
    } else {
      deferred_.push_back({item, branch.value});
    }
  }
  last_branch_ = branch;
  parent_bound_ = relaxation_.bound();
  distance_ = 0.0;
  for (int row = 0; row < relaxation_.num_rows(); ++row) {
    if (relaxation_.basic_column(row) != branch_column) continue;
    const double value = relaxation_.basic_value(row);
    distance_ = branch.value == 1 ? 1.0 - value : value;
  }
  relaxation_.fix_directly(branch_column, branch.value);
}

/// Goes on after a node was refuted by `clause`: true when another node has been entered, false
/// when the whole tree is done, with its clause in `clause`.
bool ProofTree::resume(Clause& clause) {
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    deferred_.clear();
    for (std::size_t g = frame.num_groups; g < path_.num_groups(); ++g) {
      for (const Decision decision : path_.group(g)) {
        value_of_[static_cast<std::size_t>(decision.item)] = -1;
      }
    }
    path_.shrink_to_groups(frame.num_groups);
    taken_.resize(frame.num_taken);
    const bool closes_parent = !names(clause, frame.branch.item);
    if (!frame.is_second && !closes_parent) {
      frame.is_second = true;
      frame.first_clause = std::move(clause);
      frame.steps_middle = proof_.steps.size();
      frame.branch.value = static_cast<std::int8_t>(1 - frame.branch.value);
      relaxation_.load(frame.node);
      arena_.release(frame.mark);
      const double parent_bound = frame.parent_bound;
      decide(frame.branch);
      parent_bound_ = parent_bound;
      return true;
    }
    if (frame.is_second) join(frame, clause);
    arena_.release(frame.mark);
    frames_.pop_back();
  }
  return false;
}

/// Combines the clauses of both children, or drops the first when the second says it all.
void ProofTree::join(Frame& frame, Clause& clause) {
  if (!names(clause, frame.branch.item)) {
    proof_.steps.erase(frame.steps_begin, frame.steps_middle);
    return;
  }
  clause = resolve(frame.first_clause, clause, frame.branch.item);
  proof_.steps.add_join();
}

bool ProofTree::poll() {
  const auto bytes = static_cast<std::int64_t>(arena_.reserved_bytes() + proof_.steps.bytes());
  const bool stop = setting_.limits.poll(unreported_nodes_, bytes - reported_bytes_);
  reported_bytes_ = bytes;
  unreported_nodes_ = 0;
  return stop;
}

}  // namespace espalier::solver
