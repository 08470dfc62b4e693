#pragma once

#include <optional>
#include <string>
#include <vector>

#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

/// All reuse factors worth asking for, ascending; empty for layers without weights.
///
/// Resource strategy: what hls4ml accepts, that is divisors of n_in, and n_in * k with k dividing
/// n_out; io_parallel convolutions also need rf <= n_in. ResourceUnrolled: the same without
/// rf = n_in * n_out. Latency: hls4ml takes any number as a bound on the multipliers; listed are
/// the divisors of n_in * n_out, with which every multiplier is busy in every cycle.
std::vector<int> valid_reuse_factors(const Layer& layer, IoType io_type);

/// Whether hls4ml builds the layer with this reuse factor as it is. Latency: 1 to n_in * n_out.
bool is_valid_reuse_factor(const Layer& layer, IoType io_type, int reuse_factor);

/// The valid value that hls4ml silently moves to: the nearest, the smaller one of two equally near.
int nearest_valid_reuse_factor(const Layer& layer, IoType io_type, int reuse_factor);

/// Moves an invalid reuse factor as hls4ml would; the warning is as for correct_reuse_factors.
std::optional<std::string> correct_reuse_factor(Layer& layer, IoType io_type);

/// Moves every invalid reuse factor as hls4ml would and returns one warning per move, which names
/// layer, old value, new value and the neighbouring valid ones.
std::vector<std::string> correct_reuse_factors(Network& network);

}  // namespace espalier::resource_model
