// Holds whole-network estimates against the HLS reports of networks.csv.gz: one line per network
// with a Resource layer, a mark where a figure is off, and what the tables do not tell about it.

#include <cstdio>
#include <exception>

#include "network_evaluation.hpp"

namespace {

using namespace espalier::bench;

void print_summary(const char* what, const NetworkSummary& s) {
  std::printf(
      "%-36s %3d: DSP within 2 %% %3.0f %%, BRAM within 10 %% %3.0f %%; %3d with timing: latency "
      "within 10 %% %3.0f %%, interval %3.0f %%\n",
      what, s.networks, 100 * s.dsp_close, 100 * s.bram_close, s.with_timing, 100 * s.latency_close,
      100 * s.ii_close);
}

void run(const char* networks_file, const char* layers_file) {
  const auto networks = read_rows(networks_file);
  const auto comparisons = compare_networks(networks, read_rows(layers_file));
  for (const NetworkComparison& c : comparisons) {
    std::printf("%-28.28s DSP %5.0f of %5.0f %s BRAM %5.0f of %5.0f %s",
                c.row->text("source").c_str(), c.dsp, *c.row->number("dsp"),
                c.is_dsp_close ? " " : "!", c.bram18, *c.row->number("bram18k"),
                c.is_bram_close ? " " : "!");
    if (c.has_timing) {
      std::printf(" latency %8.0f of %8.0f %s II %8.0f of %8.0f %s", c.latency,
                  *c.row->number("lat_max"), c.is_latency_close ? " " : "!", c.ii,
                  *c.row->number("ii_max"), c.is_ii_close ? " " : "!");
    }
    std::printf(" %s\n", c.gaps.c_str());
  }
  std::printf("\n");
  print_summary("all with a Resource layer", summarize(comparisons, false));
  print_summary("of them described by the tables", summarize(comparisons, true));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: evaluate_networks_resource_model networks.csv.gz layers.csv.gz\n");
    return 2;
  }
  try {
    run(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "evaluate_networks_resource_model: %s\n", error.what());
    return 1;
  }
}
