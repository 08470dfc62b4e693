#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "espalier/solver/frontier_io.hpp"
#include "espalier/support/svg.hpp"

#include "io/frontier_units.hpp"

namespace espalier::solver {
namespace {

// Geometry in SVG units, pixels when shown at its natural size.
constexpr double kWidth = 640.0;
constexpr double kKeyWidth = 210.0;  ///< beside the chart, for the names of several curves
constexpr double kHeight = 400.0;
constexpr double kLeft = 70.0;
constexpr double kRight = 30.0;  // half of the last number below the axis
constexpr double kTop = 40.0;
constexpr double kBottom = 48.0;
/// Curves that can still be told apart, and points beyond which dots are left out.
constexpr std::size_t kMostCurves = 6;
constexpr std::size_t kMostDots = 250;

constexpr const char* kStyle =
    "svg{font:12px sans-serif;background:#fff;fill:#222}"
    ".grid{stroke:#ddd}.own{stroke:#888;stroke-dasharray:4 3}"
    ".c0{stroke:#0072b2;fill:#0072b2}.c1{stroke:#d55e00;fill:#d55e00}"
    ".c2{stroke:#009e73;fill:#009e73}.c3{stroke:#cc79a7;fill:#cc79a7}"
    ".c4{stroke:#e69f00;fill:#e69f00}.c5{stroke:#56b4e9;fill:#56b4e9}"
    ".curve,.key{fill:none;stroke-width:2}.title{font-weight:bold}"
    "@media (prefers-color-scheme:dark){svg{background:#1b1b1b;fill:#ddd}.grid{stroke:#444}}";

/// Values of an axis in thousands, millions, ... so that tick marks stay short.
struct Unit {
  double size = 1.0;
  std::string text;  ///< " (10^6)", empty for 1
};

Unit unit_of(double largest) {
  if (largest < 1e5) return {};
  const int exponent = 3 * static_cast<int>(std::floor(std::log10(largest) / 3.0));
  return {std::pow(10.0, exponent), " (10^" + std::to_string(exponent) + ")"};
}

int decimals_of(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
}

struct Dot {
  double x = 0.0;
  double y = 0.0;
  std::string tip;
};

struct Curve {
  std::string label;
  std::vector<Dot> dots;
};

double as_number(const std::string& decimal) { return std::strtod(decimal.c_str(), nullptr); }

class Picture {
 public:
  explicit Picture(const FrontierReport& report) : report_(report) {
    gather_curves();
    double x_low = 1e300, x_high = -1e300, y_low = 1e300, y_high = -1e300;
    for (const Curve& curve : curves_) {
      for (const Dot& dot : curve.dots) {
        x_low = std::min(x_low, dot.x);
        x_high = std::max(x_high, dot.x);
        y_low = std::min(y_low, dot.y);
        y_high = std::max(y_high, dot.y);
      }
    }
    if (x_high < x_low) x_low = y_low = 0.0, x_high = y_high = 1.0;  // every point is infeasible
    x_unit_ = unit_of(std::max(std::abs(x_low), std::abs(x_high)));
    y_unit_ = unit_of(std::max(std::abs(y_low), std::abs(y_high)));
    x_ = svg::make_axis(x_low / x_unit_.size, x_high / x_unit_.size);
    y_ = svg::make_axis(y_low / y_unit_.size, y_high / y_unit_.size);
  }

  std::string text() const {
    const std::string width = svg::number(kWidth + (report_.is_grid ? kKeyWidth : 0.0));
    const std::string height = svg::number(kHeight);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" +
           svg::attribute("viewBox", "0 0 " + width + " " + height) +
           svg::attribute("width", width) + svg::attribute("height", height) + ">\n<title>" +
           svg::escaped(title()) + "</title>\n<style>" + kStyle + "</style>\n" + axes() + "\n" +
           own_capacity() + lines() + key() + "</svg>\n";
  }

 private:
  int main_row() const { return report_.rows.empty() ? 0 : report_.rows.front(); }

  std::string capacity_text(int row, std::int64_t capacity) const {
    return load_in_file_units(report_.instance, row, capacity);
  }

  /// The capacities of the other rows of a grid; empty for a line.
  std::vector<std::int64_t> group_of(const FrontierPoint& point) const {
    std::vector<std::int64_t> group;
    for (std::size_t k = 1; report_.is_grid && k < report_.rows.size(); ++k) {
      group.push_back(point.capacities[static_cast<std::size_t>(report_.rows[k])]);
    }
    return group;
  }

  void gather_curves() {
    std::map<std::vector<std::int64_t>, std::vector<const FrontierPoint*>> groups;
    for (const FrontierPoint& point : report_.points) groups[group_of(point)].push_back(&point);
    std::vector<Curve> all;
    for (const auto& [group, points] : groups) {
      Curve curve;
      for (std::size_t k = 0; k < group.size(); ++k) {
        const int row = report_.rows[k + 1];
        curve.label += (k > 0 ? ", " : "") + std::string("row ") + std::to_string(row) + " up to " +
                       capacity_text(row, group[k]);
      }
      for (const FrontierPoint* point : points) {
        if (point->status != Status::kInfeasible) curve.dots.push_back(dot_of(*point));
      }
      std::stable_sort(curve.dots.begin(), curve.dots.end(),
                       [](const Dot& a, const Dot& b) { return a.x < b.x; });
      if (!curve.dots.empty()) all.push_back(std::move(curve));
    }
    const std::size_t shown = std::min(all.size(), kMostCurves);
    for (std::size_t k = 0; k < shown; ++k) {
      // Evenly spread, both ends included.
      curves_.push_back(std::move(all[shown == 1 ? 0 : k * (all.size() - 1) / (shown - 1)]));
    }
  }

  Dot dot_of(const FrontierPoint& point) const {
    const int row = main_row();
    const std::string x = capacity_text(row, point.capacities[static_cast<std::size_t>(row)]);
    const std::string y = objective_in_file_units(report_.instance, point.objective);
    Dot dot{as_number(x), as_number(y), {}};
    for (const int varied : report_.rows) {
      const auto i = static_cast<std::size_t>(varied);
      dot.tip += "row " + std::to_string(varied) + ": " +
                 capacity_text(varied, io::used_by(report_, point)[i]) + " of " +
                 capacity_text(varied, point.capacities[i]) + ", ";
    }
    dot.tip += "value " + y + (point.status == Status::kOptimal ? "" : " (not proven optimal)");
    return dot;
  }

  std::string title() const {
    return report_.instance.name + ": optimal value by budget, " +
           std::to_string(report_.points.size()) + " points";
  }

  double x_of(double value) const {
    return kLeft + x_.fraction(value / x_unit_.size) * (kWidth - kLeft - kRight);
  }
  double y_of(double value) const {
    return kHeight - kBottom - y_.fraction(value / y_unit_.size) * (kHeight - kTop - kBottom);
  }

  std::string axes() const {
    std::string out;
    for (double x = x_.low; x <= x_.high + 0.5 * x_.step; x += x_.step) {
      const double place = x_of(x * x_unit_.size);
      out += svg::line(place, kTop, place, kHeight - kBottom, "grid");
      out +=
          svg::text(place, kHeight - kBottom + 17, "middle", svg::fixed(x, decimals_of(x_.step)));
    }
    for (double y = y_.low; y <= y_.high + 0.5 * y_.step; y += y_.step) {
      const double place = y_of(y * y_unit_.size);
      out += svg::line(kLeft, place, kWidth - kRight, place, "grid");
      out += svg::text(kLeft - 7, place + 4, "end", svg::fixed(y, decimals_of(y_.step)));
    }
    std::string label = "capacity of row " + std::to_string(main_row()) + x_unit_.text;
    if (!report_.is_grid && report_.rows.size() > 1) label += ", other rows in step";
    out += svg::text((kLeft + kWidth - kRight) / 2.0, kHeight - 10, "middle", label);
    out += svg::upright_text(16, (kTop + kHeight - kBottom) / 2.0, "optimal value" + y_unit_.text);
    return out + "<g class=\"title\">" + svg::text(kLeft, 22, "start", title()) + "</g>";
  }

  std::string own_capacity() const {
    const auto i = static_cast<std::size_t>(main_row());
    const double own =
        as_number(capacity_text(main_row(), report_.instance.problem.capacities()[i]));
    const double place = own / x_unit_.size;
    if (place < x_.low || place > x_.high) return "";
    const double x = x_of(own);
    const bool is_right = x > 0.75 * kWidth;
    return svg::line(x, kTop, x, kHeight - kBottom, "own") +
           svg::text(x + (is_right ? -5 : 5), kHeight - kBottom - 6, is_right ? "end" : "start",
                     "capacity in the file") +
           "\n";
  }

  std::string lines() const {
    std::size_t dots = 0;
    for (const Curve& curve : curves_) dots += curve.dots.size();
    std::string out;
    for (std::size_t k = 0; k < curves_.size(); ++k) {
      const std::string color = "c" + std::to_string(k);
      std::string path;
      std::string marks;
      for (const Dot& dot : curves_[k].dots) {
        const std::string x = svg::number(x_of(dot.x));
        const std::string y = svg::number(y_of(dot.y));
        path += (path.empty() ? "M" : "L") + x + " " + y;
        marks += "<circle r=\"2.5\"" + svg::attribute("cx", x) + svg::attribute("cy", y) +
                 "><title>" + svg::escaped(dot.tip) + "</title></circle>";
      }
      out +=
          "<path" + svg::attribute("class", "curve " + color) + svg::attribute("d", path) + "/>\n";
      if (dots <= kMostDots) {
        out += "<g" + svg::attribute("class", color) + ">" + marks + "</g>\n";
      }
    }
    return out;
  }

  /// Names of the curves, the highest one on top.
  std::string key() const {
    std::string out;
    if (!report_.is_grid) return out;
    for (std::size_t k = 0; k < curves_.size(); ++k) {
      const double y = kTop + 12.0 + 18.0 * static_cast<double>(curves_.size() - 1 - k);
      out += svg::line(kWidth, y - 4, kWidth + 22, y - 4, ("key c" + std::to_string(k)).c_str()) +
             svg::text(kWidth + 28, y, "start", curves_[k].label) + "\n";
    }
    return out;
  }

  const FrontierReport& report_;
  std::vector<Curve> curves_;
  Unit x_unit_, y_unit_;
  svg::Axis x_, y_;
};

}  // namespace

std::string frontier_to_svg(const FrontierReport& report) { return Picture(report).text(); }

}  // namespace espalier::solver
