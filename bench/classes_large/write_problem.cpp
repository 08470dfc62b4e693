#include <fstream>

#include "espalier/support/error.hpp"

#include "instances.hpp"

namespace espalier::bench {
namespace {

using solver::Problem;

void write_dat(const Problem& problem, std::ostream& out) {
  out << problem.num_items() << ' ' << problem.num_rows() << " 0\n";
  const auto write = [&out](std::span<const std::int64_t> numbers) {
    for (const std::int64_t number : numbers) out << number << ' ';
    out << '\n';
  };
  write(problem.profits());
  for (int i = 0; i < problem.num_rows(); ++i) write(problem.row(i));
  write(problem.capacities());
}

/// Terms "3 x1 + 4 x2", those of coefficient 0 left out.
void write_sum(std::span<const std::int64_t> numbers, const char* sign, const char* end,
               std::ostream& out) {
  for (std::size_t j = 0; j < numbers.size(); ++j) {
    if (numbers[j] != 0) out << sign << numbers[j] << " x" << j + 1 << end;
  }
}

void write_opb(const Problem& problem, std::ostream& out) {
  out << "* #variable= " << problem.num_items() << " #constraint= " << problem.num_rows()
      << "\nmin: ";
  write_sum(problem.profits(), "-", " ", out);
  out << ";\n";
  for (int i = 0; i < problem.num_rows(); ++i) {
    write_sum(problem.row(i), "-", " ", out);
    out << ">= -" << problem.capacities()[static_cast<std::size_t>(i)] << " ;\n";
  }
}

void write_lp(const Problem& problem, std::ostream& out) {
  out << "Maximize\n value:";
  write_sum(problem.profits(), " + ", "\n", out);
  out << "Subject To\n";
  for (int i = 0; i < problem.num_rows(); ++i) {
    out << " row" << i << ":";
    write_sum(problem.row(i), " + ", "\n", out);
    out << " <= " << problem.capacities()[static_cast<std::size_t>(i)] << '\n';
  }
  out << "Binaries\n";
  for (int j = 0; j < problem.num_items(); ++j) out << " x" << j + 1 << '\n';
  out << "End\n";
}

/// One column after the other, as the format wants it.
void write_mps(const Problem& problem, std::ostream& out) {
  out << "NAME classes\nOBJSENSE\n    MAX\nROWS\n N value\n";
  for (int i = 0; i < problem.num_rows(); ++i) out << " L row" << i << '\n';
  out << "COLUMNS\n";
  for (int j = 0; j < problem.num_items(); ++j) {
    out << " x" << j + 1 << " value " << problem.profits()[static_cast<std::size_t>(j)] << '\n';
    for (int i = 0; i < problem.num_rows(); ++i) {
      if (problem.weight(i, j) == 0) continue;
      out << " x" << j + 1 << " row" << i << ' ' << problem.weight(i, j) << '\n';
    }
  }
  out << "RHS\n";
  for (int i = 0; i < problem.num_rows(); ++i) {
    out << " RHS row" << i << ' ' << problem.capacities()[static_cast<std::size_t>(i)] << '\n';
  }
  out << "BOUNDS\n";
  for (int j = 0; j < problem.num_items(); ++j) out << " BV BND x" << j + 1 << '\n';
  out << "ENDATA\n";
}

}  // namespace

void write_problem(const Problem& problem, const std::string& format,
                   const std::filesystem::path& file) {
  std::ofstream out(file);
  if (format == "dat") {
    write_dat(problem, out);
  } else if (format == "opb") {
    write_opb(problem, out);
  } else if (format == "lp") {
    write_lp(problem, out);
  } else if (format == "mps") {
    write_mps(problem, out);
  } else {
    throw Error("cannot write the format '" + format + "'; expected dat, opb, lp or mps");
  }
  if (!out.flush()) throw Error("cannot write " + file.string());
}

}  // namespace espalier::bench
