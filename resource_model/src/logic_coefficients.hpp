#pragma once

// Written by fit_logic_resource_model (bench/resource_model/fit_logic.cpp) from 1124 synthesis
// reports; do not edit. Columns are the terms of logic_terms(), rows the LogicKinds.

#include <array>

#include "logic.hpp"

namespace espalier::resource_model {

// clang-format off
inline constexpr std::array<LogicTerms, kNumLogicKinds> kLutCoefficients{{
    // kWithinOutput
    {943.9, 1.6, 0, 1.829, 0, 0, 14.84, 0, 0.6065, 0},
    // kAcrossOutputs
    {346.4, 1.95, 1.51, 2.779, 0, 0.09258, 0.3285, 0, 1.846, 4198},
    // kUnfolded
    {41.57, 0, 0.6076, 0, 1.29, 0.0545, 0.5258, 0, 0.9458, 0},
    // kStreamedFolded
    {0, 0.4144, 10.89, 3.006, 2.335, 0, 11.28, 0, 0.008913, 0},
    // kStreamedUnfolded
    {582.1, 1.423, 0, 0.09033, 1.559, 0.4777, 0.1605, 0, 0.2086, 0},
}};

inline constexpr std::array<LogicTerms, kNumLogicKinds> kFfCoefficients{{
    // kWithinOutput
    {230.2, 2.332, 0, 0, 0, 0, 5.115, 0, 1.629, 0},
    // kAcrossOutputs
    {282.9, 0, 0.9287, 0, 1.06, 0, 0.001096, 0, 5.144, 0},
    // kUnfolded
    {20.3, 0, 0, 0, 0.2721, 0, 0, 0, 8.164, 0},
    // kStreamedFolded
    {308.8, 2.172, 1.904, 3.914, 1.041, 0, 0, 0, 0.008803, 0},
    // kStreamedUnfolded
    {125.5, 3.567, 1.157, 0.1555, 0, 0.05974, 0.07983, 0, 0.01913, 0},
}};

// Median relative error on shapes that the fit has not seen, averaged over the sources of
// reports.
inline constexpr std::array<double, kNumLogicKinds> kLutErrors{0.23, 0.29, 0.21, 0.37, 0.07};
inline constexpr std::array<double, kNumLogicKinds> kFfErrors{0.18, 0.18, 0.69, 0.17, 0.22};
// clang-format on

}  // namespace espalier::resource_model
