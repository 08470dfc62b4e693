#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "espalier/solver/instance_io.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

#include "io_samples.hpp"

namespace {

using espalier::Error;
using espalier::Random;
using espalier::solver::Instance;
using espalier::solver::read_instances_from_text;

/// Pieces that have a meaning in some format, so that edits reach beyond the lexer.
constexpr std::string_view kPieces[] = {"0",    "-1",          "1",    "9223372036854775807",
                                        "1e18", "0.5",         "1e-9", "nan",
                                        " ",    "\n",          "-",    "+",
                                        ":",    ";",           "<=",   ">=",
                                        "=",    "~",           ",",    "*",
                                        "\\",   "x1",          "END",  "End\n",
                                        "RHS",  " BV ",        "'",    "n 1",
                                        "---",  "#variable= 1"};

std::size_t place_in(Random& random, const std::string& text) {
  return static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(text.size())));
}

/// One random edit: a byte changed, a stretch removed or repeated, or a piece put in.
void edit(Random& random, std::string& text) {
  const std::size_t place = place_in(random, text);
  const auto length = static_cast<std::size_t>(random.integer(1, 8));
  switch (random.integer(0, 4)) {
    case 0:
      if (place < text.size()) text[place] = static_cast<char>(random.integer(0, 255));
      return;
    case 1:
      text.erase(place, length);
      return;
    case 2:
      text.insert(place, text.substr(place_in(random, text), length));
      return;
    case 3:
      text.resize(place);
      return;
    default:
      text.insert(place, kPieces[static_cast<std::size_t>(random.integer(
                             0, static_cast<std::int64_t>(std::size(kPieces)) - 1))]);
  }
}

/// What is read must be a problem that its own constructor accepts again.
void expect_valid(const Instance& instance) {
  const auto copy = [](auto span) { return std::vector<std::int64_t>(span.begin(), span.end()); };
  std::vector<std::int64_t> weights;
  for (int i = 0; i < instance.problem.num_rows(); ++i) {
    const auto row = instance.problem.row(i);
    weights.insert(weights.end(), row.begin(), row.end());
  }
  CHECK_NOTHROW(espalier::solver::Problem(copy(instance.problem.profits()), std::move(weights),
                                          copy(instance.problem.capacities())));
  CHECK((instance.sense == 1 || instance.sense == -1));
  CHECK(instance.scale >= 1);
  CHECK((instance.item_names.empty() ||
         static_cast<int>(instance.item_names.size()) == instance.problem.num_items()));
}

}  // namespace

TEST_CASE("random edits of any format give an error or a valid problem", "[io][property]") {
  constexpr int kEditedTexts = 4000;
  for (const auto& sample : espalier::tests::samples()) {
    CAPTURE(sample.format);
    int read = 0;
    int refused = 0;
    for (int seed = 0; seed < kEditedTexts; ++seed) {
      CAPTURE(seed);
      Random random(static_cast<std::uint64_t>(seed));
      std::string text = sample.text;
      for (std::int64_t edits = random.integer(1, 4); edits > 0; --edits) edit(random, text);
      try {
        for (const Instance& instance : read_instances_from_text(text, "fuzz")) {
          expect_valid(instance);
        }
        ++read;
      } catch (const Error& error) {
        CHECK(error.message().find('\n') == std::string::npos);
        ++refused;
      }
    }
    // Both outcomes must occur often, or the edits test nothing.
    CHECK(read > kEditedTexts / 100);
    CHECK(refused > kEditedTexts / 4);
  }
}
