#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

/// The few pieces that our SVG charts are made of.
namespace espalier::svg {

/// Fixed-point text with so many decimals.
inline std::string fixed(double value, int decimals) {
  char text[400];
  const int length = std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return {text, static_cast<std::size_t>(length)};
}

/// Text with &, <, > and quotes made safe for HTML and SVG.
inline std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

/// ` name="value"`; the value must be safe already.
inline std::string attribute(const char* name, const std::string& value) {
  return std::string(" ") + name + "=\"" + value + "\"";
}

/// A coordinate, to a tenth of a unit.
inline std::string number(double value) { return fixed(value, 1); }

inline std::string line(double x1, double y1, double x2, double y2, const char* style) {
  return "<line" + attribute("x1", number(x1)) + attribute("y1", number(y1)) +
         attribute("x2", number(x2)) + attribute("y2", number(y2)) + attribute("class", style) +
         "/>";
}

/// `anchor` is start, middle or end; `content` is made safe.
inline std::string text(double x, double y, const char* anchor, const std::string& content) {
  return "<text" + attribute("x", number(x)) + attribute("y", number(y)) +
         attribute("text-anchor", anchor) + ">" + escaped(content) + "</text>";
}

/// Text that reads upwards.
inline std::string upright_text(double x, double y, const std::string& content) {
  return "<text transform=\"translate(" + number(x) + " " + number(y) +
         ") rotate(-90)\" text-anchor=\"middle\">" + escaped(content) + "</text>";
}

/// A linear axis with round tick marks that covers all values.
struct Axis {
  double low = 0.0;
  double high = 1.0;
  double step = 1.0;

  double fraction(double value) const noexcept { return (value - low) / (high - low); }
};

/// About five steps of 1, 2 or 5 times a power of ten.
inline Axis make_axis(double smallest, double largest) {
  constexpr double kTicks = 5.0;
  const double range = std::max(largest - smallest, 1e-9 * std::max(1.0, std::abs(largest)));
  const double rough = range / kTicks;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10.0 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= rough) step = factor * power;
  }
  return {std::floor(smallest / step) * step, std::ceil(largest / step) * step, step};
}

}  // namespace espalier::svg
