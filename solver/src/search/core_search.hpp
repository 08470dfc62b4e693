#pragma once

#include <cstdint>
#include <vector>

#include "espalier/solver/result.hpp"

#include "search/root.hpp"
#include "search/search_context.hpp"
#include "search/tree_search.hpp"
#include "search/worker.hpp"

namespace espalier::solver {

/// Looks for good solutions where they are likely: only the items whose reduced costs are small are
/// free, all others keep their value in the relaxation (the core concept of Balas and Zemel 1980;
/// for several rows Puchinger, Raidl and Pferschy 2010).
///
/// Each call searches one core depth-first for a limited number of nodes; while cores are searched
/// to the end within that, they grow. Finds solutions, never bounds.
class CoreSearch {
 public:
  CoreSearch(const SearchSetting& setting, const RootRelaxation& root);

  /// Spends about `max_nodes` nodes; improvements go to the incumbent of the setting.
  void run(std::int64_t max_nodes);

  const Statistics& statistics() const noexcept { return worker_.statistics(); }

 private:
  void begin();

  SearchContext context_;
  Worker worker_;
  double bound_;
  std::vector<std::int32_t> order_;      // items by falling |reduced cost|
  std::vector<std::uint8_t> is_at_one_;  // per item: its value outside the core
  std::size_t core_size_ = 0;
  bool has_core_ = false;
};

}  // namespace espalier::solver
