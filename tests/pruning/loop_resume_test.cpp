// A run that ends anywhere and goes on from its checkpoint is the run that never ended.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <string>

#include <catch2/catch.hpp>

#include "espalier/pruning/report.hpp"
#include "espalier/support/error.hpp"

#include "loop_small_task.hpp"

using namespace espalier::pruning;
using namespace espalier::tests;

namespace {

namespace fs = std::filesystem;

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name)
      : path_(fs::temp_directory_path() / ("espalier_resume_test_" + name)) {
    fs::remove_all(path_);
  }
  ~TemporaryFile() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Requests a stop after so many epochs of the whole run.
class StopAfterEpochs final : public PruneObserver {
 public:
  explicit StopAfterEpochs(int epochs) : left_(epochs) {}
  std::stop_token token() const { return source_.get_token(); }
  void on_epoch(const EpochReport&) override {
    if (--left_ == 0) source_.request_stop();
  }

 private:
  int left_;
  std::stop_source source_;
};

/// The report as a user sees it, without what clocks measured.
std::string report_without_times(PruneReport report) {
  report.seconds = 0.0;
  for (IterationRecord& it : report.iterations) it.seconds = it.knapsack_seconds = 0.0;
  return report_to_json(report) + report_to_csv(report) + masks_to_npz(report);
}

PruneOptions resumable_options(const fs::path& checkpoint) {
  PruneOptions options = small_options();
  options.polynomial_steps = 4;
  options.baseline_training.epochs = 4;
  options.fine_tuning.epochs = 3;
  options.regrowth_epochs = 1;
  options.value = ValueMetric::kSecondOrder;
  options.value_samples = 64;
  options.max_bad_trials = 2;
  options.checkpoint = checkpoint;
  return options;
}

}  // namespace

TEST_CASE("a run stopped anywhere and resumed is the whole run", "[loop][property]") {
  const TemporaryFile file("anywhere");
  const auto whole = run_small(resumable_options({}));
  REQUIRE(whole.report.iterations.size() >= 3);
  // What a rejection has taught must survive, too.
  CHECK(std::any_of(whole.report.iterations.begin(), whole.report.iterations.end() - 1,
                    [](const IterationRecord& it) { return !it.protected_layer.empty(); }));
  int resumed_with_iterations = 0;
  for (const int epochs : {2, 5, 8, 9, 12, 16}) {
    CAPTURE(epochs);
    fs::remove_all(file.path());
    PruneOptions options = resumable_options(file.path());
    StopAfterEpochs observer(epochs);
    options.stop = observer.token();
    const auto stopped = run_small(options, &observer);
    REQUIRE(stopped.report.interrupted);
    resumed_with_iterations += stopped.report.iterations.empty() ? 0 : 1;

    options = resumable_options(file.path());
    options.resume = true;
    options.threads = 2;
    auto resumed = run_small(options);
    resumed.report.settings.threads = 1;
    REQUIRE(kernels_of(resumed.network) == kernels_of(whole.network));
    REQUIRE(report_without_times(resumed.report) == report_without_times(whole.report));
  }
  CHECK(resumed_with_iterations >= 2);
}

TEST_CASE("a resumed run drops the same values in training", "[loop]") {
  const TemporaryFile file("dropout");
  Network hardware = small_hardware();
  const auto plain = run_small(resumable_options({}));
  hardware.input_dropout_rate = 0.05;
  hardware.layers[1].dropout_rate = 0.1;
  const auto whole = run_small(resumable_options({}), nullptr, hardware);
  CHECK(kernels_of(whole.network) != kernels_of(plain.network));
  for (const int epochs : {5, 9}) {  // the baseline takes four
    CAPTURE(epochs);
    fs::remove_all(file.path());
    PruneOptions options = resumable_options(file.path());
    StopAfterEpochs observer(epochs);
    options.stop = observer.token();
    REQUIRE(run_small(options, &observer, hardware).report.interrupted);

    options = resumable_options(file.path());
    options.resume = true;
    CHECK_THROWS_WITH(run_small(options), Catch::Contains("other options, network or hardware"));
    const auto resumed = run_small(options, nullptr, hardware);
    REQUIRE(kernels_of(resumed.network) == kernels_of(whole.network));
    REQUIRE(report_without_times(resumed.report) == report_without_times(whole.report));
  }
}

TEST_CASE("resuming a finished run gives its report again", "[loop]") {
  const TemporaryFile file("finished");
  PruneOptions options = resumable_options(file.path());
  options.polynomial_steps = 2;
  const auto first = run_small(options);
  options.resume = true;
  StopAfterEpochs observer(1);  // not one epoch is left
  options.stop = observer.token();
  const auto again = run_small(options, &observer);
  CHECK_FALSE(again.report.interrupted);
  CHECK(report_without_times(again.report) == report_without_times(first.report));
}

TEST_CASE("checkpoints of other runs and damaged ones are refused", "[loop]") {
  using Catch::Matchers::Contains;
  const TemporaryFile file("refused");
  PruneOptions options = resumable_options(file.path());
  options.polynomial_steps = 1;
  options.max_bad_trials = 1;
  run_small(options);
  options.resume = true;
  options.tolerance = 0.03;
  CHECK_THROWS_WITH(run_small(options), Contains("other options") && Contains("refused"));
  options.tolerance = 0.05;
  options.seed = 2;  // other initial weights too
  CHECK_THROWS_WITH(run_small(options), Contains("other options"));
  options.seed = 1;

  std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(-5, std::ios::end);
  bytes.put('#');
  bytes.close();
  CHECK_THROWS_WITH(run_small(options), Contains("is damaged"));
  fs::resize_file(file.path(), fs::file_size(file.path()) - 1);
  CHECK_THROWS_WITH(run_small(options), Contains("ends too early"));
  std::ofstream(file.path()) << "something else";
  CHECK_THROWS_WITH(run_small(options), Contains("is no checkpoint"));
}
