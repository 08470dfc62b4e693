#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "espalier/resource_model/network.hpp"

namespace espalier::bench {

/// One line of a table of synthesis reports (layers.csv.gz, networks.csv.gz): column -> text.
class ReportRow {
 public:
  explicit ReportRow(std::map<std::string, std::string> fields) : fields_(std::move(fields)) {}

  /// "" where the column is empty or absent.
  const std::string& text(const std::string& column) const;
  std::optional<double> number(const std::string& column) const;
  int integer(const std::string& column, int fallback) const;

 private:
  std::map<std::string, std::string> fields_;
};

/// Reads a CSV file without quoting, plain or gzip. Throws Error when it cannot.
std::vector<ReportRow> read_rows(const std::filesystem::path& file);

/// "wa-hls4ml", "n-torc", or "repositories" for the reports of single projects.
std::string source_kind(const ReportRow& row);

/// A list of one layer that describes what the row's report is of; nothing for kinds that the model
/// does not have (lstm) and for rows without sizes. What the rows leave out is assumed as follows:
/// types absent are ap_fixed<16,6>; the inputs of io_stream dense layers arrive in packets as long
/// as the function's name tells ("array<..., 32u>"), else 16 when there are more than 64.
std::optional<resource_model::Network> network_of(const ReportRow& row);

}  // namespace espalier::bench
