#pragma once

#include <cstdint>
#include <sstream>
#include <string>

#include "espalier/solver/options.hpp"
#include "espalier/support/random.hpp"

namespace espalier::tests {

/// Every technique on or off at random; one run in eight has four threads.
inline solver::SolveOptions random_options(Random& random) {
  solver::SolveOptions options;
  options.threads = random.chance(0.125) ? 4 : 1;
  options.deterministic = random.chance(0.2);
  options.presolve = random.chance(0.6);
  options.cuts = random.chance(0.6);
  options.heuristics = random.chance(0.6);
  options.reduced_cost_fixing = random.chance(0.6);
  options.cardinality_split = random.chance(0.6);
  options.optimistic_targets = random.chance(0.6);
  options.one_row_engine = random.chance(0.6);
  options.item_classes = random.chance(0.6);
  return options;
}

inline std::string to_text(const solver::SolveOptions& options) {
  std::ostringstream text;
  text << "threads " << options.threads;
  const auto name = [&text](const char* what, bool is_on) {
    text << (is_on ? " +" : " -") << what;
  };
  name("deterministic", options.deterministic);
  name("presolve", options.presolve);
  name("cuts", options.cuts);
  name("heuristics", options.heuristics);
  name("reduced_cost_fixing", options.reduced_cost_fixing);
  name("cardinality_split", options.cardinality_split);
  name("optimistic_targets", options.optimistic_targets);
  name("one_row_engine", options.one_row_engine);
  name("item_classes", options.item_classes);
  text << " start of " << options.start.size() << " items";
  return text.str();
}

}  // namespace espalier::tests
