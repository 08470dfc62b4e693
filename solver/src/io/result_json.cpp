#include <string>

#include "espalier/solver/result_io.hpp"

#include "io/json_text.hpp"

namespace espalier::solver {
namespace {

using io::json_double;
using io::json_list;
using io::json_string;

/// A bound of the relaxation in the file's units. It is a statistic in floating point, no proof.
std::string json_relaxation_bound(const Instance& instance, double bound) {
  return json_double((instance.sense * bound + static_cast<double>(instance.offset)) /
                     static_cast<double>(instance.scale));
}

}  // namespace

const char* to_string(Status status) noexcept {
  switch (status) {
    case Status::kOptimal:
      return "optimal";
    case Status::kFeasible:
      return "feasible";
    case Status::kInfeasible:
      return "infeasible";
  }
  return "";
}

const char* to_string(StopReason reason) noexcept {
  switch (reason) {
    case StopReason::kNone:
      return "none";
    case StopReason::kTimeLimit:
      return "time";
    case StopReason::kNodeLimit:
      return "nodes";
    case StopReason::kMemoryLimit:
      return "memory";
    case StopReason::kInterrupt:
      return "interrupt";
  }
  return "";
}

std::string result_to_json(const Instance& instance, const Result& result, int threads) {
  const Statistics& statistics = result.statistics;
  const bool has_solution = result.status != Status::kInfeasible;
  const auto in_units = [&](std::int64_t objective) {
    return has_solution ? objective_in_file_units(instance, objective) : std::string("null");
  };
  io::JsonObject json;
  json.add("instance", json_string(instance.name));
  json.add("n", std::to_string(instance.problem.num_items()));
  json.add("m", std::to_string(instance.problem.num_rows()));
  json.add("status", json_string(to_string(result.status)));
  json.add("stop_reason", json_string(to_string(result.stop_reason)));
  json.add("objective", in_units(result.objective));
  json.add("bound", in_units(result.bound));
  json.add("nodes", std::to_string(statistics.nodes));
  json.add("lp_iterations", std::to_string(statistics.lp_iterations));
  json.add("cuts", "{\"separated\":" + std::to_string(statistics.cuts_separated) +
                       ",\"kept\":" + std::to_string(statistics.cuts_kept) + "}");
  json.add("root", "{\"lp_bound\":" + json_relaxation_bound(instance, statistics.root_lp_bound) +
                       ",\"after_cuts\":" +
                       json_relaxation_bound(instance, statistics.root_bound_after_cuts) + "}");
  json.add("threads", std::to_string(threads));
  json.add("seconds", json_double(statistics.seconds));
  json.add("selected", json_list(result.selected));
  return json.text();
}

}  // namespace espalier::solver
