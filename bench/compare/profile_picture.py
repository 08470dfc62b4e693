"""A performance profile (Dolan and More, Mathematical Programming 91, 2002) as an SVG picture.

For each solver, the share of instances that it solves within a factor tau of the fastest solver on that
instance, against tau on a logarithmic axis. The left end is how often a solver is the fastest, the right
end how much it solves at all.
"""

import math

from summary import is_solved

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 170, 40, 50
COLOURS = ["#1b6e3c", "#c0392b", "#7f8c8d", "#2c5aa0", "#d68910", "#7d3c98", "#148f8b"]
FASTEST_MEASURABLE = 1e-3  # below a millisecond, process start and clock decide


def factors(solver, rows):
    """Time of the solver over the best time, for each instance; infinite where unsolved."""
    result = []
    for row in rows:
        times = {s: max(o["seconds"], FASTEST_MEASURABLE) for s, o in row.items() if is_solved(o)}
        if times:
            result.append(times[solver] / min(times.values()) if solver in times else math.inf)
    return sorted(result)


def step_path(values, x_of, y_of, largest):
    """The staircase from factor 1 to the right edge."""
    share, points = 0.0, []
    for value in values:
        if math.isinf(value):
            break
        points.append((x_of(value), y_of(share)))
        share += 1.0 / len(values)
        points.append((x_of(value), y_of(share)))
    points.append((x_of(largest), y_of(share)))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in [(x_of(1.0), y_of(0.0)), *points])


def draw_profile(run, solvers, results):
    rows = [row for class_rows in results.values() for row in class_rows]
    asked = [s for s in solvers if all(row[s]["status"] != "unsupported" for row in rows)]
    curves = {solver: factors(solver, rows) for solver in asked}
    finite = [f for curve in curves.values() for f in curve if math.isfinite(f)]
    decades = max(1, math.ceil(math.log10(max(finite, default=10.0)) + 0.05))

    def x_of(factor):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(factor) / decades

    def y_of(share):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="20">Share of {len(rows)} instances solved within a factor of the fastest '
        f'({run["date"]}, {run["threads"]} thread(s), limit {run["time_limit"]:g} s)</text>',
    ]
    for tenth in range(0, 11, 2):
        y = y_of(tenth / 10)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{tenth * 10} %</text>')
    for decade in range(decades + 1):
        x = x_of(10.0**decade)
        parts.append(f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{HEIGHT - 28}" text-anchor="middle">{10**decade}</text>')
    for k, solver in enumerate(asked):
        colour = COLOURS[solvers.index(solver) % len(COLOURS)]
        path = step_path(curves[solver], x_of, y_of, 10.0**decades)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = TOP + 10 + 20 * k
        parts.append(f'<rect x="{WIDTH - RIGHT + 15}" y="{y - 9}" width="14" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 35}" y="{y - 3}">{solver}</text>')
    return "\n".join(parts) + "\n</svg>\n"
