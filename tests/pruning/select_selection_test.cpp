#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/selection.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

using namespace espalier::pruning;
using espalier::Error;
using espalier::Random;
using espalier::resource_model::LayerStructures;
using espalier::resource_model::Resources;

namespace {

struct Case {
  std::vector<LayerStructures> structures;
  std::vector<std::vector<double>> values;
  Resources budget;
  int floor = 0;
};

bool within(const Resources& used, const Resources& budget) {
  return used.dsp <= budget.dsp && used.bram18 <= budget.bram18 && used.lut <= budget.lut &&
         used.ff <= budget.ff;
}

Resources cost_of(const LayerStructures& layer, std::size_t k) {
  return static_cast<std::int64_t>(k) + 1 == layer.num_structures ? layer.last_structure
                                                                  : layer.per_structure;
}

/// Indices of a layer by descending value, the first of equal ones first.
std::vector<std::size_t> by_value(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  return order;
}

/// Best value over all sets that contain the floors, by enumeration; nothing if the floors alone
/// do not fit.
std::optional<double> brute_force(const Case& c) {
  struct Item {
    double value;
    Resources cost;
  };
  std::vector<Item> free_items;
  Resources used;
  double value = 0.0;
  for (std::size_t i = 0; i < c.structures.size(); ++i) {
    const auto order = by_value(c.values[i]);
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      const Item item{c.values[i][order[rank]], cost_of(c.structures[i], order[rank])};
      if (rank < static_cast<std::size_t>(c.floor)) {
        used = used + item.cost;
        value += item.value;
      } else {
        free_items.push_back(item);
      }
    }
  }
  if (!within(used, c.budget)) return std::nullopt;
  double best = 0.0;
  for (std::uint32_t set = 0; set < (1U << free_items.size()); ++set) {
    Resources cost = used;
    double sum = value;
    for (std::size_t j = 0; j < free_items.size(); ++j) {
      if ((set >> j & 1U) == 0) continue;
      cost = cost + free_items[j].cost;
      sum += free_items[j].value;
    }
    if (within(cost, c.budget)) best = std::max(best, sum);
  }
  return best;
}

Case random_case(Random& random) {
  Case c;
  const std::int64_t rows = random.integer(1, 4);
  const bool ties = random.chance(0.3);
  Resources total;
  std::int64_t left = random.integer(1, 12);
  while (left > 0) {
    LayerStructures layer;
    layer.layer = static_cast<int>(c.structures.size());
    layer.num_structures = random.integer(1, left);
    left -= layer.num_structures;
    layer.per_structure = {random.integer(0, 4), rows > 1 ? random.integer(0, 3) : 0,
                           rows > 2 ? random.integer(0, 40) : 0,
                           rows > 3 ? random.integer(0, 20) : 0};
    layer.last_structure = random.chance(0.5)
                               ? layer.per_structure
                               : Resources{random.integer(0, layer.per_structure.dsp),
                                           random.integer(0, layer.per_structure.bram18),
                                           random.integer(0, layer.per_structure.lut),
                                           random.integer(0, layer.per_structure.ff)};
    std::vector<double> values;
    for (std::int64_t k = 0; k < layer.num_structures; ++k) {
      values.push_back(ties ? 0.25 * static_cast<double>(random.integer(0, 3)) : random.uniform());
      total = total + cost_of(layer, static_cast<std::size_t>(k));
    }
    c.values.push_back(std::move(values));
    c.structures.push_back(layer);
  }
  c.budget = {random.integer(0, total.dsp), random.integer(0, total.bram18),
              random.integer(0, total.lut), random.integer(0, total.ff)};
  c.floor = static_cast<int>(random.integer(0, 2));
  return c;
}

Selection select(const Case& c, int threads = 1) {
  return select_structures(
      c.structures, c.values, c.budget,
      {.floors = std::vector<std::int64_t>(c.structures.size(), c.floor), .threads = threads});
}

double value_of(const Case& c, const Selection& s) {
  double sum = 0.0;
  for (std::size_t i = 0; i < s.kept.size(); ++i) {
    for (std::size_t k = 0; k < s.kept[i].size(); ++k) sum += s.kept[i][k] ? c.values[i][k] : 0.0;
  }
  return sum;
}

Resources resources_of(const Case& c, const Selection& s) {
  Resources sum;
  for (std::size_t i = 0; i < s.kept.size(); ++i) {
    for (std::size_t k = 0; k < s.kept[i].size(); ++k) {
      if (s.kept[i][k]) sum = sum + cost_of(c.structures[i], k);
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("a selection retains as much as the best of all sets", "[select][property]") {
  Random random(11);
  int feasible = 0;
  int infeasible = 0;
  int greedy_was_worse = 0;
  for (int round = 0; round < 4000; ++round) {
    CAPTURE(round);
    const Case c = random_case(random);
    const auto best = brute_force(c);
    if (!best) {
      CHECK_THROWS_AS(select(c), Error);
      ++infeasible;
      continue;
    }
    ++feasible;
    const Selection s = select(c);
    constexpr double kSummation = 1e-12;  // of the two sums of doubles compared
    REQUIRE(s.status == "optimal");
    REQUIRE(std::abs(s.objective - *best) <= s.scaling_error + kSummation);
    REQUIRE(std::abs(s.objective - value_of(c, s)) <= s.scaling_error + kSummation);
    REQUIRE(s.bound == s.objective);
    REQUIRE(resources_of(c, s) == s.used);
    REQUIRE(within(s.used, c.budget));
    REQUIRE(s.greedy_objective <= s.objective);
    greedy_was_worse += s.greedy_objective < s.objective - kSummation ? 1 : 0;
    for (std::size_t i = 0; i < c.structures.size(); ++i) {
      const auto kept = std::count(s.kept[i].begin(), s.kept[i].end(), 1);
      REQUIRE(kept >= std::min<std::int64_t>(c.floor, c.structures[i].num_structures));
    }
  }
  CHECK(feasible > 2000);
  CHECK(infeasible > 100);
  CHECK(greedy_was_worse > 100);
}

TEST_CASE("equal structures of a layer are kept by value, then by place", "[select][property]") {
  Random random(12);
  int partial = 0;
  for (int round = 0; round < 500; ++round) {
    CAPTURE(round);
    Case c = random_case(random);
    c.floor = 0;
    const Selection s = select(c, 2);
    REQUIRE(s.kept == select(c, 1).kept);
    for (std::size_t i = 0; i < c.structures.size(); ++i) {
      if (c.structures[i].last_structure != c.structures[i].per_structure) continue;
      const auto order = by_value(c.values[i]);
      bool ended = false;
      for (const std::size_t k : order) {
        if (ended) REQUIRE(s.kept[i][k] == 0);
        ended = ended || s.kept[i][k] == 0;
      }
      partial += ended ? 1 : 0;
    }
  }
  CHECK(partial > 100);
}

TEST_CASE("what costs nothing is kept and what is worth nothing is not", "[select]") {
  Case c;
  c.structures = {{.layer = 0, .num_weights = 2, .num_structures = 2},
                  {.layer = 1,
                   .num_weights = 3,
                   .num_structures = 3,
                   .per_structure = {.dsp = 1},
                   .last_structure = {.dsp = 1}}};
  c.values = {{0.0, 1.0}, {0.0, 0.5, 0.0}};
  c.budget = {.dsp = 3};
  const Selection s = select(c);
  CHECK(s.kept == std::vector<std::vector<std::uint8_t>>{{1, 1}, {0, 1, 0}});
  CHECK(s.used == Resources{.dsp = 1});
  CHECK(s.items == 1);
  CHECK(s.rows == 1);
}

TEST_CASE("a floor that does not fit names the resource and both amounts", "[select]") {
  using Catch::Matchers::Contains;
  Case c;
  c.structures = {{.layer = 0,
                   .num_weights = 4,
                   .num_structures = 4,
                   .per_structure = {.dsp = 2, .bram18 = 3},
                   .last_structure = {.dsp = 2, .bram18 = 3}}};
  c.values = {{1.0, 2.0, 3.0, 4.0}};
  c.budget = {.dsp = 8, .bram18 = 5};
  c.floor = 2;
  CHECK_THROWS_WITH(select(c), Contains("6 bram18") && Contains("is 5"));
  c.budget.bram18 = 6;
  CHECK(select(c).kept[0] == std::vector<std::uint8_t>{0, 0, 1, 1});
  c.floor = -1;
  CHECK_THROWS_WITH(select(c), Contains("expected 0 or more"));
}

TEST_CASE("values that do not match the structures are refused", "[select]") {
  Case c;
  c.structures = {{.layer = 0, .num_weights = 2, .num_structures = 2, .per_structure = {.dsp = 1}}};
  c.values = {{1.0}};
  CHECK_THROWS_WITH(select(c), Catch::Matchers::Contains("expected 2"));
  c.values.clear();
  CHECK_THROWS_WITH(select(c), Catch::Matchers::Contains("expected 1"));
  c.values = {{1.0, -0.5}};
  CHECK_THROWS_WITH(select(c), Catch::Matchers::Contains("structure 1 is -0.5"));
  c.values = {{1.0, std::numeric_limits<double>::infinity()}};
  CHECK_THROWS_WITH(select(c), Catch::Matchers::Contains("structure 1 is inf"));
}

TEST_CASE("floors are per layer and a start changes nothing", "[select][property]") {
  Random random(13);
  int warm = 0;
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    Case c = random_case(random);
    c.budget = c.budget + Resources{100, 100, 1000, 1000};  // the floors fit in any case
    SelectOptions options;
    for (const LayerStructures& layer : c.structures) {
      options.floors.push_back(random.integer(0, layer.num_structures + 1));
    }
    const Selection cold = select_structures(c.structures, c.values, c.budget, options);
    for (std::size_t i = 0; i < c.structures.size(); ++i) {
      const auto kept = std::count(cold.kept[i].begin(), cold.kept[i].end(), 1);
      REQUIRE(kept >= std::min(options.floors[i], c.structures[i].num_structures));
    }
    options.start_multipliers = cold.multipliers;
    for (double& y : options.start_multipliers) y *= 0.5 + random.uniform();
    warm += options.start_multipliers.empty() ? 0 : 1;
    const Selection again = select_structures(c.structures, c.values, c.budget, options);
    REQUIRE(again.objective == cold.objective);
  }
  CHECK(warm > 50);
}

TEST_CASE("the other methods stay within the budget and below the optimum", "[select][property]") {
  Random random(14);
  std::vector<int> worse(4, 0);
  for (int round = 0; round < 500; ++round) {
    CAPTURE(round);
    Case c = random_case(random);
    c.floor = 0;
    const double best = select(c).objective;
    for (const auto method :
         {SelectionMethod::kGreedy, SelectionMethod::kUniform, SelectionMethod::kMagnitude}) {
      const Selection s = select_structures(c.structures, c.values, c.budget, {.method = method});
      REQUIRE(within(s.used, c.budget));
      REQUIRE(s.used == resources_of(c, s));
      REQUIRE(s.objective <= best);
      REQUIRE(s.status == "feasible");
      if (method == SelectionMethod::kGreedy) REQUIRE(s.objective == s.greedy_objective);
      worse[static_cast<std::size_t>(method)] += s.objective < best - 1e-9 ? 1 : 0;
    }
  }
  CHECK(worse[1] > 10);
  CHECK(worse[2] > 50);
  CHECK(worse[3] > 50);
}

TEST_CASE("uniform choice takes the same share of every layer", "[select]") {
  Case c;
  for (const std::int64_t size : {8, 4}) {
    c.structures.push_back({.layer = static_cast<int>(c.structures.size()),
                            .num_weights = size,
                            .num_structures = size,
                            .per_structure = {.dsp = 1},
                            .last_structure = {.dsp = 1}});
  }
  c.values = {{9, 8, 7, 6, 5, 4, 3, 2}, {0.4, 0.3, 0.2, 0.1}};
  c.budget = {.dsp = 6};
  const Selection s =
      select_structures(c.structures, c.values, c.budget, {.method = SelectionMethod::kUniform});
  CHECK(s.kept == std::vector<std::vector<std::uint8_t>>{{1, 1, 1, 1, 0, 0, 0, 0}, {1, 1, 0, 0}});
}
