// Training allocates before its first step and not in its steps. The global operator new of this
// program counts.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

#include <catch2/catch.hpp>

#include "espalier/pruning/train.hpp"
#include "espalier/support/random.hpp"

#include "nn_random_data.hpp"

namespace {

std::atomic<std::int64_t> num_allocations = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  ++num_allocations;
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace espalier::pruning {
namespace {

/// Allocations of one epoch over so many samples, every kind of layer and option at work.
std::int64_t allocations_of_epoch(std::size_t samples) {
  Random random(5);
  Sequential network(
      {8, 8, 2},
      {{.name = "conv", .type = NetLayerType::kConv2D, .units = 3, .window = {3, 3}},
       {.name = "bn", .type = NetLayerType::kBatchNorm},
       {.name = "relu", .type = NetLayerType::kRelu},
       {.name = "pool", .type = NetLayerType::kMaxPool2D, .window = {2, 2}, .stride = {2, 2}},
       {.name = "flatten", .type = NetLayerType::kFlatten},
       {.name = "drop", .type = NetLayerType::kDropout, .dropout_rate = 0.2F},
       {.name = "output", .units = 4}});
  network.initialize(1);
  const Dataset data = tests::random_data(network, samples, random);
  const Dataset validation = tests::random_data(network, 50, random);
  TrainOptions options{.epochs = 1, .batch_size = 16};
  options.augmentation = {.max_shift = 1, .mirrors = true};
  options.penalties.push_back({.layer = 6, .strength = 1e-3F});
  for (std::int32_t k = 0; k < 108; ++k) options.penalties[0].order.push_back(k);
  options.fixed_point.layers.resize(7);
  options.fixed_point.layers[0].weight = {.width_bits = 12, .integer_bits = 4};
  options.fixed_point.layers[0].output = {.width_bits = 12, .integer_bits = 4};
  const std::int64_t before = num_allocations;
  train(network, data, validation, options);
  return num_allocations - before;
}

TEST_CASE("a training step allocates nothing", "[train]") {
  allocations_of_epoch(64);  // what is allocated once and for all
  const std::int64_t few_steps = allocations_of_epoch(64);
  CHECK(few_steps > 10);
  CHECK(allocations_of_epoch(6400) == few_steps);
}

}  // namespace
}  // namespace espalier::pruning
