#include "certify/proof_tree.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "espalier/support/error.hpp"

#include "search/branching.hpp"

namespace espalier::solver {
namespace {

/// Items whose branching is tried before one is chosen.
constexpr std::size_t kProbed = 4;

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
    if (value_of_[static_cast<std::size_t>(item)] >= 0) continue;
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
        // Children that close without it need no bound.
        descend(*branch, closes_both_ ? std::nullopt : fix_implied());
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
  std::optional<Leaf> leaf;
  const auto is_closed = [&] {
    leaf = close();
    return leaf.has_value();
  };
  do {
    if (reaches_cutoff(relaxation_, threshold_, is_closed) || is_closed()) return leaf;
  } while (apply_deferred());
  relaxation_.compact(arena_);
  relaxation_.refactor_if_old();
  return std::nullopt;
}

/// The present multipliers as a proof in integers, if they are one.
std::optional<Leaf> ProofTree::close() {
  if (!relaxation_.bound_is_below(threshold_, taken_)) return std::nullopt;
  return leaf_maker_.make(unscaled_duals(), path_);
}

std::span<const double> ProofTree::unscaled_duals() {
  duals_.clear();
  for (int i = 0; i < relaxation_.num_rows(); ++i) {
    duals_.push_back(std::ldexp(relaxation_.duals()[static_cast<std::size_t>(i)],
                                -setting_.model.exponents[static_cast<std::size_t>(i)]));
  }
  return duals_;
}

/// Whether some basic item is neither in nor out, so that the node will branch on one.
bool ProofTree::has_fractional() const {
  for (int row = 0; row < relaxation_.num_rows(); ++row) {
    if (relaxation_.basic_column(row) >= 0 && is_fractional(relaxation_.basic_value(row)))
      return true;
  }
  return false;
}

/// Fixes items that the bound of the present node implies; its multipliers if there are any.
std::optional<Multipliers> ProofTree::fix_implied() {
  if (!has_fractional()) return std::nullopt;
  const LeafMaker::Bound* bound = leaf_maker_.push_bound(unscaled_duals(), path_);
  if (bound == nullptr) return std::nullopt;
  bool is_new = true;
  for (int column = 0; column < relaxation_.frame().num_columns; ++column) {
    if (!relaxation_.is_free(column)) continue;
    const std::int32_t item = relaxation_.frame().item[column];
    const Int128 d = bound->reduced_profits[static_cast<std::size_t>(item)];
    const std::int8_t value = d > 0 ? 1 : 0;
    if ((d > 0 ? d : -d) <= bound->slack || !relaxation_.is_nonbasic_at(column, value)) continue;
    if (is_new) path_.begin_implied_group(leaf_maker_.num_bounds() - 1);
    is_new = false;
    relaxation_.fix_at_bound(column);
    path_.add({item, value});
    value_of_[static_cast<std::size_t>(item)] = value;
    if (value == 1) taken_.push_back(item);
  }
  if (!is_new) return bound->multipliers;
  leaf_maker_.pop_bound();
  return std::nullopt;
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

/// By how much a branching makes the bound fall: solves the child's relaxation and takes the node
/// up again.
double ProofTree::probe(int row, int value) {
  const int column = relaxation_.basic_column(row);
  const std::int32_t item = relaxation_.frame().item[column];
  const double basic = relaxation_.basic_value(row);
  relaxation_.branch(row, value);
  if (value == 1) taken_.push_back(item);
  relaxation_.reoptimize(static_cast<double>(threshold_) - kCutoffMargin);
  const bool is_closed = relaxation_.bound_is_below(threshold_, taken_);
  const double fall = is_closed ? gap_ : std::clamp(node_bound_ - relaxation_.bound(), 0.0, gap_);
  if (value == 1) taken_.pop_back();
  relaxation_.load(probed_);
  pseudo_costs_.record(item, value, fall, value == 1 ? 1.0 - basic : basic);
  return fall;
}

/// The fractional item with the greatest product of falls among the most promising, else any free
/// one. Nodes are dearer here than in a search for solutions, since each leaf is written and
/// checked: their children are tried before.
std::optional<Branch> ProofTree::choose_branch() {
  node_bound_ = relaxation_.bound();
  gap_ = std::max(node_bound_ - static_cast<double>(threshold_), 0.0) + 1.0;
  candidates_.clear();
  for (int row = 0; row < relaxation_.num_rows(); ++row) {
    if (relaxation_.basic_column(row) < 0) continue;
    const double value = relaxation_.basic_value(row);
    if (!is_fractional(value)) continue;
    const double down = estimate_fall(relaxation_, pseudo_costs_, row, 0, value);
    const double up = estimate_fall(relaxation_, pseudo_costs_, row, 1, 1.0 - value);
    candidates_.emplace_back(branching_score(down, up, gap_), row);
  }
  const auto probed =
      candidates_.begin() + static_cast<std::ptrdiff_t>(std::min(candidates_.size(), kProbed));
  std::partial_sort(candidates_.begin(), probed, candidates_.end(), std::greater<>());
  const StackArena::Mark mark = arena_.mark();
  relaxation_.save(probed_, arena_);
  std::optional<Branch> best;
  double best_score = 0.0;
  closes_both_ = false;
  for (auto candidate = candidates_.begin(); candidate != probed; ++candidate) {
    const int row = candidate->second;
    const double down = probe(row, 0);
    const double up = probe(row, 1);
    const double score = branching_score(down, up, gap_);
    if (score <= best_score) continue;
    best_score = score;
    closes_both_ = down >= gap_ && up >= gap_;
    best = {relaxation_.frame().item[relaxation_.basic_column(row)],
            static_cast<std::int8_t>(up > down ? 1 : 0)};
  }
  arena_.release(mark);
  if (best) return best;
  for (int column = 0; column < relaxation_.frame().num_columns; ++column) {
    if (relaxation_.is_free(column)) return Branch{relaxation_.frame().item[column], 0};
  }
  return std::nullopt;
}

/// Puts the present node aside and steps into its first child.
void ProofTree::descend(Branch branch, const std::optional<Multipliers>& bound) {
  Frame frame;
  frame.mark = arena_.mark();
  relaxation_.save(frame.node, arena_);
  frame.branch = branch;
  frame.num_groups = path_.num_groups();
  frame.num_taken = taken_.size();
  if (bound) {
    frame.bound = proof_.steps.size();
    proof_.steps.add_bound(*bound);
  }
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
      decide(frame.branch);
      return true;
    }
    if (frame.is_second) join(frame, clause);
    if (frame.bound) {
      proof_.steps.end_bound(*frame.bound, leaf_maker_.top_bound().is_used);
      leaf_maker_.pop_bound();
    }
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
  proof_.steps.join(frame.steps_begin, frame.steps_middle, frame.branch.item);
}

bool ProofTree::poll() {
  const auto bytes = static_cast<std::int64_t>(arena_.reserved_bytes() + proof_.steps.bytes());
  const bool stop = setting_.limits.poll(unreported_nodes_, bytes - reported_bytes_);
  reported_bytes_ = bytes;
  unreported_nodes_ = 0;
  return stop;
}

}  // namespace espalier::solver
