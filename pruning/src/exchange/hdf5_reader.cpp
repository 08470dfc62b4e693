// Keras HDF5 files through the HDF5 library, in a child process: the library is not made for
// hostile input (its list of known crashes on crafted files is long). The child sends records, the
// parent reads them back with every length checked. A record is a letter and fields; a field is its
// length in 8 bytes and its bytes.
//   A text                 the architecture
//   T path shape values    a tensor; shape as 64-bit integers, values as 32-bit floats
//   E text                 what is wrong, instead of everything else
//   Z                      the end; without it the child was cut short

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "espalier/support/error.hpp"

#include "exchange/hdf5_handle.hpp"
#include "exchange/isolated_read.hpp"
#include "exchange/tensor_file.hpp"

namespace espalier::pruning {
namespace {

constexpr std::int64_t kMaxValues = std::int64_t{1} << 27;  // 512 MiB, far above what FPGAs hold
constexpr std::size_t kMaxText = std::size_t{1} << 24;
constexpr std::size_t kMaxName = 4096;
constexpr int kMaxDepth = 16;
constexpr int kMaxObjects = 20000;

// --- the child ---------------------------------------------------------------------------------

class FileWalk {
 public:
  explicit FileWalk(const ByteSink& sink) : sink_(sink) {}

  bool send(const std::string& path) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLset_loading_state(0);  // no file may name code to load
    const Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (!file.is_open()) return fail("is damaged: the HDF5 library does not open it");
    if (const auto text = text_attribute(file.id(), "model_config")) {
      if (!put('A', {*text})) return false;
    }
    const bool is_whole_model = H5Lexists(file.id(), "model_weights", H5P_DEFAULT) > 0;
    const Hdf5Handle weights(
        H5Gopen2(file.id(), is_whole_model ? "model_weights" : "/", H5P_DEFAULT), H5Gclose);
    if (!weights.is_open()) return fail("is damaged: its group of weights does not open");
    return walk(weights.id(), "", 0) && put('Z', {});
  }

 private:
  bool put(char letter, std::initializer_list<std::string_view> fields) {
    std::string head(1, letter);
    for (const std::string_view field : fields) {
      const std::uint64_t length = field.size();
      head.append(reinterpret_cast<const char*>(&length), sizeof length);
      if (!sink_(head) || !sink_(field)) return false;
      head.clear();
    }
    return head.empty() || sink_(head);
  }

  bool fail(const std::string& what) {
    put('E', {what});
    return false;
  }

  std::optional<std::string> text_attribute(hid_t object, const char* name) {
    if (H5Aexists(object, name) <= 0) return std::nullopt;
    const Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    if (!attribute.is_open()) return std::nullopt;
    const Hdf5Handle type(H5Aget_type(attribute.id()), H5Tclose);
    const Hdf5Handle space(H5Aget_space(attribute.id()), H5Sclose);
    if (!type.is_open() || !space.is_open() || H5Tget_class(type.id()) != H5T_STRING ||
        H5Sget_simple_extent_npoints(space.id()) != 1) {
      return std::nullopt;
    }
    if (H5Tis_variable_str(type.id()) > 0) {
      char* text = nullptr;
      if (H5Aread(attribute.id(), type.id(), &text) < 0 || text == nullptr) return std::nullopt;
      std::string copy(text, ::strnlen(text, kMaxText));
      H5free_memory(text);
      return copy;
    }
    const std::size_t size = H5Tget_size(type.id());
    if (size == 0 || size > kMaxText) return std::nullopt;
    std::string text(size, '\0');
    if (H5Aread(attribute.id(), type.id(), text.data()) < 0) return std::nullopt;
    text.resize(::strnlen(text.data(), size));
    return text;
  }

  bool walk(hid_t group, const std::string& prefix, int depth) {
    H5G_info_t info{};
    if (H5Gget_info(group, &info) < 0) return fail("is damaged: a group cannot be listed");
    if (depth > kMaxDepth) return fail("is damaged: its groups are nested too deeply");
    for (hsize_t i = 0; i < info.nlinks; ++i) {
      if (++objects_ > kMaxObjects) return fail("has too many objects for a Keras model");
      std::string name(kMaxName, '\0');
      const ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i,
                                                name.data(), name.size(), H5P_DEFAULT);
      if (length <= 0 || static_cast<std::size_t>(length) >= name.size()) {
        return fail("is damaged: a link has no readable name");
      }
      name.resize(static_cast<std::size_t>(length));
      if (!visit(group, name, prefix, depth)) return false;
    }
    return true;
  }

  /// Links to other places and files are passed over: weights are where their layer is.
  bool visit(hid_t group, const std::string& name, const std::string& prefix, int depth) {
    H5L_info_t link{};
    if (H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) < 0) {
      return fail("is damaged: a link cannot be read");
    }
    if (link.type != H5L_TYPE_HARD) return true;
    if (depth == 0 && name == "optimizer_weights") return true;
    const Hdf5Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose);
    if (!object.is_open()) return fail("is damaged: '" + prefix + name + "' does not open");
    const H5I_type_t kind = H5Iget_type(object.id());
    if (kind == H5I_GROUP) return walk(object.id(), prefix + name + "/", depth + 1);
    if (kind == H5I_DATASET) return send_tensor(object.id(), prefix + name);
    return true;
  }

  bool send_tensor(hid_t dataset, const std::string& path) {
    const Hdf5Handle type(H5Dget_type(dataset), H5Tclose);
    const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
    const Hdf5Handle creation(H5Dget_create_plist(dataset), H5Pclose);
    if (!type.is_open() || !space.is_open() || !creation.is_open()) {
      return fail("is damaged: tensor '" + path + "' does not open");
    }
    if (H5Tget_class(type.id()) != H5T_FLOAT) return true;  // counters of the optimiser
    if (H5Pget_external_count(creation.id()) != 0 || H5Pget_layout(creation.id()) == H5D_VIRTUAL) {
      return fail("keeps tensor '" + path + "' in another file; expected it in this one");
    }
    const int rank = H5Sget_simple_extent_ndims(space.id());
    if (rank < 0 || rank > 8) return fail("is damaged: tensor '" + path + "' has no usable shape");
    std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
    H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
    std::vector<std::int64_t> shape;
    std::int64_t count = 1;
    for (const hsize_t dim : dims) {
      if (dim > static_cast<hsize_t>(kMaxValues) ||
          (count *= static_cast<std::int64_t>(dim)) > kMaxValues) {
        return fail("has a tensor '" + path + "' of more than 2^27 values");
      }
      shape.push_back(static_cast<std::int64_t>(dim));
    }
    values_ += count;
    if (values_ > kMaxValues) return fail("holds more than 2^27 values");
    std::vector<float> values(static_cast<std::size_t>(count));
    if (H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
      return fail("is damaged: tensor '" + path + "' cannot be read");
    }
    return put('T', {path, bytes_of(shape), bytes_of(values)});
  }

  template <typename T>
  static std::string_view bytes_of(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
  }

  const ByteSink& sink_;
  int objects_ = 0;
  std::int64_t values_ = 0;
};

// --- the parent --------------------------------------------------------------------------------

class RecordReader {
 public:
  explicit RecordReader(std::string_view bytes) : rest_(bytes) {}

  std::optional<char> letter() {
    if (rest_.empty()) return std::nullopt;
    const char letter = rest_.front();
    rest_.remove_prefix(1);
    return letter;
  }

  std::optional<std::string_view> field() {
    std::uint64_t length = 0;
    if (rest_.size() < sizeof length) return std::nullopt;
    std::memcpy(&length, rest_.data(), sizeof length);
    rest_.remove_prefix(sizeof length);
    if (length > rest_.size()) return std::nullopt;
    const std::string_view bytes = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return bytes;
  }

  template <typename T>
  std::optional<std::vector<T>> values() {
    const auto bytes = field();
    if (!bytes || bytes->size() % sizeof(T) != 0) return std::nullopt;
    std::vector<T> result(bytes->size() / sizeof(T));
    if (!result.empty()) std::memcpy(result.data(), bytes->data(), bytes->size());
    return result;
  }

 private:
  std::string_view rest_;
};

[[noreturn]] void damaged(const std::string& file) {
  throw Error(file, 0, "is damaged or not a Keras HDF5 model: the HDF5 library fails on it");
}

std::optional<FileTensor> read_tensor(RecordReader& records) {
  const auto path = records.field();
  auto shape = records.values<std::int64_t>();
  auto values = records.values<float>();
  if (!path || !shape || !values) return std::nullopt;
  std::int64_t count = 1;
  for (const std::int64_t extent : *shape) {
    if (extent < 0 || extent > kMaxValues || (count *= extent) > kMaxValues) return std::nullopt;
  }
  if (count != static_cast<std::int64_t>(values->size())) return std::nullopt;
  return FileTensor{std::string(*path), std::move(*shape), std::move(*values)};
}

TensorFile from_records(std::string_view bytes, const std::string& name) {
  TensorFile result;
  RecordReader records(bytes);
  while (const auto letter = records.letter()) {
    if (*letter == 'Z') return result;
    if (*letter == 'T') {
      auto tensor = read_tensor(records);
      if (!tensor) break;
      result.tensors.push_back(std::move(*tensor));
    } else {
      const auto text = records.field();
      if (!text) break;
      if (*letter == 'E') throw Error(name, 0, std::string(*text));
      if (*letter != 'A') break;
      result.architecture = std::string(*text);
    }
  }
  damaged(name);
}

/// Some damaged files send the library round in circles (in its global heap, for one): a reader
/// that takes far longer than the file is long is ended.
IsolationLimits limits_for(const std::filesystem::path& file) {
  constexpr std::uintmax_t kBytesPerSecond = std::uintmax_t{1} << 24;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  IsolationLimits limits;
  limits.max_cpu_seconds =
      2 + static_cast<int>(error ? 0 : std::min(size / kBytesPerSecond, std::uintmax_t{600}));
  limits.max_wait_seconds = 30 * limits.max_cpu_seconds;
  return limits;
}

}  // namespace

TensorFile read_keras_hdf5(const std::filesystem::path& file) {
  const std::string name = file.string();
  const IsolatedResult result = run_isolated(
      [&name](const ByteSink& sink) { return FileWalk(sink).send(name); }, limits_for(file));
  return from_records(result.output, name);
}

}  // namespace espalier::pruning
