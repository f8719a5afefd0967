"""native.py and the enums against the headers: a C compiler prints every size, offset and number."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from pptp import channel, connection, errors, messages, native

INCLUDE = pathlib.Path(__file__).resolve().parents[3] / "include"
CC = shlex.split(os.environ.get("CC", "cc"))

# class: what its members are called in C
ENUMS = {errors.Code: "PPTP_ERR_", messages.MessageType: "PPTP_", connection.EventType: "PPTP_EV_",
         connection.Timer: "PPTP_TIMER_", connection.ConnectionState: "PPTP_CONN_", connection.CallState: "PPTP_CALL_",
         channel.Verdict: "PPTP_GRE_", connection.Role: "PPTP_"}
NUMBERS = {
    "PPTP_VERSION": native.VERSION, "PPTP_NEVER": native.NEVER, "PPTP_CALL_NONE": native.CALL_NONE,
    "PPTP_TOLERATE_ALL": native.TOLERATE_ALL, "PPTP_SPEED_AS_ASKED": native.SPEED_AS_ASKED,
    "PPTP_ADDRESS_OCTETS": native.ADDRESS_OCTETS, "PPTP_GRE_HEADER_MAX": native.GRE_HEADER_MAX,
    "PPTP_GRE_ACK_OCTETS": native.GRE_ACK_OCTETS, "PPTP_GRE_MTU": native.GRE_MTU,
    "PPTP_MSG_MAX_OCTETS": native.MSG_MAX_OCTETS, "PPTP_TCP_PORT": native.TCP_PORT,
    "PPTP_IP_PROTOCOL": native.IP_PROTOCOL, "PPTP_MSG_LONGER": messages.LONGER,
    "PPTP_MSG_UNKNOWN_TYPE": messages.UNKNOWN_TYPE, "PPTP_MSG_MANAGEMENT_TYPE": messages.MANAGEMENT_TYPE,
    "PPTP_TAKE_OUTGOING": connection.TAKE_OUTGOING, "PPTP_TAKE_INCOMING": connection.TAKE_INCOMING,
    "PPTP_CONN_ASK": connection.ASK, "PPTP_WANT_SEND": connection.WANT_SEND, "PPTP_WANT_POLL": connection.WANT_POLL,
    "PPTP_CAN_RECV": connection.CAN_RECEIVE, "PPTP_FINISHED": connection.FINISHED, "PPTP_STOP_NONE": connection.STOP_NONE,
    "PPTP_STOP_PROTOCOL": connection.STOP_PROTOCOL, "PPTP_STOP_LOCAL_SHUTDOWN": connection.STOP_LOCAL_SHUTDOWN,
    "PPTP_CDN_LOST_CARRIER": connection.CDN_LOST_CARRIER, "PPTP_CDN_GENERAL_ERROR": connection.CDN_GENERAL_ERROR,
    "PPTP_CDN_ADMIN_SHUTDOWN": connection.CDN_ADMIN_SHUTDOWN, "PPTP_CDN_REQUEST": connection.CDN_REQUEST,
    "PPTP_GRE_EV_WRITABLE": channel.EV_WRITABLE, "PPTP_GRE_EV_NO_INBOUND": channel.EV_NO_INBOUND,
    "PPTP_GRE_EV_RESYNC": channel.EV_RESYNC, "PPTP_GRE_EV_PEER_NEVER_ACKS": channel.EV_PEER_NEVER_ACKS,
    "PPTP_WINDOW_OFF": channel.WINDOW_OFF, "PPTP_WINDOW_ADVISORY": channel.WINDOW_ADVISORY,
    "PPTP_WINDOW_ENFORCED": channel.WINDOW_ENFORCED, "PPTP_MTU_IPV6": channel.MTU_IPV6,
    "PPTP_MTU_NO_ACK": channel.MTU_NO_ACK, "PPTP_MTU_ACFC": channel.MTU_ACFC, "PPTP_MTU_PFC": channel.MTU_PFC,
    "PPTP_MTU_MPPE": channel.MTU_MPPE}


def name_in_c(prefix, member):
    return "PPTP_OK" if member is errors.Code.OK else prefix + member.name


def expressions():
    """C expression: the value that it must have."""
    ret = dict(NUMBERS)
    for kind, prefix in ENUMS.items():
        ret.update({name_in_c(prefix, member): int(member) for member in kind})
    for name, struct in native.STRUCTS.items():
        ret[f"sizeof({name})"] = native.c.sizeof(struct)
        for member, *_ in struct._fields_:
            ret[f"offsetof({name}, {member})"] = getattr(struct, member).offset
            ret[f"sizeof((({name} *)0)->{member})"] = getattr(struct, member).size
    return ret


@unittest.skipUnless(shutil.which(CC[0]), "there is no C compiler")
class Layout(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.wanted = expressions()
        lines = "\n".join(f'printf("%lld\\n", (long long)({each}));' for each in cls.wanted)
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "layout.c")
            source.write_text(f"#include <pptp/pptp.h>\n#include <stdio.h>\nint main(void)\n{{\n{lines}\nreturn 0;\n}}\n")
            subprocess.run([*CC, f"-I{INCLUDE}", "-w", source, "-o", source.with_suffix("")], check=True)
            output = subprocess.run([source.with_suffix("")], check=True, capture_output=True, text=True).stdout
        cls.found = dict(zip(cls.wanted, map(int, output.split())))

    def test_every_size_offset_and_number_is_the_header_s(self):
        self.assertEqual(len(self.found), len(self.wanted))
        for expression, value in self.wanted.items():
            with self.subTest(expression):
                self.assertEqual(self.found[expression] % 2**64, value % 2**64)

    def test_no_event_reason_or_state_is_missing(self):
        text = "".join(path.read_text() for path in (INCLUDE / "pptp").glob("*.h"))
        for kind, prefix in ((errors.Code, "PPTP_ERR_"), (connection.EventType, "PPTP_EV_"),
                             (connection.Timer, "PPTP_TIMER_")):
            with self.subTest(prefix):
                self.assertEqual(set(re.findall(rf"\b{prefix}(\w+) = ", text)) - {""},
                                 {member.name for member in kind} - {"OK"})

    def test_every_struct_member_is_here(self):
        text = "".join(path.read_text() for path in (INCLUDE / "pptp").glob("*.h"))
        for name, struct in native.STRUCTS.items():
            body = re.search(rf"typedef struct {name} \{{(.*?)\}} {name};", text, re.DOTALL)[1]
            body = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
            members = set(re.findall(r"(\w+)(?:\[\d+\])?;", body))
            with self.subTest(name):
                self.assertEqual(members, {member for member, *_ in struct._fields_})

    def test_every_function_has_the_arguments_of_the_header(self):
        text = "".join(path.read_text() for path in (INCLUDE / "pptp").glob("*.h"))
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        declared = {name: 0 if arguments == "void" else arguments.count(",") + 1
                    for name, arguments in re.findall(r"PPTP_API [\w *]+?\bpptp_(\w+)\((.*?)\);", text, re.DOTALL)}
        self.assertGreater(len(declared), len(native.FUNCTIONS))
        self.assertEqual({name: len(arguments) for name, (_, *arguments) in native.FUNCTIONS.items()},
                         {name: declared.get(name) for name in native.FUNCTIONS})
