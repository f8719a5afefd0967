"""Compare the options of a program's --help with those of its manual page, both ways, and let groff and mandoc look at
the page where they are installed: manpages.py PROGRAM PAGE."""
import re
import shutil
import subprocess
import sys

program, page = sys.argv[1:]
failed = False


def fail(text):
    global failed
    failed = True
    print(f"{page}: {text}")


def words(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text))


told = words(subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout)
source = open(page).read()
described = {"-" + name for name in re.findall(r"^\.It Fl (-[a-z][a-z0-9-]*)", source, re.M)}
mentioned = {"-" + name for name in re.findall(r"\bFl (-[a-z][a-z0-9-]*)", source)} | words(source)
if len(told) < 10 or len(described) < 10:
    fail("hardly an option was found: this test is broken")
for option in sorted(told - described):
    fail(f"{option} of --help is not described")
for option in sorted(described - told):
    fail(f"{option} is not in --help")
# In examples too. Another program's options have no place there.
for option in sorted(mentioned - told):
    fail(f"{option} is mentioned, but the program does not know it")

for command in (
    ["groff", "-ww", "-mdoc", "-Tutf8", "-z", page],
    ["mandoc", "-Tlint", "-Wwarning", page],
):
    if shutil.which(command[0]):
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0 or run.stdout or run.stderr:
            fail(f"{command[0]}: {run.stdout}{run.stderr}")
sys.exit(failed)
