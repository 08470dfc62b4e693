#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/solver/frontier.hpp"
#include "espalier/solver/instance_io.hpp"

namespace espalier::solver {

/// Capacity of a row from text: a decimal number in the file's units ("2.5"), or a percentage of
/// what all items weigh together in that row ("40%"). Rounded down to a whole unit of the problem,
/// which cuts off no selection. Throws Error for anything else and where it leaves 63 bits.
std::int64_t parse_budget(const Instance& instance, int row, std::string_view text);

/// A frontier of a file's instance, to be written. All references must outlive it.
struct FrontierReport {
  const Instance& instance;
  const ClassedItems& classes;
  std::span<const FrontierPoint> points;
  /// Rows whose capacities vary; the first one is the x axis of the picture.
  std::vector<int> rows;
  /// Whether they vary in every combination instead of together.
  bool is_grid = false;
  int threads = 1;
  double seconds = 0.0;
};

/// One line per point, in the order of the points, below a line of names:
///
///     capacity_0,...,status,objective,bound,used_0,...,multiplier_0,...
///
/// Capacities, what is used of them and the objective are exact numbers in the file's units; a
/// multiplier says what one unit more of the capacity brings, about. Fields without meaning for an
/// infeasible point are empty.
std::string frontier_to_csv(const FrontierReport& report);

/// One JSON object:
///
///     {"instance":"net.dat","n":9,"m":2,"rows":[0],"grid":false,"threads":2,"seconds":0.1,
///      "classes":[{"items":4,"weights":[1,2]},...],
///      "points":[{"capacities":[5,9],"status":"optimal","stop_reason":"none","objective":7,
///                 "bound":7,"used":[5,8],"multipliers":[0.5,0],"counts":[2,1]},...]}
///
/// with the units of frontier_to_csv(). `counts` are the chosen items per class, always its best
/// ones. `with_items` adds the chosen items of each point, 0-based and ascending, as "selected", so
/// that a point reads like a result of `espalier solve`.
enum class FrontierDetail { kCounts, kItems };
std::string frontier_to_json(const FrontierReport& report, FrontierDetail detail);

/// A self-contained SVG picture: optimal value against the capacity of the first row, one curve for
/// every budget of the other rows when they form a grid (of many, some that are evenly spread).
/// A vertical line marks the instance's own capacity. Points hold their numbers as tool tips.
std::string frontier_to_svg(const FrontierReport& report);

}  // namespace espalier::solver
