#include "classes/move_halves.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace espalier::solver {

bool MoveHalves::list(std::int64_t limit, std::size_t most) {
  limit_ = limit;
  most_ = most;
  deal_out();
  BasisTube::Numerators root{};
  if (!fill(second_, root)) return false;
  for (std::size_t s = 0; s < tube_.size(); ++s) root[s] = tube_.residue(tube_.start()[s]);
  if (!fill(first_, root)) return false;
  choose_key();
  sort_second();
  return true;
}

/// To and fro by the price of a class's cheapest move: 1, 2, 2, 1, 1, 2, ...
void MoveHalves::deal_out() {
  first_.moves.clear();
  second_.moves.clear();
  std::fill(half_of_.begin(), half_of_.end(), std::uint8_t{0});
  std::size_t dealt = 0;
  for (std::size_t k = 0; k < moves_.size() && moves_[k].price <= limit_; ++k) {
    const std::size_t c = moves_[k].class_index;
    if (c >= half_of_.size()) {
      half_of_.resize(c + 1, 0);
      is_used_.resize(c + 1, 0);
    }
    if (half_of_[c] == 0) {
      ++dealt;
      half_of_[c] = dealt / 2 % 2 == 0 ? 1 : 2;
    }
    (half_of_[c] == 1 ? first_ : second_).moves.push_back(k);
  }
}

bool MoveHalves::fill(Half& half, const BasisTube::Numerators& root) {
  half.entries.assign(1, Entry{0, 0, 0, root});
  return extend(half, 0, 0);
}

/// Adds the combinations of `parent` with moves of the half from the one at `from` on.
bool MoveHalves::extend(Half& half, std::size_t parent, std::size_t from) {
  const Entry base = half.entries[parent];
  const std::int64_t left = limit_ - base.loss;
  for (std::size_t j = from; j < half.moves.size(); ++j) {
    const std::size_t k = half.moves[j];
    const CountMove& move = moves_[k];
    if (move.price > left) return true;
    if (is_used_[move.class_index] != 0) continue;
    const std::size_t entry = half.size();
    if (entry >= most_) return false;
    Entry& next = half.entries.emplace_back();
    next.loss = base.loss + move.price;
    next.parent = parent;
    next.move = k;
    for (std::size_t s = 0; s < tube_.size(); ++s) {
      next.residues[s] = tube_.add_residues(base.residues[s], moves_.residues(k)[s]);
    }
    if (j + 1 == half.moves.size() || next.loss + moves_[half.moves[j + 1]].price > limit_) {
      continue;
    }
    is_used_[move.class_index] = 1;
    const bool is_complete = extend(half, entry, j + 1);
    is_used_[move.class_index] = 0;
    if (!is_complete) return false;
  }
  return true;
}

/// The support that the fewest pairs leave a place, were all residues that occur equally frequent:
/// they are multiples of the greatest common divisor.
void MoveHalves::choose_key() {
  const auto modulus = static_cast<double>(tube_.modulus());
  double least = 2.0;
  for (std::size_t s = 0; s < tube_.size(); ++s) {
    std::int64_t divisor = tube_.modulus();
    for (const Half* half : {&first_, &second_}) {
      for (const std::size_t k : half->moves) {
        if (divisor == 1) break;
        divisor = std::gcd(divisor, moves_.residues(k)[s]);
      }
    }
    const BasisTube::Interval reach = tube_.reach_of(s, limit_);
    const double width = static_cast<double>(reach.high) - static_cast<double>(reach.low) + 1.0;
    const double part = std::min(1.0, std::max(width, static_cast<double>(divisor)) / modulus);
    if (part < least) {
      least = part;
      key_ = s;
    }
  }
}

/// Counting sort by bins of the key, about one entry each, and by loss within them.
void MoveHalves::sort_second() {
  const std::size_t bins = std::bit_ceil(second_.size());
  bins_per_residue_ = static_cast<double>(bins) / static_cast<double>(tube_.modulus());
  bin_begin_.assign(bins + 3, 0);  // a residue may be rounded up into one bin more
  for (const Entry& entry : second_.entries) ++bin_begin_[bin_of(entry.residues[key_]) + 2];
  for (std::size_t bin = 2; bin < bin_begin_.size(); ++bin) bin_begin_[bin] += bin_begin_[bin - 1];
  sorted_.resize(second_.size());
  for (std::size_t b = 0; b < second_.size(); ++b) {
    const Entry& entry = second_.entries[b];
    const std::int64_t residue = entry.residues[key_];
    sorted_[bin_begin_[bin_of(residue) + 1]++] = {residue, entry.loss, b};
  }
  for (std::size_t bin = 0; bin + 1 < bin_begin_.size(); ++bin) {
    if (bin_begin_[bin + 1] - bin_begin_[bin] < 2) continue;
    const auto begin = sorted_.begin();
    std::sort(begin + static_cast<std::ptrdiff_t>(bin_begin_[bin]),
              begin + static_cast<std::ptrdiff_t>(bin_begin_[bin + 1]),
              [](const Sorted& a, const Sorted& b) { return a.loss < b.loss; });
  }
}

std::size_t MoveHalves::join(std::size_t a, const std::int64_t& budget, const Visit& visit) {
  const Entry& entry = first_.entries[a];
  const std::int64_t left = budget - entry.loss;
  if (left < 0) return 0;
  const std::int64_t modulus = tube_.modulus();
  const BasisTube::Interval reach = tube_.reach_of(key_, left);
  if (reach.high >= modulus || -reach.low >= modulus || reach.high - reach.low >= modulus - 1) {
    return match(entry, {0, modulus - 1}, budget, visit);
  }
  // The residue of both is to be at most reach.high, or at least the modulus + reach.low.
  std::int64_t low = modulus - entry.residues[key_] + reach.low;
  if (low < 0) low += modulus;
  if (low >= modulus) low -= modulus;
  const std::int64_t high = low + (reach.high - reach.low);
  if (high < modulus) return match(entry, {low, high}, budget, visit);
  return match(entry, {low, modulus - 1}, budget, visit) +
         match(entry, {0, high - modulus}, budget, visit);
}

/// The pairs of an entry of the first half with those of the second whose key lies in the interval.
std::size_t MoveHalves::match(const Entry& a, BasisTube::Interval wanted,
                              const std::int64_t& budget, const Visit& visit) {
  std::size_t pairs = 0;
  const std::size_t last = bin_of(wanted.high);
  for (std::size_t bin = bin_of(wanted.low); bin <= last; ++bin) {
    for (std::size_t place = bin_begin_[bin]; place < bin_begin_[bin + 1]; ++place) {
      ++pairs;
      const Sorted& b = sorted_[place];
      const std::int64_t left = budget - a.loss - b.loss;
      if (left < 0) break;
      if (b.residue < wanted.low || b.residue > wanted.high) continue;
      const Entry& entry = second_.entries[b.entry];
      if (has_places(a, entry, left)) visit(moves_of(a, entry));
    }
  }
  return pairs;
}

bool MoveHalves::has_places(const Entry& a, const Entry& b, std::int64_t left) const {
  for (std::size_t s = 0; s < tube_.size(); ++s) {
    const std::int64_t residue = tube_.add_residues(a.residues[s], b.residues[s]);
    if (tube_.is_empty(s, residue, left)) return false;
  }
  return true;
}

std::span<const std::size_t> MoveHalves::moves_of(const Entry& a, const Entry& b) {
  picked_.clear();
  const auto add = [this](const Half& half, const Entry& last) {
    for (const Entry* at = &last; at != half.entries.data(); at = &half.entries[at->parent]) {
      picked_.push_back(at->move);
    }
  };
  add(first_, a);
  add(second_, b);
  return picked_;
}

}  // namespace espalier::solver
