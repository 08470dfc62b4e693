#include "espalier/pruning/report.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "espalier/support/error.hpp"

using namespace espalier::pruning;
using espalier::resource_model::Layer;
namespace fs = std::filesystem;

namespace {

/// A report with made-up numbers and a name that needs escaping.
PruneReport sample_report() {
  PruneReport report;
  report.task = "jets <\"&'>";
  report.data_description = "made up";
  report.command = "espalier prune --demo";
  Layer layer;
  layer.name = "fc1";
  layer.n_in = 2;
  layer.n_out = 3;
  report.hardware.layers = {layer};
  report.baseline = {.validation_accuracy = 0.8,
                     .test_accuracy = 0.75,
                     .resources = {.dsp = 6, .bram18 = 4, .lut = 90}};
  report.pruned = {.validation_accuracy = 0.7,
                   .test_accuracy = 0.6,
                   .resources = {.dsp = 3, .bram18 = 1, .lut = 30}};
  report.dsp_reduction = 0.5;
  report.bram_reduction = 0.75;
  report.relative_accuracy_loss = 0.2;
  report.layers = {{.name = "fc1",
                    .structures = 6,
                    .structures_kept = 3,
                    .weights = 6,
                    .weights_kept = 3,
                    .before = {.dsp = 6, .bram18 = 4, .lut = 90},
                    .after = {.dsp = 3, .bram18 = 1, .lut = 30},
                    .lanes_kept = {1, 0, 1, 0, 1, 0},
                    .lanes_per_output = 2}};
  IterationRecord it;
  it.iteration = 1;
  it.target_sparsity = 0.5;
  it.knapsack_status = "optimal";
  it.knapsack_objective = it.knapsack_bound = 1.25;
  it.resources = {.dsp = 3, .bram18 = 1, .lut = 30};
  it.accepted = true;
  report.iterations = {it};
  report.masks = {{1, 0, 1, 0, 1, 0}};
  return report;
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::uint32_t u32(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return value;
}

fs::path scratch_folder(const std::string& name) {
  const fs::path folder = fs::temp_directory_path() / ("espalier_report_test_" + name);
  fs::remove_all(folder);
  return folder;
}

}  // namespace

TEST_CASE("report.json has the fields that others rely on", "[report]") {
  const auto json = nlohmann::json::parse(report_to_json(sample_report()));
  CHECK(json.at("task") == "jets <\"&'>");
  CHECK(json.at("baseline").at("accuracy") == 0.75);
  CHECK(json.at("baseline").at("dsp") == 6);
  CHECK(json.at("baseline").at("bram") == 4);
  CHECK(json.at("pruned").at("accuracy") == 0.6);
  CHECK(json.at("pruned").at("dsp") == 3);
  CHECK(json.at("pruned").at("bram") == 1);
  CHECK(json.at("reduction").at("dsp") == 0.5);
  CHECK(json.at("reduction").at("bram") == 0.75);
  CHECK(json.at("command") == "espalier prune --demo");
  CHECK(json.at("layers").at(0).at("structures_kept") == 3);
  CHECK(json.at("hardware").at("layers").size() == 1);
  const auto& it = json.at("iterations").at(0);
  CHECK(it.at("target") == 0.5);
  CHECK(it.at("accepted") == true);
  CHECK(it.at("knapsack").at("status") == "optimal");
  CHECK(it.at("knapsack").at("objective") == 1.25);
  CHECK(it.at("knapsack").contains("bound"));
  CHECK(it.at("knapsack").contains("seconds"));
}

TEST_CASE("report.html stands alone and escapes what it shows", "[report]") {
  const std::string html = report_to_html(sample_report());
  CHECK(html.find("jets &lt;&quot;&amp;&#39;&gt;") != std::string::npos);
  CHECK(html.find("jets <") == std::string::npos);
  for (const char* outside : {"<script", "<link", "<img", "src=", "url(", "http"}) {
    CAPTURE(outside);
    CHECK(html.find(outside) == std::string::npos);
  }
  for (const char* shown : {"50.0 %", "75.0 %", "20.00 %", "fc1", "espalier prune --demo",
                            "prefers-color-scheme: dark", "3 of 6 multipliers"}) {
    CAPTURE(shown);
    CHECK(html.find(shown) != std::string::npos);
  }
  PruneReport empty = sample_report();
  empty.iterations.clear();
  empty.interrupted = true;
  CHECK(report_to_html(empty).find("interrupted") != std::string::npos);
}

TEST_CASE("a collapse does not press the other points together", "[report]") {
  const auto axis_ends_at = [](const PruneReport& report, const char* label) {
    return report_to_html(report).find(std::string(">") + label + "</text>") != std::string::npos;
  };
  PruneReport report = sample_report();
  IterationRecord& it = report.iterations.emplace_back(report.iterations.front());
  it.accepted = false;
  it.required_accuracy = 0.79;
  it.validation_accuracy = 0.1;
  report.iterations.front().validation_accuracy = 0.795;
  CHECK(axis_ends_at(report, "77 %"));
  CHECK_FALSE(axis_ends_at(report, "10 %"));
  const std::string triangle = "<path class=\"rejected\"";
  CHECK(report_to_html(report).find(triangle) != std::string::npos);
  it.validation_accuracy = 0.78;
  CHECK(report_to_html(report).find(triangle) == std::string::npos);
}

TEST_CASE("report.csv has a line per iteration and as many fields as its header", "[report]") {
  std::istringstream csv(report_to_csv(sample_report()));
  std::string header;
  std::string line;
  REQUIRE(std::getline(csv, header));
  REQUIRE(std::getline(csv, line));
  CHECK(std::count(header.begin(), header.end(), ',') == std::count(line.begin(), line.end(), ','));
  CHECK(line.rfind("1,0.5,", 0) == 0);
  CHECK_FALSE(std::getline(csv, line));
}

TEST_CASE("layers.csv has the layers and a total with the accuracies", "[report]") {
  PruneReport report = sample_report();
  report.layers[0].name = "a \"layer\", with a comma";
  CHECK(layers_to_csv(report) ==
        "layer,structures,structures_kept,weights,weights_kept,dsp_before,bram_before,lut_before,"
        "ff_before,dsp_after,bram_after,lut_after,ff_after,"
        "accuracy_before,accuracy_after\n"
        "\"a \"\"layer\"\", with a comma\",6,3,6,3,6,4,90,0,3,1,30,0,,\n"
        "total,6,3,6,3,6,4,90,0,3,1,30,0,0.75,0.6\n");
}

TEST_CASE("fixed-point accuracies and trials are shown where there are some", "[report]") {
  PruneReport report = sample_report();
  const auto without = nlohmann::json::parse(report_to_json(report));
  CHECK(without.at("baseline").at("fixed_point_accuracy").is_null());
  CHECK(report_to_html(report).find("fixed point") == std::string::npos);
  report.baseline.fixed_point_test_accuracy = 0.74;
  report.pruned.fixed_point_test_accuracy = 0.37;
  report.regularization_trials = {{1e-3, 0.71}, {1e-4, 0.7}};
  const auto json = nlohmann::json::parse(report_to_json(report));
  CHECK(json.at("pruned").at("fixed_point_accuracy") == 0.37);
  CHECK(json.at("regularization_trials").at(0).at("validation_accuracy") == 0.71);
  const std::string html = report_to_html(report);
  CHECK(html.find("<td>50.00 % lost</td>") != std::string::npos);
  CHECK(html.find("of 0.001 (71.00 %), 1e-04 (70.00 %)") != std::string::npos);
}

TEST_CASE("masks.npz is a zip of one npy array per layer", "[report]") {
  const std::string zip = masks_to_npz(sample_report());
  REQUIRE(u32(zip, 0) == 0x04034b50);
  CHECK(zip.substr(30, 7) == "fc1.npy");
  const std::string npy = zip.substr(37, u32(zip, 18));
  CHECK(npy.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  CHECK(npy.find("'shape': (2, 3, )") != std::string::npos);
  CHECK(npy.find("'|u1'") != std::string::npos);
  CHECK(npy.substr(npy.size() - 6) == std::string("\1\0\1\0\1\0", 6));
  CHECK((npy.size() - 6) % 64 == 0);
  CHECK(u32(zip, 14) ==
        crc32(0, reinterpret_cast<const Bytef*>(npy.data()), static_cast<uInt>(npy.size())));
  const std::size_t end = zip.size() - 22;
  CHECK(u32(zip, end) == 0x06054b50);
  CHECK(u32(zip, u32(zip, end + 16)) == 0x02014b50);
}

TEST_CASE("a report is written whole into a folder that did not exist", "[report]") {
  const fs::path folder = scratch_folder("new") / "deep";
  const PruneReport report = sample_report();
  const ReportFiles files = write_report(report, folder);
  CHECK(read(files.json) == report_to_json(report));
  CHECK(read(files.html) == report_to_html(report));
  CHECK(read(files.csv) == report_to_csv(report));
  CHECK(read(files.masks) == masks_to_npz(report));
  CHECK(std::distance(fs::directory_iterator(folder), {}) == 5);
  fs::remove_all(folder.parent_path());
}

TEST_CASE("a folder that cannot be is refused before anything is done", "[report]") {
  const fs::path file = scratch_folder("file");
  std::ofstream(file) << "in the way";
  CHECK_THROWS_WITH(prepare_output_folder(file / "out"),
                    Catch::Matchers::Contains((file / "out").string()));
  CHECK_THROWS_AS(prepare_output_folder(file), espalier::Error);
  fs::remove(file);
}
