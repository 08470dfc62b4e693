#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::solver::io {

/// Gives every name a number, in order of first appearance. The text that the names are views of
/// must outlive the table.
///
/// Most files call their columns x1, x2, ...: names of one stem and a number behind it are found in
/// an array, as long as the numbers are not much larger than the names are many. Other names mostly
/// follow one another in the same order again and again, in rows with some left out, so that those
/// behind the last one are tried first; the rest is looked up in a hash table with open addressing.
class NameTable {
 public:
  /// Makes room for so many names.
  void reserve(std::size_t names);

  std::int32_t number_of(std::string_view name);
  /// -1 when the name has not appeared.
  std::int32_t find(std::string_view name) const;
  std::size_t size() const noexcept { return names_.size(); }
  /// Where it appeared first.
  std::string_view name(std::int32_t number) const {
    return names_[static_cast<std::size_t>(number)];
  }
  std::vector<std::string> copy_names() const { return {names_.begin(), names_.end()}; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t number = -1;  ///< -1: free
  };

  /// k of a name made of stem_ and the number k in its usual spelling, else -1.
  std::int64_t index_of(std::string_view name) const noexcept;
  /// Makes room for k where that is in proportion to the names there are.
  bool has_place_for(std::int64_t k);
  /// Number of the name if it is the last one or one of the next few, else -1.
  std::int32_t find_near_last(std::string_view name) const noexcept;
  /// The slot of the name, or the free one where it belongs.
  std::size_t slot_of(std::string_view name, std::uint32_t hash) const;
  std::int32_t find_hashed(std::string_view name) const;
  void grow();

  std::vector<std::string_view> names_;
  std::string_view stem_;               ///< of the first name that ends with a number
  std::vector<std::int32_t> of_index_;  ///< number of the name stem_ + k, -1: not here
  std::vector<Slot> slots_;             ///< of the other names: 2^k slots, at most half in use
  std::size_t hashed_ = 0;              ///< slots in use
  mutable std::size_t last_ = 0;        ///< number of the name that was looked for last
};

}  // namespace espalier::solver::io
