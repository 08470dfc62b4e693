#include "classes/count_moves.hpp"

#include <algorithm>

namespace espalier::solver {

void CountMoves::begin(std::size_t num_classes) {
  furthest_up_.assign(num_classes, 0);
  furthest_down_.assign(num_classes, 0);
  std::vector<std::uint8_t> is_support(num_classes, 0);
  for (std::size_t k = 0; k < tube_.size(); ++k) is_support[tube_.class_index(k)] = 1;
  for (std::size_t c = 0; c < num_classes; ++c) {
    if (is_support[c] == 0) classes_.push_back(c);
  }
}

void CountMoves::add_up_to(std::int64_t limit, std::size_t c, std::int64_t sign,
                           Deviations& deviations) {
  std::int64_t& furthest = (sign > 0 ? furthest_up_ : furthest_down_)[c];
  while (true) {
    const std::int64_t delta = sign * (furthest + 1);
    const std::int64_t price = deviations.loss(delta);
    if (price > limit) return;
    moves_.push_back({price, c, delta});
    ++furthest;
  }
}

void CountMoves::extend(std::span<Deviations> deviations, std::int64_t limit) {
  // What is new costs more than what is there.
  const std::size_t before = moves_.size();
  for (const std::size_t c : classes_) {
    add_up_to(limit, c, 1, deviations[c]);
    add_up_to(limit, c, -1, deviations[c]);
  }
  std::stable_sort(moves_.begin() + static_cast<std::ptrdiff_t>(before), moves_.end(),
                   [](const CountMove& a, const CountMove& b) { return a.price < b.price; });
  for (std::size_t k = before; k < moves_.size(); ++k) {
    first_residues_.push_back(0);
    for (std::size_t s = 0; s < tube_.size(); ++s) {
      residues_.push_back(
          tube_.residue(-moves_[k].delta * tube_.per_item(s, moves_[k].class_index)));
      if (s == 0) first_residues_.back() = residues_.back();
    }
  }
}

}  // namespace espalier::solver
