#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/solver/instance_io.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "io_samples.hpp"

namespace {

using espalier::solver::Instance;
using espalier::solver::objective_in_file_units;
using espalier::solver::read_instances_from_text;
using Integers = std::vector<std::int64_t>;

Instance read_one(const std::string& text) {
  auto instances = read_instances_from_text(text, "sample.txt");
  REQUIRE(instances.size() == 1);
  return instances.front();
}

Integers list(std::span<const std::int64_t> values) { return {values.begin(), values.end()}; }

}  // namespace

TEST_CASE("every format states the same problem", "[io]") {
  for (const auto& sample : espalier::tests::samples()) {
    CAPTURE(sample.format);
    const Instance instance = read_one(sample.text);
    CHECK(instance.name == "sample.txt");
    CHECK(list(instance.problem.profits()) == Integers{10, 7, 4, 3});
    REQUIRE(instance.problem.num_rows() == (sample.is_exact ? 2 : 1));
    CHECK(list(instance.problem.row(0)) == Integers{5, 4, 3, 1});
    CHECK(instance.problem.capacities()[0] == 8);
    if (sample.is_exact) {
      CHECK(list(instance.problem.row(1)) == Integers{2, 3, 0, 1});
      CHECK(instance.problem.capacities()[1] == 4);
    }
    CHECK(instance.sense == 1);
    CHECK(instance.scale == 1);
    CHECK(instance.offset == 0);
  }
}

TEST_CASE("line ends and surrounding space carry no meaning", "[io]") {
  for (const auto& sample : espalier::tests::samples()) {
    CAPTURE(sample.format);
    std::string windows;
    for (const char c : sample.text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    CHECK(list(read_one(windows).problem.profits()) == Integers{10, 7, 4, 3});
    CHECK(list(read_one(sample.text + "\n \t\n").problem.profits()) == Integers{10, 7, 4, 3});
    std::string unfinished = sample.text;
    while (unfinished.back() == '\n') unfinished.pop_back();
    CHECK(list(read_one(unfinished).problem.profits()) == Integers{10, 7, 4, 3});
  }
  CHECK(list(read_one("1 2 1 0 3 4 5 6 7").problem.profits()) == Integers{3, 4});
}

TEST_CASE("optima are read where a format has them and 0 is none", "[io]") {
  const auto optimum = [](const char* text) { return read_one(text).known_optimum; };
  CHECK(optimum("2 1 7\n3 4\n5 6\n11") == 7);
  CHECK(optimum("2 1 0\n3 4\n5 6\n11") == std::nullopt);
  CHECK(optimum("name\nn 1\nc 5\nz 3\ntime 0.1\n1,3,5,1\n---\n") == 3);
}

TEST_CASE("the instances of a file are numbered from 0", "[io]") {
  const auto two = read_instances_from_text("2\n1 1 0 5 3 4\n2 1 9 5 4 3 2 5\n", "pair.txt");
  REQUIRE(two.size() == 2);
  CHECK(two[0].name == "pair.txt#0");
  CHECK(two[1].name == "pair.txt#1");
  CHECK(list(two[1].problem.profits()) == Integers{5, 4});
  CHECK(two[1].known_optimum == 9);

  const std::string block = "k\nn 1\nc 5\nz 3\ntime 0.1\n1,3,5,1\n-----\n\n";
  CHECK(read_instances_from_text(block + block + block, "csv").back().name == "csv#2");
}

TEST_CASE("a file that fits OR-Library's layout is read so", "[io]") {
  // 35 numbers on a line: an instance of 2 items and 10 rows, or 2 instances, 10 x 1 and 3 x 1.
  std::string text = "2 10 1 ";
  for (int k = 0; k < 22; ++k) text += "1 ";
  text += "3 1 ";
  for (int k = 0; k < 8; ++k) text += "1 ";
  CHECK(read_instances_from_text(text, "ambiguous").size() == 2);
}

TEST_CASE("the first line decides where several layouts fit", "[io]") {
  // 8 numbers: Pisinger's layout of 2 items, or an instance of 2 items and 1 row.
  CHECK(list(read_one("2\n1 3 4\n2 5 6\n7\n").problem.profits()) == Integers{3, 5});
  CHECK(list(read_one("2 1 3\n4 2\n5 6\n7\n").problem.profits()) == Integers{4, 2});
  // 8 numbers: an OR-Library file whose last number is missing, or an instance of 1 item and 2
  // rows.
  CHECK_THROWS_AS(read_one("1\n2 1 0\n3 4\n5 6\n"), espalier::Error);
  CHECK_THROWS_AS(read_one("1 2 1 0 3 4 5 6"), espalier::Error);
  CHECK(list(read_one("1 2 1\n0\n3 4\n5 6\n").problem.capacities()) == Integers{5, 6});
  // 4 numbers: one item and a capacity of 0, or an instance without rows.
  CHECK(list(read_one("1 0\n3 4\n").problem.row(0)) == Integers{4});
}

TEST_CASE("fractions are scaled by a power of ten of their own row", "[io]") {
  const Instance instance = read_one("2 2 4.25\n1.5 2.75\n0.125 3\n1e1 20\n2 30.5\n");
  CHECK(instance.scale == 100);
  CHECK(list(instance.problem.profits()) == Integers{150, 275});
  CHECK(instance.known_optimum == 425);
  CHECK(list(instance.problem.row(0)) == Integers{125, 3000});
  CHECK(list(instance.problem.row(1)) == Integers{100, 200});
  CHECK(list(instance.problem.capacities()) == Integers{2000, 305});
  CHECK(objective_in_file_units(instance, 425) == "4.25");
  CHECK(objective_in_file_units(instance, -150) == "-1.5");
  CHECK(objective_in_file_units(instance, 500) == "5");
  CHECK(objective_in_file_units(instance, 5) == "0.05");
}

TEST_CASE("an optimum with more decimals than the profits stays exact", "[io]") {
  const Instance instance = read_one("1 1 2.125\n2\n1\n1\n");
  CHECK(instance.scale == 1000);
  CHECK(list(instance.problem.profits()) == Integers{2000});
  CHECK(instance.known_optimum == 2125);
}

TEST_CASE("numbers are read exactly in every notation", "[io]") {
  const auto profit = [](const std::string& number) {
    const Instance instance = read_one("1 1 0\n" + number + "\n1\n1\n");
    return objective_in_file_units(instance, instance.problem.profits()[0]);
  };
  CHECK(profit("9223372036854775807") == "9223372036854775807");
  CHECK(profit("-9223372036854775807") == "-9223372036854775807");
  CHECK(profit("0.000000000000000001") == "0.000000000000000001");
  CHECK(profit("9.223372036854775807") == "9.223372036854775807");
  CHECK(profit("1e18") == "1000000000000000000");
  CHECK(profit("+12.50e1") == "125");
  CHECK(profit("120e-1") == "12");
  CHECK(profit("00000000000000000000000000000017") == "17");
  CHECK(profit("5.") == "5");
  CHECK(profit(".5") == "0.5");
  CHECK(profit("0e999999999999") == "0");
  CHECK(profit("-0.0") == "0");
}

TEST_CASE("a minimisation becomes a maximisation and back", "[io]") {
  const Instance cover = read_one("min: +3 x1 +2 x2 ;\n+1 x1 +2 x2 >= 2 ;\n");
  CHECK(cover.sense == -1);
  CHECK(list(cover.problem.profits()) == Integers{-3, -2});
  CHECK(list(cover.problem.row(0)) == Integers{-1, -2});
  CHECK(list(cover.problem.capacities()) == Integers{-2});
  CHECK(objective_in_file_units(cover, -2) == "2");
}

TEST_CASE("a constant of the objective returns in the file's units", "[io]") {
  const Instance lp = read_one("Minimize\n obj: 2.5 x - 10\nst\n x <= 1\nBinary\n x\nEnd\n");
  CHECK(lp.scale == 10);
  CHECK(lp.offset == -100);
  CHECK(objective_in_file_units(lp, 0) == "-10");
  CHECK(objective_in_file_units(lp, -25) == "-7.5");

  const Instance mps = read_one(
      "NAME\nROWS\n N O\n L R\nCOLUMNS\n X O 2 R 1\nRHS\n R 1 O -0.5\nBOUNDS\n BV X\nENDATA\n");
  CHECK(mps.sense == -1);
  CHECK(objective_in_file_units(mps, -20) == "2.5");
}

TEST_CASE("a negated OPB variable is one minus the variable", "[io]") {
  const Instance opb = read_one("max: +3 ~x1 +2 x2 ;\n+4 ~x1 -1 x2 >= 1 ;\n");
  CHECK(list(opb.problem.profits()) == Integers{-3, 2});
  CHECK(opb.offset == 3);
  CHECK(list(opb.problem.row(0)) == Integers{4, 1});  // 4 - 4 x1 - x2 >= 1
  CHECK(list(opb.problem.capacities()) == Integers{3});
}

TEST_CASE("OPB variables become items in the order of their numbers", "[io]") {
  const Instance opb = read_one("max: 1 x10 2 x2 3 x1 ;\n1 x10 1 x2 1 x1 <= 2 ;\n");
  CHECK(opb.item_names == std::vector<std::string>{"x1", "x2", "x10"});
  CHECK(list(opb.problem.profits()) == Integers{3, 2, 1});
  const Instance named = read_one("max: 1 zeta 2 alpha ;\n1 zeta 1 alpha <= 1 ;\n");
  CHECK(named.item_names == std::vector<std::string>{"zeta", "alpha"});
}

TEST_CASE("columns of any names are told apart in any order", "[io]") {
  espalier::Random random(5);
  for (int trial = 0; trial < 40; ++trial) {
    // Numbered names with gaps, larger than any array would hold, with zeros in front, of several
    // stems and without any; every row has some of them in an order of its own.
    std::set<std::string> drawn;
    for (int k = 0; k < 2000; ++k) {
      const std::int64_t number = random.integer(0, k % 7 == 0 ? 3'000'000'000 : 1500);
      const std::string stem =
          std::vector<std::string>{"x", "x", "x", "x0", "y", "item_"}[static_cast<std::size_t>(
              random.integer(0, trial % 6))];
      drawn.insert(random.integer(0, 9) == 0 ? stem + "a" : stem + std::to_string(number));
    }
    std::vector<std::string> names(drawn.begin(), drawn.end());
    const auto shuffle = [&] {
      for (std::size_t k = names.size(); k > 1; --k) {
        std::swap(
            names[k - 1],
            names[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(k) - 1))]);
      }
    };
    std::map<std::string, std::int64_t> profit;
    std::map<std::string, std::int64_t> weight;
    shuffle();
    std::string text = "max\n";
    for (const auto& name : names) {
      profit[name] = random.integer(1, 1000);
      text += "+" + std::to_string(profit[name]) + " " + name + "\n";
    }
    if (trial % 2 == 0) shuffle();
    text += "st\n";
    for (const auto& name : names) {
      if (random.integer(0, 3) == 0) continue;
      weight[name] = random.integer(1, 1000);
      text += "+" + std::to_string(weight[name]) + " " + name + "\n";
    }
    shuffle();
    text += "<= 9\nbinary\n";
    for (const auto& name : names) text += name + "\n";
    const Instance lp = read_one(text + "end\n");
    REQUIRE(lp.item_names.size() == drawn.size());
    for (std::size_t j = 0; j < names.size(); ++j) {
      const auto& name = lp.item_names[j];
      REQUIRE(drawn.count(name) == 1);
      REQUIRE(lp.problem.profits()[j] == profit[name]);
      REQUIRE(lp.problem.row(0)[j] == weight[name]);
    }
  }
}

TEST_CASE("LP keywords, relations and labels have many spellings", "[io]") {
  const Instance lp = read_one(
      "MAX 3x+2 y2\nsubject   TO \\ comment\n 2x + y2 =< 2 x1: - x > -1\nlimit: - -x < 1e0\nBOUND\n"
      "1 >= x\n y2 >= 0\nINT x\nBIN\ny2\nEND\n");
  CHECK(lp.item_names == std::vector<std::string>{"x", "y2"});
  CHECK(lp.problem.num_rows() == 3);
}

TEST_CASE("fixed MPS takes names with spaces", "[io]") {
  const Instance mps = read_one(
      "NAME          SPACES\nROWS\n N  COST\n L  ROW 1\nCOLUMNS\n"
      "    MY X      COST               3.0   ROW 1              2.0\n"
      "    MY Y      COST               1.0\n"
      "RHS\n    RHS       ROW 1              2.0\nBOUNDS\n BV BND       MY X\n BV BND       MY Y\n"
      "ENDATA\n");
  CHECK(mps.item_names == std::vector<std::string>{"MY X", "MY Y"});
  CHECK(list(mps.problem.row(0)) == Integers{2, 0});
}
