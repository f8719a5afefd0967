#!/usr/bin/env python3
"""Every item of the public headers has a comment: functions, types, fields, enumerators, macros. A comment covers what
stands on its line, what follows it without a blank line between, and, at the head of a type, the type.

    documented.py HEADER..."""
import re
import sys

GUARDS = re.compile(r"PPTP_[A-Z]+_H$")


def blocks(text):
    """Paragraphs: (number of the first line, lines)."""
    start, lines = 1, []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            if not lines:
                start = number
            lines.append(line)
        elif lines:
            yield start, lines
            lines = []
    if lines:
        yield start, lines


def items(lines, inside):
    """(index, name) of what is declared in these lines."""
    for index, line in enumerate(lines):
        code = re.sub(r"/\*.*?(\*/|$)", "", line)
        if (macro := re.match(r"#define (\w+)", code)) and not GUARDS.match(macro[1]):
            yield index, macro[1]
        elif function := re.match(r"PPTP_API .*?\b(pptp_\w+)\(", code):
            yield index, function[1]
        elif typedef := re.match(r"typedef (?:struct|enum) (\w+)", code):
            yield index, typedef[1]
        elif typedef := re.match(r"typedef .*\b(\w+);", code):
            yield index, typedef[1]
        elif inside[index] and (callback := re.match(r"\t.*\(\*(\w+)\)\(", code)):
            yield index, callback[1]
        elif inside[index] and (field := re.match(r"\t[\w ]+[ *](\w+)(\[\w+\])*(, \w+(\[\w+\])*)*;", code)):
            yield index, field[1]
        elif enumerator := re.match(r"(?:enum\s*\{)?\s+(PPTP_\w+)\s*(=.*)?,?\s*$", code):
            yield index, enumerator[1]


def check(path):
    text = open(path, encoding="utf-8").read()
    missing = []
    depth = 0
    for start, lines in blocks(text):
        inside, in_comment, commented = [], False, False
        covered = []
        for line in lines:
            inside.append(depth > 0)
            bare = re.sub(r"/\*.*?\*/", "", line)
            starts = "/*" in bare
            has = "/*" in line or in_comment
            if in_comment and "*/" in line:
                in_comment = False
            elif starts:
                in_comment = True
            commented = commented or has
            covered.append(commented)
            depth += bare.count("{") - bare.count("}")
            if 'extern "C"' in line or line.strip() == "}":
                depth = max(depth, 0)
        if 'extern "C" {' in "".join(lines):
            depth = 0
        # A comment behind a name may go on below; the line before it is covered by it as well.
        for index, name in items(lines, inside):
            after = index + 1 < len(lines) and re.match(r"\s+/?\*", lines[index + 1])
            if not covered[index] and not after:
                missing.append(f"{path}:{start + index}: {name} has no comment")
    return missing


if len(sys.argv) < 2:
    sys.exit("usage: documented.py HEADER...")
found = [line for path in sys.argv[1:] for line in check(path)]
print("\n".join(found) if found else f"documented.py: every item of {len(sys.argv) - 1} headers has a comment")
sys.exit(bool(found))
