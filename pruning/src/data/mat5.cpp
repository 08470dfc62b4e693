// A file is a header of 128 bytes and elements: a tag (type, number of bytes), the bytes, padding
// to a multiple of eight. Up to four bytes stand in the tag itself. A compressed element holds one
// other element as zlib data. An array is an element that holds elements: flags, extents, name,
// values.
#include "data/mat5.hpp"

#include <array>
#include <cstring>
#include <optional>
#include <span>

#include "espalier/support/error.hpp"

#include "data/file_bytes.hpp"

namespace espalier::pruning::data {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kHeaderBytes = 128;

enum ElementType : std::uint32_t {
  kMiInt8 = 1,
  kMiUint8 = 2,
  kMiInt16 = 3,
  kMiUint16 = 4,
  kMiInt32 = 5,
  kMiUint32 = 6,
  kMiSingle = 7,
  kMiDouble = 9,
  kMiMatrix = 14,
  kMiCompressed = 15,
};

template <typename Number>
Number number_at(Bytes bytes, std::size_t offset) noexcept {
  Number number{};
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

struct Element {
  std::uint32_t type = 0;
  Bytes bytes;
};

/// Elements one after the other.
class ElementReader {
 public:
  ElementReader(const std::filesystem::path& file, Bytes bytes) : file_(file), rest_(bytes) {}

  bool at_end() const noexcept { return rest_.empty(); }

  Element next() {
    if (rest_.size() < 8) cut_short();
    const auto first = number_at<std::uint32_t>(rest_, 0);
    if (first >> 16 != 0) {  // the small form: size and type in one word
      const std::uint32_t size = first >> 16;
      if (size > 4) throw Error(file_.string(), 0, "has a damaged element; expected a MAT-file");
      const Element element{first & 0xffff, rest_.subspan(4, size)};
      rest_ = rest_.subspan(8);
      return element;
    }
    const std::size_t size = number_at<std::uint32_t>(rest_, 4);
    if (size > rest_.size() - 8) cut_short();
    const Element element{first, rest_.subspan(8, size)};
    const std::size_t padded = first == kMiCompressed ? size : (size + 7) / 8 * 8;
    rest_ = rest_.subspan(std::min(8 + padded, rest_.size()));
    return element;
  }

 private:
  [[noreturn]] void cut_short() const {
    throw Error(file_.string(), 0, "ends within an element; expected a complete MAT-file");
  }

  const std::filesystem::path& file_;
  Bytes rest_;
};

struct TypeInfo {
  ElementType element;
  MatArray::Type type;
  std::size_t size;
};

constexpr std::array<TypeInfo, 8> kTypes = {{{kMiInt8, MatArray::Type::kInt8, 1},
                                             {kMiUint8, MatArray::Type::kUint8, 1},
                                             {kMiInt16, MatArray::Type::kInt16, 2},
                                             {kMiUint16, MatArray::Type::kUint16, 2},
                                             {kMiInt32, MatArray::Type::kInt32, 4},
                                             {kMiUint32, MatArray::Type::kUint32, 4},
                                             {kMiSingle, MatArray::Type::kSingle, 4},
                                             {kMiDouble, MatArray::Type::kDouble, 8}}};

const TypeInfo* type_info(std::uint32_t element) noexcept {
  for (const TypeInfo& info : kTypes) {
    if (info.element == element) return &info;
  }
  return nullptr;
}

/// Nothing for arrays that are not real and numeric.
std::optional<MatArray> read_array(const std::filesystem::path& file, Bytes bytes) {
  constexpr std::uint32_t kFirstNumericClass = 6, kLastNumericClass = 15, kComplex = 0x0800;
  ElementReader elements(file, bytes);
  const Element flags = elements.next();
  if (flags.bytes.size() < 8) throw Error(file.string(), 0, "has an array without flags");
  const auto flag_word = number_at<std::uint32_t>(flags.bytes, 0);
  const std::uint32_t array_class = flag_word & 0xff;
  if (array_class < kFirstNumericClass || array_class > kLastNumericClass ||
      (flag_word & kComplex) != 0) {
    return std::nullopt;
  }
  MatArray array;
  const Element extents = elements.next();
  std::size_t count = 1;
  for (std::size_t i = 0; i + 4 <= extents.bytes.size(); i += 4) {
    const auto extent = number_at<std::int32_t>(extents.bytes, i);
    if (extent < 0 || (extent > 0 && count > (std::size_t{1} << 40) / std::size_t(extent))) {
      throw Error(file.string(), 0, "has an array of impossible extents");
    }
    array.extents.push_back(extent);
    count *= static_cast<std::size_t>(extent);
  }
  const Element name = elements.next();
  array.name.assign(name.bytes.begin(), name.bytes.end());
  const Element values = elements.next();
  const TypeInfo* info = type_info(values.type);
  if (info == nullptr || values.bytes.size() != count * info->size) {
    throw Error(file.string(), 0,
                "array '" + array.name + "' has " + std::to_string(values.bytes.size()) +
                    " bytes of values of type " + std::to_string(values.type) + "; expected " +
                    std::to_string(count) + " numbers");
  }
  array.type = info->type;
  array.bytes.assign(values.bytes.begin(), values.bytes.end());
  return array;
}

}  // namespace

std::size_t MatArray::size() const noexcept {
  std::size_t count = 1;
  for (const std::int64_t extent : extents) count *= static_cast<std::size_t>(extent);
  return count;
}

double MatArray::value(std::size_t i) const noexcept {
  switch (type) {
    case Type::kInt8:
      return number_at<std::int8_t>(bytes, i);
    case Type::kUint8:
      return bytes[i];
    case Type::kInt16:
      return number_at<std::int16_t>(bytes, 2 * i);
    case Type::kUint16:
      return number_at<std::uint16_t>(bytes, 2 * i);
    case Type::kInt32:
      return number_at<std::int32_t>(bytes, 4 * i);
    case Type::kUint32:
      return number_at<std::uint32_t>(bytes, 4 * i);
    case Type::kSingle:
      return static_cast<double>(number_at<float>(bytes, 4 * i));
    case Type::kDouble:
      return number_at<double>(bytes, 8 * i);
  }
  return 0.0;
}

std::vector<MatArray> read_mat5(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = read_file_bytes(file);
  const bool is_mat5 = bytes.size() >= kHeaderBytes && bytes[124] == 0x00 && bytes[125] == 0x01 &&
                       bytes[126] == 'I' && bytes[127] == 'M';
  if (!is_mat5) {
    throw Error(file.string(), 0,
                "is no little-endian MAT-file of level 5; expected one as MATLAB saves it without "
                "-v7.3");
  }
  std::vector<MatArray> arrays;
  ElementReader elements(file, Bytes(bytes).subspan(kHeaderBytes));
  while (!elements.at_end()) {
    Element element = elements.next();
    std::vector<std::uint8_t> inflated;
    if (element.type == kMiCompressed) {
      inflated = inflate_zlib(file, element.bytes);
      element = ElementReader(file, inflated).next();
    }
    if (element.type != kMiMatrix) continue;
    if (auto array = read_array(file, element.bytes)) arrays.push_back(*std::move(array));
  }
  return arrays;
}

}  // namespace espalier::pruning::data
