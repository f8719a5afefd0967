#!/usr/bin/env python3
"""Count the cases of the unit tests: count.py TESTLOG.JSON, which `meson test` wrote with CMOCKA_MESSAGE_OUTPUT=TAP.

Prints a line for each program that did not pass, then "N passed, N failed, N skipped"; exits with 1 when any failed.
A program says first cases it has, so those that a crash took with it count as failed. So does a program that meson does not call good
although all its cases were: one that crashed, leaked or hung at the end. A program that says nothing of cases is one."""
import json
import re
import sys

PLAN = re.compile(r"^1\.\.(\d+)$", re.M)
CASE = re.compile(r"^(not ok|ok) \d+(.*)$", re.M)


def count(test):
    """passed, failed, skipped and a remark."""
    output = test.get("stdout", "")
    if not PLAN.search(output):  # a program that is one case
        passed, skipped = test["result"] == "OK", test["result"] == "SKIP"
        failed = not passed and not skipped
        return passed, failed, skipped, "failed" if failed else ""
    cases = [(verdict, "# SKIP" in rest) for verdict, rest in CASE.findall(output)]
    passed = cases.count(("ok", False))
    failed = cases.count(("not ok", False))
    skipped = len(cases) - passed - failed
    missing = sum(int(n) for n in PLAN.findall(output)) - len(cases)
    remarks = [f"{failed} failed"] if failed else []
    if missing > 0:
        failed += missing
        remarks.append(f"{missing} did not run")
    elif missing < 0:
        failed += 1
        remarks.append("more cases ran than it has")
    if test["result"] != "OK" and not failed:
        failed += 1
        remarks.append("its cases passed, the program did not")
    return passed, failed, skipped, ", ".join(remarks)


def main(path):
    total = [0, 0, 0]
    with open(path, encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            *counts, remark = count(test)
            total = [a + b for a, b in zip(total, counts)]
            if remark:
                print(f"{test['name']}: {test['result']}, exit code {test['returncode']}: {remark}")
    print("{} passed, {} failed, {} skipped".format(*total))
    return total[1] > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
