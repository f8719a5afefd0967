"""python3 -m pptp: its words and exit codes, where no privileges are needed."""
import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import unittest

from pptp import __main__ as command

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(*words):
    """(exit code, output, errors)"""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command.main(list(words))
        except SystemExit as left:
            code = left.code
    return code, out.getvalue(), err.getvalue()


class Usage(unittest.TestCase):
    def test_wrong_words_are_1_and_say_what_may_stand_there(self):
        for words, told in (
                ([], "the following arguments are required: dial | serve"),
                (["dial"], "HOST"),
                (["nonsense"], "invalid choice: 'nonsense'"),
                (["dial", "h", "--port", "x"], "argument --port: 'x' is not a number from 1 to 65535"),
                (["dial", "h", "--port", "70000"], "argument --port: '70000' is not a number from 1 to 65535"),
                (["dial", "h", "--port", "0"], "from 1 to 65535"),
                (["serve", "--port", "-1"], "--port"),
                (["serve", "--phone", "1"], "unrecognized arguments: --phone 1"),
                (["dial", "h", "--timeout", "soon"], "argument --timeout: 'soon' is not a number from 0.1 to 3600"),
                (["dial", "h", "--timeout", "nan"], "'nan' is not a number"),
                (["dial", "h", "--seconds", "-1"], "--seconds"),
                (["dial", "h", "--phone", "1" * 65], "argument --phone: a phone number has 64 octets at most, not 65")):
            with self.subTest(words):
                code, out, err = run(*words)
                self.assertEqual((code, out), (1, ""))
                self.assertIn(told, err)
                self.assertNotIn("Traceback", err)

    def test_help_has_every_option_and_the_exit_codes(self):
        for words, options in ((["--help"], ["dial", "serve"]), (["serve", "--help"], ["--listen", "--port"]),
                               (["dial", "--help"], ["HOST", "--port", "--phone", "--timeout", "--seconds", "default 5"])):
            with self.subTest(words):
                code, out, _ = run(*words)
                self.assertEqual(code, 0)
                for option in [*options, "exit codes:", "130"]:
                    self.assertIn(option, out)


class Trouble(unittest.TestCase):
    def setUp(self):
        self.ask = command.aio.Gre.ask
        command.aio.Gre.ask = staticmethod(lambda: None)  # whoever runs this may lack the privileges

    def tearDown(self):
        command.aio.Gre.ask = self.ask

    def test_without_privileges_it_says_what_it_takes(self):
        def refused():
            raise PermissionError("calls need a raw socket")
        command.aio.Gre.ask = staticmethod(refused)
        for words in (["dial", "127.0.0.1"], ["serve", "--port", "0"]):
            self.assertEqual(run(*words), (2, "", "pptp: calls need a raw socket\n"))

    def test_nobody_listens(self):
        code, out, err = run("dial", "127.0.0.1", "--port", "1")
        self.assertEqual((code, out, err), (3, "", "pptp: cannot reach 127.0.0.1 port 1: Connection refused\n"))

    def test_a_name_that_is_none(self):
        code, _, err = run("dial", "no.such.name.invalid")
        self.assertEqual(code, 3)
        self.assertRegex(err, r"^pptp: cannot reach no.such.name.invalid port 1723: [A-Z][\w ]+\n$")

    def test_a_port_that_is_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            code, _, err = run("serve", "--listen", "127.0.0.1", "--port", port)
        self.assertEqual(code, 2)
        self.assertEqual(err, f"pptp: cannot listen on 127.0.0.1 port {port}: Address already in use; is another server "
                              "running?\n")

    def silent(self):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        self.addCleanup(listener.close)
        return str(listener.getsockname()[1])

    def test_a_server_that_says_nothing(self):
        code, _, err = run("dial", "127.0.0.1", "--port", self.silent(), "--timeout", "0.2")
        self.assertEqual((code, err), (3, "pptp: 127.0.0.1 does not answer\n"))

    def test_signals(self):
        begin = ("import sys; from pptp import __main__ as command\n"
                 "command.aio.Gre.ask = staticmethod(lambda: print('begun', flush=True))\n"
                 "sys.exit(command.main())")
        for words, number, code in ((["dial", "127.0.0.1", "--port", self.silent()], signal.SIGINT, 130),
                                    (["dial", "127.0.0.1", "--port", self.silent()], signal.SIGTERM, 143),
                                    (["serve", "--listen", "127.0.0.1", "--port", "0"], signal.SIGINT, 0)):
            with self.subTest(words), subprocess.Popen(
                    [sys.executable, "-c", begin, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                    env=os.environ | {"PYTHONPATH": HERE}) as program:
                self.assertEqual(program.stdout.readline(), "begun\n")
                if words[0] == "serve":
                    self.assertRegex(program.stdout.readline(), r"^listening on 127.0.0.1 port \d+\n$")
                program.send_signal(number)
                _, err = program.communicate(timeout=20)
                self.assertEqual((program.returncode, err), (code, "pptp: interrupted\n" if code else ""))
