// Memory that runs out, at any allocation, and disks that are full. The global operator new of this
// program counts what is in use and fails on demand.

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <malloc.h>
#include <unistd.h>

#include "espalier/solver/certificate.hpp"
#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/profit_solver.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/solver/solve.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "full_disk.hpp"
#include "hard_problem.hpp"
#include "judge_result.hpp"
#include "random_classes.hpp"
#include "random_problem.hpp"

namespace {

constexpr std::int64_t kNever = INT64_MAX;
std::atomic<std::int64_t> allocations_left{kNever};
std::atomic<std::int64_t> bytes_in_use{0};
std::atomic<std::int64_t> most_bytes_in_use{0};

void* allocate(std::size_t size, std::size_t alignment) {
  if (allocations_left.load(std::memory_order_relaxed) != kNever &&
      allocations_left.fetch_sub(1, std::memory_order_relaxed) <= 0) {
    throw std::bad_alloc();
  }
  void* memory =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(size)
          : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  const auto bytes = static_cast<std::int64_t>(::malloc_usable_size(memory));
  const std::int64_t now = bytes_in_use.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  std::int64_t most = most_bytes_in_use.load(std::memory_order_relaxed);
  while (now > most && !most_bytes_in_use.compare_exchange_weak(most, now)) {
  }
  return memory;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  bytes_in_use.fetch_sub(static_cast<std::int64_t>(::malloc_usable_size(memory)),
                         std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size, 0); }
void* operator new[](std::size_t size) { return allocate(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size, 0);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }

namespace {

using namespace espalier;
using solver::Problem;
namespace fs = std::filesystem;

/// Runs `work` with the k-th allocation failing, for ever larger k until one run has none failing.
/// Returns how many runs ended in bad_alloc. What is in use must then be what was before.
template <typename Work>
int fail_every_allocation(Work work, std::int64_t step) {
  work();  // what is allocated once and for all
  int failed = 0;
  for (std::int64_t k = 0;; k += step) {
    const std::int64_t before = bytes_in_use.load();
    bool has_failed = false;
    allocations_left = k;
    try {
      work();
    } catch (const std::bad_alloc&) {
      has_failed = true;
    } catch (...) {
      allocations_left = kNever;
      throw;
    }
    const bool has_run_out = allocations_left.exchange(kNever) < 0;
    const std::int64_t after = bytes_in_use.load();
    INFO("allocation " << k);
    REQUIRE(has_failed == has_run_out);
    REQUIRE(after == before);
    if (!has_failed) return failed;
    ++failed;
  }
}

Problem some_problem(int n, int m) {
  Random random(17);
  return tests::random_problem(random, tests::Family::kUncorrelated, n, m, 1000);
}

/// A folder of this process that goes when the test ends.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("faults-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }
  std::ptrdiff_t count() const {
    return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
  }

 private:
  fs::path path_;
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("the readers survive the failure of any allocation without a leak", "[faults]") {
  const std::string texts[] = {
      "1\n4 2 14\n10 7 4 3\n5 4 3 1\n2 3 0 1\n8 4\n",
      "* #variable= 3 #constraint= 1\nmin: -3 x1 -4 x2 -2 x3 ;\n+2 x1 +3 x2 +1 ~x3 <= 4 ;\n",
      "Maximize\n obj: 10 a + 7 b + 0.5 c\nSubject To\n r1: 5 a + 4 b + 3 c <= 8\nBinary\n a b c\n"
      "End\n",
      "NAME T\nROWS\n N COST\n L R1\nCOLUMNS\n X COST -3.5 R1 2\n Y COST -4 R1 3\nRHS\n RHS R1 4\n"
      "BOUNDS\n BV BND X\n BV BND Y\nENDATA\n"};
  for (const std::string& text : texts) {
    const int failed = fail_every_allocation(
        [&] { solver::read_instances_from_text(text, "a file of some name"); }, 1);
    CHECK(failed > 10);
  }
}

TEST_CASE("a result that is read survives the failure of any allocation", "[faults]") {
  const std::string text =
      R"([{"instance": "a", "status": "optimal", "objective": 14, "bound": 14, "selected": [0, 2]}])";
  CHECK(fail_every_allocation([&] { solver::read_results_from_text(text, "r.json"); }, 1) > 5);
}

TEST_CASE("a solve survives the failure of any allocation without a leak", "[faults]") {
  CHECK(fail_every_allocation([problem = some_problem(30, 5)] { solver::solve(problem); }, 1) > 25);
  CHECK(fail_every_allocation([problem = some_problem(60, 1)] { solver::solve(problem); }, 1) > 10);
}

TEST_CASE("a solver of changed profits stays exact when an allocation fails on the way",
          "[faults]") {
  Random random(5);
  const auto problem = tests::random_classed(random, {.rows = 2, .classes = 4, .items = 12000});
  std::vector<std::int64_t> others;
  std::vector<solver::ProfitChange> changes;
  for (const std::int64_t p : problem.classes()[0].profits) others.push_back(p + p / 50);
  for (std::int32_t j = 0; j < 900; ++j) changes.push_back({3 * j % 2000, random.integer(1, 1000)});
  int failed = 0;
  for (std::int64_t k = 0;; k += 11) {
    CAPTURE(k);
    solver::ProfitSolver solver(problem);
    solver.solve();
    bool has_failed = false;
    allocations_left = k;
    try {
      solver.change_profits(1, changes);
      solver.solve();
      solver.set_profits(0, others);
      solver.solve();
    } catch (const std::bad_alloc&) {
      has_failed = true;
    }
    allocations_left = kNever;
    REQUIRE(solver.solve().objective == solver::solve_classed(solver.problem()).objective);
    if (!has_failed) break;
    ++failed;
  }
  CHECK(failed > 50);
}

// oneTBB keeps threads and memory of its own between runs, so that only failures are looked at
// here, not bytes.
TEST_CASE("a parallel solve reports the failure of an allocation on any thread", "[faults]") {
  const Problem problem = some_problem(40, 5);
  const std::int64_t optimum = solver::solve(problem).objective;
  int failed = 0;
  for (std::int64_t k = 0; k < 400; k += 7) {
    allocations_left = k;
    std::optional<solver::Result> result;
    try {
      result = solver::solve(problem, {.threads = 3});
    } catch (const std::bad_alloc&) {
      ++failed;
    }
    allocations_left = kNever;
    if (result) CHECK(result->objective == optimum);
  }
  CHECK(failed > 10);
}

TEST_CASE("a certificate survives the failure of any allocation without a leak", "[faults]") {
  const Folder folder;
  const Problem problem = some_problem(20, 3);
  const auto result = solver::solve(problem);
  const int failed = fail_every_allocation(
      [&] { solver::write_certificate(problem, result, folder / "p.pbp"); }, 3);
  CHECK(failed > 20);
  CHECK(folder.count() == 2);  // no temporary file is left
}

TEST_CASE("the memory limit holds for the whole of a solve", "[faults]") {
  constexpr std::int64_t kMiB = std::int64_t{1} << 20;
  for (const Problem& problem : {tests::hard_tree(), tests::hard_row()}) {
    const std::int64_t before = bytes_in_use.load();
    most_bytes_in_use = before;
    const auto result = solver::solve(problem, {.time_limit_seconds = 2, .memory_limit_mib = 24});
    CAPTURE(problem.num_rows(), (most_bytes_in_use - before) / kMiB);
    CHECK(most_bytes_in_use - before < 32 * kMiB);
    CHECK(result.stop_reason != solver::StopReason::kNone);
    CHECK(tests::judge_selection(problem, result) == "");
  }
}

TEST_CASE("a full disk leaves the old file and nothing else", "[faults]") {
  const Folder folder;
  const fs::path file = folder / "r.json";
  solver::write_file_atomically(file, "old\n");
  {
    const tests::FullDisk full(1000);
    CHECK_THROWS_AS(solver::write_file_atomically(file, std::string(5000, 'x')), Error);
  }
  CHECK(read(file) == "old\n");
  CHECK(folder.count() == 1);
}

TEST_CASE("a full disk leaves the old certificate", "[faults]") {
  const Folder folder;
  const Problem small = some_problem(6, 2);
  solver::write_certificate(small, solver::solve(small), folder / "p.pbp");
  const std::string proof = read(folder / "p.pbp");
  const std::string opb = read(folder / "p.opb");
  const Problem large = some_problem(40, 5);
  const auto result = solver::solve(large);
  for (const rlim_t bytes : {rlim_t{10}, rlim_t{1000}}) {  // room for neither, for the proof alone
    const tests::FullDisk full(bytes);
    CHECK_THROWS_AS(solver::write_certificate(large, result, folder / "p.pbp"), Error);
  }
  CHECK(read(folder / "p.pbp") == proof);
  CHECK(read(folder / "p.opb") == opb);
  CHECK(folder.count() == 2);
}
