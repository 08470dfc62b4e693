#include "instances.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "espalier/support/error.hpp"

namespace espalier::bench {

using solver::ClassedProblem;
using solver::ItemClass;
using solver::Problem;

namespace {

double draw(Random& random, const std::string& kind) {
  if (kind == "normal") return std::abs(random.normal());
  if (kind == "heavy") return std::pow(1.0 - random.uniform(), -0.8);
  if (kind == "nearly-equal") return 1.0 + 1e-6 * random.normal();
  if (kind == "ties") return static_cast<double>(random.integer(1, 16)) / 16.0;
  throw espalier::Error("unknown profits '" + kind +
                        "'; expected normal, heavy, nearly-equal or ties");
}

}  // namespace

Shape shape_of(const std::string& text, std::int64_t items, const std::string& profits) {
  const auto cross = text.find('x');
  if (cross == std::string::npos) {
    throw Error("the shape is '" + text + "'; expected rows x classes such as 2x12");
  }
  return {items, std::stoi(text), std::stoi(text.substr(cross + 1)), profits};
}

std::vector<ItemClass> make_classes(Random& random, const Shape& shape) {
  std::vector<ItemClass> all(static_cast<std::size_t>(shape.classes));
  std::int64_t left = shape.items;
  for (std::size_t c = 0; c < all.size(); ++c) {
    const auto remaining = static_cast<double>(all.size() - c);
    const double share = c + 1 == all.size() ? 1.0 : (0.2 + 1.6 * random.uniform()) / remaining;
    const auto size = std::min(left, static_cast<std::int64_t>(share * static_cast<double>(left)));
    left -= size;
    for (int i = 0; i < shape.rows; ++i) all[c].weights.push_back(random.integer(0, 8));
    const double scale = std::exp2(30.0) * (0.25 + random.uniform());
    all[c].profits.reserve(static_cast<std::size_t>(size));
    for (std::int64_t j = 0; j < size; ++j) {
      all[c].profits.push_back(
          static_cast<std::int64_t>(scale * std::min(1e4, draw(random, shape.profits))));
    }
  }
  return all;
}

std::vector<std::int64_t> make_capacities(const std::vector<ItemClass>& classes, double part) {
  std::vector<std::int64_t> capacities(classes.front().weights.size(), 0);
  for (const ItemClass& klass : classes) {
    for (std::size_t i = 0; i < capacities.size(); ++i) {
      capacities[i] += klass.weights[i] * static_cast<std::int64_t>(klass.profits.size());
    }
  }
  for (auto& b : capacities) b = static_cast<std::int64_t>(part * static_cast<double>(b));
  return capacities;
}

Problem make_plain(Random& random, const ClassedProblem& problem) {
  std::vector<std::size_t> class_of;
  std::vector<std::int64_t> profits;
  for (std::size_t c = 0; c < problem.classes().size(); ++c) {
    const auto& own = problem.classes()[c].profits;
    class_of.insert(class_of.end(), own.size(), c);
    profits.insert(profits.end(), own.begin(), own.end());
  }
  for (std::size_t k = class_of.size(); k > 1; --k) {
    const auto other =
        static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(k) - 1));
    std::swap(class_of[k - 1], class_of[other]);
    std::swap(profits[k - 1], profits[other]);
  }
  std::vector<std::int64_t> weights;
  for (std::size_t i = 0; i < problem.capacities().size(); ++i) {
    for (const std::size_t c : class_of) weights.push_back(problem.classes()[c].weights[i]);
  }
  return {std::move(profits),
          std::move(weights),
          {problem.capacities().begin(), problem.capacities().end()}};
}

}  // namespace espalier::bench
