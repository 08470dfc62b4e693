#include "data/npy.hpp"

#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

#include "espalier/support/error.hpp"

#include "data/file_bytes.hpp"

namespace espalier::pruning::data {
namespace {

constexpr std::int64_t kMaxValues = std::int64_t{1} << 32;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
  throw Error(file.string(), 0, what);
}

/// The text after "'key':" in the header, which is a Python dictionary.
std::string_view value_of(const std::filesystem::path& file, std::string_view header,
                          const std::string& key) {
  const auto found = header.find("'" + key + "':");
  if (found == std::string_view::npos) refuse(file, "has no '" + key + "' in its NumPy header");
  std::string_view rest = header.substr(found + key.size() + 3);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return rest;
}

/// "(1000, 16), ..." -> {1000, 16}
std::vector<std::int64_t> parse_shape(const std::filesystem::path& file, std::string_view text) {
  std::vector<std::int64_t> shape;
  std::int64_t count = 1;
  const auto close = text.find(')');
  if (!text.starts_with('(') || close == text.npos) refuse(file, "has no shape in its header");
  for (std::size_t at = 1; at < close;) {
    if (text[at] == ' ' || text[at] == ',') {
      ++at;
      continue;
    }
    std::int64_t extent = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + close, extent);
    if (error != std::errc{} || extent < 0 || extent > kMaxValues ||
        (count *= extent) > kMaxValues) {
      refuse(file, "has a shape in its header that cannot be");
    }
    shape.push_back(extent);
    at = static_cast<std::size_t>(end - text.data());
  }
  return shape;
}

template <typename T>
void convert(const std::uint8_t* bytes, std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
}

struct NumberType {
  std::string_view descr;
  std::size_t size;
  void (*convert)(const std::uint8_t*, std::vector<double>&);
};

constexpr NumberType kTypes[] = {
    {"<f4", 4, convert<float>},        {"<f8", 8, convert<double>},
    {"|u1", 1, convert<std::uint8_t>}, {"|i1", 1, convert<std::int8_t>},
    {"|b1", 1, convert<std::uint8_t>}, {"<u2", 2, convert<std::uint16_t>},
    {"<i2", 2, convert<std::int16_t>}, {"<u4", 4, convert<std::uint32_t>},
    {"<i4", 4, convert<std::int32_t>}, {"<u8", 8, convert<std::uint64_t>},
    {"<i8", 8, convert<std::int64_t>}};

const NumberType& type_of(const std::filesystem::path& file, std::string_view text) {
  for (const NumberType& type : kTypes) {
    if (text.starts_with("'" + std::string(type.descr) + "'")) return type;
  }
  refuse(file, "holds elements of type " + std::string(text.substr(0, text.find(','))) +
                   "; expected little-endian integers or floats");
}

}  // namespace

NpyArray read_npy(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = read_file_bytes(file);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with("\x93NUMPY") || bytes.size() < 12) refuse(file, "is not a NumPy file");
  const bool is_short = bytes[6] == 1;  // format 1.0 has a length of 2 bytes, later ones of 4
  std::size_t begin = is_short ? 10 : 12;
  std::size_t length = bytes[8] + 256U * bytes[9];
  if (!is_short) length += 65536U * (bytes[10] + 256U * bytes[11]);
  if (bytes.size() - begin < length) refuse(file, "is cut short in its header");
  const std::string_view header = text.substr(begin, length);
  begin += length;
  if (!value_of(file, header, "fortran_order").starts_with("False")) {
    refuse(file, "is stored in Fortran order; expected C order (numpy.ascontiguousarray)");
  }
  const NumberType& type = type_of(file, value_of(file, header, "descr"));
  NpyArray array{.shape = parse_shape(file, value_of(file, header, "shape")), .values = {}};
  std::size_t count = 1;
  for (const std::int64_t extent : array.shape) count *= static_cast<std::size_t>(extent);
  if ((bytes.size() - begin) / type.size != count || (bytes.size() - begin) % type.size != 0) {
    refuse(file, "has " + std::to_string(bytes.size() - begin) + " bytes of data; expected " +
                     std::to_string(count * type.size) + " for its shape");
  }
  array.values.resize(count);
  type.convert(bytes.data() + begin, array.values);
  return array;
}

}  // namespace espalier::pruning::data
