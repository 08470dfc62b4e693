// Every table of kernels that this processor runs, against the definition in double.
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/support/random.hpp"

#include "nn/kernels/kernels.hpp"

namespace espalier::pruning::nn {
namespace {

constexpr float kUntouched = 1234.5F;

std::vector<float> random_values(std::size_t count, Random& random) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(2.0 * random.uniform() - 1.0);
  return values;
}

std::size_t at(std::ptrdiff_t i) { return static_cast<std::size_t>(i); }

/// Random sizes around the tile sizes, rows with gaps, and both orders of A.
struct Product {
  GemmArguments g;
  std::vector<float> a, b, c;

  explicit Product(Random& random) {
    g.m = static_cast<int>(random.integer(1, 30));
    g.n = static_cast<int>(random.integer(1, 120));
    g.k = static_cast<int>(random.chance(0.1) ? random.integer(250, 600) : random.integer(1, 40));
    const bool transposed = random.chance(0.5);
    const int gap = static_cast<int>(random.integer(0, 3));
    g.a_row = transposed ? 1 : g.k + gap;
    g.a_column = transposed ? g.m + gap : 1;
    g.b_row = g.n + gap;
    g.c_row = g.n + gap;
    g.accumulate = random.chance(0.5);
    a = random_values(at(std::ptrdiff_t{g.m + gap} * (g.k + gap)), random);
    b = random_values(at(g.k * g.b_row), random);
    c.assign(at(g.m * g.c_row), kUntouched);
    for (int i = 0; i < g.m; ++i) {
      for (int j = 0; j < g.n; ++j) c[at(i * g.c_row + j)] = static_cast<float>(random.uniform());
    }
    g.a = a.data();
    g.b = b.data();
  }

  /// |float result - exact result| is at most k + 1 roundings of values below k + 1.
  double tolerance() const { return (g.k + 1.0) * (g.k + 1.0) * 0x1.0p-24; }
};

TEST_CASE("every instruction set multiplies matrices as defined", "[nn][kernels][property]") {
  for (const Kernels* const* table = supported_kernels(); *table != nullptr; ++table) {
    CAPTURE((*table)->instruction_set);
    Random random(21);
    for (int round = 0; round < 300; ++round) {
      const Product p(random);
      std::vector<float> result = p.c;
      GemmArguments g = p.g;
      g.c = result.data();
      (*table)->gemm(g);
      double largest_error = 0.0;
      for (int i = 0; i < g.m; ++i) {
        for (int j = 0; j < g.n; ++j) {
          double sum = g.accumulate ? static_cast<double>(p.c[at(i * g.c_row + j)]) : 0.0;
          for (int k = 0; k < g.k; ++k) {
            sum += static_cast<double>(p.a[at(i * g.a_row + k * g.a_column)]) *
                   static_cast<double>(p.b[at(k * g.b_row + j)]);
          }
          largest_error = std::fmax(
              largest_error, std::abs(sum - static_cast<double>(result[at(i * g.c_row + j)])));
        }
        for (std::ptrdiff_t j = g.n; j < g.c_row; ++j)
          CHECK(result[at(i * g.c_row + j)] == kUntouched);
      }
      CAPTURE(g.m, g.n, g.k, g.accumulate);
      CHECK(largest_error < p.tolerance());
    }
  }
}

TEST_CASE("every instruction set multiplies by rows as defined", "[nn][kernels][property]") {
  for (const Kernels* const* table = supported_kernels(); *table != nullptr; ++table) {
    CAPTURE((*table)->instruction_set);
    Random random(22);
    for (int round = 0; round < 300; ++round) {
      const int m = static_cast<int>(random.integer(1, 20));
      const int n = static_cast<int>(random.integer(1, 20));
      const int k = static_cast<int>(random.integer(1, 150));
      const bool accumulate = random.chance(0.5);
      const auto a = random_values(at(m * k), random);
      const auto b = random_values(at(n * k), random);
      const auto before = random_values(at(m * n), random);
      auto c = before;
      (*table)->gemm_dot({.m = m,
                          .n = n,
                          .k = k,
                          .a = a.data(),
                          .a_row = k,
                          .b = b.data(),
                          .b_row = k,
                          .c = c.data(),
                          .c_row = n,
                          .accumulate = accumulate});
      double largest_error = 0.0;
      for (int i = 0; i < m; ++i) {
        for (int j = 0; j < n; ++j) {
          double sum = accumulate ? static_cast<double>(before[at(i * n + j)]) : 0.0;
          for (int l = 0; l < k; ++l) {
            sum += static_cast<double>(a[at(i * k + l)]) * static_cast<double>(b[at(j * k + l)]);
          }
          largest_error =
              std::fmax(largest_error, std::abs(sum - static_cast<double>(c[at(i * n + j)])));
        }
      }
      CAPTURE(m, n, k, accumulate);
      CHECK(largest_error < (k + 1.0) * (k + 1.0) * 0x1.0p-24);
    }
  }
}

TEST_CASE("rows of any width are copied and added exactly", "[nn][kernels][property]") {
  for (const Kernels* const* table = supported_kernels(); *table != nullptr; ++table) {
    CAPTURE((*table)->instruction_set);
    Random random(24);
    for (int width = 0; width <= 70; ++width) {
      const int rows = 3, from_row = width + 2, to_row = width + 1;
      const auto from = random_values(at(rows * from_row), random);
      const auto before = random_values(at(rows * to_row), random);
      auto copied = before, added = before, expected_copy = before, expected_sum = before;
      for (int row = 0; row < rows; ++row) {
        for (int i = 0; i < width; ++i) {
          expected_copy[at(row * to_row + i)] = from[at(row * from_row + i)];
          expected_sum[at(row * to_row + i)] += from[at(row * from_row + i)];
        }
      }
      RowsArguments arguments{.rows = rows,
                              .width = width,
                              .from = from.data(),
                              .from_row = from_row,
                              .to = copied.data(),
                              .to_row = to_row};
      (*table)->copy_rows(arguments);
      arguments.to = added.data();
      (*table)->add_rows(arguments);
      CAPTURE(width);
      CHECK(copied == expected_copy);
      CHECK(added == expected_sum);
    }
  }
}

TEST_CASE("an element of a product does not depend on the rest of its block", "[nn][kernels]") {
  for (const Kernels* const* table = supported_kernels(); *table != nullptr; ++table) {
    CAPTURE((*table)->instruction_set);
    Random random(23);
    for (int round = 0; round < 100; ++round) {
      const Product p(random);
      std::vector<float> whole = p.c, single = p.c;
      GemmArguments g = p.g;
      g.c = whole.data();
      (*table)->gemm(g);
      const std::ptrdiff_t row = random.integer(0, g.m - 1);
      g.a += row * g.a_row;
      g.c = single.data() + row * g.c_row;
      g.m = 1;
      (*table)->gemm(g);
      const auto begin = row * g.c_row;
      CHECK(std::vector(whole.begin() + begin, whole.begin() + begin + g.n) ==
            std::vector(single.begin() + begin, single.begin() + begin + g.n));
    }
  }
}

}  // namespace
}  // namespace espalier::pruning::nn
