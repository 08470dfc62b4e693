#pragma once

#include <string>

#include "espalier/pruning/prune.hpp"

namespace espalier::pruning {

// The words that reports use for the choices of a run.

/// "dsp", "dsp+bram", ... "dsp+bram+lut+ff".
std::string to_string(const resource_model::Objective& objective);
const char* to_string(ValueMetric metric) noexcept;  ///< "l1", "l2", "gradient", "second-order"
const char* to_string(ValueScale scale) noexcept;    ///< "layer", "none"
/// "exact", "greedy", "uniform", "magnitude".
const char* to_string(SelectionMethod method) noexcept;
const char* to_string(ScheduleKind kind) noexcept;  ///< "constant", "polynomial", "binary"

/// 0.1234 -> "12.3 %".
std::string percent(double fraction, int decimals = 1);

/// The shortest text that reads back as the same double.
std::string shortest(double value);

}  // namespace espalier::pruning
