#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/result_io.hpp"

namespace espalier::app {

/// The instances of a file, or only the one that `--instance` names (0-based). Throws Error when
/// the file has no such instance.
std::vector<solver::Instance> read_chosen_instances(const std::filesystem::path& file,
                                                    std::optional<int> chosen);

/// The claim that belongs to an instance: the one with its name, or the only nameless one. Null
/// when there is none.
const solver::ClaimedResult* find_claim(std::span<const solver::ClaimedResult> claims,
                                        const solver::Instance& instance);

}  // namespace espalier::app
