#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace espalier::pruning {

enum class PointKind { kBaseline, kAccepted, kRejected };

struct ChartPoint {
  double x = 0.0;
  double y = 0.0;
  PointKind kind = PointKind::kAccepted;
  std::string tooltip;
};

/// A scatter chart; accepted points and the baseline are joined in the given order. Colours come
/// from the page's style sheet, so that light and dark mode both work.
struct ScatterChart {
  std::string x_label;
  std::string y_label;
  std::vector<ChartPoint> points;
  std::optional<double> limit;  ///< a horizontal line
  std::string limit_label;
  double floor = 0.0;  ///< points below it are drawn as triangles at the lower edge
};

std::string scatter_svg(const ScatterChart& chart);

/// A picture of flags: one cell each, `per_group` consecutive flags side by side across the long
/// axis. Set cells are drawn, the others are background.
std::string cells_svg(std::span<const std::uint8_t> flags, std::int64_t per_group);

}  // namespace espalier::pruning
