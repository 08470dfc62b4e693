#pragma once

#include <string>
#include <vector>

#include "report_rows.hpp"

namespace espalier::bench {

/// How the estimate of one whole network compares with its report.
struct NetworkComparison {
  const ReportRow* row = nullptr;
  double dsp = 0.0;  ///< estimates
  double bram18 = 0.0;
  double latency = 0.0;
  double ii = 0.0;
  bool is_dsp_close = false;   ///< within 2 %
  bool is_bram_close = false;  ///< within 10 %
  bool has_timing = false;
  bool is_latency_close = false;  ///< within 10 % of the reported range
  bool is_ii_close = false;       ///< within 10 % of the reported maximum
  std::string gaps;               ///< what the tables do not tell; empty when they tell all
};

/// Compares every row with a Resource layer. Which activation ends a network is not listed: softmax
/// (sigmoid for one output) or none, whichever has the DSP blocks that are nearer to the report;
/// BRAM has no say in the choice.
std::vector<NetworkComparison> compare_networks(const std::vector<ReportRow>& networks,
                                                const std::vector<ReportRow>& layer_rows);

/// Shares of a group of networks.
struct NetworkSummary {
  int networks = 0;
  double dsp_close = 0.0;
  double bram_close = 0.0;
  int with_timing = 0;
  double latency_close = 0.0;
  double ii_close = 0.0;
};

/// Of all networks, or of those alone that the tables describe fully.
NetworkSummary summarize(const std::vector<NetworkComparison>& comparisons, bool only_described);

}  // namespace espalier::bench
