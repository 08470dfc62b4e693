#include "data/find_file.hpp"

#include "espalier/support/error.hpp"

namespace espalier::pruning::data {

void require_folder(const std::filesystem::path& directory, const std::string& content) {
  if (std::filesystem::is_directory(directory)) return;
  throw Error(directory.string(), 0, "is not a folder; expected the folder with " + content);
}

std::filesystem::path find_file(const std::filesystem::path& directory, const std::string& name,
                                const std::string& data_set) {
  for (const std::string& candidate : {name, name + ".gz"}) {
    if (std::filesystem::exists(directory / candidate)) return directory / candidate;
  }
  throw Error((directory / name).string(), 0,
              "does not exist; expected this file of " + data_set + " or " + name + ".gz");
}

}  // namespace espalier::pruning::data
