// The verb prune as a user or a script meets it: exit codes, streams and files.

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "run_program.hpp"

namespace {

using espalier::tests::content_of;
using espalier::tests::Finished;
using espalier::tests::run;
using espalier::tests::RunningProgram;
using espalier::tests::TemporaryFolder;
using nlohmann::json;

/// An error is one line on stderr that begins with the program's name, and nothing on stdout.
void expect_error(const Finished& finished, int exit_code, const std::string& part) {
  CAPTURE(finished.err);
  CHECK(finished.exit_code == exit_code);
  CHECK(finished.out.empty());
  CHECK(finished.err.rfind("espalier: ", 0) == 0);
  CHECK(finished.err.find('\n') == finished.err.size() - 1);
  CHECK(finished.err.find(part) != std::string::npos);
}

/// A run of a few seconds: one training epoch, one of fine-tuning, one target.
std::vector<std::string> short_run(const TemporaryFolder& folder) {
  return {"prune",    "--task", "jets",  "--epochs",         "2",          "--tuning-epochs", "1",
          "--target", "0.3",    "--out", folder / "out dir", "--schedule", "constant"};
}

}  // namespace

TEST_CASE("a short pruning run leaves a table, a report and its command", "[cli][prune]") {
  const TemporaryFolder folder;
  const Finished finished = run(short_run(folder));
  CAPTURE(finished.err);
  REQUIRE(finished.exit_code == 0);
  CHECK(finished.out.find("structures kept") != std::string::npos);
  CHECK(finished.out.find(folder / "out dir/report.json") != std::string::npos);
  CHECK(finished.err.find("iteration 1: target 5.0 %") != std::string::npos);
  const json report = json::parse(content_of(folder / "out dir/report.json"));
  CHECK(report.at("baseline").at("dsp") == 1064);
  CHECK(report.at("pruned").at("dsp").get<int>() <= 1064);
  CHECK(report.at("command").get<std::string>().find("--out '" + (folder / "out dir") + "'") !=
        std::string::npos);
  for (const auto& it : report.at("iterations")) {
    CHECK(it.at("knapsack").at("status") == "optimal");
    CHECK(it.at("dsp") == it.at("selected").at("dsp"));
  }
  CHECK_FALSE(content_of(folder / "out dir/report.html").empty());
}

TEST_CASE("a device for prune must be known and too small", "[cli][prune]") {
  const TemporaryFolder folder;
  const auto prune = [&](const std::string& device) {
    return run({"prune", "--task", "jets", "--device", device, "--out", folder / "out", "--quiet"});
  };
  expect_error(prune("xcvu9p"), 1, "holds the network without pruning");
  expect_error(prune("xc9v1"), 1, "device is 'xc9v1'");
}

TEST_CASE("prune without or with unknown work to do is bad usage", "[cli][prune]") {
  expect_error(run({"prune"}), 2, "--demo");
  expect_error(run({"prune", "--task", "chess"}), 2, "chess");
  expect_error(run({"prune", "--demo", "--task", "jets"}), 2, "--demo");
  expect_error(run({"prune", "--demo", "--tolerance", "2"}), 2, "2");
  expect_error(run({"prune", "--demo", "--objective", "lut"}), 2, "lut");
}

TEST_CASE("what can be checked without data is checked before they are looked at", "[cli][prune]") {
  const TemporaryFolder folder;
  const auto expect = [&](const std::vector<std::string>& options, const std::string& text) {
    std::vector<std::string> command = {
        "prune", "--task", "fashion", "--data", folder / "nowhere", "--out", folder / "out"};
    command.insert(command.end(), options.begin(), options.end());
    expect_error(run(command), 1, text);
  };
  expect({"--target", "1.5"}, "target_sparsity is 1.5");
  expect({"--target", "dsp=2"}, "target_fractions.dsp is 2");
  expect({"--target", "bram=0.5"}, "less bram18, which no structure frees");
  expect({"--budget", "dsp=1"}, "leaves 1 dsp");
  expect({"--floor", "fc9=0.5"}, "fc9");
  expect({"--floor", "fc1=7"}, "layer_floors[fc1] is 7");
  expect({"--regularization=-1"}, "regularization is -1");
  expect({"--precision", "float"}, "float");
  CHECK(folder.names().empty());
}

TEST_CASE("a missing data folder is one line and leaves nothing behind", "[cli][prune]") {
  const TemporaryFolder folder;
  expect_error(
      run({"prune", "--task", "fashion", "--data", folder / "nowhere", "--out", folder / "out"}), 1,
      "nowhere");
  CHECK(folder.names().empty());
}

TEST_CASE("an output folder that cannot be is refused before training", "[cli][prune]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "in the way");
  expect_error(run({"prune", "--demo", "--quiet", "--out", file + "/out"}), 1, file + "/out");
}

TEST_CASE("a description that does not fit the data is refused", "[cli][prune]") {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("net.json", R"({"layers": [{"name": "a", "type": "Dense", "n_in": 9, "n_out": 5,
       "strategy": "Latency"}]})");
  expect_error(run({"prune", "--config", file, "--out", folder / "out"}), 1, "9 values");
}

TEST_CASE("a description that cannot be trained is refused by file and layer", "[cli][prune]") {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("net.json", R"({"layers": [{"name": "a", "type": "Dense", "n_in": 16, "n_out": 5,
       "strategy": "Latency", "activation": "relu"}, {"name": "n", "type": "BatchNormalization"}]})");
  expect_error(run({"prune", "--config", file, "--out", folder / "out"}), 1,
               "net.json: layer n normalises");
}

TEST_CASE("a described network is pruned in its own setting", "[cli][prune]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("net.json", R"({"layers": [
    {"name": "a", "type": "Dense", "n_in": 16, "n_out": 16, "strategy": "Resource",
     "reuse_factor": 8, "activation": "relu"},
    {"name": "b", "type": "Dense", "n_in": 16, "n_out": 5, "strategy": "Latency", "activation": "softmax"}]})");
  const Finished finished = run({"prune", "--config", file, "--epochs", "1", "--tuning-epochs", "1",
                                 "--target", "0.2", "--out", folder / "out", "--quiet"});
  CAPTURE(finished.err);
  REQUIRE(finished.exit_code == 0);
  CHECK(finished.err.empty());
  CHECK(json::parse(content_of(folder / "out/report.json")).at("baseline").at("dsp") == 32 + 80);
}

TEST_CASE("a network that fixed point spoils is not passed off as accepted", "[cli][prune]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("net.json", R"({"precision": "ap_fixed<5,2>", "layers": [
    {"name": "drop", "type": "Dropout", "rate": 0.01},
    {"name": "a", "type": "Dense", "n_in": 16, "n_out": 16, "strategy": "Latency",
     "activation": "relu"},
    {"name": "b", "type": "Dense", "n_out": 5, "strategy": "Latency", "activation": "softmax"}]})");
  const Finished finished = run({"prune", "--config", file, "--epochs", "1", "--tuning-epochs", "1",
                                 "--target", "0.1", "--out", folder / "out", "--quiet"});
  REQUIRE(finished.exit_code == 0);
  CAPTURE(finished.out);
  CHECK(finished.out.find("prune with --fixed-point") != std::string::npos);
  const json report = json::parse(content_of(folder / "out/report.json"));
  CHECK(report.at("misses_tolerance_in_fixed_point") == true);
  CHECK(content_of(folder / "out/report.html").find("with --fixed-point") != std::string::npos);
}

TEST_CASE("an interrupt ends a run with the best result written", "[cli][prune]") {
  const TemporaryFolder folder;
  RunningProgram program({"prune", "--task", "jets", "--epochs", "1", "--tuning-epochs", "100000",
                          "--out", folder / "out"});
  REQUIRE(program.wait_for_error_text("iteration 1, epoch 1/"));
  program.send(SIGINT);
  const Finished finished = program.finish();
  CAPTURE(finished.err);
  CHECK(finished.exit_code == 130);
  const json report = json::parse(content_of(folder / "out/report.json"));
  CHECK(report.at("interrupted") == true);
  CHECK(report.at("pruned").at("dsp") == 1064);
  CHECK(report.at("iterations").empty());
}

namespace {

/// What a report says apart from what clocks measured.
json without_times(json report) {
  report.erase("seconds");
  for (auto& it : report.at("iterations")) {
    it.erase("seconds");
    it.at("knapsack").erase("seconds");
  }
  return report;
}

}  // namespace

TEST_CASE("a run killed in the middle and resumed gives the report of the whole run",
          "[cli][prune]") {
  const TemporaryFolder folder;
  const auto command = [](const std::string& out) {
    return std::vector<std::string>{"prune", "--task",  "jets", "--epochs", "2", "--tuning-epochs",
                                    "1",     "--steps", "6",    "--out",    out};
  };
  REQUIRE(run(command(folder / "out")).exit_code == 0);
  const json whole = without_times(json::parse(content_of(folder / "out/report.json")));
  const std::string masks = content_of(folder / "out/masks.npz");
  const std::string model = content_of(folder / "out/model.h5");  // empty without HDF5
  REQUIRE(whole.at("iterations").size() > 3);
  std::filesystem::remove_all(folder / "out");

  RunningProgram program(command(folder / "out"));
  REQUIRE(program.wait_for_error_text("iteration 2: target"));
  program.send(SIGKILL);
  program.finish();
  CHECK_FALSE(std::filesystem::exists(folder / "out/report.json"));
  REQUIRE(std::filesystem::exists(folder / "out/checkpoint/state.bin"));
  std::vector<std::string> resumed = command(folder / "out");
  resumed.push_back("--resume");
  const Finished finished = run(resumed);
  CAPTURE(finished.err);
  REQUIRE(finished.exit_code == 0);
  CHECK(finished.err.find("baseline, epoch") == std::string::npos);
  CHECK(without_times(json::parse(content_of(folder / "out/report.json"))) == whole);
  CHECK(content_of(folder / "out/masks.npz") == masks);
  CHECK(content_of(folder / "out/model.h5") == model);
}

TEST_CASE("goals, floors and hardware are read from the command line", "[cli][prune]") {
  const TemporaryFolder folder;
  const auto report_of = [&](std::vector<std::string> options) {
    std::vector<std::string> command = {"prune", "--task",          "jets",        "--epochs",
                                        "2",     "--tuning-epochs", "1",           "--steps",
                                        "2",     "--out",           folder / "out"};
    command.insert(command.end(), options.begin(), options.end());
    const Finished finished = run(command);
    CAPTURE(finished.err);
    REQUIRE(finished.exit_code == 0);
    return json::parse(content_of(folder / "out/report.json"));
  };
  const json budget = report_of({"--budget", "dsp=900", "--floor", "fc1=1"});
  CHECK(budget.at("target_reached") == true);
  CHECK(budget.at("pruned").at("dsp") == 900);
  CHECK(budget.at("layers").at(0).at("structures_kept") == 256);
  const json vector = report_of({"--objective", "dsp+bram", "--precision", "ap_fixed<18,8>",
                                 "--reuse-factor", "8", "--target", "dsp=0.2,bram=0.1"});
  CHECK(vector.at("baseline").at("dsp") == 532);
  CHECK(vector.at("final_target") == 0.2);
  CHECK(vector.at("settings").at("objective") == "dsp+bram");
  const json step =
      report_of({"--schedule", "constant", "--step", "0.2", "--margin", "0.25", "--target", "0.2"});
  CHECK(step.at("iterations").at(0).at("target") == 0.2);
  CHECK(step.at("settings").at("margin_standard_errors") == 0.25);
  expect_error(run({"prune", "--demo", "--target", "dsp=much", "--out", folder / "x"}), 1, "much");
  expect_error(run({"prune", "--demo", "--budget", "lut=3", "--out", folder / "x"}), 1, "lut");
  const json logic = report_of({"--objective", "dsp+bram+lut+ff", "--budget", "lut=90000"});
  CHECK(logic.at("pruned").at("lut").get<int>() <= 90000);
  CHECK(logic.at("settings").at("objective") == "dsp+bram+lut+ff");
  CHECK(logic.at("iterations").back().at("lut") ==
        logic.at("iterations").back().at("selected").at("lut"));
  expect_error(run({"prune", "--demo", "--floor", "fc1", "--out", folder / "x"}), 1, "NAME=NUMBER");
  expect_error(run({"prune", "--demo", "--quiet", "--budget", "dsp=1", "--out", folder / "x"}), 1,
               "expected at least 4");
  expect_error(run({"prune", "--demo", "--budget", "dsp=1", "--target", "0.4"}), 2, "excludes");
}
