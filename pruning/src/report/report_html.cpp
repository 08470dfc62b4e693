#include <algorithm>
#include <cmath>

#include "espalier/pruning/report.hpp"
#include "espalier/support/svg.hpp"

#include "report/html_style.hpp"
#include "report/names.hpp"
#include "report/svg.hpp"

namespace espalier::pruning {
namespace {

using resource_model::Resources;

std::string cell(const std::string& content) { return "<td>" + content + "</td>"; }

std::string row(const std::vector<std::string>& cells, const char* style = "") {
  std::string html = std::string("<tr") + (*style ? std::string(" class=\"") + style + "\"" : "");
  html += ">";
  for (const std::string& content : cells) html += cell(content);
  return html + "</tr>\n";
}

/// A table that scrolls sideways in a narrow window.
std::string table(const std::vector<std::string>& heads, const std::string& rows,
                  const char* style = "numbers") {
  std::string html =
      std::string("<div class=\"scroll\"><table class=\"") + style + "\"><thead><tr>";
  for (const std::string& head : heads) html += "<th>" + head + "</th>";
  return html + "</tr></thead><tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string section(const std::string& title, const std::string& body) {
  return "<section><h2>" + title + "</h2>\n" + body + "</section>\n";
}

std::string paragraph(const std::string& content) { return "<p>" + content + "</p>\n"; }

std::string counted(std::int64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// A resource that the page shows.
struct Shown {
  const char* column;  ///< in tables
  const char* plural;  ///< in sentences and charts
  std::int64_t Resources::*amount;
  double reduction;
};

/// DSP blocks and block RAMs in any case, logic where it was an objective.
std::vector<Shown> shown(const PruneReport& r) {
  std::vector<Shown> all = {{"DSP", "DSP blocks", &Resources::dsp, r.dsp_reduction},
                            {"BRAM", "block RAMs (18 Kb)", &Resources::bram18, r.bram_reduction}};
  if (r.settings.objective.lut) {
    all.push_back({"LUT", "LUTs of multipliers", &Resources::lut, r.lut_reduction});
  }
  if (r.settings.objective.ff) {
    all.push_back({"FF", "flip-flops of multipliers", &Resources::ff, r.ff_reduction});
  }
  return all;
}

std::string headline(const PruneReport& r) {
  std::string html = "<header><h1>Espalier pruning report: " + svg::escaped(r.task) + "</h1>\n";
  if (r.interrupted) {
    html +=
        "<p class=\"warning\">The run was interrupted; this is the best network accepted "
        "until then.</p>\n";
  }
  if (r.misses_tolerance_in_fixed_point) {
    html += std::string(
                "<p class=\"warning\">In the fixed point of the FPGA the network loses more "
                "than the tolerance on validation data: ") +
            (r.settings.fixed_point_tuning ? "" : "prune with --fixed-point, or ") +
            "give it wider types.</p>\n";
  }
  html += "<div class=\"figures\">";
  const auto figure = [&html](const std::string& value, const std::string& label) {
    html += "<div><strong>" + value + "</strong><span>" + label + "</span></div>";
  };
  for (const Shown& s : shown(r)) {
    if (r.baseline.resources.*s.amount == 0) continue;
    figure(percent(s.reduction), std::string("of the ") + s.plural + " removed");
  }
  figure(percent(r.relative_accuracy_loss, 2), "relative accuracy loss on the test set");
  html += "</div>\n";
  std::string rows =
      row({"accuracy on the test set", percent(r.baseline.test_accuracy, 2),
           percent(r.pruned.test_accuracy, 2), percent(r.relative_accuracy_loss, 2) + " lost"});
  if (r.baseline.fixed_point_test_accuracy && r.pruned.fixed_point_test_accuracy) {
    rows += row({"the same in the fixed point of the FPGA",
                 percent(*r.baseline.fixed_point_test_accuracy, 2),
                 percent(*r.pruned.fixed_point_test_accuracy, 2),
                 percent(1.0 - *r.pruned.fixed_point_test_accuracy /
                                   std::max(*r.baseline.fixed_point_test_accuracy, 1e-9),
                         2) +
                     " lost"});
  }
  rows += row({"accuracy on the validation set", percent(r.baseline.validation_accuracy, 2),
               percent(r.pruned.validation_accuracy, 2), ""});
  for (const Shown& s : shown(r)) {
    rows += row({s.plural, std::to_string(r.baseline.resources.*s.amount),
                 std::to_string(r.pruned.resources.*s.amount), percent(s.reduction) + " removed"});
  }
  rows += row({"latency, interval (estimated, cycles)",
               std::to_string(r.latency_cycles) + ", " + std::to_string(r.ii_cycles),
               std::to_string(r.latency_cycles) + ", " + std::to_string(r.ii_cycles),
               "as before: lanes work side by side"});
  html += table({"", "before", "after", ""}, rows);
  html += paragraph(
      "Resources are those of the multipliers and weight memories, counted from the weights of the "
      "network that are not zero. The test set was used for nothing but these accuracies; every "
      "choice was made on the validation set. Data: " +
      svg::escaped(r.data_description) + ".");
  return html + "</header>\n";
}

ScatterChart chart_of(const PruneReport& r, std::int64_t Resources::*amount, const char* label) {
  ScatterChart chart;
  chart.x_label = label;
  chart.y_label = "validation accuracy";
  chart.points.push_back({static_cast<double>(r.baseline.resources.*amount),
                          r.baseline.validation_accuracy, PointKind::kBaseline,
                          "baseline: " + percent(r.baseline.validation_accuracy, 2)});
  for (const IterationRecord& it : r.iterations) {
    chart.points.push_back(
        {static_cast<double>(it.resources.*amount), it.validation_accuracy,
         it.accepted ? PointKind::kAccepted : PointKind::kRejected,
         "iteration " + std::to_string(it.iteration) + ", target " + percent(it.target_sparsity) +
             ": " + std::to_string(it.resources.*amount) + " " + label + ", accuracy " +
             percent(it.validation_accuracy, 2) + (it.accepted ? ", accepted" : ", rejected")});
  }
  if (!r.iterations.empty()) {
    chart.limit = r.iterations.back().required_accuracy;
    chart.limit_label = "required in the last iteration";
    // A collapse would press everything that matters into the upper edge.
    chart.floor =
        *chart.limit - 2.0 * std::max(r.baseline.validation_accuracy - *chart.limit, 0.01);
  }
  return chart;
}

std::string charts(const PruneReport& r) {
  std::string html = "<div class=\"charts\">";
  for (const Shown& s : shown(r)) {
    if (r.baseline.resources.*s.amount > 0) html += scatter_svg(chart_of(r, s.amount, s.plural));
  }
  html += "</div>\n";
  return section(
      "Accuracy against resources",
      html + paragraph("One point per iteration: <span class=\"mark baseline\"></span> baseline, "
                       "<span class=\"mark accepted\"></span> accepted, "
                       "<span class=\"mark rejected\"></span> rejected, a triangle if it lies "
                       "below the chart. Point at one for its numbers."));
}

/// Two bars of one layer, as shares of the largest layer.
std::string bar_pair(const std::string& name, std::int64_t before, std::int64_t after,
                     std::int64_t largest) {
  const auto width = [largest](std::int64_t amount) {
    return svg::fixed(100.0 * static_cast<double>(amount) / static_cast<double>(largest), 2) + "%";
  };
  return "<div class=\"bars\"><span>" + svg::escaped(name) +
         "</span><div class=\"track\"><div class=\"before\" style=\"width:" + width(before) +
         "\"></div><div class=\"after\" style=\"width:" + width(after) + "\"></div></div><span>" +
         std::to_string(before) + " &rarr; " + std::to_string(after) + "</span></div>\n";
}

std::string layer_bars(const PruneReport& r, std::int64_t Resources::*amount,
                       const std::string& title) {
  std::int64_t largest = 0;
  for (const LayerOutcome& layer : r.layers) largest = std::max(largest, layer.before.*amount);
  if (largest == 0) return {};
  std::string html = "<div><h3>" + title + "</h3>\n";
  for (const LayerOutcome& layer : r.layers) {
    html += bar_pair(layer.name, layer.before.*amount, layer.after.*amount, largest);
  }
  return html + "</div>\n";
}

std::string layers(const PruneReport& r) {
  std::string rows;
  for (const LayerOutcome& layer : r.layers) {
    std::vector<std::string> cells = {
        svg::escaped(layer.name),
        std::to_string(layer.structures_kept) + " / " + std::to_string(layer.structures),
        std::to_string(layer.weights_kept) + " / " + std::to_string(layer.weights)};
    for (const Shown& s : shown(r)) {
      cells.push_back(std::to_string(layer.before.*s.amount));
      cells.push_back(std::to_string(layer.after.*s.amount));
    }
    rows += row(cells);
  }
  std::vector<std::string> heads = {"layer", "structures kept", "weights kept"};
  std::string bars;
  for (const Shown& s : shown(r)) {
    heads.push_back(std::string(s.column) + " before");
    heads.push_back("after");
    bars += layer_bars(r, s.amount, std::string(s.plural) + " before and after");
  }
  return section(
      "Layers",
      "<div class=\"charts\">" + bars + "</div>\n" + table(heads, rows) +
          paragraph("A structure is the group of weights that one DSP block (or one block-RAM word "
                    "and its DSP blocks) serves; hardware is freed only when all of them are "
                    "zero."));
}

std::string masks(const PruneReport& r) {
  std::string html = paragraph(
      "Each cell is one multiplier; a filled cell still has work, an empty one is removed "
      "from the hardware.");
  for (const LayerOutcome& layer : r.layers) {
    const auto lanes = static_cast<std::int64_t>(layer.lanes_kept.size());
    const bool by_output = layer.lanes_per_output > 0;
    const std::int64_t per_group =
        by_output ? layer.lanes_per_output
                  : static_cast<std::int64_t>(std::sqrt(static_cast<double>(lanes)));
    const auto kept = std::count(layer.lanes_kept.begin(), layer.lanes_kept.end(), 1);
    const char* arrangement = !by_output                       ? "in hardware order"
                              : lanes / per_group >= per_group ? "one column per output"
                                                               : "one row per output";
    html += "<figure>" + cells_svg(layer.lanes_kept, std::max<std::int64_t>(1, per_group)) +
            "<figcaption><b>" + svg::escaped(layer.name) + "</b>: " + std::to_string(kept) +
            " of " + counted(lanes, "multiplier", "multipliers") + " kept; " + arrangement +
            "</figcaption></figure>\n";
  }
  return section("Which multipliers remain", html);
}

std::string iterations(const PruneReport& r) {
  std::string rows;
  for (const IterationRecord& it : r.iterations) {
    std::vector<std::string> cells = {std::to_string(it.iteration), percent(it.target_sparsity)};
    for (const Shown& s : shown(r)) cells.push_back(std::to_string(it.resources.*s.amount));
    std::string verdict = it.accepted ? "accepted" : "rejected";
    if (!it.protected_layer.empty()) verdict += "; " + svg::escaped(it.protected_layer) + " spared";
    for (const std::string& cell :
         {percent(it.accuracy_before_tuning, 2), percent(it.validation_accuracy, 2),
          percent(it.required_accuracy, 2), verdict, svg::fixed(it.seconds, 1)}) {
      cells.push_back(cell);
    }
    rows += row(cells, it.accepted ? "" : "rejected");
  }
  std::vector<std::string> heads = {"", "target"};
  for (const Shown& s : shown(r)) heads.push_back(s.column);
  for (const char* head : {"accuracy, masked", "fine-tuned", "required", "verdict", "seconds"}) {
    heads.push_back(head);
  }
  return section("Iterations",
                 table(heads, rows) +
                     paragraph("Accuracies are those on the validation set. The required accuracy "
                               "is (1 &minus; tolerance) of the baseline's plus a margin for the "
                               "size of the validation set, so that the tolerance also holds on "
                               "data that were never seen. A layer whose removals alone break the "
                               "tolerance is spared: its structures count twice as much from "
                               "then on."));
}

std::string knapsacks(const PruneReport& r) {
  std::string rows;
  double seconds = 0.0;
  int proven = 0, better = 0;
  for (const IterationRecord& it : r.iterations) {
    seconds += it.knapsack_seconds;
    proven += it.knapsack_status == "optimal" ? 1 : 0;
    better += it.knapsack_objective > it.greedy_objective + it.knapsack_scaling_error ? 1 : 0;
    std::vector<std::string> cells = {std::to_string(it.iteration),
                                      std::to_string(it.knapsack_items),
                                      std::to_string(it.knapsack_rows)};
    for (const Shown& s : shown(r)) cells.push_back(std::to_string(it.budget.*s.amount));
    for (const std::string& cell :
         {svg::escaped(it.knapsack_status), svg::fixed(it.knapsack_objective, 6),
          std::isfinite(it.knapsack_bound) ? svg::fixed(it.knapsack_bound, 6) : std::string("none"),
          svg::fixed(it.greedy_objective, 6), std::to_string(it.knapsack_nodes),
          svg::fixed(1000.0 * it.knapsack_seconds, 1)}) {
      cells.push_back(cell);
    }
    rows += row(cells);
  }
  std::vector<std::string> heads = {"", "items", "rows"};
  for (const Shown& s : shown(r)) heads.push_back(std::string(s.column) + " budget");
  for (const char* head : {"status", "value kept", "bound", "greedy", "nodes", "milliseconds"}) {
    heads.push_back(head);
  }
  const std::string counts =
      std::to_string(proven) + " of " +
      counted(static_cast<std::int64_t>(r.iterations.size()), "choice", "choices") +
      " proven optimal, in " + svg::fixed(1000.0 * seconds, 1) +
      " milliseconds altogether; greedy " + "would have kept less in " + std::to_string(better) +
      ".";
  return section(
      "Knapsacks",
      paragraph(counts) + table(heads, rows) +
          paragraph("In each iteration the structures to keep are the solution of a knapsack over "
                    "all structures: the largest total value that fits the budget. "
                    "&ldquo;optimal&rdquo; is a proof: no selection keeps more than the bound. "
                    "&ldquo;greedy&rdquo; is what picking by value per resource would keep."));
}

/// The strengths that were tried, with the accuracy that each left.
std::string trials_text(const PruneReport& r) {
  std::string text;
  for (const RegularizationTrial& trial : r.regularization_trials) {
    text += (text.empty() ? ", of " : ", ") + shortest(trial.strength) + " (" +
            percent(trial.validation_accuracy, 2) + ")";
  }
  return text;
}

std::string provenance(const PruneReport& r) {
  const PruneSettings& s = r.settings;
  std::string rows;
  rows += row({"objective", to_string(s.objective)});
  rows += row({"tolerance", percent(s.tolerance) + " relative"});
  rows += row({"margin", svg::fixed(s.margin_standard_errors, 2) + " standard errors"});
  rows +=
      row({"schedule", std::string(to_string(s.schedule)) + " to " + percent(s.target_sparsity)});
  rows += row({"value of a structure",
               std::string(to_string(s.value)) +
                   (s.value_scale == ValueScale::kLayerLargest ? " / largest of layer" : "")});
  rows += row({"choice of structures", to_string(s.selection)});
  rows += row({"group penalty", shortest(s.regularization) + trials_text(r)});
  rows += row({"epochs", std::to_string(s.baseline_epochs) + " baseline, " +
                             std::to_string(s.fine_tuning_epochs) + " per iteration" +
                             (s.fixed_point_tuning ? ", in fixed point" : "")});
  rows += row({"seed, threads", std::to_string(s.seed) + ", " + std::to_string(s.threads)});
  rows += row({"time", svg::fixed(r.seconds, 1) + " s"});
  std::string hardware;
  for (const resource_model::Layer& layer : r.hardware.layers) {
    if (!layer.has_weights()) continue;
    hardware += row({svg::escaped(layer.name), resource_model::to_string(layer.strategy),
                     std::to_string(layer.reuse_factor),
                     svg::escaped(resource_model::to_string(layer.weight)),
                     svg::escaped(resource_model::to_string(layer.input_type))});
  }
  return section(
      "How this was made",
      "<pre>" + svg::escaped(r.command) + "</pre>\n" + table({"setting", ""}, rows, "texts") +
          table({"layer", "strategy", "reuse factor", "weights", "inputs"}, hardware, "texts") +
          paragraph("Part " + svg::escaped(r.hardware.part) + ", clock " +
                    shortest(r.hardware.clock_ns) + " ns, " +
                    resource_model::to_string(r.hardware.io_type) + "."));
}

}  // namespace

std::string report_to_html(const PruneReport& r) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Espalier: " +
         svg::escaped(r.task) + "</title>\n<style>\n" + kReportStyle + "</style></head>\n<body>\n" +
         headline(r) + charts(r) + layers(r) + masks(r) + iterations(r) + knapsacks(r) +
         provenance(r) + "</body></html>\n";
}

}  // namespace espalier::pruning
