// A relative gap above 1 allows less and less as a negative objective rises towards zero; bounds
// that an earlier, larger allowance had cut off used to be forgotten.

#include <vector>

#include <catch2/catch.hpp>

#include "search/search_context.hpp"

using espalier::solver::GapRule;

TEST_CASE("what a gap excludes never falls as the incumbent rises", "[solve][regression]") {
  for (const double relative : {0.01, 0.5, 1.0, 1.5, 10.0, 1e300}) {
    const GapRule gap{.absolute = 2, .relative = relative, .offset = -100.0, .divisor = 3.0};
    for (std::int64_t best = 0; best < 80; ++best) {
      CAPTURE(relative, best);
      REQUIRE(gap.least_wanted(best) > best);
      REQUIRE(gap.least_wanted(best + 1) >= gap.least_wanted(best));
    }
  }
}
