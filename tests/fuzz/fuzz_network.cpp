// Any text as a network description and as a Keras architecture: a clean error, or a network that
// can be estimated.

#include <cstdint>
#include <string>

#include "espalier/resource_model/estimate.hpp"
#include "espalier/resource_model/network_io.hpp"
#include "espalier/support/error.hpp"

#include "input.hpp"

using namespace espalier;

namespace {

template <typename Parse>
void try_to_estimate(Parse parse) {
  try {
    const auto network = parse();
    resource_model::estimate_to_json(network, resource_model::estimate(network));
  } catch (const Error& error) {
    tests::require(error.message().find('\n') == std::string::npos, "an error of one line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = tests::text_of(data, size);
  try_to_estimate([&] { return resource_model::parse_network(text, "fuzz"); });
  try_to_estimate([&] { return resource_model::parse_keras_network(text, "fuzz", {}); });
  return 0;
}
