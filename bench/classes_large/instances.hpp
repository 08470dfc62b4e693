#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/solver/classes.hpp"
#include "espalier/solver/problem.hpp"
#include "espalier/support/random.hpp"

namespace espalier::bench {

/// What an instance of item classes looks like.
struct Shape {
  std::int64_t items = 0;
  int rows = 0;
  int classes = 0;
  std::string profits;  ///< normal, heavy, nearly-equal, ties
};

/// Rows and classes of a text such as "2x12".
Shape shape_of(const std::string& text, std::int64_t items, const std::string& profits);

/// Classes of random weights from 0 to 8 and of a scale each, as the layers of a network are.
std::vector<solver::ItemClass> make_classes(Random& random, const Shape& shape);

/// What all items weigh in each row, times `part`.
std::vector<std::int64_t> make_capacities(const std::vector<solver::ItemClass>& classes,
                                          double part);

/// The problem item by item, with the items of all classes mixed.
solver::Problem make_plain(Random& random, const solver::ClassedProblem& problem);

/// Writes a problem as "dat" (OR-Library's layout), "opb", "lp" (CPLEX) or "mps".
void write_problem(const solver::Problem& problem, const std::string& format,
                   const std::filesystem::path& file);

}  // namespace espalier::bench
