#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("Espalier: exact knapsack solver and resource-aware pruning for FPGAs", "espalier");
  CLI11_PARSE(app, argc, argv);
  return 0;
}
