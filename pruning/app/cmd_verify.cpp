// `espalier verify`: whether an exported model keeps what its report promises.

#include <iomanip>
#include <iostream>
#include <memory>
#include <string>

#include "espalier/pruning/verify_export.hpp"

#include "commands.hpp"

namespace espalier::app {
namespace {

int run_verify(const std::string& folder) {
  const pruning::ExportVerification found = pruning::verify_export(folder);
  bool has_project = false;
  std::size_t width = 5;
  for (const auto& layer : found.layers) {
    has_project = has_project || layer.hls4ml_limit.has_value();
    width = std::max(width, layer.name.size());
  }
  std::cout << std::left << std::setw(static_cast<int>(width)) << "layer" << std::right
            << "  multipliers    used     DSP  BRAM18" << (has_project ? "  hls4ml limit" : "")
            << '\n';
  for (const auto& layer : found.layers) {
    std::cout << std::left << std::setw(static_cast<int>(width)) << layer.name << std::right
              << std::setw(13) << layer.multipliers << std::setw(8) << layer.multipliers_used
              << std::setw(8) << layer.dsp << std::setw(8) << layer.bram18;
    if (layer.hls4ml_limit) std::cout << std::setw(14) << *layer.hls4ml_limit;
    std::cout << (layer.note.empty() ? "" : "  " + layer.note) << '\n';
  }
  for (const std::string& problem : found.problems) std::cout << "WRONG: " << problem << '\n';
  if (!found.ok()) return kFailed;
  std::cout << "as the report promises"
            << (has_project ? "; hls4ml's limits are explained\n"
                            : "; no hls4ml project yet (python3 convert.py makes it)\n");
  return kDone;
}

}  // namespace

void add_verify_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "verify", "Count an exported model again and compare it with its report and hls4ml project");
  const auto folder = std::make_shared<std::string>();
  command->add_option("FOLDER", *folder, "Output folder of espalier prune")->required();
  command->callback([folder, &exit_code] { exit_code = run_verify(*folder); });
}

}  // namespace espalier::app
