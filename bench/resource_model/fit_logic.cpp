// Fits the LUT and flip-flop coefficients of resource_model/src/logic_coefficients.hpp to synthesis
// reports and prints that file; cross-validated errors go to stderr.
//
// The coefficients of each LogicKind minimise the sum of relative errors |estimate - report| /
// report, which is a least-squares problem solved again and again with weights 1 / |residual|
// (iteratively reweighted least squares; E. J. Schlossmacher, "An iterative technique for absolute
// deviations curve fitting", JASA 1973). No coefficient may be negative, so that no layer gets a
// negative estimate: each problem is solved by cyclic coordinate descent on its normal equations,
// which converges for such constraints. Cross-validation leaves out whole shapes (n_in, n_out),
// one tenth at a time. One source has most rows of some kinds: for each kind, rows count either the
// same or so that sources do, whichever has the smaller cross-validated error averaged over
// sources.

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

/// The sizes of a report's logic, what the report says, and how much it counts.
struct Equation {
  LogicTerms terms;
  double report = 1.0;
  double weight = 1.0;
};

LogicTerms fit(const std::vector<Equation>& equations) {
  std::vector<LogicTerms> rows;
  std::vector<double> weights;
  for (const Equation& equation : equations) {
    LogicTerms row = equation.terms;
    for (double& term : row) term /= equation.report;
    rows.push_back(row);
    weights.push_back(equation.weight);
  }
  LogicTerms solution{};
  for (int round = 0; round < 40; ++round) {
    solution = solve_nonnegative(rows, weights);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double residual = -1.0;
      for (std::size_t a = 0; a < kNumLogicTerms; ++a) residual += rows[i][a] * solution[a];
      weights[i] = equations[i].weight / std::max(std::abs(residual), 1e-3);
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

/// How much the rows of a source count: 0 each the same, 1 each source the same.
constexpr std::array<double, 2> kBalances{0.0, 1.0};
constexpr int kNoFold = -1;
/// A source with fewer rows has no say in the balance and the stated error.
constexpr int kMinRowsOfSource = 10;

LogicTerms fit_kind(const std::vector<Sample>& samples, LogicKind kind, Target target,
                    double balance, int left_out) {
  const auto is_chosen = [&](const Sample& sample) {
    return sample.input.kind == kind && sample.fold != left_out;
  };
  std::map<std::string, int> rows_of_group;
  for (const Sample& sample : samples) rows_of_group[sample.group] += is_chosen(sample);
  std::vector<Equation> equations;
  for (const Sample& sample : samples) {
    if (!is_chosen(sample)) continue;
    const int rows = std::max(rows_of_group[sample.group], kMinRowsOfSource);
    equations.push_back({logic_terms(sample.input), sample.*target, std::pow(rows, -balance)});
  }
  return fit(equations);
}

using Errors = std::map<std::string, std::vector<double>>;  // by source

/// Relative errors of a kind, each on shapes that the fit has not seen.
Errors cross_validate(const std::vector<Sample>& samples, LogicKind kind, Target target,
                      double balance) {
  Errors errors;
  for (int fold = 0; fold < kFolds; ++fold) {
    const LogicTerms coefficients = fit_kind(samples, kind, target, balance, fold);
    for (const Sample& sample : samples) {
      if (sample.input.kind != kind || sample.fold != fold) continue;
      const LogicTerms terms = logic_terms(sample.input);
      double estimate = 0.0;
      for (std::size_t a = 0; a < kNumLogicTerms; ++a) estimate += terms[a] * coefficients[a];
      errors[sample.group].push_back(std::abs(estimate / (sample.*target) - 1.0));
    }
  }
  return errors;
}

/// The median error of a source, averaged over the sources, so that none of them decides it.
double stated_error(const Errors& errors) {
  double sum = 0.0;
  int sources = 0;
  for (const auto& [group, values] : errors) {
    if (static_cast<int>(values.size()) < kMinRowsOfSource) continue;
    sum += median(values);
    ++sources;
  }
  return sources == 0 ? 0.0 : sum / sources;
}

/// The fit of one kind, with the balance between sources whose stated error is smaller.
struct KindFit {
  LogicTerms coefficients{};
  Errors errors;
};

KindFit fit_balanced(const std::vector<Sample>& samples, LogicKind kind, Target target) {
  KindFit best;
  for (const double balance : kBalances) {
    Errors errors = cross_validate(samples, kind, target, balance);
    if (!best.errors.empty() && stated_error(errors) >= stated_error(best.errors)) continue;
    best = {fit_kind(samples, kind, target, balance, kNoFold), std::move(errors)};
  }
  return best;
}

using KindFits = std::array<KindFit, kNumLogicKinds>;

KindFits fit_all(const std::vector<Sample>& samples, Target target) {
  KindFits fits;
  for (int kind = 0; kind < kNumLogicKinds; ++kind) {
    fits[static_cast<std::size_t>(kind)] =
        fit_balanced(samples, static_cast<LogicKind>(kind), target);
  }
  return fits;
}

void print_errors(const std::string& what, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::fprintf(stderr, "%-38s %4zu rows, error median %5.1f %%, p90 %6.1f %%\n", what.c_str(),
               values.size(), 100 * median(values), 100 * values[values.size() * 9 / 10]);
}

void report_errors(const KindFits& fits, const std::string& name) {
  std::vector<double> dense;
  for (std::size_t kind = 0; kind < fits.size(); ++kind) {
    for (const auto& [group, values] : fits[kind].errors) {
      print_errors(std::string(kKindNames[kind]) + " " + name + " " + group, values);
      const bool is_folded_dense = kind <= static_cast<std::size_t>(LogicKind::kAcrossOutputs);
      if (is_folded_dense) dense.insert(dense.end(), values.begin(), values.end());
    }
    std::fprintf(stderr, "%-38s error stated %5.1f %%\n",
                 (std::string(kKindNames[kind]) + " " + name).c_str(),
                 100 * stated_error(fits[kind].errors));
  }
  print_errors("all dense Resource, RF > 1: " + name, dense);
}

void print_coefficients(const KindFits& fits, const char* name) {
  std::printf("inline constexpr std::array<LogicTerms, kNumLogicKinds> %s{{\n", name);
  for (std::size_t kind = 0; kind < fits.size(); ++kind) {
    std::printf("    // %s\n    {", kKindNames[kind]);
    const LogicTerms& coefficients = fits[kind].coefficients;
    for (std::size_t a = 0; a < kNumLogicTerms; ++a) {
      std::printf("%s%.4g", a == 0 ? "" : ", ", coefficients[a] < 1e-6 ? 0.0 : coefficients[a]);
    }
    std::printf("},\n");
  }
  std::printf("}};\n\n");
}

void print_stated_errors(const KindFits& fits, const char* name) {
  std::printf("inline constexpr std::array<double, kNumLogicKinds> %s{", name);
  for (std::size_t kind = 0; kind < fits.size(); ++kind) {
    std::printf("%s%.2f", kind == 0 ? "" : ", ", stated_error(fits[kind].errors));
  }
  std::printf("};\n");
}

void run(const char* file) {
  const std::vector<Sample> samples = read_samples(file);
  const KindFits lut = fit_all(samples, &Sample::lut);
  const KindFits ff = fit_all(samples, &Sample::ff);
  report_errors(lut, "LUT");
  report_errors(ff, "FF");
  std::printf(
      "#pragma once\n\n"
      "// Written by fit_logic_resource_model (bench/resource_model/fit_logic.cpp) from %zu "
      "synthesis\n"
      "// reports; do not edit. Columns are the terms of logic_terms(), rows the LogicKinds.\n\n"
      "#include <array>\n\n#include \"logic.hpp\"\n\nnamespace espalier::resource_model {\n\n"
      "// clang-format off\n",
      samples.size());
  print_coefficients(lut, "kLutCoefficients");
  print_coefficients(ff, "kFfCoefficients");
  std::printf(
      "// Median relative error on shapes that the fit has not seen, averaged over the sources of\n"
      "// reports.\n");
  print_stated_errors(lut, "kLutErrors");
  print_stated_errors(ff, "kFfErrors");
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
