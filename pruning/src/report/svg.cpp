#include "report/svg.hpp"

#include <algorithm>
#include <cmath>

#include "espalier/support/svg.hpp"

namespace espalier::pruning {
namespace {

using svg::attribute;
using svg::Axis;
using svg::escaped;
using svg::fixed;
using svg::line;
using svg::make_axis;
using svg::number;
using svg::text;

// Chart geometry in SVG units; at the narrowest window a unit is about 0.75 pixels.
constexpr double kWidth = 420.0;
constexpr double kHeight = 280.0;
constexpr double kLeft = 74.0;
constexpr double kRight = 24.0;
constexpr double kTop = 12.0;
constexpr double kBottom = 44.0;

class Plot {
 public:
  explicit Plot(const ScatterChart& chart);
  std::string svg() const;

 private:
  double x_of(double value) const { return kLeft + x_.fraction(value) * (kWidth - kLeft - kRight); }
  double y_of(double value) const {
    return kHeight - kBottom - y_.fraction(value) * (kHeight - kTop - kBottom);
  }
  std::string axes() const;
  std::string path() const;
  std::string points() const;

  const ScatterChart& chart_;
  Axis x_;
  Axis y_;
};

Plot::Plot(const ScatterChart& chart) : chart_(chart) {
  double x_high = 0.0;
  double y_low = chart.limit.value_or(1e300);
  double y_high = chart.limit.value_or(-1e300);
  for (const ChartPoint& p : chart.points) {
    x_high = std::max(x_high, p.x);
    y_low = std::min(y_low, std::max(p.y, chart.floor));
    y_high = std::max(y_high, p.y);
  }
  x_ = make_axis(0.0, x_high);
  y_ = make_axis(y_low, y_high);
}

std::string Plot::axes() const {
  std::string out;
  for (double x = x_.low; x <= x_.high + 0.5 * x_.step; x += x_.step) {
    out += line(x_of(x), kTop, x_of(x), kHeight - kBottom, "grid");
    out += text(x_of(x), kHeight - kBottom + 16, "middle", fixed(x, x_.step < 1.0 ? 1 : 0));
  }
  for (double y = y_.low; y <= y_.high + 0.5 * y_.step; y += y_.step) {
    out += line(kLeft, y_of(y), kWidth - kRight, y_of(y), "grid");
    out += text(kLeft - 6, y_of(y) + 4, "end", fixed(100.0 * y, y_.step < 0.0099 ? 1 : 0) + " %");
  }
  out += text((kLeft + kWidth - kRight) / 2.0, kHeight - 8, "middle", chart_.x_label);
  return out + svg::upright_text(13, (kTop + kHeight - kBottom) / 2.0, chart_.y_label);
}

std::string Plot::path() const {
  std::string d;
  for (const ChartPoint& p : chart_.points) {
    if (p.kind == PointKind::kRejected) continue;
    d += (d.empty() ? "M" : "L") + number(x_of(p.x)) + " " + number(y_of(p.y));
  }
  return d.empty() ? d : "<path class=\"trace\" d=\"" + d + "\"/>";
}

std::string Plot::points() const {
  std::string out;
  for (const ChartPoint& p : chart_.points) {
    const char* style = p.kind == PointKind::kBaseline   ? "baseline"
                        : p.kind == PointKind::kAccepted ? "accepted"
                                                         : "rejected";
    const std::string title = "<title>" + escaped(p.tooltip) + "</title>";
    if (p.y < y_.low) {
      out +=
          "<path" + attribute("class", style) +
          attribute("d", "M" + number(x_of(p.x)) + " " + number(kHeight - kBottom) + "l-5 -9h10z") +
          ">" + title + "</path>";
      continue;
    }
    out += "<circle r=\"5\"" + attribute("cx", number(x_of(p.x))) +
           attribute("cy", number(y_of(p.y))) + attribute("class", style) + ">" + title +
           "</circle>";
  }
  return out;
}

std::string Plot::svg() const {
  std::string out =
      "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 " + number(kWidth) + " " + number(kHeight) +
      "\"" + attribute("aria-label", escaped(chart_.y_label + " against " + chart_.x_label)) + ">";
  out += axes();
  if (chart_.limit) {
    const double y = y_of(*chart_.limit);
    out += line(kLeft, y, kWidth - kRight, y, "limit");
    out += text(kWidth - kRight - 4, y + 14, "end", chart_.limit_label);
  }
  return out + path() + points() + "</svg>\n";
}

}  // namespace

std::string scatter_svg(const ScatterChart& chart) { return Plot(chart).svg(); }

std::string cells_svg(std::span<const std::uint8_t> flags, std::int64_t per_group) {
  const auto count = static_cast<std::int64_t>(flags.size());
  const std::int64_t groups = (count + per_group - 1) / per_group;
  const bool groups_are_columns = groups >= per_group;
  const std::int64_t columns = groups_are_columns ? groups : per_group;
  const std::int64_t rows = groups_are_columns ? per_group : groups;
  const auto is_set = [&](std::int64_t row, std::int64_t column) {
    const std::int64_t f = groups_are_columns ? column * per_group + row : row * per_group + column;
    return f < count && flags[static_cast<std::size_t>(f)] != 0;
  };

  std::string d;  // one run of set cells after the other, as closed rectangles
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      if (!is_set(row, column)) continue;
      const std::int64_t start = column;
      while (column < columns && is_set(row, column)) ++column;
      const std::string length = std::to_string(column - start);
      d += "M" + std::to_string(start) + " " + std::to_string(row) + "h" + length + "v1h-" +
           length + "z";
    }
  }
  const std::int64_t pixels = std::clamp<std::int64_t>(900 / columns, 2, 12);
  const std::string size = std::to_string(columns) + " " + std::to_string(rows);
  return "<svg class=\"cells\" role=\"img\" viewBox=\"0 0 " + size + "\"" +
         attribute("width", std::to_string(columns * pixels)) +
         attribute("aria-label", "mask, kept cells are filled") + "><rect class=\"removed\"" +
         attribute("width", std::to_string(columns)) + attribute("height", std::to_string(rows)) +
         "/><path class=\"kept\" d=\"" + d + "\"/></svg>\n";
}

}  // namespace espalier::pruning
