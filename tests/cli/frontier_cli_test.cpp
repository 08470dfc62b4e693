// The verb frontier as a user or a script meets it.

#include <csignal>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "expect_error.hpp"
#include "hard_instance.hpp"
#include "run_program.hpp"

namespace {

using espalier::tests::content_of;
using espalier::tests::expect_error;
using espalier::tests::Finished;
using espalier::tests::hard_instance;
using espalier::tests::num_lines;
using espalier::tests::run;
using espalier::tests::RunningProgram;
using espalier::tests::TemporaryFolder;
using nlohmann::json;

constexpr const char* kSmall = "4 2 14\n10 7 4 3\n5 4 3 1\n2 3 0 1\n8 4\n";
constexpr const char* kTwo = "2\n1 1 9 5 3 4\n2 1 5 5 4 3 2 4\n";

}  // namespace

TEST_CASE("a frontier goes to stdout as CSV unless another output is named", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  const Finished plain = run({"frontier", file, "--rows", "0", "--step", "1"});
  CAPTURE(plain.err);
  CHECK(plain.exit_code == 0);
  CHECK(num_lines(plain.out) == 15);  // the names, and 0 to 13
  CHECK(plain.out.find("\n8,4,optimal,14,14,8,2,") != std::string::npos);
  CHECK(plain.err.find("a.dat: 14 points in 4 classes, 14 proven optimal, ") != std::string::npos);
  CHECK(run({"frontier", file, "--quiet"}).err.empty());

  const Finished files = run({"frontier", file, "--csv", folder / "f.csv", "--json",
                              folder / "f.json", "--svg", folder / "f.svg", "--items"});
  CHECK(files.exit_code == 0);
  CHECK(num_lines(files.out) == 1);
  CHECK(files.err.find("tracing 101 points") != std::string::npos);
  CHECK(folder.names() == std::vector<std::string>{"a.dat", "f.csv", "f.json", "f.svg"});
  CHECK(num_lines(content_of(folder / "f.csv")) == 102);
  CHECK(content_of(folder / "f.svg").find("<path") != std::string::npos);
}

TEST_CASE("every point of a frontier passes the check of results", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  const json frontier = json::parse(
      run({"frontier", file, "--rows", "1,0", "--grid", "--steps", "3,4", "--items", "--json", "-"})
          .out);
  CHECK(frontier["grid"] == true);
  REQUIRE(frontier["points"].size() == 12);
  for (const json& point : frontier["points"]) {
    const std::string with_capacities = "4 2 0\n10 7 4 3\n5 4 3 1\n2 3 0 1\n" +
                                        point["capacities"][0].dump() + " " +
                                        point["capacities"][1].dump() + "\n";
    const std::string problem = folder.write("p.dat", with_capacities);
    CHECK(run({"check", problem, folder.write("r.json", point.dump())}).exit_code == 0);
    CHECK(json::parse(run({"solve", problem, "--quiet", "--json", "-"}).out)["objective"] ==
          point["objective"]);
  }
}

TEST_CASE("a frontier of several instances wants to know which", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("t.txt", kTwo);
  expect_error(run({"frontier", file}), 1, "has 2 instances; expected --instance");
  const Finished one = run({"frontier", file, "--instance", "1", "--quiet"});
  CHECK(one.exit_code == 0);
  CHECK(one.out.find("\n4,optimal,5,5,") != std::string::npos);
}

TEST_CASE("wrong use of frontier exits 2, wrong budgets exit 1", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  expect_error(run({"frontier"}), 2, "FILE");
  expect_error(run({"frontier", file, "--steps", "1"}), 2, "steps");
  expect_error(run({"frontier", file, "--steps", "5", "--step", "1"}), 2, "excludes");
  expect_error(run({"frontier", file, "--grid", "--rows", "0"}), 2, "two --rows");
  expect_error(run({"frontier", file, "--rows", "0,0"}), 2, "twice");
  expect_error(run({"frontier", file, "--items"}), 2, "--json");
  expect_error(run({"frontier", file, "--csv", "-", "--svg", "-"}), 2, "only one");
  expect_error(run({"frontier", file, "--rows", "2"}), 1, "no row 2; expected 0 to 1");
  expect_error(run({"frontier", file, "--from", "a"}), 1, "the budget is 'a'; expected");
  expect_error(run({"frontier", file, "--from", "1,2,3"}), 1, "--from has 3 values");
  expect_error(run({"frontier", file, "--grid", "--steps", "2000"}), 1, "fewer steps");
  expect_error(run({"frontier", folder.write("n.dat", "1 1 0\n1\n-1\n4\n")}), 1, "negative weight");
}

TEST_CASE("a frontier that runs out of time exits 3 with valid bounds", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("hard.dat", hard_instance());
  const Finished finished = run({"frontier", file, "--time-limit", "0.5", "--from", "40%", "--to",
                                 "60%", "--steps", "5", "--json", "-"});
  CHECK(finished.exit_code == 3);
  CHECK(finished.err.find("stopped") != std::string::npos);
  const json written = json::parse(finished.out);
  for (const json& point : written["points"]) {
    CHECK(point["stop_reason"] == "time");
    CHECK(point["objective"] <= point["bound"]);
  }
}

TEST_CASE("an interrupted frontier exits 130 and still writes its points", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("hard.dat", hard_instance());
  RunningProgram program(
      {"frontier", file, "--csv", folder / "f.csv", "--from", "50%", "--steps", "21"});
  program.wait_for_error_text("tracing 21 points");
  program.send(SIGINT);
  const Finished finished = program.finish();
  CAPTURE(finished.err, finished.out);
  CHECK(finished.exit_code == 130);
  CHECK(num_lines(content_of(folder / "f.csv")) == 22);
}
