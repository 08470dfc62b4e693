// The parts of a training step, each against its formula.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/train.hpp"
#include "espalier/support/random.hpp"

#include "nn/parameter_layout.hpp"
#include "train/augment.hpp"
#include "train/group_regularizer.hpp"
#include "train/learning_rate.hpp"
#include "train/optimizer.hpp"
#include "train/thread_pool.hpp"

namespace espalier::pruning::nn {
namespace {

/// A random order of the first `count` kernel indices.
std::vector<std::int32_t> random_order(std::size_t count, Random& random) {
  std::vector<std::int32_t> order(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto j = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(i)));
    order[i] = order[j];
    order[j] = static_cast<std::int32_t>(i);
  }
  return order;
}

double penalty_value(const GroupPenalty& penalty, const std::vector<double>& kernel) {
  double sum = 0.0;
  const auto size = static_cast<std::size_t>(penalty.group_size);
  for (std::size_t begin = 0; begin < penalty.order.size(); begin += size) {
    double squares = 0.0;
    for (std::size_t i = begin; i < std::min(begin + size, penalty.order.size()); ++i) {
      const double w = kernel[static_cast<std::size_t>(penalty.order[i])];
      squares += w * w;
    }
    sum += std::sqrt(squares);
  }
  return static_cast<double>(penalty.strength) * sum;
}

TEST_CASE("the penalty's gradient is that of its value", "[train][property]") {
  Random random(31);
  ThreadPool threads(2);
  for (int round = 0; round < 40; ++round) {
    const int inputs = static_cast<int>(random.integer(1, 30));
    const int outputs = static_cast<int>(random.integer(1, 30));
    Sequential network({inputs}, {{.name = "fc", .units = outputs}});
    network.initialize(random.bits());
    const ParameterLayout layout(network);
    GroupPenalty penalty;
    penalty.order = random_order(network.kernel(0).size(), random);
    penalty.group_size = static_cast<std::int32_t>(random.integer(1, 12));
    penalty.strength = 0.25F;
    const std::vector<GroupPenalty> penalties = {penalty};
    GroupRegularizer regularizer(penalties, layout, threads);
    const std::vector<float> parameters = layout.gather(network);
    std::vector<float> gradient(parameters.size(), 1.0F);  // to be added to
    const double value = regularizer.add_gradient(parameters.data(), gradient.data());

    std::vector<double> kernel(network.kernel(0).begin(), network.kernel(0).end());
    CHECK(value == Approx(penalty_value(penalty, kernel)).epsilon(1e-9));
    for (std::size_t k = 0; k < kernel.size(); ++k) {
      // Second derivatives are at most strength / norm; far from zero 1e-6 is a smooth step.
      constexpr double kStep = 1e-6;
      const double centre = kernel[k];
      if (std::abs(centre) < 1e-3) continue;
      kernel[k] = centre + kStep;
      const double above = penalty_value(penalty, kernel);
      kernel[k] = centre - kStep;
      const double below = penalty_value(penalty, kernel);
      kernel[k] = centre;
      const double expected = 1.0 + (above - below) / (2.0 * kStep);
      CHECK(static_cast<double>(gradient[k]) == Approx(expected).margin(1e-6));
    }
    for (std::size_t b = layout.bias(0).offset; b < gradient.size(); ++b) {
      CHECK(gradient[b] == 1.0F);
    }
  }
}

TEST_CASE("the penalty leaves zero and the smallest groups alone", "[train]") {
  Sequential network({4}, {{.name = "fc", .units = 1}});
  network.kernel(0)[2] = std::numeric_limits<float>::denorm_min();
  GroupPenalty penalty;
  penalty.order = {0, 1, 2, 3};
  penalty.group_size = 2;
  penalty.strength = 3.0F;
  const std::vector<GroupPenalty> penalties = {penalty};
  const ParameterLayout layout(network);
  ThreadPool threads(1);
  GroupRegularizer regularizer(penalties, layout, threads);
  const std::vector<float> parameters = layout.gather(network);
  std::vector<float> gradient(parameters.size(), 0.0F);
  regularizer.add_gradient(parameters.data(), gradient.data());
  for (const float g : gradient) {
    CHECK(std::isfinite(g));
    CHECK(std::abs(g) <= 3.0F);
  }
  CHECK(gradient[0] == 0.0F);
}

double rate(const TrainOptions& options, std::int64_t step) {
  return learning_rate_at(options, step, 100);
}

TEST_CASE("the learning rate falls along half a cosine", "[train]") {
  TrainOptions options{.learning_rate = 0.4F, .final_learning_rate_fraction = 0.1F};
  CHECK(rate(options, 0) == Approx(0.4));
  CHECK(rate(options, 50) == Approx(0.5 * (0.4 + 0.04)));
  CHECK(rate(options, 100) == Approx(0.04));
  for (int step = 0; step < 100; ++step) CHECK(rate(options, step + 1) < rate(options, step));
  options.final_learning_rate_fraction = 1.0F;
  CHECK(rate(options, 70) == Approx(0.4));
}

TEST_CASE("the other schedules reach the final rate as they say", "[train]") {
  TrainOptions options{.learning_rate = 0.4F, .final_learning_rate_fraction = 0.01F};
  options.schedule = LearningRateSchedule::kConstant;
  CHECK(rate(options, 99) == Approx(0.4));
  options.schedule = LearningRateSchedule::kExponential;
  CHECK(rate(options, 0) == Approx(0.4));
  CHECK(rate(options, 50) == Approx(0.04));
  CHECK(rate(options, 100) == Approx(0.004));
  options.schedule = LearningRateSchedule::kSteps;
  CHECK(rate(options, 49) == Approx(0.4));
  CHECK(rate(options, 50) == Approx(0.04));
  CHECK(rate(options, 75) == Approx(0.004));
}

TEST_CASE("a warm-up rises to the full rate and the schedule follows", "[train]") {
  const TrainOptions options{.learning_rate = 0.4F, .warmup_fraction = 0.2F};
  for (int step = 0; step < 20; ++step) CHECK(rate(options, step) < rate(options, step + 1));
  CHECK(rate(options, 0) > 0.0);
  CHECK(rate(options, 20) == Approx(0.4));
  CHECK(rate(options, 60) == Approx(0.5 * (0.4 + 0.02)));
}

TEST_CASE("Adam takes the steps of its paper", "[train]") {
  const std::vector<float> gradients = {0.5F, -2.0F, 1.0F};
  const auto rule = make_adam(2);
  std::vector<float> parameters = {1.0F, 1.0F};
  double mean = 0.0, square = 0.0, expected = 1.0;
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    const double g = static_cast<double>(gradients[t]);
    const auto power = static_cast<double>(t + 1);
    mean = 0.9 * mean + 0.1 * g;
    square = 0.999 * square + 0.001 * g * g;
    expected -= 0.01 * (mean / (1.0 - std::pow(0.9, power))) /
                (std::sqrt(square / (1.0 - std::pow(0.999, power))) + 1e-8);
    const std::vector<float> gradient = {gradients[t], 0.0F};
    rule->begin_step(0.01);
    rule->update(parameters.data(), gradient.data(), 0, 2);
    CHECK(static_cast<double>(parameters[0]) == Approx(expected).epsilon(1e-6));
  }
  CHECK(parameters[1] == 1.0F);
}

TEST_CASE("momentum adds up past gradients", "[train]") {
  const auto rule = make_sgd_momentum(1);
  std::vector<float> parameter = {1.0F};
  const std::vector<float> gradient = {1.0F};
  rule->begin_step(0.1);
  rule->update(parameter.data(), gradient.data(), 0, 1);
  CHECK(parameter[0] == Approx(0.9));
  rule->begin_step(0.05);
  rule->update(parameter.data(), gradient.data(), 0, 1);
  CHECK(parameter[0] == Approx(0.9 - 0.05 * 1.9));
}

TEST_CASE("a pool calls every index once, with slots that do not collide", "[train]") {
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    std::vector<int> calls(1000, 0);
    std::vector<std::uint8_t> bad_slot(1000, 0);
    pool.for_each(calls.size(), [&](std::size_t index, std::size_t slot) {
      ++calls[index];
      bad_slot[index] = slot >= static_cast<std::size_t>(threads);
    });
    CHECK(calls == std::vector<int>(1000, 1));
    CHECK(bad_slot == std::vector<std::uint8_t>(1000, 0));
    std::vector<int> covered(1001, 0);
    pool.for_each_block(covered.size(), 100, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++covered[i];
    });
    CHECK(covered == std::vector<int>(1001, 1));
  }
}

TEST_CASE("augmented images are shifted and mirrored images, all of them", "[train]") {
  const std::vector<int> shape = {5, 4, 2};
  std::vector<float> image(40);
  for (std::size_t k = 0; k < image.size(); ++k) image[k] = static_cast<float>(k + 1);
  const auto moved = [&](int down, int right, bool mirror) {
    std::vector<float> result(40, 0.0F);
    for (int y = 0; y < 5; ++y) {
      for (int x = 0; x < 4; ++x) {
        const int to_y = y + down, to_x = (mirror ? 3 - x : x) + right;
        if (to_y < 0 || to_y >= 5 || to_x < 0 || to_x >= 4) continue;
        for (int c = 0; c < 2; ++c) {
          result[static_cast<std::size_t>((to_y * 4 + to_x) * 2 + c)] =
              image[static_cast<std::size_t>((y * 4 + x) * 2 + c)];
        }
      }
    }
    return result;
  };
  std::vector<std::vector<float>> expected;
  for (int down = -1; down <= 1; ++down) {
    for (int right = -1; right <= 1; ++right) {
      for (const bool mirror : {false, true}) expected.push_back(moved(down, right, mirror));
    }
  }
  std::vector<int> seen(expected.size(), 0);
  for (std::uint64_t noise = 0; noise < 500; ++noise) {
    std::vector<float> result(40);
    augment({.max_shift = 1, .mirrors = true}, shape, image.data(), noise, result.data());
    const auto it = std::find(expected.begin(), expected.end(), result);
    REQUIRE(it != expected.end());
    ++seen[static_cast<std::size_t>(it - expected.begin())];
  }
  for (const int count : seen) CHECK(count > 8);  // 28 of each expected
}

}  // namespace
}  // namespace espalier::pruning::nn
