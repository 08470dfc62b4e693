#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include <catch2/catch.hpp>

#include "run_program.hpp"

namespace espalier::tests {

inline std::size_t num_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// An error is one line on stderr that begins with the program's name, and nothing on stdout.
inline void expect_error(const Finished& finished, int exit_code, const std::string& part) {
  CAPTURE(finished.err, finished.out);
  CHECK(finished.exit_code == exit_code);
  CHECK(finished.err.rfind("espalier: ", 0) == 0);
  CHECK(num_lines(finished.err) == 1);
  CHECK(finished.err.find(part) != std::string::npos);
  CHECK(finished.out.empty());
}

}  // namespace espalier::tests
