// The MAGIC gamma telescope data (R. K. Bock et al., NIM A 516 (2004) 511; UCI Machine Learning
// Repository): image parameters of simulated air showers, gammas against hadrons.
#include <algorithm>
#include <charconv>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/pruning/dataset.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "data/file_bytes.hpp"
#include "data/find_file.hpp"
#include "data/split_off.hpp"
#include "data/standardize.hpp"

namespace espalier::pruning {
namespace {

constexpr std::size_t kFeatures = 10;
// The file is sorted by class; its order is drawn anew, always the same.
constexpr std::uint64_t kOrderSeed = 1;
// Of 19,020 showers one in five tests and one in five of the others validates.
constexpr std::size_t kTestShare = 5;
constexpr std::size_t kValidationShare = 5;

class LineReader {
 public:
  LineReader(const std::filesystem::path& file, std::string_view text) : file_(file), rest_(text) {}

  /// False at the end; empty lines are passed over.
  bool next() {
    do {
      if (rest_.empty()) return false;
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      if (!line_.empty() && line_.back() == '\r') line_.remove_suffix(1);
      ++number_;
    } while (line_.empty());
    return true;
  }

  float read_number() {
    const std::string_view field = take_field();
    float value = 0.0F;
    const auto end = std::from_chars(field.data(), field.data() + field.size(), value);
    if (end.ec != std::errc() || end.ptr != field.data() + field.size()) {
      fail("'" + std::string(field) + "' is no number");
    }
    return value;
  }

  /// 0 for a gamma, 1 for a hadron.
  std::int32_t read_class() {
    const std::string_view field = take_field();
    if (field != "g" && field != "h") fail("'" + std::string(field) + "' is no class, g or h");
    if (!line_.empty()) fail("the line goes on after its class");
    return field == "g" ? 0 : 1;
  }

 private:
  std::string_view take_field() {
    const std::size_t end = std::min(line_.find(','), line_.size());
    const std::string_view field = line_.substr(0, end);
    line_.remove_prefix(std::min(end + 1, line_.size()));
    return field;
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(file_.string(), number_, what + "; expected ten numbers and a class");
  }

  const std::filesystem::path& file_;
  std::string_view rest_, line_;
  int number_ = 0;
};

Dataset read_showers(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = data::read_file_bytes(file);
  LineReader lines(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  Dataset showers{.sample_shape = {static_cast<int>(kFeatures)}, .num_classes = 2};
  while (lines.next()) {
    for (std::size_t f = 0; f < kFeatures; ++f) showers.features.push_back(lines.read_number());
    showers.labels.push_back(lines.read_class());
  }
  if (showers.size() < kTestShare * kValidationShare) {
    throw Error(file.string(), 0,
                "has " + std::to_string(showers.size()) + " showers; expected at least " +
                    std::to_string(kTestShare * kValidationShare));
  }
  return showers;
}

Dataset shuffled(const Dataset& data) {
  std::vector<std::size_t> order(data.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(kOrderSeed);
  for (std::size_t i = order.size() - 1; i > 0; --i) {
    std::swap(order[i],
              order[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(i)))]);
  }
  Dataset result{.sample_shape = data.sample_shape, .num_classes = data.num_classes};
  for (const std::size_t i : order) {
    const auto sample = data.sample(i);
    result.features.insert(result.features.end(), sample.begin(), sample.end());
    result.labels.push_back(data.labels[i]);
  }
  return result;
}

}  // namespace

DataSplit load_magic_gamma(const std::filesystem::path& directory) {
  data::require_folder(directory, "magic04.data");
  DataSplit split;
  split.train = shuffled(read_showers(data::find_file(directory, "magic04.data", "MAGIC")));
  split.test = data::split_off(split.train, split.train.size() / kTestShare);
  split.validation = data::split_off(split.train, split.train.size() / kValidationShare);
  data::standardize(split);
  split.description = "MAGIC gamma telescope from " + directory.string() + ": " +
                      std::to_string(split.train.size()) + " training, " +
                      std::to_string(split.validation.size()) + " validation and " +
                      std::to_string(split.test.size()) + " test showers, 10 standardised features";
  return split;
}

}  // namespace espalier::pruning
