#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include "espalier/solver/frontier_io.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/exact.hpp"

#include "io/decimal.hpp"
#include "io/frontier_units.hpp"
#include "io/json_text.hpp"
#include "io/source_text.hpp"

namespace espalier::solver {
namespace {

using io::JsonObject;

/// Weights of all items of one row together.
std::int64_t total_weight(const Instance& instance, int row) {
  std::int64_t total = 0;  // fits, by the invariants of a problem
  for (const std::int64_t weight : instance.problem.row(row))
    total += std::max<std::int64_t>(0, weight);
  return total;
}

Int128 power_of_ten(int exponent) { return Int128{io::power_of_ten(exponent)}; }

std::string six_digits(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// Capacities or loads of all rows in the file's units.
std::vector<std::string> in_units(const Instance& instance, std::span<const std::int64_t> loads) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    texts.push_back(load_in_file_units(instance, static_cast<int>(i), loads[i]));
  }
  return texts;
}

std::vector<std::string> multiplier_texts(const Instance& instance, const FrontierPoint& point) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < point.multipliers.size(); ++i) {
    const double scales = static_cast<double>(row_scale(instance, static_cast<int>(i))) /
                          static_cast<double>(instance.scale);
    texts.push_back(six_digits(instance.sense * point.multipliers[i] * scales));
  }
  return texts;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    if (&text != &texts.front()) all += ',';
    all += text;
  }
  return all;
}

std::string bracketed(const std::vector<std::string>& texts) { return "[" + joined(texts) + "]"; }

std::vector<std::int32_t> selected_items(const ClassedItems& classes, const FrontierPoint& point) {
  std::vector<std::int32_t> selected;
  if (point.counts.empty()) return selected;
  const auto best = best_items(classes.problem, point.counts);
  for (std::size_t c = 0; c < best.size(); ++c) {
    for (const auto k : best[c]) selected.push_back(classes.items[c][static_cast<std::size_t>(k)]);
  }
  std::sort(selected.begin(), selected.end());
  return selected;
}

std::string point_to_json(const FrontierReport& report, const FrontierPoint& point,
                          FrontierDetail detail) {
  const bool has_solution = point.status != Status::kInfeasible;
  const auto objective = [&](std::int64_t value) {
    return has_solution ? objective_in_file_units(report.instance, value) : std::string("null");
  };
  JsonObject json;
  json.add("capacities", bracketed(in_units(report.instance, point.capacities)));
  json.add("status", io::json_string(to_string(point.status)));
  json.add("stop_reason", io::json_string(to_string(point.stop_reason)));
  json.add("objective", objective(point.objective));
  json.add("bound", objective(point.bound));
  json.add("used", bracketed(in_units(report.instance, io::used_by(report, point))));
  json.add("multipliers", bracketed(multiplier_texts(report.instance, point)));
  json.add("counts", io::json_list(point.counts));
  if (detail == FrontierDetail::kItems) {
    json.add("selected", io::json_list(selected_items(report.classes, point)));
  }
  return json.text();
}

std::string classes_to_json(const FrontierReport& report) {
  std::vector<std::string> objects;
  for (const ItemClass& klass : report.classes.problem.classes()) {
    JsonObject json;
    json.add("items", std::to_string(klass.profits.size()));
    json.add("weights", bracketed(in_units(report.instance, klass.weights)));
    objects.push_back(json.text());
  }
  return bracketed(objects);
}

}  // namespace

std::vector<std::int64_t> io::used_by(const FrontierReport& report, const FrontierPoint& point) {
  std::vector<std::int64_t> used;
  if (point.counts.empty()) return used;
  used.assign(point.capacities.size(), 0);
  for (std::size_t c = 0; c < point.counts.size(); ++c) {
    const ItemClass& klass = report.classes.problem.classes()[c];
    for (std::size_t i = 0; i < used.size(); ++i) used[i] += point.counts[c] * klass.weights[i];
  }
  return used;
}

std::int64_t parse_budget(const Instance& instance, int row, std::string_view text) {
  const bool is_percentage = text.ends_with('%');
  io::Decimal number;
  const auto error =
      io::parse_decimal(is_percentage ? text.substr(0, text.size() - 1) : text, number);
  if (error != io::NumberError::kNone || (is_percentage && number.mantissa < 0)) {
    throw Error("the budget is " + io::quote(text) +
                "; expected a number, or a percentage of the row's total weight such as 40%");
  }
  const Int128 of_one = is_percentage ? total_weight(instance, row) : row_scale(instance, row);
  const Int128 parts = power_of_ten(number.decimals) * (is_percentage ? 100 : 1);
  const Int128 capacity = floor_div(of_one * number.mantissa, parts);
  if (capacity > kInt64Max || capacity < -Int128{kInt64Max}) {
    throw Error("the budget " + io::quote(text) + " reaches 2^63; expected less");
  }
  return static_cast<std::int64_t>(capacity);
}

std::string frontier_to_csv(const FrontierReport& report) {
  const int num_rows = report.instance.problem.num_rows();
  std::vector<std::string> names;
  const auto name_rows = [&](const char* what) {
    for (int i = 0; i < num_rows; ++i) names.push_back(what + std::to_string(i));
  };
  name_rows("capacity_");
  names.insert(names.end(), {"status", "objective", "bound"});
  name_rows("used_");
  name_rows("multiplier_");
  std::string csv = joined(names) + "\n";
  for (const FrontierPoint& point : report.points) {
    std::vector<std::string> fields = in_units(report.instance, point.capacities);
    fields.emplace_back(to_string(point.status));
    if (point.status == Status::kInfeasible) {
      fields.resize(names.size());
    } else {
      fields.push_back(objective_in_file_units(report.instance, point.objective));
      fields.push_back(objective_in_file_units(report.instance, point.bound));
      for (auto& text : in_units(report.instance, io::used_by(report, point))) {
        fields.push_back(std::move(text));
      }
      for (auto& text : multiplier_texts(report.instance, point)) fields.push_back(std::move(text));
    }
    csv += joined(fields) + "\n";
  }
  return csv;
}

std::string frontier_to_json(const FrontierReport& report, FrontierDetail detail) {
  std::vector<std::string> points;
  for (const FrontierPoint& point : report.points) {
    points.push_back(point_to_json(report, point, detail));
  }
  JsonObject json;
  json.add("instance", io::json_string(report.instance.name));
  json.add("n", std::to_string(report.instance.problem.num_items()));
  json.add("m", std::to_string(report.instance.problem.num_rows()));
  json.add("rows", io::json_list(report.rows));
  json.add("grid", report.is_grid ? "true" : "false");
  json.add("threads", std::to_string(report.threads));
  json.add("seconds", io::json_double(report.seconds));
  json.add("classes", classes_to_json(report));
  json.add("points", bracketed(points));
  return json.text();
}

}  // namespace espalier::solver
