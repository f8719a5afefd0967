#!/usr/bin/env python3
"""docs/footprint.md: code, constants and memory of each module, for the compilers that are here.

    footprint.py          write the page
    footprint.py --check  say whether what it says is still so, within some per cent: compilers differ"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/footprint.md"
TOLERANCE = 0.05
MACHINES = [
    ("Cortex-M4", "arm-none-eabi-", ["-mcpu=cortex-m4", "-mthumb"]),
    ("i686", "i686-linux-gnu-", []),
    ("x86-64", "", []),
    ("s390x", "s390x-linux-gnu-", []),
]
MODULES = [
    ("msg", r"msg|wire"),
    ("conn", r"conn.*|call_request|config|collision"),
    ("gre", r"gre.*"),
    ("mux", r"mux"),
    ("hdlc", r"hdlc.*"),
    ("names and texts", r"base|names"),
    ("alloc", r"alloc"),
]
PROBE = """
#include "conn_internal.h"
#include "gre_internal.h"
#include "hdlc_internal.h"
char size_conn[sizeof(struct pptp_conn)], size_call[sizeof(call)], size_gre[sizeof(struct pptp_gre)],
        size_hdlc[sizeof(struct pptp_hdlc)];
"""


def module_of(source):
    for name, pattern in MODULES:
        if re.fullmatch(pattern, source.stem):
            return name
    sys.exit(f"footprint.py: {source.name} belongs to no module")


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def sections(size, path):
    """Octets of code, constants, and writable data."""
    sums = {"text": 0, "rodata": 0, "data": 0}
    for line in run(size, "-A", str(path)).splitlines():
        if found := re.match(r"\.(text|rodata|data|bss)(?:\.\S*)? +(\d+)", line):
            sums["data" if found[1] == "bss" else found[1]] += int(found[2])
    return sums["text"], sums["rodata"], sums["data"]


class Calls:
    """Who calls whom and what stack each function takes, as the compiler tells it (-fcallgraph-info=su)."""

    def __init__(self):
        self.own, self.calls, self.module, self.deepest = {}, {}, {}, {}

    def read(self, path, module):
        text = path.read_text()
        for name, octets, kind in re.findall(r'node: { title: "([^"]+)" label: "[^"]*\\n(\d+) bytes \((\w[^)]*)\)"', text):
            if kind == "dynamic":
                sys.exit(f"footprint.py: the stack of {name} is {kind}")
            self.own[name], self.module[name] = int(octets), module
        for caller, called in re.findall(r'edge: { sourcename: "([^"]+)" targetname: "([^"]+)"', text):
            self.calls.setdefault(caller, set()).add(called)

    def depth(self, name, above=()):
        if name in above:
            sys.exit(f"footprint.py: {name} calls itself: {' '.join(above)}")
        if name not in self.deepest:
            below = (self.depth(called, (*above, name)) for called in self.calls.get(name, ()))
            self.deepest[name] = self.own.get(name, 0) + max(below, default=0)
        return self.deepest[name]

    def of_module(self, module):
        """(octets, function) of the public function that needs most."""
        return max((self.depth(name), name) for name in self.own
                   if self.module[name] == module and re.fullmatch(r"pptp_\w+", name))


def measure(prefix, flags, folder):
    """Of each module, of the objects, of each file, and of the stack."""
    compile_ = [prefix + "gcc", "-std=c99", "-Os", *flags, "-ffunction-sections", "-DPPTP_HDLC_TABLES=0", f"-I{ROOT}/include",
                f"-I{ROOT}/lib"]
    modules, files, calls = {name: [0, 0, 0] for name, _ in MODULES}, {}, Calls()
    for source in sorted((ROOT / "lib").glob("*.c")):
        target = folder / "one.o"
        run(*compile_, "-fcallgraph-info=su", "-c", str(source), "-o", str(target))
        calls.read(target.with_suffix(".ci"), module_of(source))
        code, constants, writable = sections(prefix + "size", target)
        files[source.name] = code + constants
        for at, octets in enumerate((code, constants, writable)):
            modules[module_of(source)][at] += octets
    (folder / "probe.c").write_text(PROBE)
    run(*compile_, "-c", str(folder / "probe.c"), "-o", str(folder / "probe.o"))
    table = run(prefix + "nm", "-S", str(folder / "probe.o"))
    objects = {name: int(octets, 16) for octets, name in re.findall(r"[0-9a-f]+ ([0-9a-f]+) \w size_(\w+)", table)}
    return modules, objects, files, calls


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def router_octets():
    """Code and constants of the static router, linked for a Cortex-M4."""
    sizes = run("bash", str(ROOT / "tests/ci/cortex_m4.sh")).splitlines()[-1].split()
    return int(sizes[0])


def page(results):
    names = [name for name, _, _ in MACHINES]
    out = """# Footprint

Octets, compiled with gcc 12.2 (Debian 12), `-Os -ffunction-sections`, HDLC without tables (`-DPPTP_HDLC_TABLES=0`). Made by
`tests/bench/footprint.py`; CI compares. Code and constants go to flash; the library has no writable data.

## Code and constants

"""
    out += row(["module", *names]) + row(["---"] * (len(names) + 1))
    for module, _ in MODULES:
        out += row([module, *(f"{sum(results[name][0][module][:2]):,}" for name in names)])
    totals = {name: sum(sum(octets[:2]) for octets in results[name][0].values()) for name in names}
    out += row(["**all**", *(f"**{totals[name]:,}**" for name in names)])
    writable = {name: sum(octets[2] for octets in results[name][0].values()) for name in names}
    out += row([".data and .bss", *(writable[name] for name in names)])
    out += """
## Memory

What an object needs, without the arrays that options size: a connection has its transmit buffer (220 octets at least) and its
calls beside it, a line of HDLC its frame. The bounds for static memory are in `pptp/storage.h`.

"""
    out += row(["object", *names]) + row(["---"] * (len(names) + 1))
    for key, text in (("conn", "connection"), ("call", "call"), ("gre", "channel"), ("hdlc", "line of HDLC")):
        out += row([text, *(results[name][1][key] for name in names)])
    out += """
## Stack

The most that a function of the module takes with all that it calls, and which one that is on a Cortex-M4; what the host's
callbacks take, and memcpy and its like, comes on top. Nothing calls itself, and no array has a length that is not known.

"""
    out += row(["module", *names, "function"]) + row(["---"] * (len(names) + 2))
    for module, _ in MODULES:
        out += row([module, *(f"{results[name][3].of_module(module)[0]:,}" for name in names),
                    f"`{results['Cortex-M4'][3].of_module(module)[1]}`"])
    m4 = results["Cortex-M4"]
    some = totals["Cortex-M4"] - sum(sum(m4[0][module][:2]) for module in ("mux", "names and texts", "alloc"))
    one = m4[1]["conn"] + m4[1]["call"] + m4[1]["gre"]
    out += "\n## Against what this project asks of itself\n\n"
    out += row(["what", "measured", "must", "goal"]) + row(["---"] * 4)

    def target(what, measured, must, goal):
        mark = "**" if measured > must else ""
        return row([what, f"{mark}{measured:,}{mark}", f"{must:,}", f"{goal:,}"])
    out += target("Cortex-M4 flash: all but mux, names and alloc", some, 12288, 8192)
    out += target("Cortex-M4 flash: everything", totals["Cortex-M4"], 16384, 12288)
    out += target("writable data of the library", max(writable.values()), 0, 0)
    out += target("Cortex-M4 RAM of a call: connection, call, channel", one, 1024, 900)
    least = some - sum(octets for name, octets in m4[2].items() if re.match(r"gre_(window|reorder|pool)|hdlc", name))
    out += f"""
**Missed:** flash. The control plane has both roles, both directions, every figure of the RFC as a table, and a flag for each peer
that deviates; the data channel has windows, time-outs and reordering. No part stands out: the largest function is 5 % of the
code, and the compiler finds 3 % more when it sees all of the library at once (`-flto`). To halve it, things have to go that a
host may need. What a program does not call does not come in with `--gc-sections`: the whole static router
(`examples/static_router`), which takes calls and carries frames, is {router_octets():,} octets with its vectors and its part of newlib.

Where it goes on a Cortex-M4, file by file; [design.md](design.md) says what each is for. Of the first row above {least:,} octets
would be left without windows, reordering and HDLC, which a small host may not want.

"""
    most = sorted(m4[2].items(), key=lambda pair: -pair[1])
    out += row(["file", "octets"] * 3) + row(["---"] * 6)
    shown = [cell for name, octets in most if octets >= 400 for cell in (name, f"{octets:,}")]
    shown += [""] * (-len(shown) % 6)
    for at in range(0, len(shown), 6):
        out += row(shown[at:at + 6])
    return out


def numbers(text):
    return [int(n.replace(",", "")) for n in re.findall(r"(?<![\w.])\d[\d,]*(?![\w.])", text)]


def main():
    missing = [prefix + "gcc" for _, prefix, _ in MACHINES if not shutil.which(prefix + "gcc")]
    if missing:
        sys.exit("footprint.py: not installed: " + ", ".join(missing))
    with tempfile.TemporaryDirectory() as folder:
        made = page({name: measure(prefix, flags, pathlib.Path(folder)) for name, prefix, flags in MACHINES})
    if "--check" not in sys.argv:
        PAGE.write_text(made)
        return
    old, new = numbers(PAGE.read_text()), numbers(made)
    if len(old) != len(new) or any(abs(a - b) > max(8, TOLERANCE * b) for a, b in zip(old, new)):
        sys.exit("footprint.py: docs/footprint.md is stale: run tests/bench/footprint.py")
    print("footprint.py: docs/footprint.md is current")


main()
