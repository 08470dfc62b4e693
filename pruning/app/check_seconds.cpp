#include <string>

#include "commands.hpp"

namespace espalier::app {

std::string check_seconds(const std::string& text) {
  double seconds = 0.0;
  const bool is_number = CLI::detail::lexical_cast(text, seconds);
  return is_number && seconds >= 0.0 ? "" : "expected a number of seconds, at least 0";
}

}  // namespace espalier::app
