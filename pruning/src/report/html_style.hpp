#pragma once

namespace espalier::pruning {

/// Style sheet of report.html. All colours are variables with a value for either colour scheme.
inline constexpr const char* kReportStyle = R"css(
:root { --page: #ffffff; --text: #1c2024; --quiet: #5c6670; --rule: #d9dee3; --panel: #f4f6f8;
  --keep: #0b7a53; --bad: #b3471d; --base: #2f5fb3; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14181c; --text: #e4e8ec; --quiet: #9aa5b0; --rule: #333b43; --panel: #1d2329;
    --keep: #3fbf8d; --bad: #ef8d5d; --base: #7fa8f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1.2rem clamp(0.8rem, 3vw, 2rem) 3rem;
  background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.4rem 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 0.8rem; border-bottom: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 0.2rem 0 0.6rem; }
p { max-width: 44rem; color: var(--quiet); }
.warning { color: var(--bad); font-weight: 600; }
.figures { display: flex; flex-wrap: wrap; gap: 0.8rem; margin-bottom: 1rem; }
.figures div { flex: 1 1 13rem; padding: 0.8rem 1rem; background: var(--panel);
  border-radius: 0.5rem; }
.figures strong { display: block; font-size: 1.9rem; line-height: 1.2; color: var(--keep); }
.figures span { color: var(--quiet); font-size: 0.92rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid var(--rule); }
.numbers th, .numbers td { text-align: right; white-space: nowrap; }
.texts { margin-bottom: 1.2rem; }
.texts th, .texts td { text-align: left; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tr.rejected td { color: var(--bad); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr));
  gap: 1.2rem 2rem; align-items: start; }
.chart { width: 100%; max-width: 36rem; height: auto; }
.chart text { fill: var(--quiet); font: 12.5px system-ui, sans-serif; }
.chart .grid { stroke: var(--rule); }
.chart .limit { stroke: var(--bad); stroke-dasharray: 5 4; }
.chart .trace { fill: none; stroke: var(--keep); stroke-width: 1.5; opacity: 0.6; }
.chart .accepted { fill: var(--keep); }
.chart .rejected { fill: var(--page); stroke: var(--bad); stroke-width: 2; }
.chart .baseline { fill: var(--base); }
.mark { display: inline-block; width: 0.7em; height: 0.7em; border-radius: 50%; }
.mark.baseline { background: var(--base); }
.mark.accepted { background: var(--keep); }
.mark.rejected { border: 2px solid var(--bad); }
.bars { display: grid; grid-template-columns: minmax(4rem, 7rem) 1fr minmax(6.5rem, auto);
  gap: 0.6rem; align-items: center; font-size: 0.88rem; margin-bottom: 0.35rem; }
.bars span { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.track { position: relative; height: 1.1rem; }
.track div { position: absolute; top: 0; left: 0; height: 100%; border-radius: 2px; }
.track .before { background: var(--rule); }
.track .after { background: var(--keep); }
figure { margin: 0 0 1.2rem; }
figcaption { color: var(--quiet); font-size: 0.9rem; }
.cells { display: block; max-width: 100%; height: auto; shape-rendering: crispEdges; }
.cells .removed { fill: var(--rule); }
.cells .kept { fill: var(--keep); }
pre { background: var(--panel); padding: 0.8rem 1rem; border-radius: 0.5rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
)css";

}  // namespace espalier::pruning
