#include "espalier/solver/profit_solver.hpp"

#include <algorithm>
#include <utility>

#include "classes/class_lp.hpp"
#include "classes/class_windows.hpp"
#include "classes/open_classes.hpp"
#include "classes/window_solve.hpp"

namespace espalier::solver {
namespace {

constexpr std::size_t kNotOpen = static_cast<std::size_t>(-1);

}  // namespace

struct ProfitSolver::State {
  explicit State(ClassedProblem of)
      : problem(std::move(of)), open(problem), windows(open, 1), place(problem.classes().size()) {
    is_replaced.assign(problem.classes().size(), 1);
    note_open();
  }

  /// Brings `open` up to date; whether the open classes are the same ones as before.
  bool reopen() {
    std::vector<std::size_t> before;
    for (const OpenClass& of : open.open()) before.push_back(of.class_index);
    open = OpenClasses(problem);
    note_open();
    return std::equal(before.begin(), before.end(), open.open().begin(), open.open().end(),
                      [](std::size_t c, const OpenClass& of) { return c == of.class_index; });
  }

  void note_open() {
    std::fill(place.begin(), place.end(), kNotOpen);
    for (std::size_t k = 0; k < open.open().size(); ++k) {
      const OpenClass& of = open.open()[k];
      place[of.class_index] = k;
      // A list of candidates of its own is made anew every time.
      if (!of.has_all_items) is_replaced[of.class_index] = 1;
    }
  }

  void note_known() {
    for (const OpenClass& of : open.open()) {
      is_replaced[of.class_index] = of.has_all_items ? 0 : 1;
    }
  }

  LpPoint minimum(bool has_windows_of_these) {
    std::vector<std::uint8_t> replaced;
    for (const OpenClass& of : open.open()) replaced.push_back(is_replaced[of.class_index]);
    return has_windows_of_these ? windows.narrow_again(last, replaced)
                                : windows.narrow(last.multipliers);
  }

  ClassedProblem problem;
  OpenClasses open;
  ClassWindows windows;
  std::vector<std::size_t> place;  ///< of a class among the open ones of the last solve
  /// Per class: the windows do not know its profits, or not by their places in the class.
  std::vector<std::uint8_t> is_replaced;
  bool has_windows = false;  ///< `last` is the minimum over the windows
  LpPoint last;
  ClassedResult result;
};

ProfitSolver::ProfitSolver(ClassedProblem problem)
    : state_(std::make_unique<State>(std::move(problem))) {}

ProfitSolver::ProfitSolver(ProfitSolver&&) noexcept = default;
ProfitSolver& ProfitSolver::operator=(ProfitSolver&&) noexcept = default;
ProfitSolver::~ProfitSolver() = default;

const ClassedProblem& ProfitSolver::problem() const noexcept { return state_->problem; }

std::vector<std::int64_t> ProfitSolver::set_profits(std::size_t c,
                                                    std::vector<std::int64_t> profits) {
  auto former = state_->problem.set_profits(c, std::move(profits));
  state_->is_replaced[c] = 1;
  return former;
}

std::vector<ProfitChange> ProfitSolver::change_profits(std::size_t c,
                                                       std::span<const ProfitChange> changes) {
  auto former = state_->problem.change_profits(c, changes);
  const std::size_t k = state_->place[c];
  if (k == kNotOpen || state_->is_replaced[c] != 0 || !state_->has_windows) {
    state_->is_replaced[c] = 1;
    return former;
  }
  state_->is_replaced[c] = 1;  // until the windows have been told of everything
  for (std::size_t j = 0; j < changes.size(); ++j) {
    state_->windows.change(k, changes[j].position, former[j].profit, changes[j].profit);
  }
  state_->is_replaced[c] = 0;
  return former;
}

void ProfitSolver::set_min_kept(std::size_t c, std::int64_t min_kept) {
  state_->problem.set_min_kept(c, min_kept);
}

void ProfitSolver::set_capacities(std::vector<std::int64_t> capacities) {
  state_->problem.set_capacities(std::move(capacities));
}

const ClassedResult& ProfitSolver::solve(const SolveOptions& options) {
  check_options(options);
  State& state = *state_;
  const WindowSolve solve(state.problem, options);
  // Whatever is thrown on the way, the next solve begins from nothing.
  const bool had_windows = std::exchange(state.has_windows, false);
  const bool has_windows = state.reopen() && had_windows;
  if (state.open.is_infeasible()) {
    solve.refuse(state.result);
    return state.result;
  }
  state.windows.use_threads(options.threads);
  LpPoint point = state.minimum(has_windows);
  solve.run(state.open, state.windows, point, state.result);
  state.last = std::move(point);
  state.note_known();
  state.has_windows = true;
  return state.result;
}

}  // namespace espalier::solver
