// The two files of a certificate against an instance: does the OPB file state it, does the proof
// hold, is nothing changed.

#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "espalier/solver/certificate.hpp"
#include "espalier/support/error.hpp"

#include "check/proof_checker.hpp"

namespace espalier::solver {
namespace {

constexpr std::string_view kHeader = "pseudo-Boolean proof version 1.1";
constexpr std::string_view kCheckSum = "* crc32 ";

std::string read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const auto size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  std::string text;
  if (size >= 0) {
    text.resize(static_cast<std::size_t>(size));
    in.seekg(0);
    in.read(text.data(), size);
  }
  if (!in || in.gcount() != size) throw Error(file.string(), 0, "cannot be read");
  return text;
}

std::string check_sum_line(const std::string& opb, std::string_view proof) {
  const auto sum = [](std::string_view text) {
    return crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  };
  char line[64];
  std::snprintf(line, sizeof line, "* crc32 %08lx %08lx", sum(opb), sum(proof));
  return line;
}

/// The number of an OPB variable x1, x2, ... from 0 on; nothing for other names.
std::optional<std::size_t> index_in(const std::string& name) {
  std::size_t number = 0;
  const char* const end = name.data() + name.size();
  if (name.size() < 2 || name[0] != 'x' || name[1] == '0') return std::nullopt;
  const auto parsed = std::from_chars(name.data() + 1, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number - 1;
}

/// Whether the OPB file is the problem, variable by variable and row by row.
bool states(const Instance& opb, const Problem& problem) {
  const Problem& stated = opb.problem;
  if (opb.sense != -1 || opb.scale != 1 || opb.offset != 0) return false;
  if (stated.num_rows() != problem.num_rows()) return false;
  std::vector<std::optional<std::size_t>> column(static_cast<std::size_t>(problem.num_items()));
  for (std::size_t k = 0; k < opb.item_names.size(); ++k) {
    const auto j = index_in(opb.item_names[k]);
    if (!j || *j >= column.size()) return false;
    column[*j] = k;
  }
  const auto agree = [&](std::span<const std::int64_t> wanted,
                         std::span<const std::int64_t> found) {
    for (std::size_t j = 0; j < wanted.size(); ++j) {
      if (wanted[j] != (column[j] ? found[*column[j]] : 0)) return false;
    }
    return true;
  };
  if (!agree(problem.profits(), stated.profits())) return false;
  for (int i = 0; i < problem.num_rows(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    if (stated.capacities()[row] != problem.capacities()[row]) return false;
    if (!agree(problem.row(i), stated.row(i))) return false;
  }
  return true;
}

/// Splits a text into lines; the last must be ended like all others.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool is_at_end() const noexcept { return rest_.empty(); }
  std::int64_t number() const noexcept { return number_; }
  std::string_view next() {
    ++number_;
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) throw ProofFault{"the file ends within a line"};
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

 private:
  std::string_view rest_;
  std::int64_t number_ = 0;
};

void follow(const Problem& problem, const std::string& opb, std::string_view proof, Lines& lines,
            CertificateReport& report) {
  ProofChecker checker(problem);
  if (lines.is_at_end() || lines.next() != kHeader) {
    throw ProofFault{"expected '" + std::string(kHeader) + "'"};
  }
  while (!checker.is_concluded()) {
    if (lines.is_at_end()) throw ProofFault{"the proof ends without a contradiction"};
    const std::string_view line = lines.next();
    if (line.starts_with('*')) throw ProofFault{"a comment within the proof"};
    checker.follow(line);
    ++report.steps;
  }
  if (lines.is_at_end()) throw ProofFault{"the check sum is missing"};
  const std::string_view last = lines.next();
  const auto body = static_cast<std::size_t>(last.data() - proof.data());
  if (!last.starts_with(kCheckSum) || last != check_sum_line(opb, proof.substr(0, body))) {
    throw ProofFault{"the check sum differs: a file has been changed"};
  }
  if (!lines.is_at_end()) throw ProofFault{"more lines than expected"};
  report.optimum = checker.objective();
}

}  // namespace

CertificateReport check_certificate(const Instance& instance, const std::filesystem::path& proof) {
  const auto start = std::chrono::steady_clock::now();
  CertificateReport report;
  const auto opb_file = opb_beside(proof);
  const std::string opb = read_all(opb_file);
  const std::string text = read_all(proof);
  report.proof_bytes = static_cast<std::int64_t>(text.size());
  const auto stated = read_instances_from_text(opb, opb_file.string());
  if (stated.size() != 1 || !states(stated.front(), instance.problem)) {
    report.problems.push_back(opb_file.string() + " does not state the instance");
    return report;
  }
  Lines lines(text);
  try {
    follow(instance.problem, opb, text, lines, report);
  } catch (const ProofFault& fault) {
    report.optimum.reset();
    report.problems.push_back(proof.string() + ":" + std::to_string(lines.number()) + ": " +
                              fault.what);
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace espalier::solver
