#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"
#include "espalier/support/random.hpp"

namespace {

using namespace espalier::solver;
using espalier::Error;
namespace fs = std::filesystem;

/// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "espalier-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() {
    fs::permissions(path_, fs::perms::owner_all);
    fs::remove_all(path_);
  }
  fs::path operator/(const char* name) const { return path_ / name; }
  std::size_t num_files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), {}));
  }

 private:
  fs::path path_;
};

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<ClaimedResult> read_text(const std::string& text) {
  return read_results_from_text(text, "r.json");
}

Instance fractional_instance() {
  return read_instances_from_text("3 1 0\n1.5 2.25 3\n1 1 1\n2\n", "a \"b\"\\\n\x01\xff.txt")
      .front();
}

Result solved() {
  Result result;
  result.status = Status::kFeasible;
  result.stop_reason = StopReason::kNodeLimit;
  result.objective = 525;
  result.bound = 600;
  result.selected = {1, 2};
  result.statistics.nodes = 7;
  result.statistics.lp_iterations = 11;
  result.statistics.cuts_separated = 5;
  result.statistics.cuts_kept = 3;
  result.statistics.root_lp_bound = 625.5;
  result.statistics.root_bound_after_cuts = 610;
  result.statistics.seconds = 0.25;
  return result;
}

const char* const kComplete =
    R"({"instance":"a","n":3,"m":1,"status":"optimal","objective":12.50,"bound":1e2,)"
    R"("cuts":{"objective":1,"selected":[9]},"selected":[0,2],"other":[[1],{"status":2}]})";

}  // namespace

TEST_CASE("a result is JSON with every documented field", "[io][results]") {
  const auto json = nlohmann::json::parse(result_to_json(fractional_instance(), solved(), 4));
  CHECK(json["instance"] == "a \"b\"\\\n\x01?.txt");
  CHECK(json["n"] == 3);
  CHECK(json["m"] == 1);
  CHECK(json["status"] == "feasible");
  CHECK(json["stop_reason"] == "nodes");
  CHECK(json["objective"] == 5.25);
  CHECK(json["bound"] == 6);
  CHECK(json["nodes"] == 7);
  CHECK(json["lp_iterations"] == 11);
  CHECK(json["cuts"] == nlohmann::json{{"separated", 5}, {"kept", 3}});
  CHECK(json["root"] == nlohmann::json{{"lp_bound", 6.255}, {"after_cuts", 6.1}});
  CHECK(json["threads"] == 4);
  CHECK(json["seconds"] == 0.25);
  CHECK(json["selected"] == nlohmann::json{1, 2});
  CHECK(json.size() == 14);
}

TEST_CASE("an infeasible result claims no objective", "[io][results]") {
  const auto json = nlohmann::json::parse(result_to_json(fractional_instance(), Result{}, 1));
  CHECK(json["status"] == "infeasible");
  CHECK(json["objective"].is_null());
  CHECK(json["bound"].is_null());
  CHECK(json["selected"].empty());
}

TEST_CASE("names are written as valid UTF-8", "[io][results]") {
  Instance instance = fractional_instance();
  const auto name_of = [&](const std::string& name) {
    instance.name = name;
    return nlohmann::json::parse(result_to_json(instance, solved(), 1))["instance"]
        .get<std::string>();
  };
  CHECK(name_of("K\u00e4se \u20ac \U0001F512") == "K\u00e4se \u20ac \U0001F512");
  CHECK(name_of("\xe2\x82") == "??");
  CHECK(name_of("\xc0\xaf") == "??");
  CHECK(name_of("\xed\xa0\x80") == "???");
  CHECK(name_of("\xf4\x90\x80\x80") == "????");
}

TEST_CASE("a written result is read back as it was", "[io][results]") {
  const auto claims = read_text(result_to_json(fractional_instance(), solved(), 4));
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].instance == "a \"b\"\\\n\x01?.txt");
  CHECK(claims[0].status == "feasible");
  CHECK(claims[0].objective == "5.25");
  CHECK(claims[0].bound == "6");
  CHECK(claims[0].selected == std::vector<std::int32_t>{1, 2});
  CHECK(claims[0].num_items == 3);
  CHECK(claims[0].num_rows == 1);
}

TEST_CASE("numbers are read as they are written and nested fields are passed over",
          "[io][results]") {
  const auto claims = read_text(kComplete);
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].objective == "12.50");
  CHECK(claims[0].bound == "1e2");
  CHECK(claims[0].selected == std::vector<std::int32_t>{0, 2});
  CHECK(read_text(std::string("[") + kComplete + ",\n" + kComplete + "]").size() == 2);
  CHECK(read_text(R"({"status":"optimal","objective":9007199254740993.5,"bound":null,)"
                  R"("selected":[]})")[0]
            .objective == "9007199254740993.5");
}

TEST_CASE("a result file is read like its text", "[io][results]") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "r.json", kComplete);
  CHECK(read_results(folder / "r.json").front().objective == "12.50");
}

TEST_CASE("wrong result files are refused with the field", "[io][results]") {
  const auto error_of = [](const std::string& text) -> std::string {
    try {
      read_text(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const auto contains = [](const char* part) { return Catch::Contains(part); };
  const std::string rest = R"("objective":1,"bound":1,"selected":[]})";
  CHECK_THAT(error_of(""), contains("r.json:1: not a JSON result: syntax error"));
  CHECK_THAT(error_of("{\n\"a\":\n}"), contains("r.json:3: not a JSON result"));
  CHECK_THAT(error_of("{}"), contains("result 0 lacks the field 'status'"));
  CHECK_THAT(error_of("{" + rest), contains("lacks the field 'status'"));
  CHECK_THAT(error_of(R"({"status":"optimal","bound":1,"selected":[]})"),
             contains("lacks the field 'objective'"));
  CHECK_THAT(error_of(R"({"status":"optimal","objective":1,"bound":1})"),
             contains("lacks the field 'selected'"));
  CHECK_THAT(error_of(R"({"status":1,)" + rest), contains("'status'; expected a string"));
  CHECK_THAT(error_of(R"({"status":null,)" + rest), contains("'status'; expected a string"));
  CHECK_THAT(error_of(R"({"objective":"12",)"), contains("'objective'; expected a number"));
  CHECK_THAT(error_of(R"({"objective":[1],)"), contains("'objective'; expected a number"));
  CHECK_THAT(error_of(R"({"n":1.5,)"), contains("'n'; expected a whole number"));
  CHECK_THAT(error_of(R"({"n":99999999999999999999,)"), contains("'n'; expected a whole number"));
  CHECK_THAT(error_of(R"({"selected":3,)"), contains("'selected'; expected an array"));
  CHECK_THAT(error_of(R"({"selected":[1.5],)"), contains("'selected'; expected an array"));
  CHECK_THAT(error_of(R"({"selected":["1"],)"), contains("'selected'; expected an array"));
  CHECK_THAT(error_of(R"({"selected":[[1]],)"), contains("'selected'; expected an array"));
  CHECK_THAT(error_of(R"({"selected":[-1],)"), contains("has the item -1 in 'selected'"));
  CHECK_THAT(error_of(R"({"selected":[2147483648],)"), contains("the item 2147483648"));
  CHECK_THAT(error_of(R"({"status":"a","status":"b",)"), contains("the field 'status' twice"));
  CHECK_THAT(error_of("[]"), contains("holds no result"));
  CHECK_THAT(error_of("12"), contains("found a bare value"));
  CHECK_THAT(error_of("[12]"), contains("found a bare value"));
  CHECK_THAT(error_of(std::string(kComplete) + "x"), contains("not a JSON result"));
  CHECK_THROWS_WITH(read_results("/nonexistent.json"), contains("cannot read /nonexistent.json"));
}

TEST_CASE("random edits of a result file give an error or a claim", "[io][results][property]") {
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    espalier::Random random(seed);
    std::string text = kComplete;
    for (std::int64_t edits = random.integer(1, 3); edits > 0; --edits) {
      const auto place =
          static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(text.size()) - 1));
      if (random.chance(0.5)) {
        text[place] = "{}[],:\"0-1.en"[random.integer(0, 12)];
      } else {
        text.erase(place, static_cast<std::size_t>(random.integer(1, 5)));
        text += '}';
      }
    }
    try {
      const auto claims = read_text(text);  // CHECK would keep the exception
      CHECK_FALSE(claims.empty());
    } catch (const Error&) {
      ++refused;
    }
  }
  CHECK(refused > 500);
  CHECK(refused < 3000);
}

TEST_CASE("a file is replaced whole", "[io][atomic]") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", "first");
  CHECK(content_of(folder / "a") == "first");
  write_file_atomically(folder / "a", "");
  CHECK(content_of(folder / "a").empty());
  const std::string large(5'000'000, 'x');
  write_file_atomically(folder / "a", large);
  CHECK(content_of(folder / "a") == large);
  CHECK(folder.num_files() == 1);
}

TEST_CASE("a file that cannot be written stays as it was", "[io][atomic]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(write_file_atomically(folder / "no/such/folder", "x"),
                    Catch::Contains("cannot write") && Catch::Contains("no/such/folder") &&
                        Catch::Contains("No such file"));
  // A folder of that name cannot be replaced by a file, even by root.
  fs::create_directory(folder / "taken");
  CHECK_THROWS_AS(write_file_atomically(folder / "taken", "x"), Error);
  CHECK(fs::is_directory(folder / "taken"));
  CHECK(folder.num_files() == 1);
  if (::geteuid() != 0) {
    write_file_atomically(folder / "old", "old");
    fs::permissions(folder / ".", fs::perms::owner_read | fs::perms::owner_exec);
    CHECK_THROWS_WITH(write_file_atomically(folder / "old", "new"),
                      Catch::Contains("Permission denied"));
    CHECK(content_of(folder / "old") == "old");
  }
}

TEST_CASE("links stay links and devices are written to", "[io][atomic]") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "target", "old");
  fs::create_symlink(folder / "target", folder / "link");
  write_file_atomically(folder / "link", "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(content_of(folder / "target") == "new");
  CHECK_NOTHROW(write_file_atomically("/dev/null", "x"));
  CHECK(fs::is_character_file("/dev/null"));
  if (fs::exists("/dev/full")) {
    CHECK_THROWS_WITH(write_file_atomically("/dev/full", "x"),
                      Catch::Contains("cannot write /dev/full: No space left"));
  }
}
