// Every published instance file is read with the number of instances that its documentation gives,
// and the formats that hold the same problems agree number by number.

#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "espalier/solver/instance_io.hpp"

#include "data_dir.hpp"

namespace {

using espalier::solver::Instance;
using espalier::solver::read_instances;

struct Expected {
  const char* file;
  std::size_t instances;
  int items, rows;  // of every instance; 0 where they differ
};

constexpr Expected kFiles[] = {
    {"gk.txt.gz", 11, 0, 0},
    {"kp_jooken.txt.gz", 45, 0, 1},
    {"kp_lowdim.txt", 10, 0, 1},
    {"kp_pisinger_hard.txt.gz", 120, 0, 1},
    {"kp_pisinger_large.txt.gz", 21, 0, 1},
    {"mknap1.txt", 7, 0, 0},
    {"mknap2.txt.gz", 48, 0, 0},
    {"sac94.txt.gz", 48, 0, 0},
    {"mknapcb1.txt.gz", 30, 100, 5},
    {"mknapcb2.txt.gz", 30, 250, 5},
    {"mknapcb3.txt.gz", 30, 500, 5},
    {"mknapcb4.txt.gz", 30, 100, 10},
    {"mknapcb5.txt.gz", 30, 250, 10},
    {"mknapcb6.txt.gz", 30, 500, 10},
    {"mknapcb7.txt.gz", 30, 100, 30},
    {"mknapcb8.txt.gz", 30, 250, 30},
    {"mknapcb9.txt.gz", 30, 500, 30},
};

int failures = 0;

void expect(bool condition, const std::string& what) {
  if (condition) return;
  std::cerr << "FAILED: " << what << '\n';
  ++failures;
}

void check_file(const std::filesystem::path& folder, const Expected& expected) {
  const std::string file = expected.file;
  const auto instances = read_instances(folder / file);
  expect(instances.size() == expected.instances,
         file + ": " + std::to_string(instances.size()) + " instances");
  for (const Instance& instance : instances) {
    expect(expected.items == 0 || instance.problem.num_items() == expected.items, instance.name);
    expect(expected.rows == 0 || instance.problem.num_rows() == expected.rows, instance.name);
    expect(instance.sense == 1 && instance.offset == 0, instance.name);
  }
}

bool is_same_problem(const Instance& a, const Instance& b) {
  const auto equal = [](auto x, auto y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end());
  };
  if (a.problem.num_rows() != b.problem.num_rows()) return false;
  for (int i = 0; i < a.problem.num_rows(); ++i) {
    if (!equal(a.problem.row(i), b.problem.row(i))) return false;
  }
  return equal(a.problem.profits(), b.problem.profits()) &&
         equal(a.problem.capacities(), b.problem.capacities()) &&
         a.known_optimum == b.known_optimum && a.scale == b.scale;
}

void check_contents(const std::filesystem::path& folder) {
  const auto chu_beasley = read_instances(folder / "mknapcb1.txt.gz");
  expect(chu_beasley[3].name == "mknapcb1.txt#3", "name of an instance of several");
  expect(!chu_beasley[0].known_optimum, "an optimum of 0 is none");

  const auto petersen = read_instances(folder / "mknap1.txt");
  expect(petersen[1].scale == 10 && petersen[1].known_optimum == 87061, "mknap1 #1 times ten");
  expect(espalier::solver::objective_in_file_units(petersen[1], 87061) == "8706.1",
         "and back to its units");

  const auto low = read_instances(folder / "kp_lowdim.txt");
  expect(low[4].scale == 1'000'000 && low[4].known_optimum == 481069368, "f5 has six decimals");

  const auto mknap2 = read_instances(folder / "mknap2.txt.gz");
  const auto sac94 = read_instances(folder / "sac94.txt.gz");
  for (std::size_t k = 0; k < sac94.size(); ++k) {
    expect(is_same_problem(mknap2[k], sac94[k]), "mknap2 and sac94 agree in #" + std::to_string(k));
  }
}

}  // namespace

int main() {
  const auto folder = espalier::tests::find_data("mkp");
  if (!folder) return espalier::tests::kSkipped;
  try {
    for (const Expected& expected : kFiles) check_file(*folder, expected);
    check_contents(*folder);
  } catch (const std::exception& error) {
    expect(false, error.what());
  }
  std::cout << std::size(kFiles) << " files, " << failures << " failures\n";
  return failures == 0 ? 0 : 1;
}
