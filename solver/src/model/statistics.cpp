#include "espalier/solver/result.hpp"

namespace espalier::solver {

Statistics& operator+=(Statistics& total, const Statistics& part) noexcept {
  total.nodes += part.nodes;
  total.lp_iterations += part.lp_iterations;
  total.bound_flips += part.bound_flips;
  total.fixed_items += part.fixed_items;
  total.incumbents += part.incumbents;
  total.subtrees += part.subtrees;
  total.cuts_separated += part.cuts_separated;
  total.cuts_kept += part.cuts_kept;
  total.presolve_fixed += part.presolve_fixed;
  total.presolve_rows += part.presolve_rows;
  total.dp_states += part.dp_states;
  return total;
}

}  // namespace espalier::solver
