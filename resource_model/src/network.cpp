#include "espalier/resource_model/network.hpp"

namespace espalier::resource_model {

const char* to_string(IoType io_type) noexcept {
  return io_type == IoType::kParallel ? "io_parallel" : "io_stream";
}

const char* to_string(Strategy strategy) noexcept {
  switch (strategy) {
    case Strategy::kLatency: return "Latency";
    case Strategy::kResource: return "Resource";
    case Strategy::kResourceUnrolled: return "ResourceUnrolled";
  }
  return "";
}

}  // namespace espalier::resource_model
