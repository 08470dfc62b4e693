#include "instance_choice.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "espalier/support/error.hpp"

namespace espalier::app {

std::vector<solver::Instance> read_chosen_instances(const std::filesystem::path& file,
                                                    std::optional<int> chosen) {
  auto instances = solver::read_instances(file);
  if (!chosen) return instances;
  const auto index = static_cast<std::size_t>(*chosen);
  if (index >= instances.size()) {
    throw Error(file.string(), 0,
                "has no instance " + std::to_string(*chosen) + "; expected 0 to " +
                    std::to_string(instances.size() - 1));
  }
  std::vector<solver::Instance> result;
  result.push_back(std::move(instances[index]));
  return result;
}

const solver::ClaimedResult* find_claim(std::span<const solver::ClaimedResult> claims,
                                        const solver::Instance& instance) {
  if (claims.size() == 1 && claims.front().instance.empty()) return &claims.front();
  const auto found = std::find_if(claims.begin(), claims.end(), [&](const auto& claim) {
    return claim.instance == instance.name;
  });
  return found == claims.end() ? nullptr : &*found;
}

}  // namespace espalier::app
