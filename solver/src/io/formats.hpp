#pragma once

#include <vector>

#include "espalier/solver/instance_io.hpp"

#include "io/source_text.hpp"

namespace espalier::solver::io {

/// Formats that are told apart by how they begin.
enum class Format { kNumbers, kMknap2, kPisingerCsv, kOpb, kMps, kLp };

/// Throws Error when the text is empty or begins like none of the formats.
Format recognise(const SourceText& source);

// Every reader takes the whole text and throws Error for whatever is not exactly as its format
// says.

/// OR-Library, single-instance .dat and the two Pisinger text layouts: nothing but numbers.
std::vector<Instance> read_numbers(const SourceText& source);
std::vector<Instance> read_mknap2(const SourceText& source);
std::vector<Instance> read_pisinger_csv(const SourceText& source);
std::vector<Instance> read_opb(const SourceText& source);
std::vector<Instance> read_mps(const SourceText& source);
std::vector<Instance> read_lp(const SourceText& source);

}  // namespace espalier::solver::io
