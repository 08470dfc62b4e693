#pragma once

#include <filesystem>
#include <string>

#include "espalier/pruning/prune.hpp"

namespace espalier::pruning {

// A PruneReport as files. The writers format what the report holds and compute nothing.

/// Everything as one JSON object; accuracies are test-set fractions, reductions fractions removed.
std::string report_to_json(const PruneReport& report);

/// One line per iteration, with a header line; the numbers of "iterations" in the JSON object.
std::string report_to_csv(const PruneReport& report);

/// One line per layer and one for the whole network, which also has the test-set accuracies.
std::string layers_to_csv(const PruneReport& report);

/// One self-contained page: figures, tables and pictures, no scripts, nothing loaded from
/// elsewhere.
std::string report_to_html(const PruneReport& report);

/// NumPy archive of the masks: one uint8 array per layer with weights, named after the layer, in
/// the shape of its kernel, 1 = kept. Layers without a mask are all ones.
std::string masks_to_npz(const PruneReport& report);

/// Where write_report() put things.
struct ReportFiles {
  std::filesystem::path json;
  std::filesystem::path html;
  std::filesystem::path csv;
  std::filesystem::path layers_csv;
  std::filesystem::path masks;
};

/// Creates `folder` and throws Error when files cannot be written there; to be called before long
/// work whose result is to go there.
void prepare_output_folder(const std::filesystem::path& folder);

/// Writes report.json, report.html, report.csv, layers.csv and masks.npz into `folder`, which is
/// created. Every file is written under a temporary name and renamed.
ReportFiles write_report(const PruneReport& report, const std::filesystem::path& folder);

}  // namespace espalier::pruning
