#!/usr/bin/env python3
"""docs/weather.svg: what the data channel makes of a bad network, from the table of the simulator.

    plot.py BUILD-DIRECTORY [--check]     write it, or say whether it is current"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/requirements"))
from svg import STYLE  # noqa: E402

PICTURE = ROOT / "docs/weather.svg"
WIDTH, HEIGHT, LEFT, TOP, PLOT_W, PLOT_H, APART = 860, 330, 52, 52, 330, 210, 100
CURVES = ".a{stroke:#0969da}.b{stroke:#bc4c00}.c{stroke:#1a7f37}.curve{stroke-width:2;fill:none}"
CURVES += "@media (prefers-color-scheme:dark){.a{stroke:#4493f8}.b{stroke:#f0883e}.c{stroke:#3fb950}}"


def rows(build):
    table = subprocess.run([f"{build}/tests/sim/sim_gre", "--table"], check=True, capture_output=True, text=True).stdout
    for line in table.splitlines()[1:]:
        weather, severity, delivered, late, hold, octets = line.split("\t")
        yield weather, float(severity), float(delivered), float(hold)


def panel(x0, title, unit, most_x, step_x, curves):
    """curves: (class, name, [(x, percent)])"""
    def x(value):
        return x0 + value / most_x * PLOT_W

    def y(percent):
        return TOP + (100 - percent) / 30 * PLOT_H
    out = [f'<text class="bold" x="{x0}" y="{TOP - 26}">{title}</text>']
    for percent in range(70, 101, 10):
        out.append(f'<path class="thin" d="M{x0} {y(percent):.1f}h{PLOT_W}"/>'
                   f'<text x="{x0 - 8}" y="{y(percent) + 4:.1f}" text-anchor="end">{percent} %</text>')
    for tick in range(0, most_x + 1, step_x):
        out.append(f'<text x="{x(tick):.1f}" y="{TOP + PLOT_H + 18}" text-anchor="middle">{tick}</text>')
    out.append(f'<text x="{x0 + PLOT_W / 2}" y="{TOP + PLOT_H + 36}" text-anchor="middle" class="dim">{unit}</text>')
    for number, (kind, name, points) in enumerate(curves):
        path = "L".join(f"{x(px):.1f} {y(py):.1f}" for px, py in points)
        key_y = TOP + PLOT_H - 16 - 18 * number
        out.append(f'<path class="curve {kind}" d="M{path}"/><path class="curve {kind}" d="M{x0 + 10} {key_y}h22"/>'
                   f'<text x="{x0 + 38}" y="{key_y + 4}">{name}</text>')
    return out


def picture(build):
    data = {}
    for weather, severity, delivered, _ in rows(build):
        data.setdefault(weather, []).append((severity, delivered))
    body = panel(LEFT, "Frames that PPP gets", "of the packets, per cent", 20, 5, [
        ("a", "lost", data["loss %"]),
        ("b", "up to 30 ms late", data["up to 30 ms late %"]),
        ("c", "twice", data["twice %"])])
    body += panel(LEFT + PLOT_W + APART, "Frames that PPP gets", "jitter, ms, at a frame a ms", 30, 10, [
        ("a", "at most 8 frames, 20 ms", data["jitter ms"])])
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" class="picture" role="img" '
            f'aria-label="Frames delivered under loss, lateness, duplication and jitter" font-size="13">'
            f"<style>{STYLE}{CURVES}</style>\n" + "\n".join(body) + "\n</svg>\n")


def main():
    made = picture(sys.argv[1])
    if "--check" not in sys.argv:
        PICTURE.write_text(made)
    elif PICTURE.read_text() != made:
        sys.exit("plot.py: docs/weather.svg is stale: run tests/bench/plot.py BUILD-DIRECTORY")
    print("plot.py: docs/weather.svg is current")


main()
