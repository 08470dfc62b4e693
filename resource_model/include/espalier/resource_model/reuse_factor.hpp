#pragma once

#include <string>
#include <vector>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// All reuse factors that hls4ml accepts for the layer, ascending.
///
/// Resource strategy: divisors of n_in, and n_in * k with k dividing n_out (in short: rf valid iff
/// it divides n_in or is such a multiple); io_parallel convolutions also need rf <= n_in.
/// ResourceUnrolled: the same without rf = n_in * n_out. Latency: divisors of n_in * n_out.
std::vector<int> valid_reuse_factors(const Layer& layer, IoType io_type);

bool is_valid_reuse_factor(const Layer& layer, IoType io_type, int reuse_factor);

/// The valid value that hls4ml silently moves to: the nearest, the smaller one of two equally near.
int nearest_valid_reuse_factor(const Layer& layer, IoType io_type, int reuse_factor);

/// Moves every invalid reuse factor as hls4ml would and returns one warning per move, which names
/// layer, old value, new value and the neighbouring valid ones.
std::vector<std::string> correct_reuse_factors(Network& network);

}  // namespace espalier::resource_model
