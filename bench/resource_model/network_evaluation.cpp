#include "network_evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "espalier/resource_model/estimate.hpp"

#include "listed_network.hpp"

namespace espalier::bench {
namespace {

using resource_model::Activation;
using resource_model::Layer;
using resource_model::LayerType;
using resource_model::NetworkEstimate;

/// Lists of layers whose reports differ tenfold among each other: each is of a part of the network.
class Contradictions {
 public:
  explicit Contradictions(const std::vector<ReportRow>& networks) {
    for (const ReportRow& row : networks) {
      const double dsp = *row.number("dsp");
      const auto [entry, is_new] = ranges_.try_emplace(key(row), dsp, dsp);
      if (is_new) continue;
      entry->second.first = std::min(entry->second.first, dsp);
      entry->second.second = std::max(entry->second.second, dsp);
    }
  }
  bool contains(const ReportRow& row) const {
    const auto [low, high] = ranges_.at(key(row));
    return high > 10.0 * low + 10.0;
  }

 private:
  static std::string key(const ReportRow& row) { return row.text("source") + row.text("layers"); }
  std::map<std::string, std::pair<double, double>> ranges_;
};

NetworkEstimate estimate_listed(ListedNetwork& listed, double report_dsp) {
  const NetworkEstimate without = estimate(listed.network);
  Layer& last = listed.network.layers.back();
  if (last.type != LayerType::kDense) return without;
  last.activation = last.n_out > 1 ? Activation::kSoftmax : Activation::kSigmoid;
  NetworkEstimate with = estimate(listed.network);
  const auto distance = [&](const NetworkEstimate& e) {
    return std::abs(static_cast<double>(e.total.dsp) - report_dsp);
  };
  return distance(with) < distance(without) ? with : without;
}

bool is_close(double estimate, double report, double tolerance) {
  return std::abs(estimate - report) <= tolerance * report + 0.5;
}

void compare_timing(NetworkComparison& result) {
  const auto low = result.row->number("lat_min");
  const auto high = result.row->number("lat_max");
  const auto ii = result.row->number("ii_max");
  if (!low || !high || !ii) return;
  result.has_timing = true;
  const double nearest = std::clamp(result.latency, *low, *high);
  result.is_latency_close = is_close(result.latency, nearest, 0.10);
  result.is_ii_close = is_close(result.ii, *ii, 0.10);
}

NetworkComparison compare_network(const ReportRow& row, const std::vector<ReportRow>& layer_rows) {
  ListedNetwork listed = listed_network(row, layer_rows);
  NetworkComparison result;
  result.row = &row;
  for (const std::string& gap : listed.gaps) {
    result.gaps += (result.gaps.empty() ? "" : "; ") + gap;
  }
  if (!listed.network.layers.empty()) {
    const NetworkEstimate found = estimate_listed(listed, *row.number("dsp"));
    result.dsp = static_cast<double>(found.total.dsp);
    result.bram18 = static_cast<double>(found.total.bram18);
    result.latency = static_cast<double>(found.latency_cycles);
    result.ii = static_cast<double>(found.ii_cycles);
  }
  result.is_dsp_close = is_close(result.dsp, *row.number("dsp"), 0.02);
  result.is_bram_close = is_close(result.bram18, *row.number("bram18k"), 0.10);
  compare_timing(result);
  return result;
}

}  // namespace

std::vector<NetworkComparison> compare_networks(const std::vector<ReportRow>& networks,
                                                const std::vector<ReportRow>& layer_rows) {
  const Contradictions contradictions(networks);
  std::vector<NetworkComparison> comparisons;
  for (const ReportRow& row : networks) {
    if (row.text("layers").find("resource") == std::string::npos) continue;
    comparisons.push_back(compare_network(row, layer_rows));
    if (contradictions.contains(row)) comparisons.back().gaps = "report of a part of the network";
  }
  return comparisons;
}

NetworkSummary summarize(const std::vector<NetworkComparison>& comparisons, bool only_described) {
  NetworkSummary sum;
  for (const NetworkComparison& c : comparisons) {
    if (only_described && !c.gaps.empty()) continue;
    ++sum.networks;
    sum.dsp_close += c.is_dsp_close;
    sum.bram_close += c.is_bram_close;
    sum.with_timing += c.has_timing;
    sum.latency_close += c.is_latency_close;
    sum.ii_close += c.is_ii_close;
  }
  const auto as_share = [](double& count, int of) { count = of == 0 ? 1.0 : count / of; };
  as_share(sum.dsp_close, sum.networks);
  as_share(sum.bram_close, sum.networks);
  as_share(sum.latency_close, sum.with_timing);
  as_share(sum.ii_close, sum.with_timing);
  return sum;
}

}  // namespace espalier::bench
