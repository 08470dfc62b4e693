// Solves the one-row instances of the data folder and compares with the published optima.
//
//   one_row_data_test [FILE...]      without files, those that take no time

#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "espalier/solver/instance_io.hpp"

#include "data_dir.hpp"
#include "one_row/one_row.hpp"

namespace {

using espalier::solver::Instance;

/// Columns file, index, name, n, m, best_known, ... of the list of published values.
std::map<std::size_t, std::string> published_values(const std::filesystem::path& list,
                                                    const std::string& file) {
  std::ifstream in(list);
  std::map<std::size_t, std::string> values;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> fields;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) fields.push_back(cell);
    if (fields.size() > 5 && fields[0] == file) values[std::stoul(fields[1])] = fields[5];
  }
  return values;
}

/// Decimal numbers may end in zeros in one place and not in the other.
std::string without_trailing_zeros(std::string number) {
  if (number.find('.') == std::string::npos) return number;
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

bool agrees(const Instance& instance, const std::string& published) {
  const auto result = espalier::solver::solve_one_row(
      instance.problem.profits(), instance.problem.row(0), instance.problem.capacities()[0]);
  const std::string objective =
      espalier::solver::objective_in_file_units(instance, result.objective);
  if (result.proven && without_trailing_zeros(objective) == without_trailing_zeros(published)) {
    return true;
  }
  std::cerr << instance.name << ": " << (result.proven ? "proven " : "not proven, ") << objective
            << ", published " << published << "\n";
  return false;
}

int solve_file(const std::string& file) {
  const auto list = espalier::tests::find_data("mkp/best_known_other.csv");
  const auto data = espalier::tests::find_data("mkp/" + file);
  if (!list || !data) return espalier::tests::kSkipped;
  std::string name = file;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const auto published = published_values(*list, name);
  const auto instances = espalier::solver::read_instances(*data);
  bool all_agree = !instances.empty() && published.size() == instances.size();
  for (std::size_t i = 0; i < instances.size() && all_agree; ++i) {
    all_agree = agrees(instances[i], published.at(i));
  }
  std::cout << file << ": " << instances.size() << " instances read\n";
  return all_agree ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> files(argv + 1, argv + argc);
  if (files.empty())
    files = {"kp_lowdim.txt", "kp_pisinger_large.txt.gz", "kp_pisinger_hard.txt.gz"};
  for (const std::string& file : files) {
    if (const int code = solve_file(file); code != 0) return code;
  }
  return 0;
}
