// The file: a line that names the format, the length and a hash of the rest, then the identity of
// the run and its state as ByteWriter writes them. Written and read on the same machine, so that
// numbers are stored as they lie in memory, every bit of them.
#include "loop/checkpoint.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#include "espalier/resource_model/network_io.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"

#include "loop/byte_archive.hpp"

namespace espalier::pruning {
namespace {

constexpr const char* kFormat = "espalier pruning checkpoint 2\n";

/// FNV-1a (Fowler, Noll, Vo), 64 bits: finds damage, not intent.
std::uint64_t hash_of(std::string_view bytes) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return hash;
}

// One list of fields for each struct, for reading and writing alike.

template <typename Archive, typename Resources>
void fields_of_resources(Archive& archive, Resources& r) {
  archive(r.dsp);
  archive(r.bram18);
  archive(r.lut);
  archive(r.ff);
}

template <typename Archive, typename State>
void fields_of_network(Archive& archive, State& s) {
  archive(s.validation_accuracy);
  archive(s.test_accuracy);
  archive(s.fixed_point_validation_accuracy);
  archive(s.fixed_point_test_accuracy);
  fields_of_resources(archive, s.resources);
}

template <typename Archive, typename Record>
void fields_of_iteration(Archive& archive, Record& it) {
  archive(it.iteration);
  archive(it.target_sparsity);
  fields_of_resources(archive, it.budget);
  archive(it.knapsack_items);
  archive(it.knapsack_rows);
  archive(it.knapsack_status);
  archive(it.knapsack_objective);
  archive(it.knapsack_bound);
  archive(it.knapsack_scaling_error);
  archive(it.greedy_objective);
  archive(it.knapsack_seconds);
  archive(it.knapsack_nodes);
  archive(it.accuracy_before_tuning);
  archive(it.validation_accuracy);
  archive(it.required_accuracy);
  fields_of_resources(archive, it.selected);
  fields_of_resources(archive, it.resources);
  archive(it.accepted);
  archive(it.protected_layer);
  archive(it.seconds);
}

/// Resizes `records` when reading, then visits each.
template <typename Archive, typename Records, typename Visit>
void fields_of_list(Archive& archive, Records& records, const Visit& visit) {
  std::uint64_t count = records.size();
  archive(count);
  if constexpr (!std::is_const_v<Records>) {
    records.clear();
    for (std::uint64_t i = 0; i < count; ++i) visit(archive, records.emplace_back());
  } else {
    for (auto& record : records) visit(archive, record);
  }
}

template <typename Archive, typename State>
void fields_of_run(Archive& archive, State& s) {
  fields_of_network(archive, s.baseline);
  archive(s.baseline_correct);
  archive(s.regularization);
  fields_of_list(archive, s.regularization_trials, [](Archive& a, auto& trial) {
    a(trial.strength);
    a(trial.validation_accuracy);
  });
  fields_of_list(archive, s.iterations,
                 [](Archive& a, auto& record) { fields_of_iteration(a, record); });
  archive(s.best_network);
  archive(s.best_masks);
  archive(s.best_kept);
  archive(s.value_weights);
  archive(s.multipliers);
  archive(s.trainings);
  archive(s.seconds);
}

void describe_training(std::ostream& out, const TrainOptions& t) {
  out << t.epochs << ' ' << t.batch_size << ' ' << static_cast<int>(t.optimizer) << ' '
      << t.learning_rate << ' ' << static_cast<int>(t.schedule) << ' '
      << t.final_learning_rate_fraction << ' ' << t.warmup_fraction << ' ' << t.patience << ' '
      << t.restore_best << ' ' << t.augmentation.max_shift << t.augmentation.mirrors << '\n';
}

}  // namespace

std::string run_identity(const PruneOptions& options, const resource_model::Network& hardware,
                         const std::vector<std::span<const float>>& initial_kernels) {
  std::ostringstream out;
  out << std::hexfloat << options.objective.bram << options.objective.lut << options.objective.ff
      << ' ' << options.target_sparsity;
  if (options.target_fractions) {
    const ResourceFractions& f = *options.target_fractions;
    out << " fractions " << f.dsp << ' ' << f.bram18 << ' ' << f.lut << ' ' << f.ff;
  }
  if (options.target_budget) {
    const ResourceLimits& b = *options.target_budget;
    for (const auto& limit : {b.dsp, b.bram18, b.lut, b.ff}) out << " limit " << limit.value_or(-1);
  }
  out << ' ' << options.fit_device << ' ' << options.min_structures_per_layer << '\n';
  for (const auto& [layer, floor] : options.layer_floors) out << layer << ' ' << floor << '\n';
  out << static_cast<int>(options.value) << ' ' << static_cast<int>(options.value_scale) << ' '
      << options.value_samples << ' ' << static_cast<int>(options.selection) << ' '
      << options.tolerance << ' ' << options.margin_standard_errors << '\n'
      << static_cast<int>(options.schedule) << ' ' << options.step << ' '
      << options.polynomial_steps << ' ' << options.resolution << ' ' << options.max_bad_trials
      << ' ' << options.max_iterations << ' ' << options.regrowth_epochs << '\n'
      << options.regularization;
  for (const double strength : options.regularization_candidates) out << ' ' << strength;
  out << '\n' << options.fixed_point_tuning << ' ' << options.seed << '\n';
  describe_training(out, options.baseline_training);
  describe_training(out, options.fine_tuning);
  for (const auto& kernel : initial_kernels) {
    out << hash_of({reinterpret_cast<const char*>(kernel.data()), kernel.size_bytes()}) << '\n';
  }
  out << resource_model::network_to_json(hardware);
  return out.str();
}

void write_checkpoint(const std::filesystem::path& file, const std::string& identity,
                      const RunState& state) {
  ByteWriter content;
  content(identity);
  fields_of_run(content, state);
  ByteWriter whole;
  whole.bytes = kFormat;
  whole(hash_of(content.bytes));
  whole(content.bytes);
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
  solver::write_file_atomically(file, whole.bytes);
}

std::optional<RunState> read_checkpoint(const std::filesystem::path& file,
                                        const std::string& identity) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const std::string_view format = kFormat;
  if (bytes.compare(0, format.size(), format) != 0) {
    throw Error(file.string(), 0, "is no checkpoint of this version; expected one");
  }
  RunState state;
  try {
    ByteReader whole(std::string_view(bytes).substr(format.size()));
    std::uint64_t hash = 0;
    std::string content;
    whole(hash);
    whole(content);
    if (!whole.at_end() || hash != hash_of(content)) throw Error("is damaged");
    ByteReader reader(content);
    std::string found;
    reader(found);
    if (found != identity) {
      throw Error(
          "was written by a run with other options, network or hardware; expected the same ones");
    }
    fields_of_run(reader, state);
  } catch (const Error& error) {
    throw Error(file.string(), 0, error.what());
  }
  return state;
}

}  // namespace espalier::pruning
