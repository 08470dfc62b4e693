#pragma once

#include <map>
#include <string>
#include <vector>

#include "report_rows.hpp"

namespace espalier::bench {

/// How one estimate compares with its report. Negative counts: the report has no such figure.
struct Comparison {
  const ReportRow* row = nullptr;
  double dsp_error = 0.0;  ///< estimate minus report, in blocks
  double bram_error = 0.0;
  double latency_error = 0.0;     ///< cycles outside [lat_min, lat_max] of the report
  double latency_relative = 0.0;  ///< the same over the nearer end
  double ii_error = 0.0;
  double lut_relative = 0.0;  ///< |estimate - report| / report
  double ff_relative = 0.0;
  bool has_latency = false;
  bool has_ii = false;
  bool has_logic = false;
};

/// Estimates every successful row that the model has a layer for.
std::vector<Comparison> compare(const std::vector<ReportRow>& rows);

/// Rows with strategy Resource and RF > 1.
bool is_folded(const ReportRow& row);

/// Shares and medians of a group of comparisons, one per judged figure.
struct Summary {
  int rows = 0;
  int dsp_rows = 0;  ///< those with weights of 8 to 18 bits
  double dsp_exact = 0.0;
  double bram_within_1 = 0.0;
  double bram_exact = 0.0;
  int latency_rows = 0;
  double latency_close = 0.0;  ///< within 3 cycles or 3 %
  int ii_rows = 0;
  double ii_exact = 0.0;
  double lut_median = 0.0;
  double ff_median = 0.0;
};

Summary summarize(const std::vector<Comparison>& comparisons);

/// "source / layer type" -> its comparisons.
std::map<std::string, std::vector<Comparison>> by_source_and_kind(
    const std::vector<Comparison>& comparisons);

double median(std::vector<double> values);

}  // namespace espalier::bench
