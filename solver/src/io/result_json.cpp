#include <cmath>
#include <cstdio>
#include <string>

#include "espalier/solver/result_io.hpp"

namespace espalier::solver {
namespace {

/// A JSON string. Bytes beyond ASCII are passed on when they are well-formed UTF-8, else replaced.
std::string json_string(const std::string& text) {
  const auto continues = [&](std::size_t k) {
    return k < text.size() && (static_cast<unsigned char>(text[k]) & 0xc0) == 0x80;
  };
  std::string result = "\"";
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto byte = static_cast<unsigned char>(text[k]);
    if (byte == '"' || byte == '\\') {
      result += '\\';
      result += text[k];
    } else if (byte < 0x20 || byte == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      result += escape;
    } else if (byte < 0x80) {
      result += text[k];
    } else {
      const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
      bool is_valid = length != 0 && byte < 0xf5;
      for (std::size_t i = 1; i < length; ++i) is_valid = is_valid && continues(k + i);
      // Overlong forms, surrogates and values beyond U+10FFFF are not UTF-8 either.
      if (is_valid && length > 2) {
        const auto second = static_cast<unsigned char>(text[k + 1]);
        is_valid = !(byte == 0xe0 && second < 0xa0) && !(byte == 0xed && second > 0x9f) &&
                   !(byte == 0xf0 && second < 0x90) && !(byte == 0xf4 && second > 0x8f);
      }
      if (is_valid) {
        result += text.substr(k, length);
        k += length - 1;
      } else {
        result += '?';
      }
    }
  }
  return result + '"';
}

/// Shortest usual form of a statistic; JSON has no infinity and no NaN.
std::string json_double(double value) {
  if (!std::isfinite(value)) return "null";
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.12g", value);
  return buffer;
}

/// A bound of the relaxation in the file's units. It is a statistic in floating point, no proof.
std::string json_relaxation_bound(const Instance& instance, double bound) {
  return json_double((instance.sense * bound + static_cast<double>(instance.offset)) /
                     static_cast<double>(instance.scale));
}

std::string json_list(const std::vector<std::int32_t>& items) {
  std::string result = "[";
  for (const std::int32_t item : items) {
    if (result.size() > 1) result += ',';
    result += std::to_string(item);
  }
  return result + ']';
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
  std::string json = "{";
  const auto field = [&](const char* name, const std::string& value) {
    if (json.back() != '{') json += ',';
    json += '"';
    json += name;
    json += "\":";
    json += value;
  };
  field("instance", json_string(instance.name));
  field("n", std::to_string(instance.problem.num_items()));
  field("m", std::to_string(instance.problem.num_rows()));
  field("status", json_string(to_string(result.status)));
  field("stop_reason", json_string(to_string(result.stop_reason)));
  field("objective", in_units(result.objective));
  field("bound", in_units(result.bound));
  field("nodes", std::to_string(statistics.nodes));
  field("lp_iterations", std::to_string(statistics.lp_iterations));
  field("cuts", "{\"separated\":" + std::to_string(statistics.cuts_separated) +
                    ",\"kept\":" + std::to_string(statistics.cuts_kept) + "}");
  field("root", "{\"lp_bound\":" + json_relaxation_bound(instance, statistics.root_lp_bound) +
                    ",\"after_cuts\":" +
                    json_relaxation_bound(instance, statistics.root_bound_after_cuts) + "}");
  field("threads", std::to_string(threads));
  field("seconds", json_double(statistics.seconds));
  field("selected", json_list(result.selected));
  return json + '}';
}

}  // namespace espalier::solver
