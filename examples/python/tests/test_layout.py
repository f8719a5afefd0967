"""native.py and the enums against the headers: a C compiler prints every size, offset and number."""
import ctypes
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from pptp import constants, native, structs

INCLUDE = pathlib.Path(__file__).resolve().parents[3] / "include"
CC = shlex.split(os.environ.get("CC", "cc"))

# class: what its members are called in C
ENUMS = {
    constants.Code: "PPTP_ERR_", constants.MessageType: "PPTP_", constants.EventType: "PPTP_EV_",
    constants.Timer: "PPTP_TIMER_", constants.ConnectionState: "PPTP_CONN_", constants.CallState: "PPTP_CALL_",
    constants.Verdict: "PPTP_GRE_", constants.Role: "PPTP_", constants.CallRole: "PPTP_", constants.Direction: "PPTP_",
    constants.Take: "PPTP_TAKE_", constants.ConnectionFlag: "PPTP_CONN_", constants.Tolerate: "PPTP_TOLERATE_",
    constants.Allow: "PPTP_MSG_", constants.Framing: "PPTP_FRAMING_", constants.Bearer: "PPTP_BEARER_",
    constants.StartResult: "PPTP_SCCRP_", constants.StopReason: "PPTP_STOP_", constants.OutgoingResult: "PPTP_OCRP_",
    constants.IncomingResult: "PPTP_ICRP_", constants.DisconnectResult: "PPTP_CDN_", constants.GeneralError: "PPTP_ERROR_",
    constants.Happened: "PPTP_GRE_EV_", constants.LineFlag: "PPTP_HDLC_", constants.Window: "PPTP_WINDOW_",
    constants.Mtu: "PPTP_MTU_"}
# Those of which the headers must have no member that is not here.
WHOLE = [constants.Code, constants.EventType, constants.Timer, constants.Tolerate, constants.Happened, constants.StartResult,
         constants.OutgoingResult, constants.IncomingResult, constants.DisconnectResult, constants.GeneralError,
         constants.Framing, constants.Bearer, constants.Window, constants.Mtu]
ODD = {constants.Code.OK: "PPTP_OK", constants.Want.SEND: "PPTP_WANT_SEND", constants.Want.POLL: "PPTP_WANT_POLL",
       constants.Want.CAN_RECEIVE: "PPTP_CAN_RECV", constants.Want.FINISHED: "PPTP_FINISHED"}
NUMBERS = {"PPTP_VERSION": native.VERSION} | {f"PPTP_{name}": getattr(constants, name) for name in (
    "NEVER", "CALL_NONE", "TOLERATE_ALL", "SPEED_AS_ASKED", "ADDRESS_OCTETS", "GRE_HEADER_MAX", "GRE_ACK_OCTETS", "GRE_MTU",
    "MSG_MAX_OCTETS", "TCP_PORT", "IP_PROTOCOL")}


def expressions():
    """C expression: the value that it must have."""
    ret = dict(NUMBERS) | {name: int(member) for member, name in ODD.items()}
    for kind, prefix in ENUMS.items():
        ret.update({prefix + member.name: int(member) for member in kind if member is not constants.Code.OK})
    for name, struct in structs.STRUCTS.items():
        ret[f"sizeof({name})"] = ctypes.sizeof(struct)
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

    def test_no_event_reason_or_result_is_missing(self):
        text = "".join(path.read_text() for path in (INCLUDE / "pptp").glob("*.h"))
        for kind in WHOLE:
            with self.subTest(kind.__name__):
                self.assertEqual(set(re.findall(rf"\b{ENUMS[kind]}(\w+) =", text)),
                                 {member.name for member in kind} - ({"OK"} if kind is constants.Code else set()))

    def test_every_struct_member_is_here(self):
        text = "".join(path.read_text() for path in (INCLUDE / "pptp").glob("*.h"))
        for name, struct in structs.STRUCTS.items():
            body = re.search(rf"typedef struct {name} \{{(.*?)\}} {name};", text, re.DOTALL)[1]
            body = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
            members = set(re.findall(r"(\w+)(?:\[\d+\])?;", body))
            with self.subTest(name):
                self.assertEqual(members, {member for member, *_ in struct._fields_})

    def test_every_function_has_the_arguments_of_the_header(self):
        text = "".join(path.read_text() for path in (INCLUDE / "pptp").glob("*.h"))
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        declared = {name: (result.strip(), arguments) for result, name, arguments
                    in re.findall(r"PPTP_API ([\w *]+?)\bpptp_(\w+)\((.*?)\);", text, re.DOTALL)}
        self.assertGreater(len(declared), len(native.signatures()))
        for name, (result, arguments) in native.signatures().items():
            with self.subTest(name):
                self.assertIn(name, declared)
                said, rest = declared[name]
                self.assertEqual(result, kind_of(said, result))
                listed = [] if rest == "void" else [re.fullmatch(r"(.*?)(\w+)", each.strip(), re.DOTALL).groups()
                                                    for each in rest.split(",")]
                self.assertEqual(arguments, [(kind_of(kind, mine), argument)
                                             for (kind, argument), (mine, _) in zip(listed, arguments)])
                self.assertEqual(len(arguments), len(listed))


def kind_of(said, mine):
    """A type of C as native.py has it. A pointer may be octets or text there."""
    said = " ".join(said.replace("*", " * ").split())
    if "*" in said:
        pointers = {"const uint8_t *": ("octets", "ptr"), "const char *": ("text",)}.get(said, ("ptr",))
        return mine if mine in pointers else pointers[0]
    return {"uint8_t": "u8", "uint16_t": "u16", "uint32_t": "u32", "uint64_t": "u64", "int32_t": "i32", "size_t": "len",
            "pptp_err": "i32", "pptp_ssize": "ssize", "pptp_usec": "u64", "pptp_call": "u32", "void": "void"}[said]
