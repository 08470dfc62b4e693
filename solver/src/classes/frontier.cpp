#include "espalier/solver/frontier.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "espalier/support/error.hpp"

#include "classes/class_selection.hpp"
#include "classes/open_classes.hpp"
#include "classes/point_series.hpp"
#include "tasks/run_tasks.hpp"
#include "classes/sorted_classes.hpp"

namespace espalier::solver {
namespace {

/// Points, at most, of which each starts from the one before; the first of each block starts
/// afresh, so that the blocks can go to any thread and still come out the same.
constexpr std::size_t kBlock = 32;

void check_threads(int threads) {
  if (threads >= 1) return;
  throw Error("threads is " + std::to_string(threads) + "; expected at least 1");
}

std::function<double()> clock_from_now() {
  const auto begin = std::chrono::steady_clock::now();
  return [begin] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
}

}  // namespace

std::vector<FrontierPoint> trace_frontier(const ClassedProblem& problem,
                                          std::span<const std::vector<std::int64_t>> capacities,
                                          const SolveOptions& options) {
  check_threads(options.threads);
  for (const auto& budgets : capacities) problem.check_capacities(budgets);
  const auto seconds = clock_from_now();
  const OpenClasses open(problem);
  const SortedClasses sorted(problem, open, options.threads);
  SolveOptions point_options = options;
  point_options.threads = 1;
  std::vector<FrontierPoint> points(capacities.size());
  const std::size_t blocks = (points.size() + kBlock - 1) / kBlock;
  run_tasks(options.threads, blocks, [&](std::size_t block) {
    PointSeries series(problem, open, sorted);
    const std::size_t end = points.size() * (block + 1) / blocks;
    for (std::size_t k = points.size() * block / blocks; k < end; ++k) {
      points[k] = series.next(capacities[k], point_options, seconds);
    }
  });
  return points;
}

struct BudgetSolver::State {
  State(const ClassedProblem& of, int threads)
      : problem(of), open(of), sorted(of, open, threads), series(of, open, sorted) {}

  const ClassedProblem& problem;
  OpenClasses open;
  SortedClasses sorted;
  PointSeries series;
};

BudgetSolver::BudgetSolver(const ClassedProblem& problem, int threads) {
  check_threads(threads);
  state_ = std::make_unique<State>(problem, threads);
}

BudgetSolver::BudgetSolver(BudgetSolver&&) noexcept = default;
BudgetSolver& BudgetSolver::operator=(BudgetSolver&&) noexcept = default;
BudgetSolver::~BudgetSolver() = default;

FrontierPoint BudgetSolver::solve(std::span<const std::int64_t> capacities,
                                  const SolveOptions& options) {
  check_threads(options.threads);
  state_->problem.check_capacities(capacities);
  return state_->series.next(capacities, options, clock_from_now());
}

std::vector<std::vector<std::int32_t>> best_items(const ClassedProblem& problem,
                                                  std::span<const std::int64_t> counts,
                                                  int threads) {
  if (counts.size() != problem.classes().size()) {
    throw Error("found " + std::to_string(counts.size()) + " counts; expected one per class, " +
                std::to_string(problem.classes().size()));
  }
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const ItemClass& klass = problem.classes()[c];
    const auto least = static_cast<std::int64_t>(klass.always.size());
    const auto most = static_cast<std::int64_t>(klass.profits.size() - klass.never.size());
    if (counts[c] < least || counts[c] > most) {
      throw Error("the count of class " + std::to_string(c) + " is " + std::to_string(counts[c]) +
                  "; expected " + std::to_string(least) + " to " + std::to_string(most));
    }
  }
  return select_best(problem, OpenClasses(problem), nullptr, counts, threads).items;
}

}  // namespace espalier::solver
