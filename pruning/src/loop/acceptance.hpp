#pragma once

#include <cstdint>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/pruning/train.hpp"

namespace espalier::pruning {

/// One flag per sample: 1 where the network's largest logit is at the label.
std::vector<std::uint8_t> correct_samples(const Sequential& network, const Dataset& data,
                                          int threads, const NetworkFixedPoint& fixed_point = {});

double fraction_of(const std::vector<std::uint8_t>& flags) noexcept;

/// Standard error of the difference in accuracy between two networks on the same samples:
/// sqrt(d) / n with d the samples on which exactly one of the two is right (McNemar 1947). The
/// samples where both agree say nothing about the difference, so this is far smaller than the
/// errors of two independent accuracies.
double standard_error_of_difference(const std::vector<std::uint8_t>& a,
                                    const std::vector<std::uint8_t>& b);

}  // namespace espalier::pruning
