#!/usr/bin/env python3
"""Which test shows which requirement of RFC 2637: writes docs/rfc2637.md from the "Shows:" comments above the
tests. Usage: map.py [--check]; with --check nothing is written, and a stale page or an unknown id is an error."""

import pathlib
import re
import sys

import states

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/rfc2637.md"
LIST = ROOT / "tests/requirements/rfc2637.txt"
AREAS = {"R": "Roles", "T": "Transport", "H": "Common header", "C": "Control messages", "E": "Error codes",
         "S": "State machines", "K": "Keepalive and timers", "I": "Call IDs", "G": "Enhanced GRE", "X": "Security",
         "A": "Where the text is ambiguous"}
ID = re.compile(r"[A-Z]+(?:-[A-Z]+)*-\d+[a-z]?")
NAME = re.compile(r"^(?:static\s+)?void\s+(\w+)\(", re.MULTILINE)

HEAD = """# RFC 2637, requirement by requirement

Written by `tests/requirements/map.py` from the `Shows:` comments above the tests; CI checks that it is current. "must" and
"should" in lower case are the RFC's prose, in capitals its key words; FILL is where it is silent and this library
decided ([design.md](design.md)), INT what deployed peers need. **open**: no test shows it, because it is not built yet
(incoming calls, collision, windows and time-outs, reordering) or is a matter of the host.
"""


def requirements():
    for line in LIST.read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("|")


def shown():
    """Requirement id -> names of tests."""
    tests = {}
    for path in sorted((ROOT / "tests").rglob("*")):
        if path.suffix not in (".c", ".sh", ".py") or path == pathlib.Path(__file__).resolve():
            continue
        text = path.read_text()
        for comment in re.finditer(r"(?:/\*|#) Shows:([^*\n]*(?:\n[ *#]+[^*\n]*)*?)(?:\*/|\n)", text):
            name = path.stem
            if path.suffix == ".c":
                function = NAME.search(text, comment.end())
                name += "/" + function.group(1) if function else ""
            for found in ID.findall(comment.group(1)):
                if name not in tests.setdefault(found, []):
                    tests[found].append(name)
    return tests


def page(tests):
    area, lines = None, [HEAD]
    for name, strength, section in requirements():
        if name[0] != area:
            area = name[0]
            lines += [f"\n## {AREAS[area]}\n", "| id | strength | RFC 2637 | shown by |", "|---|---|---|---|"]
        by = ", ".join(f"`{test}`" for test in tests.get(name, [])) or ("note" if strength == "note" else "**open**")
        lines.append(f"| {name} | {strength} | {section} | {by} |")
    return "\n".join([*lines, states.section()])


def main():
    tests = shown()
    known = {row[0] for row in requirements()}
    unknown = sorted(set(tests) - known)
    if unknown:
        sys.exit(f"map.py: tests show requirements that tests/requirements/rfc2637.txt does not list: {', '.join(unknown)}")
    new = page(tests)
    if "--check" in sys.argv:
        if not PAGE.exists() or PAGE.read_text() != new:
            sys.exit("map.py: docs/rfc2637.md is stale: run tests/requirements/map.py and commit the result")
    else:
        PAGE.write_text(new)
    print(f"{len(known & set(tests))} of {len(known)} requirements are shown by a test")


if __name__ == "__main__":
    main()
