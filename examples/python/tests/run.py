#!/usr/bin/env python3
"""Run the tests of the package and say each case in TAP, as the other unit tests do: run.py [MODULE...]. The library is
PPTP_LIBRARY's; warnings are errors, and what a finalizer raises, a ResourceWarning say, fails the case it ends in."""
import gc
import pathlib
import sys
import unittest
import warnings

HERE = pathlib.Path(__file__).resolve().parent


class Tap(unittest.TestResult):
    """One line a case, as it ends."""

    def __init__(self):
        super().__init__()
        self.bad = False
        self.unseen = ""

    def unraisable(self, caught):
        self.unseen += f"{caught.exc_value!r} in {caught.object!r}\n"

    def say(self, test, word, remark="", why=""):
        print(f"{word} {self.testsRun} - {test.id()}{remark}")
        for line in why.splitlines():
            print(f"# {line}")
        sys.stdout.flush()
        self.bad |= word == "not ok"

    def addSuccess(self, test):
        gc.collect()
        why, self.unseen = self.unseen, ""
        self.say(test, "not ok" if why else "ok", why=why)

    def addSkip(self, test, reason):
        self.say(test, "ok", f" # SKIP {reason}")

    def addError(self, test, err):
        self.say(test, "not ok", why=self._exc_info_to_string(err, test))

    addFailure = addError

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.subtest_failures = getattr(self, "subtest_failures", "") + self._exc_info_to_string(err, subtest)

    def stopTest(self, test):
        if why := getattr(self, "subtest_failures", ""):
            self.say(test, "not ok", why=why)
            self.subtest_failures = ""
        super().stopTest(test)


def main():
    warnings.simplefilter("error")
    sys.path[:0] = [str(HERE.parent), str(HERE)]
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("test_*.py"))
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    print(f"1..{suite.countTestCases()}", flush=True)
    result = Tap()
    sys.unraisablehook = result.unraisable
    suite.run(result)
    return result.bad


if __name__ == "__main__":
    sys.exit(main())
