// Model files that are damaged or made up: an error in one line, whatever the bytes are.
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "espalier/pruning/import_model.hpp"
#include "espalier/pruning/prune.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "fuzzing_time.hpp"
#include "hdf5_sample.hpp"
#include "onnx_sample.hpp"

using namespace espalier;
using namespace espalier::pruning;
namespace fs = std::filesystem;

namespace {

/// A file that is written again and again, and removed in the end.
class ScratchFile {
 public:
  explicit ScratchFile(const char* ending)
      : path_(fs::temp_directory_path() /
              ("espalier-foreign-" + std::to_string(::getpid()) + ending)) {}
  ~ScratchFile() { fs::remove(path_); }
  const fs::path& with(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
    return path_;
  }

 private:
  fs::path path_;
};

/// One to four edits: bytes changed to telling values, stretches repeated, moved or cut off.
std::string mutated(std::string bytes, Random& random) {
  constexpr unsigned char kTelling[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
  for (auto edits = random.integer(1, 4); edits > 0 && !bytes.empty(); --edits) {
    const auto size = static_cast<std::int64_t>(bytes.size());
    const auto place = static_cast<std::size_t>(random.integer(0, size - 1));
    const auto length = static_cast<std::size_t>(random.integer(1, 16));
    switch (random.integer(0, 7)) {
      case 0:
        bytes.resize(place);
        break;
      case 1:
        bytes.replace(place, length, bytes, static_cast<std::size_t>(random.integer(0, size - 1)),
                      length);
        break;
      case 2:
        bytes.insert(place, length, '\xff');
        break;
      case 3:
        for (std::size_t i = place; i < place + 8 && i < bytes.size(); ++i) bytes[i] = '\xff';
        break;
      case 4:
        bytes[place] = static_cast<char>(kTelling[random.integer(0, 4)]);
        break;
      default:
        bytes[place] = static_cast<char>(bytes[place] ^ (1 << random.integer(0, 7)));
    }
  }
  return bytes;
}

struct Outcomes {
  int loaded = 0;
  int refused = 0;
};

void import_one(const fs::path& file, Outcomes& outcomes) {
  try {
    const ImportedModel model = import_model(file);
    std::size_t size = 1;
    for (const int extent : model.network.input_shape()) size *= static_cast<std::size_t>(extent);
    if (size < 1000) predict(model.network, std::vector<float>(size, 1.0F), 1);
    ++outcomes.loaded;
  } catch (const Error& error) {
    const std::string what = error.what();
    REQUIRE(what.find('\n') == std::string::npos);
    ++outcomes.refused;
  }
}

/// As many mutations as wanted, or as the time allows.
template <typename More>
Outcomes import_mutations(const std::string& sample, const char* ending, std::uint64_t seed,
                          const More& more) {
  ScratchFile file(ending);
  Random random(seed);
  Outcomes outcomes;
  for (int trial = 0; more(trial); ++trial) {
    CAPTURE(ending, seed, trial);
    import_one(file.with(mutated(sample, random)), outcomes);
  }
  return outcomes;
}

void check_mutations(const std::string& sample, const char* ending, int count) {
  const auto outcomes =
      import_mutations(sample, ending, 1, [count](int trial) { return trial < count; });
  CHECK(outcomes.loaded > count / 50);
  CHECK(outcomes.refused > count / 10);
}

}  // namespace

TEST_CASE("the samples themselves load", "[foreign]") {
  ScratchFile onnx(".onnx");
  const ImportedModel model = import_model(onnx.with(tests::onnx_sample()));
  CHECK(model.network.num_classes() == 2);
  // 16 pixels of 1: sums of 4, 6 and 9 weights of 0.5 in corners, edges and middle, pooled to 4.5;
  // then 8 * 0.25 * that + bias and 3 * 0.75 of it.
  const auto out = predict(model.network, std::vector<float>(16, 1.0F), 1);
  const float channels = 4 * (4.5F + 0.1F) + 4 * (4.5F + 0.2F);
  const float hidden = 3 * (0.25F * channels) + 3.0F;
  CHECK(out[0] == Approx(0.75F * hidden + 0.5F));
  ScratchFile hdf5(".h5");
  CHECK(import_model(hdf5.with(tests::hdf5_sample())).network.num_classes() == 3);
}

TEST_CASE("mutated ONNX files are errors or networks", "[foreign][property]") {
  check_mutations(tests::onnx_sample(), ".onnx", 3000);
}

TEST_CASE("mutated HDF5 files are errors or networks", "[foreign][property]") {
  check_mutations(tests::hdf5_sample(), ".h5", 600);
}

TEST_CASE("model files mutated for a given time", "[.][fuzz]") {
  const auto end = std::chrono::steady_clock::now() + tests::fuzzing_time();
  const auto more = [end](int) { return std::chrono::steady_clock::now() < end; };
  const auto seed =
      static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  const auto outcomes = import_mutations(tests::hdf5_sample(), ".h5", seed, more);
  WARN(outcomes.loaded << " loaded, " << outcomes.refused << " refused, seed " << seed);
}

TEST_CASE("architectures made to exhaust are refused", "[foreign]") {
  ScratchFile file(".h5");
  const auto import_text = [&](const std::string& architecture) {
    import_model(file.with(write_keras_hdf5(architecture, {})));
  };
  CHECK_THROWS_AS(import_text(std::string(1000000, '[')), Error);
  std::string nested = R"({"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense",
    "config": {"name": "d", "units": )";
  CHECK_THROWS_AS(import_text(nested + std::string(50000, '[') + std::string(50000, ']') + "}}]}}"),
                  Error);
  CHECK_THROWS_WITH(import_text(R"({"class_name": "Sequential", "config": {"layers": [
        {"class_name": "Dense", "config": {"name": "huge", "units": 1000000,
         "batch_input_shape": [null, 1000000], "activation": "linear"}}]}})"),
                    Catch::Contains("huge"));
}
