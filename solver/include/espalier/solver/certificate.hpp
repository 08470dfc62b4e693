#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "espalier/solver/instance_io.hpp"
#include "espalier/solver/options.hpp"
#include "espalier/solver/problem.hpp"
#include "espalier/solver/result.hpp"

namespace espalier::solver {

// Certificates: proofs that a checker without any knowledge of the solver can follow.
//
// A certificate is two text files. `NAME.opb` states the problem in the format of the
// pseudo-Boolean competition, as a minimisation over x1 ... xn (item 0 is x1). `NAME.pbp` is a
// proof in the VeriPB pseudo-Boolean proof format, version 1.1: the optimal solution, then a branch
// and bound tree that shows that there is no better one, every step a cutting-planes derivation in
// integers. How a proof is laid out: docs/certificates.md.

/// What writing a certificate took.
struct CertificateSummary {
  /// kNone: both files are written. Otherwise a limit ended the proof and neither is.
  StopReason stop_reason = StopReason::kNone;
  std::int64_t nodes = 0;   ///< of the tree that proves, which is not the one that solved
  std::int64_t leaves = 0;  ///< derivations by multipliers, without those that became needless
  std::int64_t proof_bytes = 0;
  double seconds = 0.0;
};

/// The OPB file that belongs to a proof file: same name, extension `.opb`.
std::filesystem::path opb_beside(const std::filesystem::path& proof);

/// Proves a result of solve() a second time, in a form that can be checked, and writes both files.
///
/// `result` must be kOptimal or kInfeasible for this very problem. The search is one of its own, on
/// the problem as it stands: no presolve, no cuts, no dynamic program, whatever engine solved it.
/// Of the options, threads, stop and the limits count; a quarter of the machine's memory is never
/// exceeded. Throws Error when the result is not a proven
/// one, its selection is infeasible, or a file cannot be written (which is then as it was),
/// and InternalError when the result turns out not to be optimal.
CertificateSummary write_certificate(const Problem& problem, const Result& result,
                                     const std::filesystem::path& proof,
                                     const SolveOptions& options = {});

/// Verdict on a certificate.
struct CertificateReport {
  /// The optimum that was proven; nothing where it was proven that there is no solution.
  std::optional<std::int64_t> optimum;
  std::int64_t steps = 0;  ///< lines of the proof that were followed
  std::int64_t proof_bytes = 0;
  double seconds = 0.0;
  std::vector<std::string> problems;  ///< the first thing wrong, with its line; empty: none
  bool ok() const { return problems.empty(); }
};

/// Follows a certificate step by step in exact integers (of any size) and says what it proves about
/// the instance. Shares nothing with the solver but the reader: the OPB file must state the
/// instance and every line of the proof must follow from the lines before it. Throws Error when a
/// file cannot be read.
CertificateReport check_certificate(const Instance& instance, const std::filesystem::path& proof);

}  // namespace espalier::solver
