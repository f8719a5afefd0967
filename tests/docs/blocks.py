#!/usr/bin/env python3
"""The code in the guides, as files that a compiler can look at.

    blocks.py FOLDER        write them there
    blocks.py --check       compile each, parse what is not C, follow the links; CC as for the build
    blocks.py --all         the same, and what cannot be compiled here is an error

In README.md, docs/*.md and docs/integration/*.md a comment in front of each block says which file it is a piece of:

    <!-- file: tunnel.c -->                one behind the other, in the order of the pages
    <!-- file: once.h; in: tests/x.c -->   a fragment: compiled in that file, which includes it
    <!-- file: uv.c; needs: libuv -->      compiled where pkg-config knows this
    <!-- file: win.c; for: windows -->     with mingw's compiler
    <!-- file: kq.c; with: kqueue -->      with the declarations in tests/docs/kqueue, for a system that is not here
    <!-- file: x.c; by: tests/x.sh -->     compiled, or compared, by that test

Shell and Python need none: they are parsed here; examples/python/tests runs the Python.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The guide comes first: the others add to its files.
PAGES = [ROOT / "docs/programmers-guide.md", ROOT / "README.md",
         *sorted({*(ROOT / "docs").rglob("*.md")} - {ROOT / "docs/programmers-guide.md"})]
LINKING = [*PAGES, *sorted((ROOT / "examples").rglob("*.md"))]
BLOCK = re.compile(r"(?:<!-- (?P<how>[^\n]*) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PARSERS = {"sh": ["bash", "-n"], "python": [sys.executable, "-c", "import ast, sys; ast.parse(sys.stdin.read())"]}
FLAGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-c", "-o", os.devnull]
LANGUAGES = {".c": ["-std=c99", "-D_GNU_SOURCE"], ".cpp": ["-std=c++17", "-Wold-style-cast", "-Wno-shadow"]}


class Fault(Exception):
    pass


class File:
    def __init__(self, page):
        self.page, self.text = page, ""
        self.needs = self.target = self.declarations = self.host = self.by = None

    def heed(self, words):
        self.needs = words.get("needs", self.needs)
        self.by = words.get("by", self.by)
        self.target = words.get("for", self.target)
        self.declarations = words.get("with", self.declarations)
        self.host = words.get("in", self.host)


def files():
    """name: File, of C and C++; all else is parsed on the way."""
    found = {}
    for page in PAGES:
        for block in BLOCK.finditer(page.read_text()):
            where = f"{page.relative_to(ROOT)}: the block {block['text'].strip().splitlines()[0]!r}"
            words = dict(re.findall(r"(\w+): ([^;]+)", block["how"] or ""))
            if block["language"] in PARSERS:
                parse(PARSERS[block["language"]], block["text"], where)
            elif block["language"] not in ("c", "cpp") or "file" not in words:
                raise Fault(f"{where} is not said to be a piece of a file")
            else:
                file = found.setdefault(words["file"], File(page))
                file.heed(words)
                file.text += block["text"] if not file.text else "\n" + block["text"]
    return found


def parse(parser, text, where):
    run = subprocess.run(parser, input=text, capture_output=True, text=True)
    if run.returncode != 0:
        raise Fault(f"{where}: {run.stderr}")


def write(folder):
    for name, file in files().items():
        (folder / name).write_text(file.text)


def compiler_for(file, path):
    """The command, or why there is none."""
    command = [os.environ.get("CC", "cc")] if path.suffix == ".c" else [os.environ.get("CXX", "c++")]
    if file.target == "windows":
        command = ["x86_64-w64-mingw32-gcc"]
    if not shutil.which(command[0]):
        return None, f"{command[0]} is not installed"
    if file.needs:
        asked = subprocess.run(["pkg-config", "--cflags", file.needs], capture_output=True, text=True)
        if asked.returncode != 0:
            return None, f"{file.needs} is not installed"
        command += asked.stdout.split()
    if file.declarations:
        command += ["-isystem", str(ROOT / "tests/docs" / file.declarations)]
    return [*command, *FLAGS, *LANGUAGES[path.suffix]], None


def sources(folder, found):
    """name: (File, path) of what is compiled by itself; fragments are, in the file that has them.
    What is done by another test is not."""
    ret = {}
    for name, file in found.items():
        if file.by:
            if "blocks.py" not in (ROOT / file.by).read_text():
                raise Fault(f"{file.page.relative_to(ROOT)}: {file.by} does not look at {name}")
        elif file.host:
            ret[file.host] = file, ROOT / file.host
        elif pathlib.Path(name).suffix in LANGUAGES:
            ret[name] = file, folder / name
        elif not name.endswith((".h", ".hpp")) or not any(f'"{name}"' in other.text for other in found.values()):
            raise Fault(f"{file.page.relative_to(ROOT)}: nothing includes {name}")
    return ret


def compile_all(folder):
    compiled, skipped = 0, []
    write(folder)
    found = files()
    for name, (file, path) in sources(folder, found).items():
        command, lack = compiler_for(file, path)
        if lack:
            skipped.append(f"{name}: {lack}")
            continue
        run = subprocess.run([*command, f"-I{ROOT / 'include'}", f"-I{folder}", str(path)],
                             capture_output=True, text=True)
        if run.returncode != 0:
            raise Fault(f"{file.page.relative_to(ROOT)}: {name}:\n{run.stderr}")
        compiled += 1
    for name, file in found.items():
        if file.host and f'"{name}"' not in (ROOT / file.host).read_text():
            raise Fault(f"{file.page.relative_to(ROOT)}: {file.host} does not include {name}")
    if compiled < 4:
        raise Fault(f"only {compiled} files: this test is broken")
    return compiled, skipped


def anchors(page):
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
            for title in re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)}


def follow_links():
    for page in LINKING:
        text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if target.startswith("http"):
                continue
            name, _, anchor = target.partition("#")
            path = (page.parent / name).resolve() if name else page
            if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
                raise Fault(f"{page.relative_to(ROOT)}: the link {target} leads nowhere")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        if sys.argv[1] not in ("--check", "--all"):
            write(pathlib.Path(sys.argv[1]))
            return
        follow_links()
        with tempfile.TemporaryDirectory() as folder:
            compiled, skipped = compile_all(pathlib.Path(folder))
    except Fault as fault:
        sys.exit(f"blocks.py: {fault}")
    print(f"{compiled} files of the guides compile", *(f"not looked at: {lack}" for lack in skipped), sep="\n")
    if skipped and sys.argv[1] == "--all":
        sys.exit(1)


main()
