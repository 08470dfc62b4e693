// Rules about the source text that no compiler enforces: which folder may include which, and that
// every option is read by the code it is meant for.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = ESPALIER_SOURCE_DIR;

std::string read(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> sources_below(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(kRoot / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".hpp" || extension == ".cpp") files.push_back(entry.path());
  }
  return files;
}

/// What stands between the quotes of the file's `#include "..."` lines.
std::vector<std::string> own_includes(const fs::path& file) {
  static const std::regex kInclude("^[ \t]*#[ \t]*include[ \t]*\"([^\"]+)\"",
                                   std::regex::multiline);
  const std::string text = read(file);
  std::vector<std::string> names;
  for (std::sregex_iterator match(text.begin(), text.end(), kInclude), end; match != end; ++match) {
    names.push_back((*match)[1]);
  }
  return names;
}

/// The file of this checkout that an include names, empty where there is none.
fs::path resolve(const std::string& name, const fs::path& includer) {
  for (const fs::path& folder :
       {includer.parent_path(), kRoot / "solver/src", kRoot / "solver/include",
        kRoot / "solver/support/include", kRoot / "resource_model/include",
        kRoot / "resource_model/src", kRoot / "pruning/include", kRoot / "pruning/src"}) {
    if (fs::exists(folder / name)) return fs::weakly_canonical(folder / name);
  }
  return {};
}

/// Everything that the file includes, directly or not, as paths relative to the checkout.
std::set<std::string> include_closure(const fs::path& file) {
  std::set<std::string> seen;
  std::vector<fs::path> open = {file};
  while (!open.empty()) {
    const fs::path current = open.back();
    open.pop_back();
    for (const std::string& name : own_includes(current)) {
      const fs::path target = resolve(name, current);
      INFO(current.string() << " includes \"" << name << "\"");
      REQUIRE_FALSE(target.empty());
      if (seen.insert(fs::relative(target, fs::weakly_canonical(kRoot)).generic_string()).second) {
        open.push_back(target);
      }
    }
  }
  return seen;
}

bool is_below(const std::string& path, const std::string& folder) {
  return path.rfind(folder + "/", 0) == 0;
}

/// No file below `folder` may reach a file below one of `forbidden`.
void check_reaches_none_of(const std::string& folder, const std::vector<std::string>& forbidden) {
  const auto files = sources_below(folder);
  for (const fs::path& file : files) {
    for (const std::string& included : include_closure(file)) {
      for (const std::string& other : forbidden) {
        INFO(file.string() << " includes " << included);
        CHECK_FALSE(is_below(included, other));
      }
    }
  }
}

/// Names of the data members of a struct that have a default or are containers: one a line.
std::vector<std::string> members_of(const fs::path& header, const std::string& name) {
  const std::string text = read(kRoot / header);
  const auto start = text.find("struct " + name + " {");
  REQUIRE(start != std::string::npos);
  const std::string body = text.substr(start, text.find("\n};", start) - start);
  static const std::regex kMember(
      "\n  [A-Za-z_:][A-Za-z0-9_:<>, *()]* ([a-z][a-z0-9_]*)( = [^;\n]+)?;");
  std::vector<std::string> members;
  for (std::sregex_iterator match(body.begin(), body.end(), kMember), end; match != end; ++match) {
    members.push_back((*match)[1]);
  }
  return members;
}

void check_members_are_read(const fs::path& header, const std::string& name,
                            const fs::path& folder) {
  std::string all;
  for (const fs::path& file : sources_below(folder)) all += read(file);
  const auto members = members_of(header, name);
  REQUIRE(members.size() >= 5);
  for (const std::string& member : members) {
    INFO(name << "::" << member << " is never read below " << folder.string());
    CHECK(std::regex_search(all, std::regex("(\\.|->|::)" + member + "\\b")));
  }
}

}  // namespace

TEST_CASE("the support headers know none of the libraries", "[package]") {
  check_reaches_none_of("solver/support",
                        {"solver/include", "solver/src", "resource_model", "pruning"});
}

TEST_CASE("the solver knows neither the resource model nor pruning", "[package]") {
  REQUIRE(sources_below("solver").size() >= 10);
  check_reaches_none_of("solver", {"resource_model", "pruning"});
}

TEST_CASE("the resource model knows neither the solver nor pruning", "[package]") {
  REQUIRE(sources_below("resource_model").size() >= 9);
  check_reaches_none_of("resource_model", {"solver/include", "solver/src", "pruning"});
}

TEST_CASE("pruning uses the other libraries by their public headers only", "[package]") {
  REQUIRE(sources_below("pruning").size() >= 5);
  check_reaches_none_of("pruning", {"solver/src", "resource_model/src"});
}

TEST_CASE("the checker shares only the reader and the problem with the solver", "[package]") {
  check_reaches_none_of("solver/src/check",
                        {"solver/src/search", "solver/src/lp", "solver/src/cuts",
                         "solver/src/presolve", "solver/src/heuristics", "solver/src/one_row",
                         "solver/src/classes", "solver/src/certify"});
}

TEST_CASE("no part of the solver below the search includes the search", "[package]") {
  for (const char* folder : {"model", "io", "lp", "cuts", "presolve", "heuristics", "one_row"}) {
    check_reaches_none_of(std::string("solver/src/") + folder, {"solver/src/search"});
  }
}

TEST_CASE("every option of the solver is read by the solver", "[package]") {
  check_members_are_read("solver/include/espalier/solver/options.hpp", "SolveOptions",
                         "solver/src");
}

TEST_CASE("every option of training and pruning is read by the library", "[package]") {
  check_members_are_read("pruning/include/espalier/pruning/train.hpp", "TrainOptions",
                         "pruning/src/train");
  check_members_are_read("pruning/include/espalier/pruning/prune.hpp", "PruneOptions",
                         "pruning/src/loop");
}
