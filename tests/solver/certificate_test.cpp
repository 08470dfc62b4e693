// Certificates of small problems of every kind, checked, and then changed in every way that a
// single field can be.

#include "espalier/solver/certificate.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <unistd.h>
#include <zlib.h>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "brute_force.hpp"
#include "hard_problem.hpp"
#include "random_problem.hpp"
#include "twisted_problem.hpp"

namespace {

using namespace espalier;
using solver::Instance;
using solver::Problem;
namespace fs = std::filesystem;

/// A folder of this process that goes when the test ends.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("certificate-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path proof() const { return path_ / "p.pbp"; }
  fs::path opb() const { return path_ / "p.opb"; }

 private:
  fs::path path_;
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

Instance instance_of(const Problem& problem) {
  return {.name = "random", .problem = problem, .known_optimum = {}, .item_names = {}};
}

solver::CertificateSummary certify(const Problem& problem, const Folder& folder, int threads = 1) {
  return solver::write_certificate(problem, solver::solve(problem), folder.proof(),
                                   {.threads = threads});
}

/// Writes a certificate and returns what the checker finds proven.
void require_proven(const Problem& problem, std::optional<std::int64_t> optimum,
                    const Folder& folder, int threads = 1) {
  const auto summary = certify(problem, folder, threads);
  REQUIRE(summary.stop_reason == solver::StopReason::kNone);
  const auto report = solver::check_certificate(instance_of(problem), folder.proof());
  if (!report.ok()) {
    FAIL(report.problems.front() << '\n' << read(folder.opb()) << read(folder.proof()));
  }
  REQUIRE(report.optimum == optimum);
  REQUIRE(report.proof_bytes == summary.proof_bytes);
}

/// Classes of equal weights with many ties.
Problem problem_of_classes(Random& random) {
  const auto n = random.integer(6, 15);
  std::vector<std::int64_t> profits, rows[2], capacities;
  for (std::int64_t j = 0; j < n; ++j) {
    const std::int64_t kind = random.integer(1, 3);
    profits.push_back(random.integer(1, 9));
    rows[0].push_back(kind);
    rows[1].push_back(kind == 2 ? 5 : 2);
  }
  for (auto& row : rows) {
    std::int64_t total = 0;
    for (const auto a : row) total += a;
    capacities.push_back(random.integer(total / 4, total * 3 / 4));
  }
  rows[0].insert(rows[0].end(), rows[1].begin(), rows[1].end());
  return Problem(profits, rows[0], capacities);
}

/// The proof with its check sum made right again.
std::string with_check_sum(std::string proof, const std::string& opb) {
  proof.resize(proof.rfind("* crc32 "));
  const auto sum = [](const std::string& text) {
    return crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  };
  char line[64];
  std::snprintf(line, sizeof line, "* crc32 %08lx %08lx\n", sum(opb), sum(proof));
  return proof + line;
}

/// Begin and length of every word.
std::vector<std::pair<std::size_t, std::size_t>> words_of(const std::string& text) {
  std::vector<std::pair<std::size_t, std::size_t>> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = text.find_first_not_of(" \n", at);
    if (begin == std::string::npos) break;
    at = std::min(text.find_first_of(" \n", begin), text.size());
    words.emplace_back(begin, at - begin);
  }
  return words;
}

/// Another word of the same kind: a number becomes the next, a literal its negation.
std::string changed(const std::string& word) {
  if (word[0] == '~') return word.substr(1);
  if (word[0] == 'x') return "~" + word;
  const auto digits = word.find_first_of("0123456789");
  if (digits != std::string::npos &&
      word.find_first_not_of("0123456789", digits + 1) == std::string::npos) {
    std::string number = word;
    number.back() = number.back() == '9' ? '8' : static_cast<char>(number.back() + 1);
    return number;
  }
  if (word == "+") return "*";
  if (word == "s") return "+";
  return word + "x";
}

const Problem kSmall({10, 7, 12, 4, 9, 3, 8},
                     {3, 2, 4, 1, 3, 2, 3,  //
                      2, 4, 3, 1, 2, 2, 5},
                     {9, 8});

}  // namespace

TEST_CASE("certificates of twisted problems of every family prove the optimum of enumeration",
          "[certificate][property]") {
  const Folder folder;
  int infeasible = 0;
  for (std::uint64_t seed = 1; seed <= 800; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const int n = static_cast<int>(random.integer(1, 12));
    const int m = static_cast<int>(random.integer(1, 5));
    const Problem problem = tests::twisted_problem(random, n, m);
    const auto best = tests::brute_force(problem);
    if (!best) ++infeasible;
    require_proven(problem, best ? std::optional(best->objective) : std::nullopt, folder);
  }
  CHECK(infeasible > 10);
}

TEST_CASE("certificates order the items of a class", "[certificate][property]") {
  const Folder folder;
  int ordered = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Problem problem = problem_of_classes(random);
    require_proven(problem, tests::brute_force(problem)->objective, folder, seed % 8 == 0 ? 3 : 1);
    if (read(folder.proof()).find("\nred ") != std::string::npos) ++ordered;
  }
  CHECK(ordered > 150);
}

TEST_CASE("parallel certificates of larger trees hold", "[certificate][property]") {
  const Folder folder;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    // With one row chains and a dynamic program, with five a tree that is split by cardinality.
    const Problem problem =
        seed % 2 == 0 ? tests::random_problem(random, tests::Family::kUncorrelated, 40, 1, 1000)
                      : tests::chu_beasley(80, 5, seed);
    const auto result = solver::solve(problem);
    require_proven(problem, result.objective, folder, 4);
    const bool is_split = read(folder.proof()).find("y1 -> 0") != std::string::npos;
    CHECK(is_split == (seed % 2 == 1));
  }
}

// The definitions of thresholds are few words among many, so that they are changed on their own.
TEST_CASE("no definition of a threshold can be changed without being refused or harmless",
          "[certificate]") {
  const Folder folder;
  const Problem problem = tests::chu_beasley(40, 5, 3);
  certify(problem, folder);
  const std::string text = read(folder.proof());
  const std::string opb = read(folder.opb());
  const std::int64_t optimum = solver::solve(problem).objective;
  const auto begin = text.find("\nred ") + 1;
  REQUIRE(begin != 0);
  const auto end = text.find("\np ", begin);
  REQUIRE(end != std::string::npos);
  int refused = 0;
  int tried = 0;
  for (const auto& [at, length] : words_of(text)) {
    if (at < begin || at >= end) continue;
    std::string other = text;
    other.replace(at, length, changed(text.substr(at, length)));
    write(folder.proof(), with_check_sum(other, opb));
    const auto report = solver::check_certificate(instance_of(problem), folder.proof());
    ++tried;
    if (!report.ok()) {
      ++refused;
    } else {
      INFO(text.substr(at, length) << " at " << at);
      REQUIRE(report.optimum == optimum);
    }
  }
  CHECK(tried > 100);
  CHECK(refused > tried / 2);
}

TEST_CASE("a certificate with any single field changed is refused", "[certificate]") {
  const Folder folder;
  certify(kSmall, folder);
  for (const auto& file : {folder.proof(), folder.opb()}) {
    const std::string text = read(file);
    const auto words = words_of(text);
    REQUIRE(words.size() > 30);
    for (const auto& [begin, length] : words) {
      std::string other = text;
      other.replace(begin, length, changed(text.substr(begin, length)));
      REQUIRE(other != text);
      write(file, other);
      bool is_refused = false;
      try {
        is_refused = !solver::check_certificate(instance_of(kSmall), folder.proof()).ok();
      } catch (const Error&) {
        is_refused = true;  // no OPB file any more
      }
      INFO("at " << begin << ": " << text.substr(begin, length) << " in\n" << other);
      CHECK(is_refused);
    }
    write(file, text);
  }
  CHECK(solver::check_certificate(instance_of(kSmall), folder.proof()).ok());
}

// A changed proof may still be a proof: of a multiplier that has room, or of a solution that was
// permuted. What must never happen is that it proves another optimum.
TEST_CASE("a certificate changed along with its check sum proves nothing false",
          "[certificate][property]") {
  const Folder folder;
  int refused = 0;
  int tried = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Problem problem =
        seed % 3 == 0 ? problem_of_classes(random) : tests::twisted_problem(random, 8, 3);
    const auto best = tests::brute_force(problem);
    certify(problem, folder);
    const std::string text = read(folder.proof());
    const std::string opb = read(folder.opb());
    const auto words = words_of(text);
    for (int k = 0; k < 150; ++k) {
      const auto [begin, length] = words[static_cast<std::size_t>(
          random.integer(4, static_cast<std::int64_t>(words.size()) - 5))];
      std::string other = text;
      const double draw = random.uniform();
      if (draw < 0.4) {
        other.replace(begin, length, changed(text.substr(begin, length)));
      } else if (draw < 0.6) {
        other.erase(begin, length + 1);
      } else if (draw < 0.8) {  // a whole line goes
        const auto line = text.rfind('\n', begin) + 1;
        other.erase(line, text.find('\n', line) + 1 - line);
      } else {
        const auto [from, size] = words[static_cast<std::size_t>(
            random.integer(4, static_cast<std::int64_t>(words.size()) - 5))];
        other.replace(begin, length, text.substr(from, size));
      }
      write(folder.proof(), with_check_sum(other, opb));
      const auto report = solver::check_certificate(instance_of(problem), folder.proof());
      ++tried;
      if (!report.ok()) {
        ++refused;
        continue;
      }
      INFO(other);
      REQUIRE(report.optimum == (best ? std::optional(best->objective) : std::nullopt));
    }
  }
  CHECK(refused > tried / 2);
}

TEST_CASE("a proof of another problem is refused", "[certificate]") {
  const Folder folder;
  certify(kSmall, folder);
  const Problem other({10, 7, 12, 4, 9, 3, 8},
                      {3, 2, 4, 1, 3, 2, 3,  //
                       2, 4, 3, 1, 2, 2, 5},
                      {9, 9});
  const auto report = solver::check_certificate(instance_of(other), folder.proof());
  REQUIRE_FALSE(report.ok());
  CHECK(report.problems.front().find("does not state the instance") != std::string::npos);
}

TEST_CASE("the OPB file is an instance with the same optimum", "[certificate]") {
  const Folder folder;
  certify(kSmall, folder);
  const auto instances = solver::read_instances(folder.opb());
  REQUIRE(instances.size() == 1);
  CHECK(solver::solve(instances.front().problem).objective == solver::solve(kSmall).objective);
}

TEST_CASE("false claims get no certificate", "[certificate]") {
  const Folder folder;
  solver::Result result = solver::solve(kSmall);
  result.selected.pop_back();
  CHECK_THROWS_AS(solver::write_certificate(kSmall, result, folder.proof()), Error);
  result.objective = solver::objective_of(kSmall, result.selected);
  CHECK_THROWS_AS(solver::write_certificate(kSmall, result, folder.proof()), InternalError);
  result.status = solver::Status::kFeasible;
  CHECK_THROWS_AS(solver::write_certificate(kSmall, result, folder.proof()), Error);
  result = {};
  CHECK_THROWS_AS(solver::write_certificate(kSmall, result, folder.proof()), InternalError);
  CHECK_FALSE(fs::exists(folder.proof()));
}

TEST_CASE("a limit leaves no half certificate", "[certificate]") {
  const Folder folder;
  const Problem problem = tests::chu_beasley(60, 5, 1);
  const auto summary = solver::write_certificate(problem, solver::solve(problem), folder.proof(),
                                                 {.node_limit = 400});
  CHECK(summary.stop_reason == solver::StopReason::kNodeLimit);
  CHECK_FALSE(fs::exists(folder.proof()));
  CHECK_FALSE(fs::exists(folder.opb()));
}

// The dynamic program takes no time for it, the tree that proves it has no end.
TEST_CASE("the proof of a hard row ends at the memory limit", "[certificate]") {
  const Folder folder;
  Random random(11);
  const Problem problem =
      tests::random_problem(random, tests::Family::kStronglyCorrelated, 200, 1, 1'000'000);
  const auto result = solver::solve(problem);
  REQUIRE(result.status == solver::Status::kOptimal);
  const auto summary =
      solver::write_certificate(problem, result, folder.proof(), {.memory_limit_mib = 8});
  CHECK(summary.stop_reason == solver::StopReason::kMemoryLimit);
  CHECK_FALSE(fs::exists(folder.proof()));
}
