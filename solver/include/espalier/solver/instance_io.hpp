#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "espalier/solver/problem.hpp"

namespace espalier::solver {

/// A problem as a file states it, with what is needed to speak of it in the file's own terms.
///
/// The objective in the file's units is `sense * objective / scale + offset / scale`, where
/// `objective` is that of `problem` (a maximisation over scaled integers).
struct Instance {
  /// `FILE#K` where the file holds several instances, else the file's base name.
  std::string name;
  Problem problem;
  /// Optimal value given in the file, in the scaled units of `problem`; absent where not given.
  std::optional<std::int64_t> known_optimum;
  /// -1 for a minimisation, else 1.
  int sense = 1;
  /// Power of ten by which fractional profits were multiplied to become integers.
  std::int64_t scale = 1;
  /// Constant of the objective, times scale, in the file's sense.
  std::int64_t offset = 0;
  /// Powers of ten by which fractional weights and capacities were multiplied, one per row; empty
  /// where all are 1. A row written with >= is multiplied by -1 besides.
  std::vector<std::int64_t> row_scales = {};
  /// Names of the items where the format has them (MPS, LP, OPB), else empty.
  std::vector<std::string> item_names = {};
};

/// Reads all instances of a file; the format (OR-Library, single .dat, Pisinger text and CSV, OPB,
/// MPS, CPLEX-LP) is recognised by content, gzip is unpacked. Throws Error with file and line for
/// anything that is not exactly as the format says; nothing is repaired silently.
std::vector<Instance> read_instances(const std::filesystem::path& file);

/// The same from memory; `name` stands in for the file name.
std::vector<Instance> read_instances_from_text(const std::string& text, const std::string& name);

/// Objective of the instance in the file's own units, as an exact decimal number ("481.069368").
std::string objective_in_file_units(const Instance& instance, std::int64_t objective);

/// Power of ten of one row.
std::int64_t row_scale(const Instance& instance, int row);
/// Capacity of a row, or a part of it, in the file's own units, as an exact decimal number.
std::string load_in_file_units(const Instance& instance, int row, std::int64_t load);

}  // namespace espalier::solver
