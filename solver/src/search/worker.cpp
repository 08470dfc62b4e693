#include "search/worker.hpp"

#include <algorithm>

#include "search/branching.hpp"

namespace espalier::solver {
Worker::Worker(SearchContext& context)
    : context_(context), relaxation_(context.model), pseudo_costs_(context.core.num_items) {}

void Worker::begin(const RootSubproblem& root, int root_index) {
  root_ = root_index;
  has_piece_ = !is_skipped(root.bound);
  if (!has_piece_) return;
  start_piece();
  taken_ = root.taken;
  relaxation_.start(root.items, root.taken, root.cardinality, arena_);
  branch_item_ = -1;
  parent_bound_ = root.bound;
}

void Worker::begin(std::unique_ptr<Subtree> subtree) {
  root_ = subtree->root;
  has_piece_ = !is_skipped(subtree->parent_bound);
  if (!has_piece_) return;
  start_piece();
  subtree_ = std::move(subtree);
  taken_ = std::move(subtree_->taken);
  relaxation_.load(subtree_->node);
  apply(subtree_->branching, -1, 0.0, subtree_->parent_bound);
}

void Worker::start_piece() {
  ++statistics_.subtrees;
  if (context_.common_costs != nullptr) {
    exchange_costs(context_.common_costs->nodes() - common_nodes_);
  }
  arena_.release({});
  open_.clear();
  first_open_ = 0;
}

/// Whether a piece need not, or cannot any more, be searched.
bool Worker::is_skipped(double bound) {
  if (bound < static_cast<double>(context_.threshold())) return true;
  if (!context_.limits.stopped()) return false;
  context_.leave_open(floor_to_int64(bound));
  return true;
}

bool Worker::advance(std::int64_t max_nodes) {
  const std::int64_t iterations = relaxation_.iterations();
  const std::int64_t flips = relaxation_.flips();
  const std::int64_t last =
      max_nodes < kNoLimit - statistics_.nodes ? statistics_.nodes + max_nodes : kNoLimit;
  while (has_piece_ && statistics_.nodes < last) {
    ++statistics_.nodes;
    if (++unreported_nodes_ >= kPollInterval && poll()) {
      abandon();
      has_piece_ = false;
    } else {
      has_piece_ = expand() || next_node();
    }
  }
  statistics_.lp_iterations += relaxation_.iterations() - iterations;
  statistics_.bound_flips += relaxation_.flips() - flips;
  return !has_piece_;
}

/// Deals with the present node; true when the relaxation has moved on to a child of it.
bool Worker::expand() {
  if (!evaluate()) return false;
  Branching branching = choose_branching();
  if (branching.is_none() && !is_settled_by_point()) branching = first_free_column();
  if (branching.is_none()) return false;
  descend(branching);
  return true;
}

/// Solves the relaxation; false when the node is proven to hold nothing better.
bool Worker::evaluate() {
  const std::int64_t threshold = context_.threshold();
  const auto is_below = [&] { return relaxation_.bound_is_below(threshold, taken_); };
  if (reaches_cutoff(relaxation_, threshold, is_below)) return false;
  const bool is_closed = is_below();
  if (branch_item_ >= 0) {
    pseudo_costs_.record(branch_item_, branch_value_,
                         std::max(parent_bound_ - relaxation_.bound(), 0.0), distance_);
  }
  if (is_closed) return false;
  if (context_.options.reduced_cost_fixing) {
    statistics_.fixed_items += relaxation_.fix_columns(threshold, taken_);
    relaxation_.tighten_slacks(threshold);
    statistics_.fixed_items += relaxation_.fix_too_heavy();
  }
  relaxation_.compact(arena_);
  relaxation_.refactor_if_old();
  return true;
}

/// The most promising fractional basic column; row -1 when there is none.
Branching Worker::choose_branching() {
  Branching best;
  double best_score = -1.0;
  for (int row = 0; row < relaxation_.num_rows(); ++row) {
    if (relaxation_.basic_column(row) < 0) continue;
    const double value = relaxation_.basic_value(row);
    if (!is_fractional(value)) continue;
    const double down = estimate_fall(relaxation_, pseudo_costs_, row, 0, value);
    const double up = estimate_fall(relaxation_, pseudo_costs_, row, 1, 1.0 - value);
    const double score = branching_score(down, up);
    if (score > best_score) {
      best_score = score;
      best = {row, -1, up < down ? 1 : 0};
    }
  }
  return best;
}

/// A column to branch on where no basic one is fractional, yet the point does not settle the node:
/// it is infeasible in integers, or falls short of its bound by rounding.
Branching Worker::first_free_column() const {
  for (int column = 0; column < relaxation_.frame().num_columns; ++column) {
    if (relaxation_.is_free(column)) return {-1, column, 0};
  }
  return {};
}

/// Puts the second child aside and steps into the first.
void Worker::descend(const Branching& first) {
  const bool is_basic = first.row >= 0;
  const int column = is_basic ? relaxation_.basic_column(first.row) : first.column;
  const double value = is_basic ? relaxation_.basic_value(first.row) : 0.0;
  const double up = is_basic ? 1.0 - value : 0.0;
  const std::int32_t item = relaxation_.frame().item[column];

  OpenNode open;
  open.mark = arena_.mark();
  relaxation_.save(open.node, arena_);
  open.branching = first;
  open.branching.value = 1 - first.value;
  open.item = item;
  open.distance = first.value == 1 ? value : up;
  open.parent_bound = relaxation_.bound();
  open.num_taken = taken_.size();
  open_.push_back(open);
  apply(first, item, first.value == 1 ? up : value, relaxation_.bound());
}

void Worker::apply(const Branching& branching, std::int32_t item, double distance,
                   double parent_bound) {
  parent_bound_ = parent_bound;
  branch_item_ = item;
  branch_value_ = branching.value;
  distance_ = distance;
  const int column =
      branching.row >= 0 ? relaxation_.basic_column(branching.row) : branching.column;
  if (branching.value == 1) taken_.push_back(relaxation_.frame().item[column]);
  if (branching.row >= 0) {
    relaxation_.branch(branching.row, branching.value);
  } else {
    relaxation_.fix_directly(column, branching.value);
  }
}

/// Takes up the deepest child put aside that can still hold something; false when none is left.
bool Worker::next_node() {
  while (open_.size() > first_open_) {
    const OpenNode open = open_.back();
    open_.pop_back();
    const bool is_worthwhile = open.parent_bound >= static_cast<double>(context_.threshold());
    if (is_worthwhile) relaxation_.load(open.node);
    arena_.release(open.mark);
    if (!is_worthwhile) continue;
    taken_.resize(open.num_taken);
    apply(open.branching, open.item, open.distance, open.parent_bound);
    return true;
  }
  return false;
}

/// Offers the point of the relaxation. True when the node can hold nothing better than it.
bool Worker::is_settled_by_point() {
  offer_point();
  return relaxation_.bound_is_below(context_.threshold(), taken_);
}

void Worker::offer_point() {
  point_ = taken_;
  const Frame& frame = relaxation_.frame();
  for (int column = 0; column < frame.num_columns; ++column) {
    if (relaxation_.is_at_one(column)) point_.push_back(frame.item[column]);
  }
  for (int row = 0; row < relaxation_.num_rows(); ++row) {
    const int column = relaxation_.basic_column(row);
    if (column >= 0 && relaxation_.basic_value(row) > 0.5) point_.push_back(frame.item[column]);
  }
  if (context_.core.is_feasible(point_)) context_.incumbent.offer(point_, 'T');
}

bool Worker::poll() {
  const auto bytes = static_cast<std::int64_t>(arena_.reserved_bytes());
  const bool is_shared = static_cast<bool>(context_.spawn);
  Limits& limits = context_.limits;
  const std::int64_t new_bytes = bytes - reported_bytes_;
  const bool stop = is_shared ? limits.poll(unreported_nodes_, new_bytes)
                              : limits.poll_but_nodes(unreported_nodes_, new_bytes);
  reported_bytes_ = bytes;
  unreported_nodes_ = 0;
  if (stop) return true;
  if (is_shared && context_.waiting.load(std::memory_order_relaxed) < context_.wanted_waiting) {
    if (auto subtree = detach_shallowest()) {
      context_.waiting.fetch_add(1, std::memory_order_relaxed);
      context_.spawn(std::move(subtree));
    }
  }
  if (context_.common_costs != nullptr) exchange_costs(0);
  if (context_.heartbeat) context_.heartbeat();
  return false;
}

/// Exchanges pseudo-costs if that is due, after so many nodes of others or because of its own.
void Worker::exchange_costs(std::int64_t news) {
  CommonPseudoCosts& common = *context_.common_costs;
  const std::int64_t own_news = statistics_.nodes - exchanged_nodes_;
  if (std::max(news, own_news) < common.pause(statistics_.nodes)) return;
  if (!common.try_exchange(pseudo_costs_, own_news)) return;
  exchanged_nodes_ = statistics_.nodes;
  common_nodes_ = common.nodes();
}

/// The copy holds its frame, since the frames of this worker's arena go when the worker backs out
/// of them.
std::unique_ptr<Subtree> Worker::detach_shallowest() {
  if (num_open() < 2) return nullptr;
  const OpenNode& open = open_[first_open_++];
  if (open.parent_bound < static_cast<double>(context_.threshold())) return nullptr;
  auto subtree = std::make_unique<Subtree>();
  subtree->node = open.node;
  subtree->branching = open.branching;
  subtree->parent_bound = open.parent_bound;
  subtree->root = root_;
  subtree->taken.assign(taken_.begin(),
                        taken_.begin() + static_cast<std::ptrdiff_t>(open.num_taken));
  relaxation_.copy_out(subtree->node, subtree->memory);
  return subtree;
}

/// Records the bounds of everything that is left when the search is stopped.
void Worker::abandon() {
  context_.leave_open(floor_to_int64(parent_bound_));
  for (std::size_t k = first_open_; k < open_.size(); ++k) {
    context_.leave_open(floor_to_int64(open_[k].parent_bound));
  }
}

}  // namespace espalier::solver
