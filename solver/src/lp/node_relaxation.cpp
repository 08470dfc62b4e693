#include "lp/node_relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "espalier/support/check.hpp"

namespace espalier::solver {
namespace {

/// Pivots after which the inverse is computed afresh, before a node branches, so that its whole
/// subtree profits; the drift test of the kernel comes on top.
constexpr int kRefactorInterval = 60;
/// Pivot below which a basis counts as singular.
constexpr double kSingularPivot = 1e-10;
/// Reduced costs closer to zero than this say nothing about the bound of a column.
constexpr double kDualTolerance = 1e-9;
/// A frame is replaced by a smaller one when at most this part of it is still free.
constexpr double kCompactionShare = 0.75;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

int padded(int count) { return (count + kBlock - 1) / kBlock * kBlock; }

}  // namespace

NodeRelaxation::NodeRelaxation(const LpModel& model)
    : model_(model), kernels_(lp_kernels()), integer_dual_(model) {
  work_.rows = model.num_rows;
  work_.stride = padded(model.num_rows);
  build_small_block();
  const auto columns = static_cast<std::size_t>(padded(std::max(model.core.num_items, 1)));
  column_storage_ = make_aligned<double>(4 * columns);
  work_.reduced_cost = column_storage_.get();
  work_.sign = work_.reduced_cost + columns;
  work_.alpha = work_.sign + columns;
  work_.ratio = work_.alpha + columns;
  index_storage_ = make_aligned<std::int32_t>(2 * columns + static_cast<std::size_t>(work_.rows));
  work_.heap = index_storage_.get();
  work_.passed = work_.heap + columns;
  const auto stride = static_cast<std::size_t>(work_.stride);
  scratch_storage_ = make_aligned<double>(3 * stride);
  work_.rho = scratch_storage_.get();
  work_.column = work_.rho + stride;
  work_.slack_ratio = work_.column + stride;
}

void NodeRelaxation::build_small_block() {
  const auto stride = static_cast<std::size_t>(work_.stride);
  const auto rows = static_cast<std::size_t>(work_.rows);
  work_.small_count = 8 * stride + rows * stride;
  small_storage_ = make_aligned<double>(work_.small_count);
  std::fill_n(small_storage_.get(), work_.small_count, 0.0);
  double* at = small_storage_.get();
  for (double** part : {&work_.dual, &work_.capacity, &work_.residual, &work_.basic_value,
                        &work_.basic_upper, &work_.slack_sign, &work_.slack_range, &work_.basis}) {
    *part = at;
    at += stride;
  }
  work_.inverse = at;
}

void NodeRelaxation::start(std::span<const std::int32_t> items, std::span<const std::int32_t> taken,
                           std::int64_t cardinality, StackArena& arena) {
  const CoreProblem& core = model_.core;
  Frame& frame = work_.frame;
  frame.num_columns = static_cast<int>(items.size());
  frame.num_blocks = padded(frame.num_columns) / kBlock;
  const auto size = static_cast<std::size_t>(frame.num_blocks) * kBlock;
  const auto rows = static_cast<std::size_t>(work_.rows);
  auto* item = arena.allocate<std::int32_t>(size);
  auto* cost = arena.allocate<double>(size);
  auto* weight = arena.allocate<double>(size * rows);
  std::fill_n(item, size, -1);
  std::fill_n(cost, size, 0.0);
  std::fill_n(weight, size * rows, 0.0);
  for (std::size_t c = 0; c < items.size(); ++c) {
    item[c] = items[c];
    cost[c] = model_.costs[static_cast<std::size_t>(items[c])];
    const double* source = model_.weights_of(items[c]);
    for (std::size_t i = 0; i < rows; ++i) {
      weight[(c / kBlock * rows + i) * kBlock + c % kBlock] = source[i];
    }
  }
  frame.item = item;
  frame.cost = cost;
  frame.weight = weight;

  for (int i = 0; i < core.num_rows; ++i) {
    std::int64_t left = core.capacities[static_cast<std::size_t>(i)];
    for (const auto j : taken) left -= core.weight(i, j);
    work_.capacity[i] =
        std::ldexp(static_cast<double>(left), -model_.exponents[static_cast<std::size_t>(i)]);
    work_.slack_range[i] = kInfinity;
  }
  cardinality_ = cardinality;
  if (model_.has_cardinality) {
    const std::int64_t left = cardinality - static_cast<std::int64_t>(taken.size());
    work_.capacity[work_.rows - 1] = static_cast<double>(left);
    work_.slack_range[work_.rows - 1] = 0.0;
  }
  work_.fixed_profit = static_cast<double>(core.profit_of(taken));
  num_free_ = frame.num_columns;
  for (std::size_t c = 0; c < size; ++c) {
    work_.sign[c] = c < items.size() ? 1.0 : 0.0;
    work_.reduced_cost[c] = 0.0;
  }
  pending_ = {};
  cold_start();
}

void NodeRelaxation::cold_start() {
  const int rows = work_.rows;
  std::fill_n(work_.inverse, static_cast<std::ptrdiff_t>(rows) * work_.stride, 0.0);
  for (int i = 0; i < work_.stride; ++i) {
    work_.dual[i] = 0.0;
    work_.basis[i] = -1 - i;
    work_.slack_sign[i] = 0.0;
    work_.basic_upper[i] = i < rows ? work_.slack_range[i] : kInfinity;
    if (i < rows) work_.inverse[i * work_.stride + i] = 1.0;
  }
  for (int c = 0; c < work_.frame.num_columns; ++c) {
    if (work_.sign[c] != 0.0) work_.sign[c] = 1.0;
  }
  work_.pivots_since_refactor = 0;
  refresh_from_basis();
}

/// Gauss-Jordan elimination with row pivoting on the basis matrix; false when it is singular.
bool NodeRelaxation::factor() {
  const int rows = work_.rows;
  const auto size = static_cast<std::size_t>(rows);
  dense_.assign(size * size * 2, 0.0);
  const auto entry = [&](int i, int j) -> double& {
    return dense_[static_cast<std::size_t>(i) * 2 * size + static_cast<std::size_t>(j)];
  };
  for (int p = 0; p < rows; ++p) {
    const int variable = static_cast<int>(work_.basis[p]);
    for (int i = 0; i < rows; ++i) {
      entry(i, p) = variable < 0 ? (i == -1 - variable ? 1.0 : 0.0)
                                 : work_.frame.weight_at(rows, i, variable);
    }
    entry(p, rows + p) = 1.0;
  }
  for (int p = 0; p < rows; ++p) {
    int best = p;
    for (int i = p + 1; i < rows; ++i) {
      if (std::abs(entry(i, p)) > std::abs(entry(best, p))) best = i;
    }
    if (std::abs(entry(best, p)) < kSingularPivot) return false;
    if (best != p) {
      for (int j = 0; j < 2 * rows; ++j) std::swap(entry(p, j), entry(best, j));
    }
    const double reciprocal = 1.0 / entry(p, p);
    for (int j = p; j < 2 * rows; ++j) entry(p, j) *= reciprocal;
    for (int i = 0; i < rows; ++i) {
      const double factor = entry(i, p);
      if (i == p || factor == 0.0) continue;
      for (int j = p; j < 2 * rows; ++j) entry(i, j) -= factor * entry(p, j);
    }
  }
  for (int p = 0; p < rows; ++p) {
    for (int i = 0; i < rows; ++i) work_.inverse[i * work_.stride + p] = entry(p, rows + i);
  }
  work_.pivots_since_refactor = 0;
  return true;
}

/// Duals, reduced costs, signs, residual capacities and the point, from basis and inverse.
void NodeRelaxation::refresh_from_basis() {
  const int rows = work_.rows;
  for (int i = 0; i < rows; ++i) {
    double y = 0.0;
    for (int p = 0; p < rows; ++p) {
      const int variable = static_cast<int>(work_.basis[p]);
      if (variable >= 0) y += work_.frame.cost[variable] * work_.inverse[i * work_.stride + p];
    }
    work_.dual[i] = y;
  }
  kernels_.price_all(work_);
  double objective = work_.fixed_profit;
  for (int i = 0; i < rows; ++i) {
    work_.residual[i] = work_.capacity[i];
    if (work_.slack_sign[i] != 0.0) {
      const bool at_upper = work_.dual[i] < -kDualTolerance && work_.slack_range[i] < kInfinity;
      work_.slack_sign[i] = at_upper ? 1.0 : -1.0;
      if (at_upper) work_.residual[i] -= work_.slack_range[i];
    }
    objective += work_.dual[i] * work_.residual[i];
  }
  for (int c = 0; c < work_.frame.num_columns; ++c) {
    const double sign = work_.sign[c];
    if (sign == 0.0 || sign == kBasicSign) continue;
    const double d = work_.reduced_cost[c];
    if (std::abs(d) > kDualTolerance) work_.sign[c] = d > 0.0 ? 1.0 : -1.0;
    if (work_.sign[c] > 0.0) {
      objective += d;
      for (int i = 0; i < rows; ++i) work_.residual[i] -= work_.frame.weight_at(rows, i, c);
    }
  }
  if (pending_.row >= 0 && pending_.value == 1) {
    // Fixed at 1 but still basic: its weight belongs to the basic part of the rows.
    const int column = basic_column(pending_.row);
    for (int i = 0; i < rows; ++i) work_.residual[i] += work_.frame.weight_at(rows, i, column);
  }
  work_.objective = objective;
  kernels_.solve_basic(work_);
}

void NodeRelaxation::recover() {
  if (factor()) {
    refresh_from_basis();
    return;
  }
  settle_branch();  // a singular basis: start again from the slacks
  cold_start();
}

void NodeRelaxation::refactor_if_old() {
  if (work_.pivots_since_refactor > kRefactorInterval) recover();
}

void NodeRelaxation::settle_branch() {
  if (pending_.row < 0) return;
  pending_ = {};
  cold_start();
}

/// Bookkeeping of a column fixed at 1.
void NodeRelaxation::take_column(int column) {
  for (int i = 0; i < work_.rows; ++i) {
    work_.capacity[i] -= work_.frame.weight_at(work_.rows, i, column);
  }
  work_.fixed_profit += work_.frame.cost[column];
}

/// Marks a free column as fixed.
void NodeRelaxation::fix(int column, int value) {
  work_.sign[column] = 0.0;
  --num_free_;
  if (value == 1) take_column(column);
}

void NodeRelaxation::branch(int row, int value) {
  fix(basic_column(row), value);
  pending_ = {row, value};
}

void NodeRelaxation::fix_directly(int column, int value) {
  for (int p = 0; p < work_.rows; ++p) {
    if (basic_column(p) == column) {
      branch(p, value);
      return;
    }
  }
  fix(column, value);
  refresh_from_basis();
}

LpOutcome NodeRelaxation::reoptimize(double cutoff) {
  const int limit = 200 + 10 * work_.rows + work_.frame.num_columns;
  const LpOutcome outcome = kernels_.dual_simplex(work_, pending_, cutoff, limit);
  if (outcome != LpOutcome::kUnstable) return outcome;
  recover();
  return kernels_.dual_simplex(work_, pending_, cutoff, limit);
}

bool NodeRelaxation::bound_is_below(std::int64_t threshold, std::span<const std::int32_t> taken) {
  double bound = work_.fixed_profit;
  for (int i = 0; i < work_.rows; ++i) {
    double& y = work_.dual[i];
    if (y < 0.0) {
      if (work_.slack_range[i] == kInfinity) {
        y = 0.0;
      } else {
        bound -= y * work_.slack_range[i];
      }
    }
    bound += y * work_.capacity[i];
  }
  bound += kernels_.price_all(work_);
  work_.objective = bound;
  if (model_.is_exact_in_double) {
    margin_ = dual_function_margin(model_, work_);
    bound_ = bound + margin_;
    integer_bound_ = std::min(floor_to_int64(bound_), model_.total_profit);
    return bound_ < static_cast<double>(threshold);
  }
  integer_bound_ = integer_dual_.evaluate(work_, taken, cardinality_);
  bound_ = std::nextafter(static_cast<double>(integer_bound_), kInfinity);
  return integer_bound_ < threshold;
}

int NodeRelaxation::fix_columns(std::int64_t threshold, std::vector<std::int32_t>& taken) {
  int count = 0;
  if (model_.is_exact_in_double) {
    const double gap = bound_ + 2.0 * margin_ - static_cast<double>(threshold);
    count = kernels_.collect_fixable(work_, std::max(gap, 0.0) + kDualTolerance, work_.heap);
  } else {
    count = integer_dual_.collect_fixable(work_, threshold, work_.heap);
  }
  for (int k = 0; k < count; ++k) {
    const int column = work_.heap[k];
    const int value = work_.sign[column] > 0.0 ? 1 : 0;
    if (value == 1) taken.push_back(work_.frame.item[column]);
    fix(column, value);
  }
  return count;
}

int NodeRelaxation::fix_too_heavy() {
  if (!model_.is_exact_in_double) return 0;
  int count = 0;
  for (int i = 0; i < model_.core.num_rows; ++i) {
    const double capacity = work_.capacity[i];
    if (capacity >= 1.0) continue;  // scaled weights are at most 1
    for (int column = 0; column < work_.frame.num_columns; ++column) {
      if (!is_nonbasic_at(column, 0)) continue;
      if (work_.frame.weight_at(work_.rows, i, column) <= capacity) continue;
      fix(column, 0);
      ++count;
    }
  }
  return count;
}

void NodeRelaxation::tighten_slacks(std::int64_t threshold) {
  if (!model_.is_exact_in_double) return;
  const double gap = bound_ + 2.0 * margin_ - static_cast<double>(threshold);
  for (int i = 0; i < model_.core.num_rows; ++i) {
    if (work_.slack_sign[i] >= 0.0 || work_.dual[i] <= kDualTolerance) continue;
    const double range = gap / work_.dual[i] * (1.0 + 1e-12) + 1e-12;
    work_.slack_range[i] = std::min(work_.slack_range[i], range);
  }
}

void NodeRelaxation::copy_column(int from, const Frame& source, int to, double* cost,
                                 double* weight, std::int32_t* item) const {
  const std::ptrdiff_t rows = work_.rows;
  item[to] = source.item[from];
  cost[to] = source.cost[from];
  const double* in = source.weight + from / kBlock * rows * kBlock + from % kBlock;
  double* out = weight + to / kBlock * rows * kBlock + to % kBlock;
  for (std::ptrdiff_t i = 0; i < rows; ++i) out[i * kBlock] = in[i * kBlock];
}

void NodeRelaxation::compact(StackArena& arena) {
  const Frame source = work_.frame;
  const int blocks = padded(std::max(num_free_, 1)) / kBlock;
  if (blocks == source.num_blocks || num_free_ > kCompactionShare * source.num_columns) {
    return;
  }
  const auto size = static_cast<std::size_t>(blocks) * kBlock;
  const auto rows = static_cast<std::size_t>(work_.rows);
  auto* item = arena.allocate<std::int32_t>(size);
  auto* cost = arena.allocate<double>(size);
  auto* weight = arena.allocate<double>(size * rows);
  int to = 0;
  for (int c = 0; c < source.num_columns; ++c) {
    if (work_.sign[c] == 0.0) continue;
    copy_column(c, source, to, cost, weight, item);
    work_.sign[to] = work_.sign[c];
    work_.reduced_cost[to] = work_.reduced_cost[c];
    work_.heap[c] = to;  // for the basis below
    ++to;
  }
  ESPALIER_ASSERT(to == num_free_);
  for (int p = 0; p < work_.rows; ++p) {
    if (work_.basis[p] >= 0) work_.basis[p] = work_.heap[basic_column(p)];
  }
  for (int pad = to; pad < static_cast<int>(size); ++pad) {
    const int at = pad % kBlock;
    double* block = weight + static_cast<std::ptrdiff_t>(pad / kBlock) * work_.rows * kBlock;
    for (int i = 0; i < work_.rows; ++i) block[i * kBlock + at] = 0.0;
    item[pad] = -1;
    cost[pad] = 0.0;
    work_.sign[pad] = 0.0;
    work_.reduced_cost[pad] = 0.0;
  }
  work_.frame = {to, blocks, item, cost, weight};
}

void NodeRelaxation::save(SavedNode& node, StackArena& arena) const {
  const auto columns = static_cast<std::size_t>(work_.frame.num_blocks) * kBlock;
  node.frame = work_.frame;
  node.data = arena.allocate<double>(work_.small_count + 2 * columns);
  std::memcpy(node.data, work_.dual, work_.small_count * sizeof(double));
  std::memcpy(node.data + work_.small_count, work_.reduced_cost, columns * sizeof(double));
  std::memcpy(node.data + work_.small_count + columns, work_.sign, columns * sizeof(double));
  node.fixed_profit = work_.fixed_profit;
  node.objective = work_.objective;
  node.cardinality = cardinality_;
  node.num_free = num_free_;
  node.pivots_since_refactor = work_.pivots_since_refactor;
}

void NodeRelaxation::load(const SavedNode& node) {
  const auto columns = static_cast<std::size_t>(node.frame.num_blocks) * kBlock;
  work_.frame = node.frame;
  std::memcpy(work_.dual, node.data, work_.small_count * sizeof(double));
  std::memcpy(work_.reduced_cost, node.data + work_.small_count, columns * sizeof(double));
  std::memcpy(work_.sign, node.data + work_.small_count + columns, columns * sizeof(double));
  work_.fixed_profit = node.fixed_profit;
  work_.objective = node.objective;
  work_.pivots_since_refactor = node.pivots_since_refactor;
  cardinality_ = node.cardinality;
  num_free_ = node.num_free;
  pending_ = {};
}

void NodeRelaxation::copy_out(SavedNode& node, AlignedArray<std::byte>& memory) const {
  const auto columns = static_cast<std::size_t>(node.frame.num_blocks) * kBlock;
  const std::size_t data_bytes = (work_.small_count + 2 * columns) * sizeof(double);
  const std::size_t cost_bytes = columns * sizeof(double);
  const std::size_t weight_bytes = cost_bytes * static_cast<std::size_t>(work_.rows);
  const std::size_t item_bytes = columns * sizeof(std::int32_t);
  memory = make_aligned<std::byte>(data_bytes + cost_bytes + weight_bytes + item_bytes);
  std::byte* at = memory.get();
  const auto move = [&at](auto*& part, std::size_t bytes) {
    std::memcpy(at, part, bytes);
    part = reinterpret_cast<std::remove_reference_t<decltype(part)>>(at);
    at += bytes;
  };
  move(node.data, data_bytes);
  move(node.frame.cost, cost_bytes);
  move(node.frame.weight, weight_bytes);
  move(node.frame.item, item_bytes);
}

}  // namespace espalier::solver
