// Every verb that writes files, where the disk is full: the old files stay as they were, nothing
// else is left beside them, and the exit code is 1.

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "full_disk.hpp"
#include "run_program.hpp"

namespace {

using namespace espalier::tests;

constexpr const char* kSmall = "4 2 14\n10 7 4 3\n5 4 3 1\n2 3 0 1\n8 4\n";
constexpr const char* kNetwork = R"({"layers": [
  {"name": "a", "type": "Dense", "n_in": 16, "n_out": 16, "strategy": "Resource",
   "reuse_factor": 8, "activation": "relu"},
  {"name": "b", "type": "Dense", "n_in": 16, "n_out": 5, "strategy": "Latency"}]})";

std::map<std::string, std::string> files_below(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path()] = content_of(entry.path());
  }
  return files;
}

/// Runs a command that succeeds, and once more with a full disk.
void check_full_disk(const TemporaryFolder& folder, const std::vector<std::string>& command) {
  const Finished good = run(command);
  CAPTURE(command.front(), good.err);
  REQUIRE(good.exit_code == 0);
  const auto before = files_below(folder / ".");
  Finished full;
  {
    const FullDisk disk(16);
    full = run(command);
  }
  CAPTURE(full.err);
  CHECK(full.exit_code == 1);
  CHECK(full.err.find("cannot write ") != std::string::npos);
  CHECK(std::count(full.err.begin(), full.err.end(), '\n') == 1);
  CHECK(files_below(folder / ".") == before);
}

}  // namespace

TEST_CASE("solve leaves the old result where the disk is full", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  check_full_disk(folder, {"solve", file, "--quiet", "--json", folder / "r.json"});
}

TEST_CASE("solve leaves the old certificate where the disk is full", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  check_full_disk(folder, {"solve", file, "--quiet", "--certificate", folder / "p.pbp"});
}

TEST_CASE("frontier leaves the old tables where the disk is full", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.dat", kSmall);
  check_full_disk(folder, {"frontier", file, "--quiet", "--csv", folder / "f.csv"});
  check_full_disk(folder, {"frontier", file, "--quiet", "--json", folder / "f.json"});
}

TEST_CASE("estimate leaves the old table where the disk is full", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("net.json", kNetwork);
  check_full_disk(folder, {"estimate", file, "--json", folder / "e.json"});
}

TEST_CASE("prune leaves the old report where the disk is full", "[cli][prune]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("net.json", kNetwork);
  check_full_disk(folder, {"prune", "--config", file, "--epochs", "1", "--tuning-epochs", "1",
                           "--target", "0.2", "--out", folder / "out", "--quiet"});
}
