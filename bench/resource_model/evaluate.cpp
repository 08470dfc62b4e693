// Holds the resource model against synthesis reports: a table per source and layer kind, and with
// --outliers every row whose DSP or BRAM estimate is off.

#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>

#include "evaluation.hpp"

namespace {

using namespace espalier::bench;

void print_head() {
  std::printf("%-34s %5s | %5s %7s | %7s %7s | %5s %7s | %5s %7s | %8s %8s\n", "source / kind",
              "rows", "8-18b", "DSP =", "BRAM+-1", "BRAM =", "lat", "close", "II", "exact",
              "LUT med", "FF med");
}

void print_summary(const char* name, const Summary& s) {
  std::printf(
      "%-34s %5d | %5d %6.1f%% | %6.1f%% %6.1f%% | %5d %6.1f%% | %5d %6.1f%% | %7.1f%% %7.1f%%\n",
      name, s.rows, s.dsp_rows, 100 * s.dsp_exact, 100 * s.bram_within_1, 100 * s.bram_exact,
      s.latency_rows, 100 * s.latency_close, s.ii_rows, 100 * s.ii_exact, 100 * s.lut_median,
      100 * s.ff_median);
}

void print_group(const char* title, const std::vector<Comparison>& comparisons) {
  std::printf("\n%s\n", title);
  print_head();
  for (const auto& [name, group] : by_source_and_kind(comparisons)) {
    print_summary(name.c_str(), summarize(group));
  }
  print_summary("all", summarize(comparisons));
}

void print_outliers(const std::vector<Comparison>& comparisons) {
  std::printf("\noutliers: estimate minus report\n");
  for (const Comparison& c : comparisons) {
    const bool is_latency_off = c.has_latency && c.latency_error > 3.0 && c.latency_relative > 0.03;
    const bool is_ii_off = c.has_ii && c.ii_error != 0.0;
    const bool is_dense = c.row->text("layer_type") == "dense";
    if (c.dsp_error == 0.0 && std::abs(c.bram_error) <= 1.0 &&
        !(is_dense && (is_latency_off || is_ii_off))) {
      continue;
    }
    std::printf(
        "%s %s %sx%s rf %s w %s in %s %s: DSP %+.2f of %s, BRAM %+.0f of %s, latency %+.0f, II "
        "%+.0f, %s %s\n",
        c.row->text("source").c_str(), c.row->text("layer_type").c_str(),
        c.row->text("n_in").c_str(), c.row->text("n_out").c_str(), c.row->text("rf").c_str(),
        c.row->text("w_bits").c_str(), c.row->text("in_bits").c_str(),
        c.row->text("io_type").c_str(), c.dsp_error, c.row->text("dsp").c_str(), c.bram_error,
        c.row->text("bram18k").c_str(), c.latency_error, c.ii_error, c.row->text("project").c_str(),
        c.row->text("function").c_str());
  }
}

int run(const char* file, bool with_outliers) {
  const auto rows = read_rows(file);
  std::vector<Comparison> folded;
  std::vector<Comparison> folded_dense;
  std::vector<Comparison> unfolded;
  const auto comparisons = compare(rows);
  for (const Comparison& c : comparisons) {
    (is_folded(*c.row) ? folded : unfolded).push_back(c);
    if (is_folded(*c.row) && c.row->text("layer_type") == "dense") folded_dense.push_back(c);
  }
  print_group("strategy Resource, RF > 1", folded);
  print_summary("all dense", summarize(folded_dense));
  print_group("strategy Latency, or RF = 1", unfolded);
  if (with_outliers) print_outliers(folded);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const bool with_outliers = argc == 3 && std::strcmp(argv[2], "--outliers") == 0;
  if (argc != 2 && !with_outliers) {
    std::fprintf(stderr, "usage: evaluate_resource_model layers.csv.gz [--outliers]\n");
    return 2;
  }
  try {
    return run(argv[1], with_outliers);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "evaluate_resource_model: %s\n", error.what());
    return 1;
  }
}
