// What a frontier looks like in CSV, JSON and SVG, and budgets as users write them.

#include "espalier/solver/frontier_io.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"

namespace {

using namespace espalier::solver;
using espalier::Error;
using nlohmann::json;

/// Two rows, the second one with a decimal; profits with a decimal too.
Instance example() {
  return read_instances_from_text("4 2 0\n10 7.5 4 3\n5 4 3 1\n2 3 0.5 1\n8 4\n", "a.dat").front();
}

struct Traced {
  Instance instance = example();
  ClassedItems classes = group_into_classes(instance.problem);
  std::vector<FrontierPoint> points;

  explicit Traced(const std::vector<std::vector<std::int64_t>>& budgets)
      : points(trace_frontier(classes.problem, budgets)) {}
  FrontierReport report(std::vector<int> rows, bool is_grid) const {
    return {instance, classes, points, std::move(rows), is_grid};
  }
};

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("budgets are numbers in the file's units or parts of the row's weight", "[frontier]") {
  const Instance instance = example();
  CHECK(parse_budget(instance, 0, "7") == 7);
  CHECK(parse_budget(instance, 0, "7.9") == 7);
  CHECK(parse_budget(instance, 0, "-1.5") == -2);
  CHECK(parse_budget(instance, 1, "2.5") == 25);  // the row counts in tenths
  CHECK(parse_budget(instance, 1, "2.57") == 25);
  CHECK(parse_budget(instance, 0, "100%") == 13);
  CHECK(parse_budget(instance, 1, "50%") == 32);  // half of 6.5
  CHECK(parse_budget(instance, 0, "0.1%") == 0);
  for (const char* bad : {"", "%", "x", "-5%", "5%%", "nan", "1e300", "5 %"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_budget(instance, 0, bad), Error);
  }
  CHECK_THROWS_WITH(parse_budget(instance, 1, "1e18"),
                    "the budget '1e18' reaches 2^63; expected less");
}

TEST_CASE("budgets by step reach as far as the end allows", "[frontier]") {
  CHECK(budgets_by_step(0, 7, 3) == std::vector<std::int64_t>{0, 3, 6});
  CHECK(budgets_by_step(-2, -2, 9) == std::vector<std::int64_t>{-2});
  CHECK_THROWS_AS(budgets_by_step(0, 7, 0), Error);
  CHECK_THROWS_AS(budgets_by_step(1, 0, 1), Error);
  CHECK_THROWS_AS(budgets_by_step(0, 1'000'000'000'000, 1), Error);
}

TEST_CASE("a frontier as CSV is exact in the file's units", "[frontier]") {
  const Traced traced({{-1, 40}, {9, 48}, {13, 65}});
  CHECK(frontier_to_csv(traced.report({0, 1}, false)) ==
        "capacity_0,capacity_1,status,objective,bound,used_0,used_1,multiplier_0,multiplier_1\n"
        "-1,4,infeasible,,,,,,\n"
        "9,4.8,optimal,17,17,9,3.5,1.17857,0.928571\n"
        "13,6.5,optimal,24.5,24.5,13,6.5,0,0\n");
}

TEST_CASE("a frontier as JSON gives counts, or items that are results of their own", "[frontier]") {
  const Traced traced({{-1, 40}, {9, 48}, {13, 65}});
  const FrontierReport report = traced.report({0, 1}, false);
  const json counts = json::parse(frontier_to_json(report, FrontierDetail::kCounts));
  CHECK(counts["instance"] == "a.dat");
  CHECK(counts["n"] == 4);
  CHECK(counts["rows"] == json{0, 1});
  CHECK(counts["grid"] == false);
  CHECK(counts["classes"].size() == 4);
  CHECK(counts["classes"][1] == json{{"items", 1}, {"weights", {4, 3}}});
  REQUIRE(counts["points"].size() == 3);
  CHECK(counts["points"][0]["status"] == "infeasible");
  CHECK(counts["points"][0]["objective"].is_null());
  CHECK(counts["points"][0]["used"].empty());
  CHECK(counts["points"][1]["capacities"] == json{9, 4.8});
  CHECK(counts["points"][1]["objective"] == 17);
  CHECK(counts["points"][1]["counts"] == json{1, 0, 1, 1});
  CHECK(!counts["points"][1].contains("selected"));

  const json items = json::parse(frontier_to_json(report, FrontierDetail::kItems));
  CHECK(items["points"][0]["selected"].empty());
  CHECK(items["points"][1]["selected"] == json{0, 2, 3});
  CHECK(items["points"][2]["selected"] == json{0, 1, 2, 3});
}

TEST_CASE("a minimisation is traced in the file's sense", "[frontier]") {
  const Instance instance =
      read_instances_from_text("min: -3 x1 -4 x2 -2 x3 ;\n-2 x1 -3 x2 -1 x3 >= -4 ;\n", "m.opb")
          .front();
  const ClassedItems classes = group_into_classes(instance.problem);
  const auto points =
      trace_frontier(classes.problem, std::vector<std::vector<std::int64_t>>{{3}, {4}});
  const std::string csv = frontier_to_csv({instance, classes, points, {0}});
  CHECK(csv.find("3,optimal,-5,-5,3,") != std::string::npos);
  CHECK(csv.find("4,optimal,-6,-6,4,") != std::string::npos);
}

TEST_CASE("the picture has a curve for a line and one for every row of a grid", "[frontier]") {
  const Traced line({{0, 0}, {6, 30}, {13, 65}});
  const std::string one = frontier_to_svg(line.report({0, 1}, false));
  CHECK(one.rfind("<svg xmlns=", 0) == 0);
  CHECK(one.find("</svg>\n") == one.size() - 7);
  CHECK(count_of(one, "<path") == 1);
  CHECK(count_of(one, "<circle") == 3);
  CHECK(one.find("row 0: 13 of 13, row 1: 6.5 of 6.5, value 24.5") != std::string::npos);
  CHECK(one.find("capacity in the file") != std::string::npos);

  const std::vector<int> rows = {0, 1};
  const std::vector<std::vector<std::int64_t>> steps = {{-1, 5, 9, 13}, {0, 20, 40}};
  const Traced grid(budget_grid(example().problem.capacities(), rows, steps));
  const std::string many = frontier_to_svg(grid.report(rows, true));
  CHECK(count_of(many, "<path") == 3);
  CHECK(count_of(many, "<circle") == 9);  // points of capacity -1 are infeasible
  CHECK(many.find("row 1 up to 2<") != std::string::npos);

  // Curves too many to tell apart are thinned out, and nothing at all is still a picture.
  const Traced wide(budget_grid(example().problem.capacities(), rows,
                                std::vector<std::vector<std::int64_t>>{budgets_by_step(0, 13, 1),
                                                                       budgets_by_step(0, 65, 1)}));
  CHECK(count_of(frontier_to_svg(wide.report(rows, true)), "<path") == 6);
  const Traced nothing({{-1, 0}});
  CHECK(count_of(frontier_to_svg(nothing.report({0}, false)), "<path") == 0);
}

TEST_CASE("names in the picture cannot break it", "[frontier]") {
  Traced traced({{9, 48}});
  traced.instance.name = "<a & \"b\">";
  const std::string picture = frontier_to_svg(traced.report({0}, false));
  CHECK(picture.find("&lt;a &amp; &quot;b&quot;&gt;") != std::string::npos);
  CHECK(picture.find("<a &") == std::string::npos);
}
