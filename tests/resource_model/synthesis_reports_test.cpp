// Golden test: the figures that the README claims for the model, on real synthesis reports.

#include <cstdio>

#include "data_dir.hpp"
#include "evaluation.hpp"
#include "network_evaluation.hpp"

namespace {

using namespace espalier::bench;

int failures = 0;

void expect_at_least(const char* what, double value, double bound) {
  const bool holds = value >= bound;
  std::printf("%s %-55s %.3f, at least %.3f\n", holds ? "ok    " : "FAILED", what, value, bound);
  failures += !holds;
}

void expect_below(const char* what, double value, double bound) {
  const bool holds = value < bound;
  std::printf("%s %-55s %.3f, below %.3f\n", holds ? "ok    " : "FAILED", what, value, bound);
  failures += !holds;
}

}  // namespace

int main() {
  const auto file = espalier::tests::find_data("synthesis/layers.csv.gz");
  const auto networks_file = espalier::tests::find_data("synthesis/networks.csv.gz");
  if (!file || !networks_file) return espalier::tests::kSkipped;
  const auto rows = read_rows(*file);
  std::vector<Comparison> folded;
  std::vector<Comparison> dense;
  for (const Comparison& c : compare(rows)) {
    if (!is_folded(*c.row)) continue;
    folded.push_back(c);
    if (c.row->text("layer_type") == "dense") dense.push_back(c);
  }
  const Summary all = summarize(folded);
  const Summary of_dense = summarize(dense);
  expect_at_least("folded rows", all.rows, 500);
  expect_at_least("DSP exact, weights of 8 to 18 bits", all.dsp_exact, 0.97);
  expect_at_least("BRAM within one block", all.bram_within_1, 0.94);
  expect_at_least("BRAM exact", all.bram_exact, 0.85);
  expect_at_least("dense: latency within 3 cycles or 3 %", of_dense.latency_close, 0.90);
  expect_at_least("dense: interval exact", of_dense.ii_exact, 0.95);
  expect_below("dense: median relative error of LUT", of_dense.lut_median, 0.25);
  expect_below("dense: median relative error of FF", of_dense.ff_median, 0.25);
  const auto network_rows = read_rows(*networks_file);
  const NetworkSummary networks = summarize(compare_networks(network_rows, rows), true);
  expect_at_least("networks described by the tables", networks.networks, 20);
  expect_at_least("networks: DSP within 2 %", networks.dsp_close, 0.80);
  expect_at_least("networks: BRAM within 10 %", networks.bram_close, 0.80);
  return failures == 0 ? 0 : 1;
}
