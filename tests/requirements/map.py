#!/usr/bin/env python3
"""Which test shows which requirement of RFC 2637: writes docs/rfc2637.md from the "Shows:" comments above the
tests. Usage: map.py [--check]; with --check nothing is written, and a stale page is an error. An unknown id, and a
comment above what no test runner runs, are errors always."""

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
decided ([design.md](design.md)), INT what deployed peers need. **open**: no test shows it.
"""


def requirements():
    for line in LIST.read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("|")


def runs(path, function, text):
    """Whether a test is run: a function of a cmocka list in a file that meson builds, a script that run.sh takes."""
    if path.suffix == ".c":
        built = "".join(meson.read_text() for folder in ("tests", "examples") for meson in (ROOT / folder).rglob("meson.build"))
        names = (path.stem, path.stem.removeprefix("test_"), path.stem.removeprefix("test_ppp_"))
        return (any(f"'{name}'" in built for name in names)
                and re.search(rf"cmocka_unit_test\w*\(\s*{function}\b", text) is not None)
    runner = (ROOT / "tests/run.sh").read_text()
    return path.match("tests/interop/test_*.sh") and "tests/interop/test_*.sh" in runner


def shown():
    """Requirement id -> names of tests."""
    tests, dead = {}, []
    for path in sorted((ROOT / "tests").rglob("*")):
        if path.suffix not in (".c", ".sh", ".py") or path == pathlib.Path(__file__).resolve():
            continue
        text = path.read_text()
        for comment in re.finditer(r"/\* Shows:.*?\*/|# Shows:.*?\n", text, re.DOTALL):
            name, function = path.stem, None
            if path.suffix == ".c":
                function = NAME.search(text, comment.end())
                function = function.group(1) if function else None
                name += f"/{function}"
            if not runs(path, function, text):
                dead.append(name)
            for found in ID.findall(comment.group()):
                if name not in tests.setdefault(found, []):
                    tests[found].append(name)
    if dead:
        sys.exit(f"map.py: nothing runs {', '.join(dead)}")
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
    test = "1..1\nok 1 - " if "--check" in sys.argv else ""  # what tests/ci/count.py counts
    print(f"{test}{len(known & set(tests))} of {len(known)} requirements are shown by a test")


if __name__ == "__main__":
    main()
