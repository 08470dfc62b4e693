#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "espalier/pruning/dataset.hpp"
#include "espalier/pruning/import_model.hpp"
#include "espalier/pruning/prune.hpp"
#include "espalier/pruning/sequential.hpp"
#include "espalier/resource_model/network.hpp"

namespace espalier::app {

/// Everything that `espalier prune` needs to know of a task.
struct PruneTask {
  std::string name;
  pruning::Sequential network;
  resource_model::Network hardware;
  /// Reads or generates the data, which may take a while: after everything else is checked. Throws
  /// Error when files are missing or damaged.
  std::function<pruning::DataSplit()> load_data;
  pruning::PruneOptions options;  ///< epochs, steps and rates that suit the task
};

/// Generated jets, MLP 16-64-32-32-5, 16 bit, every layer with strategy Resource and RF 4.
PruneTask make_jets_task();

/// Fashion-MNIST and LeNet, <18,8>: convolutions and output with strategy Latency, the dense layers
/// with Resource, RF 25 and 12.
PruneTask make_fashion_task(const std::filesystem::path& data_folder);

/// MAGIC gamma telescope, MLP 10-64-32-32-2, 16 bit, strategy Resource, RF 4 (5 where there are ten
/// inputs).
PruneTask make_gamma_task(const std::filesystem::path& data_folder);

/// CIFAR-10, or SVHN, and the published network for SVHN with batch normalisation: io_stream, 16
/// bit, strategy Resource, RF 9 or the nearest valid.
PruneTask make_cifar_task(const std::filesystem::path& data_folder);
PruneTask make_svhn_task(const std::filesystem::path& data_folder);

/// Replaces network and hardware by those of a description.
void apply_description(PruneTask& task, const std::filesystem::path& file);

/// A trained network on data of its own; the baseline is the network as it is.
PruneTask trained_task(const std::string& name, pruning::ImportedModel model,
                       std::function<pruning::DataSplit()> load_data);

/// Throws Error with the name of `file`, where the network comes from, when its input or output
/// does not fit the data.
void check_fit(const PruneTask& task, const pruning::Dataset& data,
               const std::filesystem::path& file);

}  // namespace espalier::app
