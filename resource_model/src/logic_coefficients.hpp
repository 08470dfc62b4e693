#pragma once

// Written by fit_logic_resource_model (bench/resource_model/fit_logic.cpp) from 1124 synthesis
// reports; do not edit. Columns are the terms of logic_terms(), rows the LogicKinds.

#include <array>

#include "logic.hpp"

namespace espalier::resource_model {

// clang-format off
inline constexpr std::array<LogicTerms, kNumLogicKinds> kLutCoefficients{{
    // kWithinOutput
    {539.4, 1.629, 1.386, 0.9403, 0, 0, 13.9, 2.418, 0.9131, 0},
    // kAcrossOutputs
    {346.4, 1.95, 1.51, 2.779, 0, 0.09258, 0.3285, 0, 1.846, 4198},
    // kUnfolded
    {41.57, 0, 0.6076, 0, 1.29, 0.0545, 0.5258, 0, 0.9458, 0},
    // kStreamedFolded
    {0, 0.4144, 10.89, 3.006, 2.335, 0, 11.28, 0, 0.008913, 0},
    // kStreamedUnfolded
    {613.8, 1.42, 0, 0.09294, 1.56, 0.4766, 0.1481, 0, 0.2187, 0},
}};

inline constexpr std::array<LogicTerms, kNumLogicKinds> kFfCoefficients{{
    // kWithinOutput
    {230.2, 2.332, 0, 0, 0, 0, 5.115, 0, 1.629, 0},
    // kAcrossOutputs
    {119.4, 0, 0.9952, 0, 1.017, 0, 0.0003261, 0.1591, 5.362, 0},
    // kUnfolded
    {20.36, 0, 0, 0, 0.2614, 0.001125, 0, 0, 2.3, 0},
    // kStreamedFolded
    {301.1, 2.112, 1.929, 3.975, 1.224, 0, 0, 0, 0.0002945, 0},
    // kStreamedUnfolded
    {125.5, 3.567, 1.157, 0.1555, 0, 0.05974, 0.07983, 0, 0.01913, 0},
}};

// clang-format on

}  // namespace espalier::resource_model
