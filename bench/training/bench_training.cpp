// Epochs of the two networks on random data of the real sizes (the time does not depend on the
// values), and the matrix products of LeNet by instruction set.
#include <cstdint>
#include <string>
#include <vector>

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

/// m x k by k x n as the layers call it, in billions of multiply-adds per second.
void product(benchmark::State& state, const nn::Kernels* table, int m, int n, int k) {
  Random random(1);
  const auto values = [&](int count) {
    std::vector<float> v(static_cast<std::size_t>(count));
    for (float& x : v) x = static_cast<float>(random.uniform());
    return v;
  };
  const auto a = values(m * k), b = values(k * n);
  auto c = values(m * n);
  for (auto _ : state) {
    table->gemm({.m = m,
                 .n = n,
                 .k = k,
                 .a = a.data(),
                 .a_row = 1,
                 .a_column = m,
                 .b = b.data(),
                 .b_row = n,
                 .c = c.data(),
                 .c_row = n});
    benchmark::DoNotOptimize(c.data());
    benchmark::ClobberMemory();
  }
  state.counters["GMAC/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * m * n * k * 1e-9, benchmark::Counter::kIsRate);
}

void register_products() {
  struct Size {
    const char* layer;
    int m, n, k;
  };
  for (const nn::Kernels* const* table = nn::supported_kernels(); *table != nullptr; ++table) {
    for (const Size& s : {Size{"conv1", 6, 784, 25}, Size{"conv2", 16, 100, 150},
                          Size{"fc1", 16, 120, 400}, Size{"fc2", 16, 84, 120}}) {
      benchmark::RegisterBenchmark(
          (std::string("product/") + s.layer + "/" + (*table)->instruction_set).c_str(),
          [table = *table, s](benchmark::State& state) { product(state, table, s.m, s.n, s.k); });
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
