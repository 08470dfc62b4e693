#include "evaluation.hpp"

#include <algorithm>
#include <cmath>

#include "espalier/resource_model/estimate.hpp"

#include "logic.hpp"

namespace espalier::bench {
namespace {

using resource_model::LayerEstimate;
using resource_model::Resources;

void compare_latency(const LayerEstimate& estimate, Comparison& result) {
  const auto low = result.row->number("lat_min");
  const auto high = result.row->number("lat_max");
  if (!low || !high) return;
  result.has_latency = true;
  const auto cycles = static_cast<double>(estimate.latency_cycles);
  result.latency_error = std::max({*low - cycles, cycles - *high, 0.0});
  result.latency_relative = result.latency_error / std::max(cycles > *high ? *high : *low, 1.0);
}

double relative(std::int64_t estimate, double report) {
  return std::abs(static_cast<double>(estimate) - report) / report;
}

void compare_logic(const Resources& total, Comparison& result) {
  const auto lut = result.row->number("lut");
  const auto ff = result.row->number("ff");
  if (!lut || !ff || *lut <= 0.0 || *ff <= 0.0) return;
  result.has_logic = true;
  result.lut_relative = relative(total.lut, *lut);
  result.ff_relative = relative(total.ff, *ff);
}

Comparison compare_row(const ReportRow& row, const resource_model::Network& network) {
  Comparison result;
  result.row = &row;
  const LayerEstimate estimate = resource_model::estimate(network).layers.front();
  Resources total = estimate.total;
  if (row.text("scope") == "network") total = total + resource_model::top_level_logic();
  result.dsp_error = static_cast<double>(total.dsp) - *row.number("dsp");
  result.bram_error = static_cast<double>(total.bram18) - *row.number("bram18k");
  compare_latency(estimate, result);
  if (const auto ii = row.number("ii_max")) {
    result.has_ii = true;
    result.ii_error = static_cast<double>(estimate.ii_cycles) - *ii;
  }
  compare_logic(total, result);
  return result;
}

double share(int count, int total) {
  return total == 0 ? 1.0 : static_cast<double>(count) / static_cast<double>(total);
}

}  // namespace

std::vector<Comparison> compare(const std::vector<ReportRow>& rows) {
  std::vector<Comparison> comparisons;
  for (const ReportRow& row : rows) {
    if (row.integer("success", 1) != 1 || !row.number("dsp") || !row.number("bram18k")) continue;
    if (const auto network = network_of(row)) comparisons.push_back(compare_row(row, *network));
  }
  return comparisons;
}

bool is_folded(const ReportRow& row) {
  return row.text("strategy") == "resource" && row.integer("rf", 1) > 1;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Summary summarize(const std::vector<Comparison>& comparisons) {
  Summary sum;
  int dsp = 0;
  int within = 0;
  int exact = 0;
  int latency = 0;
  int ii = 0;
  std::vector<double> lut;
  std::vector<double> ff;
  for (const Comparison& c : comparisons) {
    ++sum.rows;
    const int width = c.row->integer("w_bits", 16);
    if (width >= 8 && width <= 18) {
      ++sum.dsp_rows;
      dsp += std::abs(c.dsp_error) < 0.5;
    }
    within += std::abs(c.bram_error) <= 1.0;
    exact += std::abs(c.bram_error) < 0.5;
    sum.latency_rows += c.has_latency;
    latency += c.has_latency && (c.latency_error <= 3.0 || c.latency_relative <= 0.03);
    sum.ii_rows += c.has_ii;
    ii += c.has_ii && c.ii_error == 0.0;
    if (!c.has_logic) continue;
    lut.push_back(c.lut_relative);
    ff.push_back(c.ff_relative);
  }
  sum.dsp_exact = share(dsp, sum.dsp_rows);
  sum.bram_within_1 = share(within, sum.rows);
  sum.bram_exact = share(exact, sum.rows);
  sum.latency_close = share(latency, sum.latency_rows);
  sum.ii_exact = share(ii, sum.ii_rows);
  sum.lut_median = median(lut);
  sum.ff_median = median(ff);
  return sum;
}

std::map<std::string, std::vector<Comparison>> by_source_and_kind(
    const std::vector<Comparison>& comparisons) {
  std::map<std::string, std::vector<Comparison>> groups;
  for (const Comparison& c : comparisons) {
    groups[source_kind(*c.row) + " / " + c.row->text("layer_type")].push_back(c);
  }
  return groups;
}

}  // namespace espalier::bench
