// The verbs solve and check as a user or a script meets them: exit codes, streams and files.

#include <algorithm>
#include <csignal>
#include <filesystem>
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
constexpr const char* kThree = "3\n1 1 9 5 3 4\n2 1 5 5 4 3 2 4\n2 1 0 1.5 4 3 2 4\n";

}  // namespace

TEST_CASE("help and version are answered", "[cli]") {
  CHECK(run({"--help"}).exit_code == 0);
  CHECK(run({"--help"}).out.find("solve") != std::string::npos);
  CHECK(run({"solve", "--help"}).out.find("--time-limit") != std::string::npos);
  CHECK(run({"--version"}).out.rfind("espalier ", 0) == 0);
}

TEST_CASE("wrong usage exits 2 with one line", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  expect_error(run({}), 2, "subcommand");
  expect_error(run({"dance"}), 2, "espalier --help");
  expect_error(run({"solve"}), 2, "FILE");
  expect_error(run({"solve", file, "--threads", "0"}), 2, "threads");
  expect_error(run({"solve", file, "--threads", "two"}), 2, "threads");
  expect_error(run({"solve", file, "--time-limit", "-1"}), 2, "time-limit");
  expect_error(run({"solve", file, "--time-limit", "nan"}), 2, "time-limit");
  expect_error(run({"solve", file, "--node-limit", "-5"}), 2, "node-limit");
  expect_error(run({"solve", file, "--instance", "-1"}), 2, "instance");
  expect_error(run({"solve", file, "--unknown"}), 2, "--unknown");
  expect_error(run({"solve", file, "b.dat"}), 2, "b.dat");
  expect_error(run({"check", file}), 2, "RESULT");
}

TEST_CASE("bad input exits 1 with file and line", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  expect_error(run({"solve", folder / "none"}), 1, "cannot read " + (folder / "none"));
  expect_error(run({"solve", folder.write("bad", "2 1 0\n3 x\n5 6\n7\n")}), 1,
               "bad:2: profit 1 is 'x'; expected a number");
  expect_error(run({"solve", folder.write("short", "2 1 0\n3 4\n5 6\n")}), 1, "short:3: found 7");
  expect_error(run({"solve", folder.write("b.gz", "\x1f\x8b\x08")}), 1, "file truncated?");
  expect_error(run({"solve", file, "--instance", "1"}), 1, "has no instance 1; expected 0 to 0");
  expect_error(run({"solve", file, "--start", folder / "none"}), 1, "cannot read");
  expect_error(run({"check", file, folder.write("r.json", "{}")}), 1, "lacks the field");
}

TEST_CASE("a solved instance exits 0 with a summary and correct JSON", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  const Finished finished = run({"solve", file, "--json", folder / "r.json"});
  CAPTURE(finished.err);
  CHECK(finished.exit_code == 0);
  CHECK(finished.out.rfind("a.dat: optimal, objective 14, bound 14, ", 0) == 0);
  CHECK(num_lines(finished.out) == 1);
  CHECK(finished.err.find("incumbent") != std::string::npos);
  const json result = json::parse(content_of(folder / "r.json"));
  CHECK(result["instance"] == "a.dat");
  CHECK(result["status"] == "optimal");
  CHECK(result["stop_reason"] == "none");
  CHECK(result["objective"] == 14);
  CHECK(result["selected"] == json{0, 2});
  CHECK(folder.names() == std::vector<std::string>{"a.dat", "r.json"});

  const Finished check = run({"check", file, folder / "r.json"});
  CHECK(check.exit_code == 0);
  CHECK(check.out.find("a.dat: ok: ") == 0);
}

TEST_CASE("JSON on stdout stands alone and quiet is quiet", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  CHECK(json::parse(run({"solve", file, "--json", "-"}).out)["objective"] == 14);
  const Finished quiet = run({"solve", file, "--json", "-", "--quiet"});
  CHECK(json::parse(quiet.out)["objective"] == 14);
  CHECK(quiet.err.empty());
  const Finished summary = run({"solve", file, "--quiet"});
  CHECK(summary.err.empty());
  CHECK(num_lines(summary.out) == 1);
}

TEST_CASE("all instances of a file are solved unless one is chosen", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("t.txt", kThree);
  const Finished all = run({"solve", file, "--json", folder / "all.json"});
  CHECK(all.exit_code == 0);
  CHECK(num_lines(all.out) == 3);
  // The first instance gives a wrong optimum, the second a right one, the third none.
  CHECK(all.err.find("warning: t.txt#0: the file gives the optimum 9, proven is 5") !=
        std::string::npos);
  CHECK(all.err.find("warning: t.txt#1") == std::string::npos);
  CHECK(all.err.find("warning: t.txt#2") == std::string::npos);
  const json results = json::parse(content_of(folder / "all.json"));
  REQUIRE(results.is_array());
  REQUIRE(results.size() == 3);
  CHECK(results[1]["instance"] == "t.txt#1");
  CHECK(results[2]["objective"] == 4);
  CHECK(run({"check", file, folder / "all.json"}).exit_code == 0);
  CHECK(run({"check", file, folder / "all.json", "--instance", "1"}).exit_code == 0);

  const Finished one = run({"solve", file, "--instance", "2", "--json", "-"});
  CHECK(json::parse(one.out)["instance"] == "t.txt#2");
  const std::string one_file = folder.write("one.json", one.out);
  CHECK(run({"check", file, one_file}).exit_code == 0);
  expect_error(run({"check", file, one_file, "--instance", "0"}), 1, "must match");
}

TEST_CASE("check refuses a wrong result", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  json result = json::parse(run({"solve", file, "--json", "-"}).out);
  result["objective"] = result["bound"] = 15;
  const Finished wrong = run({"check", file, folder.write("w.json", result.dump())});
  CHECK(wrong.exit_code == 1);
  CHECK(wrong.out.find("WRONG: the objective is given as '15'; the selection has 14") !=
        std::string::npos);
  result["instance"] = "other";
  expect_error(run({"check", file, folder.write("o.json", result.dump())}), 1, "must match");
}

TEST_CASE("an infeasible instance exits 0", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("i.dat", "1 1 0\n1\n1\n-1\n");
  const Finished finished = run({"solve", file, "--json", folder / "r.json"});
  CHECK(finished.exit_code == 0);
  CHECK(finished.out.find("i.dat: infeasible") == 0);
  CHECK(json::parse(content_of(folder / "r.json"))["objective"].is_null());
  CHECK(run({"check", file, folder / "r.json"}).exit_code == 0);
}

TEST_CASE("a limit exits 3 with a checkable solution, which may start the next run", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("hard.dat", hard_instance());
  for (const std::vector<std::string>& limit :
       {std::vector<std::string>{"--node-limit", "2000"}, {"--time-limit", "0.2"}}) {
    CAPTURE(limit);
    std::vector<std::string> arguments = {"solve", file, "--json", folder / "r.json"};
    arguments.insert(arguments.end(), limit.begin(), limit.end());
    const Finished finished = run(arguments);
    CAPTURE(finished.err);
    CHECK(finished.exit_code == 3);
    CHECK(finished.out.find("limit)") != std::string::npos);
    const json result = json::parse(content_of(folder / "r.json"));
    CHECK(result["status"] == "feasible");
    CHECK(result["objective"] <= result["bound"]);
    CHECK(run({"check", file, folder / "r.json"}).exit_code == 0);

    const Finished next =
        run({"solve", file, "--node-limit", "1", "--json", "-", "--start", folder / "r.json"});
    CHECK(next.exit_code == 3);
    CHECK(json::parse(next.out)["objective"] >= result["objective"]);
  }
}

TEST_CASE("an infeasible starting solution is refused", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  json result = json::parse(run({"solve", file, "--json", "-"}).out);
  result["selected"] = {0, 1, 2, 3};
  const Finished finished =
      run({"solve", file, "--quiet", "--start", folder.write("s.json", result.dump())});
  expect_error(finished, 1, "");
}

TEST_CASE("an interrupted solve exits 130 and still writes its best solution", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("hard.dat", hard_instance());
  for (const int signal : {SIGINT, SIGTERM}) {
    RunningProgram program({"solve", file, "--threads", "2", "--json", folder / "r.json"});
    REQUIRE(program.wait_for_error_text("presolve"));
    program.send(signal);
    const Finished finished = program.finish();
    CAPTURE(finished.err, finished.out);
    CHECK(finished.exit_code == 130);
    CHECK(finished.out.find("(interrupted)") != std::string::npos);
    const json result = json::parse(content_of(folder / "r.json"));
    CHECK(result["stop_reason"] == "interrupt");
    CHECK(run({"check", file, folder / "r.json"}).exit_code == 0);
  }
}

TEST_CASE("a result that cannot be written is an error", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  const Finished nowhere = run({"solve", file, "--quiet", "--json", folder / "no/r.json"});
  CHECK(nowhere.exit_code == 1);
  CHECK(nowhere.err.find("cannot write " + (folder / "no/r.json")) != std::string::npos);
}

TEST_CASE("a certificate is written, checked, and refused where it proves something else",
          "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  const std::string proof = folder / "p.pbp";
  const std::string result = folder / "r.json";
  const Finished solved =
      run({"solve", file, "--quiet", "--threads", "2", "--json", result, "--certificate", proof});
  CHECK(solved.exit_code == 0);
  CHECK(solved.out.find("a.dat: certificate " + proof) != std::string::npos);
  CHECK(content_of(folder / "p.opb").find("min: -10 x1") != std::string::npos);
  CHECK(run({"solve", folder / "p.opb"}).out.find("optimal, objective -14") != std::string::npos);

  const Finished good = run({"check", file, result, "--certificate", proof});
  CHECK(good.exit_code == 0);
  CHECK(good.out.find("proof ok: 14 is optimal") != std::string::npos);

  const std::string worse = folder.write(
      "w.json", R"({"status": "optimal", "objective": 13, "bound": 13, "selected": [0, 3]})");
  const Finished other = run({"check", file, worse, "--certificate", proof});
  CHECK(other.exit_code == 1);
  CHECK(other.out.find("WRONG: the certificate proves 14") != std::string::npos);

  folder.write("p.pbp", content_of(proof) + "* more\n");
  CHECK(run({"check", file, result, "--certificate", proof}).exit_code == 1);
  const Finished missing = run({"check", file, result, "--certificate", folder / "none.pbp"});
  CHECK(missing.exit_code == 1);
  CHECK(missing.err.find("none.opb: cannot be read") != std::string::npos);
}

TEST_CASE("a certificate is for one solved instance", "[cli]") {
  const TemporaryFolder folder;
  const std::string proof = folder / "p.pbp";
  const std::string three = folder.write("t.txt", kThree);
  expect_error(run({"solve", three, "--certificate", proof}), 1, "choose one with --instance");
  CHECK(run({"solve", three, "--instance", "1", "--certificate", proof}).exit_code == 0);
  std::filesystem::remove(proof);
  const std::string hard = folder.write("hard.dat", hard_instance());
  const Finished limited =
      run({"solve", hard, "--quiet", "--node-limit", "2000", "--certificate", proof});
  CHECK(limited.exit_code == 3);
  CHECK_FALSE(std::filesystem::exists(proof));
}
