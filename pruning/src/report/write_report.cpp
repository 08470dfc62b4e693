#include <system_error>

#include "espalier/pruning/report.hpp"
#include "espalier/solver/result_io.hpp"
#include "espalier/support/error.hpp"

namespace espalier::pruning {

void prepare_output_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder)) {
    throw Error(folder.string(), 0,
                "cannot create this folder" + (error ? ": " + error.message() : std::string()) +
                    "; expected a folder that can be written to");
  }
  const auto probe = folder / ".espalier-write-test";
  solver::write_file_atomically(probe, "");
  std::filesystem::remove(probe, error);
}

ReportFiles write_report(const PruneReport& report, const std::filesystem::path& folder) {
  prepare_output_folder(folder);
  const ReportFiles files = {folder / "report.json", folder / "report.html", folder / "report.csv",
                             folder / "layers.csv", folder / "masks.npz"};
  solver::write_file_atomically(files.masks, masks_to_npz(report));
  solver::write_file_atomically(files.csv, report_to_csv(report));
  solver::write_file_atomically(files.layers_csv, layers_to_csv(report));
  solver::write_file_atomically(files.html, report_to_html(report));
  solver::write_file_atomically(files.json, report_to_json(report));
  return files;
}

}  // namespace espalier::pruning
