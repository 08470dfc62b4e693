#include "io/name_table.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "io/source_text.hpp"

namespace espalier::solver::io {
namespace {

/// The name without the digits at its end; empty where there are none.
std::string_view stem_of(std::string_view name) noexcept {
  std::size_t length = name.size();
  while (length > 0 && is_digit(name[length - 1])) --length;
  return length == name.size() ? std::string_view() : name.substr(0, length);
}

}  // namespace

std::int64_t NameTable::index_of(std::string_view name) const noexcept {
  constexpr std::size_t kMostDigits = 9;
  const std::size_t digits = name.size() - stem_.size();  // wraps round where the name is shorter
  if (stem_.empty() || digits - 1 >= kMostDigits) return -1;
  for (std::size_t c = 0; c < stem_.size(); ++c) {  // a few characters: no call of memcmp
    if (name[c] != stem_[c]) return -1;
  }
  const char* const first = name.data() + stem_.size();
  if (*first == '0' && digits > 1) return -1;
  std::int64_t k = 0;
  for (std::size_t d = 0; d < digits; ++d) {
    if (!is_digit(first[d])) return -1;
    k = 10 * k + (first[d] - '0');
  }
  return k;
}

bool NameTable::has_place_for(std::int64_t k) {
  constexpr std::size_t kFewNames = 1024;
  const auto index = static_cast<std::size_t>(k);
  if (index < of_index_.size()) return true;
  if (index > 2 * names_.size() + kFewNames) return false;
  of_index_.resize(std::max(index + 1, 2 * of_index_.size()), -1);
  return true;
}

void NameTable::reserve(std::size_t names) {
  names_.reserve(names);
  of_index_.reserve(names);
}

std::int32_t NameTable::number_of(std::string_view name) {
  const std::int32_t known = find(name);
  if (known >= 0) return known;
  const auto number = static_cast<std::int32_t>(names_.size());
  if (stem_.empty()) stem_ = stem_of(name);
  const std::int64_t k = index_of(name);
  if (k >= 0 && has_place_for(k)) {
    of_index_[static_cast<std::size_t>(k)] = number;
  } else {
    if (2 * (hashed_ + 1) > slots_.size()) grow();
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
    slots_[slot_of(name, hash)] = {hash, number};
    ++hashed_;
  }
  names_.push_back(name);
  last_ = static_cast<std::size_t>(number);
  return number;
}

std::int32_t NameTable::find(std::string_view name) const {
  const auto k = static_cast<std::size_t>(index_of(name));  // -1 lies beyond every array
  if (k < of_index_.size() && of_index_[k] >= 0) return of_index_[k];
  // The array may have grown past the index of a name since that was hashed.
  return hashed_ == 0 ? -1 : find_hashed(name);
}

std::int32_t NameTable::find_hashed(std::string_view name) const {
  if (const std::int32_t near = find_near_last(name); near >= 0) return near;
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
  const std::int32_t number = slots_[slot_of(name, hash)].number;
  if (number >= 0) last_ = static_cast<std::size_t>(number);
  return number;
}

std::int32_t NameTable::find_near_last(std::string_view name) const noexcept {
  constexpr std::size_t kNear = 5;
  const std::size_t end = std::min(names_.size(), last_ + kNear);
  for (std::size_t k = last_; k < end; ++k) {
    if (names_[k] != name) continue;
    last_ = k;
    return static_cast<std::int32_t>(k);
  }
  return -1;
}

std::size_t NameTable::slot_of(std::string_view name, std::uint32_t hash) const {
  std::size_t place = hash & (slots_.size() - 1);
  while (slots_[place].number >= 0) {
    const Slot& slot = slots_[place];
    if (slot.hash == hash && names_[static_cast<std::size_t>(slot.number)] == name) return place;
    place = (place + 1) & (slots_.size() - 1);
  }
  return place;
}

void NameTable::grow() {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(64, 4 * slots_.size())));
  for (const Slot& slot : old) {
    if (slot.number < 0) continue;
    std::size_t place = slot.hash & (slots_.size() - 1);
    while (slots_[place].number >= 0) place = (place + 1) & (slots_.size() - 1);
    slots_[place] = slot;
  }
}

}  // namespace espalier::solver::io
