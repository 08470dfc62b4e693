#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "loop/schedule.hpp"

using namespace espalier::pruning;

namespace {

constexpr double kSmallestStep = 0.004;

/// Targets tried when everything up to `limit` is accepted.
std::vector<double> run(const PruneOptions& options, double final_target, double limit) {
  Schedule schedule(options, final_target, kSmallestStep);
  std::vector<double> targets;
  while (const auto target = schedule.next()) {
    REQUIRE(targets.size() < 1000);
    targets.push_back(*target);
    schedule.record(*target, *target <= limit);
  }
  return targets;
}

constexpr ScheduleKind kAllKinds[] = {ScheduleKind::kConstant, ScheduleKind::kPolynomial,
                                      ScheduleKind::kBinary};

}  // namespace

TEST_CASE("the constant schedule takes equal steps to the final target", "[loop]") {
  const auto targets = run({.schedule = ScheduleKind::kConstant, .step = 0.25}, 0.6, 1.0);
  CHECK(targets == std::vector<double>{0.25, 0.5, 0.6});
}

TEST_CASE("the polynomial schedule follows its formula", "[loop]") {
  PruneOptions options;
  options.schedule = ScheduleKind::kPolynomial;
  options.polynomial_steps = 8;
  const auto targets = run(options, 0.9, 1.0);
  REQUIRE(targets.size() == 8);
  for (std::size_t k = 1; k <= 8; ++k) {
    const double expected = 0.9 + (0.0 - 0.9) * std::pow(1.0 - static_cast<double>(k) / 8.0, 3);
    CHECK(targets[k - 1] == Approx(expected));
  }
  CHECK(targets.back() == 0.9);
}

TEST_CASE("the binary schedule halves what is left", "[loop]") {
  PruneOptions options;
  options.schedule = ScheduleKind::kBinary;
  options.resolution = 0.1;
  CHECK(run(options, 1.0, 1.0) == std::vector<double>{0.5, 0.75, 0.875, 0.9375, 1.0});
  options.max_bad_trials = 10;
  CHECK(run(options, 1.0, 0.6) == std::vector<double>{0.5, 0.75, 0.625, 0.5625});
}

TEST_CASE("every schedule closes in on the largest target that is accepted", "[loop][property]") {
  for (const ScheduleKind kind : kAllKinds) {
    for (int percent = 0; percent <= 100; ++percent) {
      const double limit = percent / 100.0;
      CAPTURE(static_cast<int>(kind), limit);
      PruneOptions options;
      options.schedule = kind;
      options.max_bad_trials = 20;
      options.resolution = 0.01;
      Schedule schedule(options, 0.97, kSmallestStep);
      while (const auto target = schedule.next()) {
        REQUIRE(*target > schedule.accepted_target());
        REQUIRE(*target <= 0.97);
        schedule.record(*target, *target <= limit);
      }
      const double accepted = schedule.accepted_target();
      REQUIRE(accepted <= limit);
      const double nearest = std::min(limit, 0.97) - options.resolution;
      REQUIRE(accepted >= nearest - 1e-12);
    }
  }
}

TEST_CASE("a target that was rejected is tried again from nearer", "[loop]") {
  PruneOptions options;
  options.step = 0.4;
  options.resolution = 0.04;
  options.max_bad_trials = 2;
  Schedule schedule(options, 1.0, kSmallestStep);
  const auto step = [&schedule](double expected, bool accepted) {
    const auto target = schedule.next();
    REQUIRE(target);
    CHECK(*target == Approx(expected));
    schedule.record(*target, accepted);
  };
  step(0.4, false);
  step(0.2, true);
  step(0.4, true);
  step(0.6, false);
  step(0.5, true);
  step(0.6, false);
  step(0.55, true);
  step(0.6, false);
  step(0.575, false);
  CHECK_FALSE(schedule.next());
}

TEST_CASE("a schedule ends after so many rejections in a row", "[loop]") {
  PruneOptions options;
  options.step = 0.4;
  options.max_bad_trials = 2;
  // An acceptance in between starts the count anew.
  const auto targets = run(options, 1.0, 0.251);
  const std::vector<double> expected = {0.4, 0.2, 0.4, 0.3};
  REQUIRE(targets.size() == expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) CHECK(targets[k] == Approx(expected[k]));
  CHECK(run(options, 0.0, 1.0).empty());
}

TEST_CASE("nothing is given up before a single structure was too much", "[loop]") {
  for (const ScheduleKind kind : kAllKinds) {
    CAPTURE(static_cast<int>(kind));
    PruneOptions options;
    options.schedule = kind;
    options.max_bad_trials = 1;
    options.resolution = 0.5;
    const auto targets = run(options, 1.0, 0.0);
    REQUIRE(targets.size() > 3);
    for (std::size_t k = 1; k < targets.size(); ++k) {
      CHECK(targets[k] == Approx(std::max(targets[k - 1] / 2.0, kSmallestStep)));
    }
    CHECK(targets.back() == Approx(kSmallestStep));
    // With the smallest structure accepted the run has something.
    Schedule schedule(options, 1.0, kSmallestStep);
    while (const auto target = schedule.next()) schedule.record(*target, *target <= kSmallestStep);
    CHECK(schedule.accepted_target() == Approx(kSmallestStep));
  }
}

TEST_CASE("steps grow again where three in a row are accepted", "[loop]") {
  PruneOptions options;
  options.step = 0.2;
  Schedule schedule(options, 1.0, kSmallestStep);
  schedule.record(*schedule.next(), false);
  schedule.record(*schedule.next(), false);
  std::vector<double> steps;
  for (int k = 0; k < 8; ++k) {
    const auto target = schedule.next();
    REQUIRE(target);
    steps.push_back(*target - schedule.accepted_target());
    schedule.record(*target, true);
  }
  const std::vector<double> expected = {0.05, 0.05, 0.05, 0.1, 0.1, 0.1, 0.2, 0.2};
  for (std::size_t k = 0; k < steps.size(); ++k) CHECK(steps[k] == Approx(expected[k]));
}
