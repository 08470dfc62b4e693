// Epochs of the two networks on random data of the real sizes (the time does not depend on the
// values), and the matrix products of LeNet by instruction set, beside those of Eigen.
#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <benchmark/benchmark.h>

#include "espalier/pruning/train.hpp"
#include "espalier/support/random.hpp"

#include "nn/kernels/kernels.hpp"

namespace {

using namespace espalier;
using namespace espalier::pruning;

Dataset random_data(const Sequential& network, std::size_t count) {
  Dataset data;
  data.sample_shape = network.input_shape();
  data.num_classes = network.num_classes();
  Random random(1);
  data.labels.reserve(count);
  data.features.reserve(count * data.sample_size());
  for (std::size_t i = 0; i < count; ++i) {
    data.labels.push_back(static_cast<std::int32_t>(random.integer(0, data.num_classes - 1)));
    for (std::size_t k = 0; k < data.sample_size(); ++k) {
      data.features.push_back(static_cast<float>(random.uniform()));
    }
  }
  return data;
}

/// One epoch with Adam, batch 128; argument: threads.
void epoch(benchmark::State& state, Sequential (*make)(), std::size_t samples) {
  Sequential network = make();
  const Dataset data = random_data(network, samples);
  const Dataset validation = random_data(network, 1);
  network.initialize(1);
  const TrainOptions options{.epochs = 1, .threads = static_cast<int>(state.range(0))};
  for (auto _ : state) benchmark::DoNotOptimize(train(network, data, validation, options));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(samples));
}

/// Factors and product of m x k by k x n, A by columns as the layers have it.
struct Product {
  int m, n, k;
  std::vector<float> a, b, c;

  Product(int rows, int columns, int depth)
      : m(rows),
        n(columns),
        k(depth),
        a(values(rows * depth)),
        b(values(depth * columns)),
        c(values(rows * columns)) {}

  static std::vector<float> values(int count) {
    Random random(1);
    std::vector<float> v(static_cast<std::size_t>(count));
    for (float& x : v) x = static_cast<float>(random.uniform());
    return v;
  }
};

/// Runs `multiply` and counts billions of multiply-adds per second.
template <typename Multiply>
void count_products(benchmark::State& state, Product& p, const Multiply& multiply) {
  for (auto _ : state) {
    multiply();
    benchmark::DoNotOptimize(p.c.data());
    benchmark::ClobberMemory();
  }
  state.counters["GMAC/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * p.m * p.n * p.k * 1e-9,
                         benchmark::Counter::kIsRate);
}

void product(benchmark::State& state, const nn::Kernels* table, Product p) {
  count_products(state, p, [&] {
    table->gemm({.m = p.m,
                 .n = p.n,
                 .k = p.k,
                 .a = p.a.data(),
                 .a_row = 1,
                 .a_column = p.m,
                 .b = p.b.data(),
                 .b_row = p.n,
                 .c = p.c.data(),
                 .c_row = p.n});
  });
}

/// Eigen, compiled like any portable program: it has no choice at run time.
void eigen_product(benchmark::State& state, Product p) {
  using ByRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Eigen::MatrixXf> a(p.a.data(), p.m, p.k);
  const Eigen::Map<const ByRows> b(p.b.data(), p.k, p.n);
  Eigen::Map<ByRows> c(p.c.data(), p.m, p.n);
  count_products(state, p, [&] { c.noalias() = a * b; });
}

void register_products() {
  struct Size {
    const char* layer;
    int m, n, k;
  };
  for (const Size& s : {Size{"conv1", 6, 784, 25}, Size{"conv2", 16, 100, 150},
                        Size{"fc1", 16, 120, 400}, Size{"fc2", 16, 84, 120}}) {
    const std::string name = std::string("product/") + s.layer + "/";
    const Product p(s.m, s.n, s.k);
    benchmark::RegisterBenchmark((name + "Eigen").c_str(),
                                 [p](benchmark::State& state) { eigen_product(state, p); });
    for (const nn::Kernels* const* table = nn::supported_kernels(); *table != nullptr; ++table) {
      benchmark::RegisterBenchmark(
          (name + (*table)->instruction_set).c_str(),
          [table = *table, p](benchmark::State& state) { product(state, table, p); });
    }
  }
}

}  // namespace

BENCHMARK_CAPTURE(epoch, lenet_60000, make_lenet, std::size_t{60000})
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(epoch, jets_40000, make_jet_mlp, std::size_t{40000})
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

int main(int argc, char** argv) {
  register_products();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
