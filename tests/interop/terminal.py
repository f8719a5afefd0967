"""Run a program on a terminal of its own and do something at its question: terminal.py DEED COMMAND..., where DEED is the
line to type, ^C, or TERM. Print what it said, whether it let the answer be seen, and how the terminal was left; exit as
it did, with 128 and the number after a signal."""
import os
import pty
import signal
import sys
import termios

deed, command = sys.argv[1], sys.argv[2:]
pid, master = pty.fork()
if pid == 0:
    os.execvp(command[0], command)


def has_echo():
    return bool(termios.tcgetattr(master)[3] & termios.ECHO)


def read():
    try:
        return os.read(master, 4096)
    except OSError:  # the other side is closed
        return b""


said = b""
while b": " not in said.rpartition(b"\n")[2]:
    piece = read()
    if not piece:
        break
    said += piece
print("while it asks: echo", "on" if has_echo() else "off", flush=True)
if deed == "TERM":
    os.kill(pid, signal.SIGTERM)
else:
    os.write(master, b"\x03" if deed == "^C" else deed.encode() + b"\n")
left = None
while True:
    piece = read()
    if not piece:
        break
    left = has_echo()
    said += piece
    sys.stdout.write(piece.decode(errors="replace"))
    sys.stdout.flush()
_, status = os.waitpid(pid, 0)
print("at the end: echo", "on" if left else "off")
print("typed text is", "seen" if deed.encode() in said else "not seen")
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
