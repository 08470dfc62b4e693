#include "listed_network.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "espalier/support/error.hpp"

namespace espalier::bench {
namespace {

using resource_model::Activation;
using resource_model::Backend;
using resource_model::IoType;
using resource_model::Layer;
using resource_model::LayerType;
using resource_model::Network;
using resource_model::Padding;
using resource_model::Strategy;

constexpr int kLargestPool = 8;

struct ListedLayer {
  std::string kind;
  int n_in = 0;
  int n_out = 0;
  int reuse_factor = 1;
  std::string strategy;

  bool is_conv() const { return kind.find("conv") != std::string::npos; }
};

std::vector<ListedLayer> parse_list(const std::string& text) {
  std::vector<ListedLayer> layers;
  std::istringstream stream(text);
  for (std::string entry; std::getline(stream, entry, ';');) {
    ListedLayer layer;
    std::array<char, 32> kind{};
    std::array<char, 32> strategy{};
    if (std::sscanf(entry.c_str(), "%31[^:]:%dx%d:rf%d:%31s", kind.data(), &layer.n_in,
                    &layer.n_out, &layer.reuse_factor, strategy.data()) != 5) {
      throw Error("layer '" + entry + "' of a network is not type:NxM:rfR:strategy");
    }
    layer.kind = kind.data();
    layer.strategy = strategy.data();
    layers.push_back(layer);
  }
  return layers;
}

/// The number in "..._config11_s", which grows along the network.
int config_number(const ReportRow& row) {
  const std::string& name = row.text("function");
  const auto at = name.rfind("config");
  return at == std::string::npos ? 0 : std::atoi(name.c_str() + at + 6);
}

/// Layer rows of the network's project in network order, then those of its repository.
std::vector<const ReportRow*> related_rows(const std::vector<ReportRow>& rows,
                                           const ReportRow& network) {
  std::vector<const ReportRow*> own;
  std::vector<const ReportRow*> others;
  for (const ReportRow& row : rows) {
    if (row.text("source") != network.text("source") || !network_of(row)) continue;
    (row.text("project") == network.text("project") ? own : others).push_back(&row);
  }
  std::stable_sort(own.begin(), own.end(), [](const ReportRow* a, const ReportRow* b) {
    return config_number(*a) < config_number(*b);
  });
  own.insert(own.end(), others.begin(), others.end());
  return own;
}

/// The row of a listed layer. It is taken out of `rows` where others of its size remain, so that
/// layers of one size get their rows one after the other.
const ReportRow* take_row(std::vector<const ReportRow*>& rows, const ListedLayer& layer) {
  const auto is_of_layer = [&](const ReportRow* row) {
    return row->text("layer_type") == layer.kind && row->integer("n_in", 0) == layer.n_in &&
           row->integer("n_out", 0) == layer.n_out && row->text("scope") == "layer";
  };
  const auto found = std::find_if(rows.begin(), rows.end(), is_of_layer);
  if (found == rows.end()) return nullptr;
  const ReportRow* const row = *found;
  if (std::find_if(found + 1, rows.end(), is_of_layer) != rows.end()) rows.erase(found);
  return row;
}

/// A dense layer with the types of `neighbour`; the matrix of a convolution whose image is unknown.
Layer plain_layer(const ListedLayer& listed, const ReportRow* neighbour) {
  Layer plain;
  if (neighbour != nullptr) {
    const Layer like = network_of(*neighbour)->layers.front();
    plain.weight = like.weight;
    plain.input_type = like.input_type;
    plain.accum = like.accum;
  }
  plain.n_in = listed.n_in;
  plain.n_out = listed.n_out;
  return plain;
}

struct Image {
  int height = 0;
  int width = 0;
  int channels = 0;
};

/// What stands between one image and the next: a pool or an enlargement, and zeros around it.
struct Step {
  std::array<int, 2> pool = {1, 1};
  int enlarge = 1;
  bool is_padded = false;
};

bool leads_to(const Image& from, const Step& step, const Layer& next) {
  const int tall = step.is_padded ? next.kernel[0] - 1 : 0;
  const int wide = step.is_padded ? next.kernel[1] - 1 : 0;
  return from.height / step.pool[0] * step.enlarge + tall == next.input[0] &&
         from.width / step.pool[1] * step.enlarge + wide == next.input[1];
}

/// The step from one image to the input of a convolution: without padding if that will do, rather
/// with a pool than with an enlargement, and with the smallest one.
std::optional<Step> find_step(const Image& from, const Layer& next) {
  for (const bool is_padded : {false, true}) {
    for (int size = 1; size <= kLargestPool; ++size) {
      const Step step{.pool = {std::min(size, from.height), std::min(size, from.width)},
                      .is_padded = is_padded};
      if (leads_to(from, step, next)) return step;
    }
  }
  for (const bool is_padded : {false, true}) {
    for (int factor = 2; factor <= kLargestPool; ++factor) {
      const Step step{.enlarge = factor, .is_padded = is_padded};
      if (leads_to(from, step, next)) return step;
    }
  }
  return std::nullopt;
}

Image output_image(const Layer& layer) {
  const auto [height, width] = layer.output_size();
  return {height, width, layer.output_channels()};
}

/// Appends the layers that lead from one image to the next, one matrix layer after the other.
class Chain {
 public:
  explicit Chain(Network& network) : network_(network) {}

  void append_convolution(Layer layer, bool pads_first) {
    if (!has_image_) {
      if (pads_first) pad(layer);
    } else if (const std::optional<Step> step = find_step(image_, layer)) {
      append_pool(step->pool);
      append_enlargement(step->enlarge);
      if (step->is_padded) pad(layer);
    } else {
      is_closed_ = false;
    }
    append(layer);
  }

  void append_dense(const Layer& layer) {
    if (has_image_) flatten_to(layer.n_in);
    has_image_ = false;
    append(layer, false);
  }

  /// A convolution whose image is not known.
  void append_matrix(const Layer& layer) {
    has_image_ = false;
    append(layer, false);
  }

  bool is_closed() const { return is_closed_; }

 private:
  static void pad(Layer& layer) {
    layer.padding = Padding::kSame;
    layer.input[0] -= layer.kernel[0] - 1;
    layer.input[1] -= layer.kernel[1] - 1;
  }

  void append(const Layer& layer, bool leaves_image = true) {
    network_.layers.push_back(layer);
    if (!leaves_image) return;
    has_image_ = true;
    image_ = output_image(layer);
  }

  void append_pool(std::array<int, 2> window) {
    if (window[0] == 1 && window[1] == 1) return;
    Layer pool;
    pool.type = LayerType::kMaxPooling;
    pool.input = {image_.height, image_.width, image_.channels};
    pool.kernel = window;
    pool.stride = window;
    if (!network_.layers.empty()) pool.input_type = pool.result = network_.layers.back().result;
    append(pool);
  }

  /// Nearest-neighbour resizing costs a queue and copies values.
  void append_enlargement(int factor) {
    if (factor == 1) return;
    Layer copy;
    copy.type = LayerType::kActivation;
    copy.input = {image_.height * factor, image_.width * factor, image_.channels};
    if (!network_.layers.empty()) copy.input_type = copy.result = network_.layers.back().result;
    append(copy);
  }

  void flatten_to(int n_in) {
    for (int size = 1; size <= kLargestPool; ++size) {
      const int tall = std::min(size, image_.height);
      const int wide = std::min(size, image_.width);
      const int values = (image_.height / tall) * (image_.width / wide) * image_.channels;
      if (values != n_in) continue;
      append_pool({tall, wide});
      return;
    }
    if (image_.channels == n_in) {
      append_pool({image_.height, image_.width});
    } else {
      is_closed_ = false;
    }
  }

  Network& network_;
  Image image_;
  bool has_image_ = false;
  bool is_closed_ = true;
};

/// Whether some convolution takes in more than the one before gives out.
bool pads_images(const std::vector<Layer>& layers) {
  for (std::size_t k = 1; k < layers.size(); ++k) {
    if (!layers[k].is_convolution() || !layers[k - 1].is_convolution()) continue;
    const std::optional<Step> step = find_step(output_image(layers[k - 1]), layers[k]);
    if (step && step->is_padded) return true;
  }
  return false;
}

/// What a layer hands on is of the type that the next one takes in.
void join_types(std::vector<Layer>& layers) {
  for (std::size_t k = 0; k + 1 < layers.size(); ++k) layers[k].result = layers[k + 1].input_type;
}

}  // namespace

ListedNetwork listed_network(const ReportRow& report, const std::vector<ReportRow>& layer_rows) {
  ListedNetwork result;
  Network& network = result.network;
  network.backend = report.text("tool") < "2020.2" ? Backend::kVivado : Backend::kVitis;
  network.part = report.text("part");
  network.clock_ns = report.number("clock_ns").value_or(5.0);
  std::vector<const ReportRow*> rows = related_rows(layer_rows, report);
  const ReportRow* const neighbour = rows.empty() ? nullptr : rows.front();
  const bool is_own = neighbour != nullptr && neighbour->text("project") == report.text("project");
  // The rows of a project know better where a commit was labelled io_parallel wrongly.
  const bool is_stream = is_own ? network_of(*neighbour)->io_type == IoType::kStream
                                : report.text("io_type") == "stream";
  network.io_type = is_stream ? IoType::kStream : IoType::kParallel;
  if (neighbour == nullptr) result.gaps.push_back("no types in the tables");

  std::vector<Layer> matrices;
  bool has_recurrent = false;
  bool lacks_image = false;
  for (const ListedLayer& entry : parse_list(report.text("layers"))) {
    if (entry.strategy == "?") {
      has_recurrent = true;
      continue;
    }
    const ReportRow* const row = take_row(rows, entry);
    Layer layer = row == nullptr ? plain_layer(entry, neighbour) : network_of(*row)->layers.front();
    lacks_image |= row == nullptr && entry.is_conv();
    layer.name = entry.kind;
    layer.reuse_factor = entry.reuse_factor;
    layer.strategy = entry.strategy == "latency" ? Strategy::kLatency : Strategy::kResource;
    layer.activation = Activation::kRelu;
    matrices.push_back(layer);
  }
  if (has_recurrent) result.gaps.push_back("recurrent layer left out");
  if (lacks_image && is_stream) result.gaps.push_back("image sizes not in the tables");
  if (matrices.empty()) return result;

  join_types(matrices);
  matrices.back().activation = Activation::kLinear;
  Chain chain(network);
  const bool pads = pads_images(matrices);
  for (const Layer& layer : matrices) {
    if (layer.is_convolution()) {
      chain.append_convolution(layer, pads);
    } else if (layer.name == "dense") {
      chain.append_dense(layer);
    } else {
      chain.append_matrix(layer);
    }
  }
  if (!chain.is_closed() && is_stream) result.gaps.push_back("layers between images not known");
  return result;
}

}  // namespace espalier::bench
