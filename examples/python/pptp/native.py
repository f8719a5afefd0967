"""The library as it is: its structs and functions for ctypes. The modules beside this one are what to use.

The interpreter lock is held in calls (PyDLL): none of them blocks, and none calls back, for the package pulls."""
from __future__ import annotations

import ctypes as c
import ctypes.util
import os
import subprocess
from typing import Any

from .errors import Error, LibraryNotFound, family

VERSION = 0 << 16 | 1 << 8 | 0  # of the headers that this file was written from
NEVER = 2**64 - 1
CALL_NONE = 0
TOLERATE_ALL = 0xFFFFFFFF
SPEED_AS_ASKED = 0xFFFFFFFF
ADDRESS_OCTETS = 16
GRE_HEADER_MAX = 16
GRE_ACK_OCTETS = 12
GRE_MTU = 1532
MSG_MAX_OCTETS = 220
TCP_PORT = 1723
IP_PROTOCOL = 47

Fields = list[tuple[str, Any]]


def _many(kind: Any, *names: str) -> Fields:
    return [(name, kind) for name in names]


class ConfigOptions(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "size", "tolerate", "max_calls", "tx_octets", "framing_capabilities", "bearer_capabilities"),
        *_many(c.c_uint16, "maximum_channels", "firmware_revision", "protocol_version", "take_calls", "oldest_version",
               "max_offered", "line_statistics", "reserved"),
        *_many(c.c_uint64, "start_timeout_us", "idle_timeout_us", "echo_timeout_us", "stop_timeout_us", "dial_timeout_us",
               "answer_timeout_us", "clear_timeout_us", "offer_timeout_us", "connect_timeout_us", "wan_error_interval_us"),
        ("host_name", c.c_uint8 * 64), ("vendor_string", c.c_uint8 * 64)]


class ConnOptions(c.Structure):
    _fields_ = [*_many(c.c_uint32, "size", "role"), ("seed", c.c_uint64), *_many(c.c_void_p, "callbacks", "user"),
                *_many(c.c_uint32, "flags", "reserved")]


class Event(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "type", "call"), ("reason", c.c_int32), ("timer", c.c_uint32),
        *_many(c.c_uint16, "local_call_id", "peer_call_id", "peer_recv_window", "peer_delay"),
        *_many(c.c_uint32, "connect_speed", "bearer_type", "framing_type", "physical_channel_id", "send_accm", "recv_accm"),
        ("cause_code", c.c_uint16), *_many(c.c_uint8, "result_code", "error_code"),
        *_many(c.c_uint16, "message_type", "result_type"), *_many(c.c_uint32, "field", "value"),
        ("msg", c.POINTER(c.c_uint8)), ("msg_len", c.c_size_t), ("user", c.c_void_p), ("reserved", c.c_size_t * 5)]


class Dial(c.Structure):
    _fields_ = [
        ("size", c.c_uint32), *_many(c.c_uint16, "local_call_id", "call_serial_number"),
        *_many(c.c_uint32, "minimum_bps", "maximum_bps", "bearer_type", "framing_type"),
        *_many(c.c_uint16, "packet_recv_window_size", "packet_processing_delay", "phone_number_length", "reserved"),
        ("phone_number", c.c_uint8 * 64), ("subaddress", c.c_uint8 * 64), ("user", c.c_void_p)]


class Offer(c.Structure):
    _fields_ = [
        ("size", c.c_uint32), *_many(c.c_uint16, "local_call_id", "call_serial_number"),
        *_many(c.c_uint32, "call_bearer_type", "physical_channel_id"),
        *_many(c.c_uint16, "dialed_number_length", "dialing_number_length"), ("reserved", c.c_uint32),
        ("dialed_number", c.c_uint8 * 64), ("dialing_number", c.c_uint8 * 64), ("subaddress", c.c_uint8 * 64),
        ("user", c.c_void_p)]


class Answer(c.Structure):
    _fields_ = [
        ("size", c.c_uint32), *_many(c.c_uint16, "local_call_id", "cause_code"),
        *_many(c.c_uint32, "connect_speed", "physical_channel_id"),
        *_many(c.c_uint16, "packet_recv_window_size", "packet_processing_delay"), ("framing_type", c.c_uint32),
        ("user", c.c_void_p)]


class WanErrors(c.Structure):
    _fields_ = _many(c.c_uint32, "size", "crc_errors", "framing_errors", "hardware_overruns", "buffer_overruns",
                     "timeout_errors", "alignment_errors")


class CallInfo(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "size", "state", "role", "direction"), ("reason", c.c_int32),
        *_many(c.c_uint16, "local_call_id", "peer_call_id", "call_serial_number", "recv_window", "peer_recv_window",
               "peer_delay"),
        *_many(c.c_uint32, "connect_speed", "minimum_bps", "maximum_bps", "bearer_type", "framing_type",
               "physical_channel_id", "send_accm", "recv_accm"), ("user", c.c_void_p)]


class ConnInfo(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "size", "state", "role", "calls"), ("reason", c.c_int32), ("tx_octets", c.c_uint32),
        *_many(c.c_uint16, "protocol_version", "peer_firmware_revision"),
        *_many(c.c_uint32, "peer_framing_capabilities", "peer_bearer_capabilities"),
        *_many(c.c_uint16, "peer_maximum_channels", "offered_calls"), ("echo_rtt_us", c.c_uint64)]


class GreOptions(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "size", "ack_delay_us", "first_sequence"),
        *_many(c.c_uint16, "local_call_id", "recv_window", "peer_call_id", "peer_recv_window", "peer_delay",
               "reorder_packets"),
        *_many(c.c_uint32, "reorder_us", "resync_us", "no_inbound_us", "window_mode", "min_timeout_us", "max_timeout_us"),
        ("pool", c.c_void_p)]


class GreFrame(c.Structure):
    _fields_ = [("frame", c.POINTER(c.c_uint8)), ("cookie", c.c_void_p), ("len", c.c_size_t),
                *_many(c.c_uint32, "verdict", "sequence"), ("reserved", c.c_size_t * 3)]


class GreHeader(c.Structure):
    _fields_ = [*_many(c.c_uint32, "sequence", "acknowledgment"), *_many(c.c_uint16, "payload_octets", "call_id"),
                *_many(c.c_uint8, "has_sequence", "has_ack", "header_octets", "reserved")]


class GreInfo(c.Structure):
    _fields_ = _many(c.c_uint32, "size", "next_sequence", "acknowledged", "expected", "window", "outstanding",
                     "round_trip_us", "deviation_us", "timeout_us", "held")


class MsgFault(c.Structure):
    _fields_ = _many(c.c_uint32, "field", "value")


# name in C: class, for who compares the two
STRUCTS: dict[str, type[c.Structure]] = {
    "pptp_config_options": ConfigOptions, "pptp_conn_options": ConnOptions, "pptp_event": Event, "pptp_dial": Dial,
    "pptp_offer": Offer, "pptp_answer": Answer, "pptp_wan_errors": WanErrors, "pptp_call_info": CallInfo,
    "pptp_conn_info": ConnInfo, "pptp_gre_options": GreOptions, "pptp_gre_frame": GreFrame,
    "pptp_gre_header": GreHeader, "pptp_gre_info": GreInfo, "pptp_msg_fault": MsgFault}

_P, _S, _U8, _U16, _U32, _U64, _ERR, _LEN, _TEXT = (
    c.c_void_p, c.c_ssize_t, c.c_uint8, c.c_uint16, c.c_uint32, c.c_uint64, c.c_int32, c.c_size_t, c.c_char_p)

# name without pptp_: result and arguments
FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "err_name": (_TEXT, _ERR), "err_text": (_TEXT, _ERR), "version": (_U32,), "version_check": (_ERR, _U32),
    "version_text": (_TEXT,),
    "msg_size": (_U32, _U32), "msg_name": (_TEXT, _U32), "msg_field": (_TEXT, _U32, _U32, _P, _P),
    "msg_peek": (_S, _TEXT, _LEN, _U32, _P), "msg_decode": (_S, _TEXT, _LEN, _U32, _P, _P), "msg_init": (_ERR, _P, _U32),
    "msg_encode": (_S, _P, _P, _LEN), "result_name": (_TEXT, _U32, _U32), "error_name": (_TEXT, _U32),
    "cause_name": (_TEXT, _U32), "error_of": (_U8, _ERR),
    "config_options_init": (_ERR, _P, _U32), "config_new": (_ERR, _P, _P), "config_free": (None, _P),
    "conn_options_init": (_ERR, _P, _U32), "conn_new": (_ERR, _P, _P, _U64, _P), "conn_free": (None, _P),
    "conn_recv": (_S, _P, _TEXT, _LEN, _U64), "conn_eof": (_ERR, _P, _U64), "conn_tick": (_ERR, _P, _U64),
    "conn_deadline": (_U64, _P), "conn_tx_buf": (_P, _P, _P, _U64), "conn_tx_done": (_ERR, _P, _LEN, _U64),
    "conn_poll": (_ERR, _P, _P), "conn_want": (_U32, _P), "conn_close": (_ERR, _P, _U8, _U64),
    "conn_abort": (_ERR, _P, _ERR, _U64), "conn_accept": (_ERR, _P, _U64), "conn_refuse": (_ERR, _P, _U8, _U8, _U64),
    "conn_get_info": (_ERR, _P, _P, _U32), "conn_count": (_U32, _P, _U32), "conn_count_name": (_TEXT, _U32),
    "collision": (c.c_int32, _TEXT, _TEXT, _LEN, _U16, _U16), "event_name": (_TEXT, _U32), "timer_name": (_TEXT, _U32),
    "dial_init": (_ERR, _P, _U32), "offer_init": (_ERR, _P, _U32), "answer_init": (_ERR, _P, _U32),
    "call_dial": (_ERR, _P, _P, _U64, _P), "call_offer": (_ERR, _P, _P, _U64, _P),
    "call_accept": (_ERR, _P, _U32, _P, _U64), "call_reject": (_ERR, _P, _U32, _U8, _U8, _U16, _U64),
    "call_connected": (_ERR, _P, _U32, _P, _U64), "call_clear": (_ERR, _P, _U32, _U8, _U8, _U16, _U64),
    "call_set_link_info": (_ERR, _P, _U32, _U32, _U32, _U64), "call_wan_errors": (_ERR, _P, _U32, _P, _U64),
    "call_statistics": (_ERR, _P, _U32, _TEXT, _LEN), "call_next": (_U32, _P, _U32),
    "call_get_info": (_ERR, _P, _U32, _P, _U32), "call_channel": (_ERR, _P, _U32, _P),
    "gre_count_name": (_TEXT, _U32), "gre_decode": (_U32, _TEXT, _LEN, _P), "gre_encode": (_S, _P, _P, _LEN),
    "gre_peek": (_ERR, _TEXT, _LEN, _P), "gre_ipv4_header": (_S, _TEXT, _LEN), "gre_mtu": (_U32, _U32, _U32),
    "pool_new": (_ERR, _U32, _U32, _P), "pool_free": (None, _P), "pool_available": (_U32, _P),
    "gre_options_init": (_ERR, _P, _U32), "gre_new": (_ERR, _P, _P, _P, _P), "gre_free": (None, _P),
    "gre_start": (_ERR, _P, _U16, _U16, _U16, _U64), "gre_recv": (_ERR, _P, _TEXT, _LEN, _P, _U64, _P),
    "gre_next": (_ERR, _P, _P), "gre_send": (_S, _P, _P, _LEN, _LEN, _U64), "gre_unsend": (_ERR, _P, _U32, _U64),
    "gre_ack": (_S, _P, _P, _LEN, _U64), "gre_room": (_U32, _P), "gre_events": (_U32, _P), "gre_event_name": (_TEXT, _U32),
    "gre_deadline": (_U64, _P), "gre_tick": (_ERR, _P, _U64), "gre_count": (_U32, _P, _U32),
    "gre_get_info": (_ERR, _P, _P, _U32),
    "mux_new": (_ERR, _U32, _U64, _P), "mux_free": (None, _P), "mux_reserve": (_ERR, _P, _P),
    "mux_bind": (_ERR, _P, _U16, _TEXT, _P), "mux_find": (_P, _P, _TEXT, _U16), "mux_release": (_ERR, _P, _U16),
    "mux_count": (_U32, _P, _U32), "mux_count_name": (_TEXT, _U32)}


class Library:
    """The loaded library: `lib.conn_poll(...)` is pptp_conn_poll."""

    def __init__(self, path: str) -> None:
        try:
            shared = c.PyDLL(path)
            for name, (result, *arguments) in FUNCTIONS.items():
                function = getattr(shared, "pptp_" + name)
                function.restype, function.argtypes = result, arguments
                setattr(self, name, function)
        except (OSError, AttributeError) as error:
            raise LibraryNotFound(f"cannot use libpptp: {error}; name it with PPTP_LIBRARY or pptp.load()") from None
        self.path = path
        if self.version_check(VERSION) != 0:
            raise LibraryNotFound(f"{path} is libpptp {self.version_text().decode()}; this package wants "
                                  f"{VERSION >> 16}.{VERSION >> 8 & 255}.{VERSION & 255} or a later one of the same ABI")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def text(self, code: int) -> str:
        """A few English words on a code."""
        sentence: bytes = self.err_text(code)
        return sentence.decode()

    def check(self, code: int, doing: str = "") -> int:
        """A code that is an error raises; counts pass."""
        if code < 0:
            raise family(code)(code, self.text(code), doing)
        return code

    def new(self, what: str, *arguments: Any) -> c.c_void_p:
        """The object that pptp_WHAT_new gives through its last argument."""
        ret = c.c_void_p()
        self.check(getattr(self, what + "_new")(*arguments, c.byref(ret)), f"cannot make a {what}")
        return ret

    def begun(self, init: str, kind: type[c.Structure]) -> Any:
        """A struct filled with the library's defaults."""
        struct = kind()
        self.check(getattr(self, init + "_init")(c.byref(struct), c.sizeof(struct)))
        return struct


def _candidates() -> list[str]:
    found = [os.environ.get("PPTP_LIBRARY", "")]
    if not found[0]:
        found = [ctypes.util.find_library("pptp") or "", "libpptp.so.0"]
        try:
            asked = subprocess.run(["pkg-config", "--variable=libdir", "pptp"], capture_output=True, text=True, check=False)
            found.append(os.path.join(asked.stdout.strip(), "libpptp.so.0") if asked.stdout.strip() else "")
        except OSError:
            pass
    return [path for path in found if path]


_loaded: Library | None = None


def load(path: str | None = None) -> Library:
    """Load the library, once: from `path`, the environment's PPTP_LIBRARY, where the system looks for libraries, or
    where pkg-config has it. Raises LibraryNotFound, with what was tried."""
    global _loaded
    if path is not None:
        _loaded = Library(path)
    if _loaded is None:
        reasons = []
        for candidate in _candidates():
            try:
                _loaded = Library(candidate)
                break
            except LibraryNotFound as error:
                reasons.append(str(error))
        else:
            raise LibraryNotFound("\n".join(reasons))
    return _loaded


def octets(text: str | bytes, size: int) -> bytes:
    """Text for a field of so many octets, zeros behind it."""
    raw = text.encode() if isinstance(text, str) else bytes(text)
    if len(raw) > size:
        raise ValueError(f"{raw!r} is longer than {size} octets")
    return raw.ljust(size, b"\0")


def put(field: Any, text: str | bytes) -> int:
    """Set a text field of a struct. Returns how many octets of it are used."""
    raw = octets(text, len(field))
    field[:] = raw
    return len(raw.rstrip(b"\0"))


__all__ = ["Error", "Library", "load"]
