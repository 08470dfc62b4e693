// Models that others trained: each one loads and computes what it should, or is refused in one line
// that names the layer.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "espalier/pruning/import_model.hpp"
#include "espalier/pruning/train.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "data_dir.hpp"
#include "npy_file.hpp"

namespace {

namespace fs = std::filesystem;
using namespace espalier::pruning;
using espalier::tests::read_npy;

int failures = 0;

void expect(bool condition, const std::string& what) {
  std::cout << (condition ? "ok: " : "FAILED: ") << what << std::endl;
  if (!condition) ++failures;
}

std::vector<float> read_numbers(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<float> numbers;
  for (float number = 0.0F; stream >> number;) numbers.push_back(number);
  return numbers;
}

/// Rows of logits to rows of probabilities.
void softmax(std::vector<float>& rows, std::size_t width) {
  for (std::size_t r = 0; r + width <= rows.size(); r += width) {
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(r);
    const auto end = begin + static_cast<std::ptrdiff_t>(width);
    const float top = *std::max_element(begin, end);
    float sum = 0.0F;
    std::for_each(begin, end, [&](float& x) { sum += x = std::exp(x - top); });
    std::for_each(begin, end, [&](float& x) { x /= sum; });
  }
}

void check_svhn(const fs::path& keras) {
  const auto model =
      import_model(keras / "svhn_grayscale_mlp.json", {}, keras / "svhn_grayscale_mlp_weights.h5");
  const auto inputs = read_numbers(keras / "svhn_grayscale_mlp_input_features.dat");
  const auto expected = read_numbers(keras / "svhn_grayscale_mlp_predictions.dat");
  expect(inputs.size() == 8 * 1024 && expected.size() == 80, "8 SVHN vectors with their outputs");
  auto outputs = predict(model.network, inputs, 8);
  softmax(outputs, 10);
  float worst = 0.0F;
  for (std::size_t i = 0; i < 80; ++i) worst = std::max(worst, std::abs(outputs[i] - expected[i]));
  expect(worst < 1e-5F, "the SVHN network differs by at most " + std::to_string(worst));
}

Dataset real_jets(const fs::path& folder) {
  Dataset jets{.sample_shape = {16}, .num_classes = 5, .features = {}, .labels = {}};
  for (const double x : read_npy<double>(folder / "hlf_x_1000.npy")) {
    jets.features.push_back(static_cast<float>(x));
  }
  for (const auto y : read_npy<std::uint8_t>(folder / "hlf_y_1000.npy")) jets.labels.push_back(y);
  return jets;
}

void check_jets(const fs::path& data) {
  const Dataset jets = real_jets(data / "jets");
  const auto correct = [&](const char* model, const fs::path& weights = {}) {
    const auto imported = import_model(data / "models/keras" / model, {}, weights);
    return static_cast<int>(std::lround(1000.0 * accuracy(imported.network, jets)));
  };
  // The figures of the data folder's README.
  expect(correct("tutorial_jets_dense.h5") == 786, "786 of 1000 jets by tutorial_jets_dense");
  expect(correct("tutorial_jets_pruned75.h5") == 779, "779 of 1000 jets by tutorial_jets_pruned75");
}

/// What the layers of a refused model are called, and what is said of them.
const std::map<std::string, std::vector<std::string>> kRefused = {
    {"qkeras_mnist_dense.json", {"'q_dense_2'", "quantized_po2"}},
    {"jetTagger_Conv2D_Small.json", {"'batch_normalization_1'", "batch normalisation"}},
};

void check_loads(const fs::path& model, const fs::path& weights) {
  const std::string name = weights.empty() ? model.filename() : weights.filename();
  const auto refused = kRefused.find(model.filename());
  try {
    const auto imported = import_model(model, {}, weights);
    std::size_t values = 0;
    for (int i = 0; i < imported.network.num_layers(); ++i) {
      values += imported.network.kernel(i).size();
    }
    expect(values > 0 && refused == kRefused.end(),
           name + " loads with " + std::to_string(values) + " weights");
  } catch (const espalier::Error& error) {
    const std::string what = error.what();
    const bool is_expected =
        refused != kRefused.end() && what.find('\n') == std::string::npos &&
        std::all_of(refused->second.begin(), refused->second.end(),
                    [&](const std::string& part) { return what.find(part) != what.npos; });
    expect(is_expected, name + " is refused: " + what);
  }
}

void check_all(const fs::path& keras) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(keras)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  int models = 0;
  for (const fs::path& file : files) {
    if (file.extension() != ".h5") continue;
    ++models;
    std::string stem = file.stem();
    const auto end = stem.rfind("_weights");
    if (end == stem.npos) {
      check_loads(file, {});
      continue;
    }
    stem.resize(end);
    // Three files of weights share one architecture.
    if (stem.starts_with("KERAS_3layer_") && stem.ends_with("retrained")) stem = "KERAS_3layer";
    check_loads(keras / (stem + ".json"), file);
  }
  expect(models == 16, "16 Keras models");
}

/// The ONNX files were made of the Keras models beside them: both must compute the same.
void check_onnx(const fs::path& models) {
  struct Pair {
    const char* onnx;
    const char* architecture;
    const char* weights;
  };
  for (const Pair& pair :
       {Pair{"two_layer_keras", "KERAS_1layer", "KERAS_1layer"},
        Pair{"three_layer_keras", "KERAS_3layer", "KERAS_3layer"},
        Pair{"three_layer_bn_keras", "KERAS_3layer_batch_norm", "KERAS_3layer_batch_norm"},
        Pair{"dense_big_keras", "KERAS_dense_16x100x100x100x100x100x5",
             "KERAS_dense_16x100x100x100x100x100x5"},
        Pair{"conv1d_small_keras", "KERAS_conv1d_small", "KERAS_conv1d_small"},
        Pair{"conv2d_small_keras", "KERAS_conv2d_model", "KERAS_conv2d_model"}}) {
    const auto onnx = import_model(models / "onnx" / (std::string(pair.onnx) + ".onnx"));
    const auto keras =
        import_model(models / "keras" / (std::string(pair.architecture) + ".json"), {},
                     models / "keras" / (std::string(pair.weights) + "_weights.h5"));
    std::size_t size = 1;
    for (const int extent : keras.network.input_shape()) size *= static_cast<std::size_t>(extent);
    constexpr std::size_t kSamples = 20;
    std::vector<float> inputs(kSamples * size);
    espalier::Random random(1);
    for (float& x : inputs) x = static_cast<float>(random.uniform() * 2.0 - 1.0);
    const auto a = predict(onnx.network, inputs, kSamples);
    const auto b = predict(keras.network, inputs, kSamples);
    float worst = a.size() == b.size() ? 0.0F : 1e9F;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
      worst = std::max(worst, std::abs(a[i] - b[i]) / (1.0F + std::abs(b[i])));
    }
    expect(worst < 1e-4F, std::string(pair.onnx) + " computes as " + pair.weights +
                              ", off by at most " + std::to_string(worst));
  }
  try {
    import_model(models / "onnx/conv2d_small_mp_keras.onnx");
    expect(false, "a network with Selu is refused");
  } catch (const espalier::Error& error) {
    expect(std::string(error.what()).find("'Selu'") != std::string::npos, error.what());
  }
}

}  // namespace

int main() {
  const auto keras = espalier::tests::find_data("models/keras");
  if (!keras) return espalier::tests::kSkipped;
  check_svhn(*keras);
  check_jets(*keras / "../..");
  check_all(*keras);
  check_onnx(keras->parent_path());
  return failures == 0 ? 0 : 1;
}
