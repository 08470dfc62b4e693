// Fits the LUT and flip-flop coefficients of resource_model/src/logic_coefficients.hpp to synthesis
// reports and prints that file; cross-validated errors go to stderr.
//
// The coefficients of each LogicKind minimise the sum of relative errors |estimate - report| /
// report, which is a least-squares problem solved again and again with weights 1 / |residual|
// (iteratively reweighted least squares; E. J. Schlossmacher, "An iterative technique for absolute
// deviations curve fitting", JASA 1973). No coefficient may be negative, so that no layer gets a
// negative estimate: each problem is solved by cyclic coordinate descent on its normal equations,
// which converges for such constraints. Cross-validation leaves out whole shapes (n_in, n_out),
// one tenth at a time.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <map>
#include <set>
#include <utility>

#include "espalier/support/random.hpp"

#include "evaluation.hpp"
#include "logic.hpp"
#include "report_rows.hpp"

namespace {

using namespace espalier::bench;
using namespace espalier::resource_model;

constexpr int kFolds = 10;
constexpr std::array<const char*, kNumLogicKinds> kKindNames{
    "kWithinOutput", "kAcrossOutputs", "kUnfolded", "kStreamedFolded", "kStreamedUnfolded"};

struct Sample {
  LogicInput input;
  std::string group;
  int fold = 0;
  double lut = 0.0;
  double ff = 0.0;
};

LogicTerms solve_nonnegative(const std::vector<LogicTerms>& rows,
                             const std::vector<double>& weights) {
  // Minimises sum w_i (rows_i . b - 1)^2 over b >= 0.
  std::array<LogicTerms, kNumLogicTerms> gram{};
  LogicTerms right{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t a = 0; a < kNumLogicTerms; ++a) {
      right[a] += weights[i] * rows[i][a];
      for (std::size_t b = 0; b < kNumLogicTerms; ++b)
        gram[a][b] += weights[i] * rows[i][a] * rows[i][b];
    }
  }
  LogicTerms solution{};
  for (int sweep = 0; sweep < 20000; ++sweep) {
    double change = 0.0;
    for (std::size_t a = 0; a < kNumLogicTerms; ++a) {
      if (gram[a][a] <= 0.0) continue;
      double slope = right[a];
      for (std::size_t b = 0; b < kNumLogicTerms; ++b) slope -= gram[a][b] * solution[b];
      const double updated = std::max(0.0, solution[a] + slope / gram[a][a]);
      change = std::max(change, std::abs(updated - solution[a]) * std::sqrt(gram[a][a]));
      solution[a] = updated;
    }
    if (change < 1e-9) break;
  }
  return solution;
}

LogicTerms fit(const std::vector<std::pair<LogicTerms, double>>& samples) {
  std::vector<LogicTerms> rows;
  for (auto [terms, report] : samples) {
    for (double& term : terms) term /= report;
    rows.push_back(terms);
  }
  std::vector<double> weights(rows.size(), 1.0);
  LogicTerms solution{};
  for (int round = 0; round < 40; ++round) {
    solution = solve_nonnegative(rows, weights);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double residual = -1.0;
      for (std::size_t a = 0; a < kNumLogicTerms; ++a) residual += rows[i][a] * solution[a];
      weights[i] = 1.0 / std::max(std::abs(residual), 1e-3);
    }
  }
  return solution;
}

std::vector<Sample> read_samples(const char* file) {
  std::vector<Sample> samples;
  std::map<std::pair<int, int>, int> folds;
  espalier::Random random(1);
  for (const ReportRow& row : read_rows(file)) {
    const auto network = network_of(row);
    const auto lut = row.number("lut");
    const auto ff = row.number("ff");
    if (!network || row.integer("success", 1) != 1 || !lut || !ff || *lut <= 0 || *ff <= 0)
      continue;
    Network corrected = *network;
    Layer& layer = corrected.layers.front();
    // Unrolled over pixels by a factor that the tables do not tell.
    if (layer.is_convolution() && corrected.io_type == IoType::kParallel) continue;
    layer.reuse_factor = std::min(layer.reuse_factor, static_cast<int>(layer.num_weights()));
    Sample sample;
    sample.input = logic_input(corrected, layer);
    if (layer.strategy == Strategy::kLatency) sample.input.weights -= row.integer("n_zeros", 0);
    sample.input.is_whole_design = row.text("scope") == "network";
    sample.group = source_kind(row);
    const std::pair<int, int> shape{row.integer("n_in", 0), row.integer("n_out", 0)};
    const auto fold = folds.try_emplace(shape, static_cast<int>(random.integer(0, kFolds - 1)));
    sample.fold = fold.first->second;
    sample.lut = *lut;
    sample.ff = *ff;
    samples.push_back(std::move(sample));
  }
  return samples;
}

using Target = double Sample::*;

LogicTerms fit_kind(const std::vector<Sample>& samples, LogicKind kind, Target target,
                    int left_out) {
  std::vector<std::pair<LogicTerms, double>> chosen;
  for (const Sample& sample : samples) {
    if (sample.input.kind != kind || sample.fold == left_out) continue;
    chosen.emplace_back(logic_terms(sample.input), sample.*target);
  }
  return fit(chosen);
}

void print_errors(const std::string& what, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::fprintf(stderr, "%-38s %4zu rows, error median %5.1f %%, p90 %6.1f %%\n", what.c_str(),
               values.size(), 100 * median(values), 100 * values[values.size() * 9 / 10]);
}

/// Cross-validated errors of a kind, by source; returns all of them.
std::vector<double> report_errors(const std::vector<Sample>& samples, LogicKind kind, Target target,
                                  const std::string& name) {
  std::map<std::string, std::vector<double>> errors;
  std::vector<double> all;
  for (int fold = 0; fold < kFolds; ++fold) {
    const LogicTerms coefficients = fit_kind(samples, kind, target, fold);
    for (const Sample& sample : samples) {
      if (sample.input.kind != kind || sample.fold != fold) continue;
      const LogicTerms terms = logic_terms(sample.input);
      double estimate = 0.0;
      for (std::size_t a = 0; a < kNumLogicTerms; ++a) estimate += terms[a] * coefficients[a];
      all.push_back(std::abs(estimate / (sample.*target) - 1.0));
      errors[sample.group].push_back(all.back());
    }
  }
  for (const auto& [group, values] : errors) {
    print_errors(std::string(kKindNames[static_cast<std::size_t>(kind)]) + " " + name + " " + group,
                 values);
  }
  return all;
}

void report_all_errors(const std::vector<Sample>& samples, Target target, const std::string& name) {
  std::vector<double> dense;
  for (int kind = 0; kind < kNumLogicKinds; ++kind) {
    const auto errors = report_errors(samples, static_cast<LogicKind>(kind), target, name);
    const bool is_folded_dense = kind <= static_cast<int>(LogicKind::kAcrossOutputs);
    if (is_folded_dense) dense.insert(dense.end(), errors.begin(), errors.end());
  }
  print_errors("all dense Resource, RF > 1: " + name, dense);
}

void print_table(const std::vector<Sample>& samples, Target target, const char* name) {
  std::printf("inline constexpr std::array<LogicTerms, kNumLogicKinds> %s{{\n", name);
  for (int kind = 0; kind < kNumLogicKinds; ++kind) {
    const LogicTerms coefficients = fit_kind(samples, static_cast<LogicKind>(kind), target, -1);
    std::printf("    // %s\n    {", kKindNames[static_cast<std::size_t>(kind)]);
    for (std::size_t a = 0; a < kNumLogicTerms; ++a) {
      std::printf("%s%.4g", a == 0 ? "" : ", ", coefficients[a] < 1e-6 ? 0.0 : coefficients[a]);
    }
    std::printf("},\n");
  }
  std::printf("}};\n\n");
}

void run(const char* file) {
  const std::vector<Sample> samples = read_samples(file);
  report_all_errors(samples, &Sample::lut, "LUT");
  report_all_errors(samples, &Sample::ff, "FF");
  std::printf(
      "#pragma once\n\n"
      "// Written by fit_logic_resource_model (bench/resource_model/fit_logic.cpp) from %zu "
      "synthesis\n"
      "// reports; do not edit. Columns are the terms of logic_terms(), rows the LogicKinds.\n\n"
      "#include <array>\n\n#include \"logic.hpp\"\n\nnamespace espalier::resource_model {\n\n"
      "// clang-format off\n",
      samples.size());
  print_table(samples, &Sample::lut, "kLutCoefficients");
  print_table(samples, &Sample::ff, "kFfCoefficients");
  std::printf("// clang-format on\n\n}  // namespace espalier::resource_model\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr,
                 "usage: fit_logic_resource_model layers.csv.gz > logic_coefficients.hpp\n");
    return 2;
  }
  try {
    run(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fit_logic_resource_model: %s\n", error.what());
    return 1;
  }
}
