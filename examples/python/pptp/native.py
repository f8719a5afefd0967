"""The library as it is: its functions for ctypes, each with the signature that the header has. The modules beside this one
are what to use.

The interpreter lock is held in calls (PyDLL): none of them blocks, and none calls back, for the package pulls."""
from __future__ import annotations

import ctypes as c
import ctypes.util
import os
import subprocess
from typing import Any, Callable

from . import arguments
from .constants import Code
from .errors import LibraryNotFound, family

VERSION = 0 << 16 | 1 << 8 | 0  # of the headers that this file was written from

_KINDS: dict[str, Any] = {
    "u8": c.c_uint8, "u16": c.c_uint16, "u32": c.c_uint32, "u64": c.c_uint64, "i32": c.c_int32, "len": c.c_size_t,
    "ssize": c.c_ssize_t, "text": c.c_char_p, "octets": c.c_char_p, "ptr": c.c_void_p, "void": None}

# What the headers declare, without pptp_; `octets` are bytes of the caller's, `ptr` is any other pointer.
FUNCTIONS = """
    text   err_name(i32 code)
    text   err_text(i32 code)
    u32    version()
    i32    version_check(u32 headers)
    text   version_text()

    u32    msg_size(u32 control_message_type)
    text   msg_name(u32 control_message_type)
    text   msg_field(u32 control_message_type, u32 index, ptr ret_offset, ptr ret_octets)
    text   msg_field_at(u32 control_message_type, u32 offset)
    ssize  msg_peek(octets data, len len, u32 allow, ptr ret_fault)
    ssize  msg_decode(octets data, len len, u32 allow, ptr ret, ptr ret_fault)
    text   result_name(u32 control_message_type, u32 result_code)
    text   error_name(u32 error_code)
    text   cause_name(u32 cause_code)

    i32    config_options_init(ptr ret, u32 size)
    i32    config_new(ptr options, ptr ret)
    void   config_free(ptr config)

    i32    conn_options_init(ptr ret, u32 size)
    i32    conn_new(ptr config, ptr options, u64 now, ptr ret)
    void   conn_free(ptr conn)
    ssize  conn_recv(ptr conn, octets data, len len, u64 now)
    i32    conn_eof(ptr conn, u64 now)
    i32    conn_tick(ptr conn, u64 now)
    u64    conn_deadline(ptr conn)
    ptr    conn_tx_buf(ptr conn, ptr ret_len, u64 now)
    i32    conn_tx_done(ptr conn, len n, u64 now)
    i32    conn_poll(ptr conn, ptr ret)
    u32    conn_want(ptr conn)
    i32    conn_close(ptr conn, u8 reason, u64 now)
    i32    conn_abort(ptr conn, i32 why, u64 now)
    i32    conn_accept(ptr conn, u64 now)
    i32    conn_refuse(ptr conn, u8 result_code, u8 error_code, u64 now)
    i32    conn_get_info(ptr conn, ptr ret, u32 size)
    u32    conn_count(ptr conn, u32 which)
    text   conn_count_name(u32 which)
    i32    collision(octets local, octets peer, len octets, u16 local_port, u16 peer_port)
    text   event_name(u32 type)
    text   timer_name(u32 timer)

    i32    dial_init(ptr ret, u32 size)
    i32    offer_init(ptr ret, u32 size)
    i32    answer_init(ptr ret, u32 size)
    i32    call_dial(ptr conn, ptr dial, u64 now, ptr ret)
    i32    call_offer(ptr conn, ptr offer, u64 now, ptr ret)
    i32    call_accept(ptr conn, u32 call, ptr answer, u64 now)
    i32    call_reject(ptr conn, u32 call, u8 result_code, u8 error_code, u16 cause_code, u64 now)
    i32    call_connected(ptr conn, u32 call, ptr answer, u64 now)
    i32    call_clear(ptr conn, u32 call, u8 result_code, u8 error_code, u16 cause_code, u64 now)
    i32    call_set_link_info(ptr conn, u32 call, u32 send_accm, u32 recv_accm, u64 now)
    i32    call_wan_errors(ptr conn, u32 call, ptr errors, u64 now)
    i32    call_statistics(ptr conn, u32 call, octets text, len len)
    u32    call_next(ptr conn, u32 after)
    i32    call_get_info(ptr conn, u32 call, ptr ret, u32 size)
    i32    call_channel(ptr conn, u32 call, ptr io)

    text   gre_count_name(u32 which)
    i32    gre_peek(octets data, len len, ptr ret_call_id)
    ssize  gre_ipv4_header(octets data, len len)
    u32    gre_mtu(u32 path_mtu, u32 flags)
    i32    pool_new(u32 slots, u32 slot_octets, ptr ret)
    void   pool_free(ptr pool)
    u32    pool_available(ptr pool)
    i32    gre_options_init(ptr ret, u32 size)
    i32    gre_new(ptr options, ptr callbacks, ptr user, ptr ret)
    void   gre_free(ptr gre)
    i32    gre_start(ptr gre, u16 peer_call_id, u16 peer_recv_window, u16 peer_delay, u64 now)
    i32    gre_recv(ptr gre, octets data, len len, ptr cookie, u64 now, ptr ret)
    i32    gre_next(ptr gre, ptr ret)
    ssize  gre_send(ptr gre, ptr header, len cap, len frame_len, u64 now)
    i32    gre_unsend(ptr gre, u32 n, u64 now)
    ssize  gre_ack(ptr gre, ptr ret_packet, len cap, u64 now)
    u32    gre_room(ptr gre)
    u32    gre_events(ptr gre)
    u64    gre_deadline(ptr gre)
    i32    gre_tick(ptr gre, u64 now)
    u32    gre_count(ptr gre, u32 which)
    i32    gre_get_info(ptr gre, ptr ret, u32 size)

    i32    hdlc_options_init(ptr ret, u32 size)
    i32    hdlc_new(ptr options, ptr ret)
    void   hdlc_free(ptr hdlc)
    i32    hdlc_set_accm(ptr hdlc, u32 send_accm, u32 recv_accm)
    len    hdlc_encode_max(len len)
    ssize  hdlc_encode(ptr hdlc, octets frame, len len, ptr ret_data, len cap)
    ssize  hdlc_decode(ptr hdlc, octets data, len len, ptr ret)
    u32    hdlc_count(ptr hdlc, u32 which)
    text   hdlc_count_name(u32 which)

    i32    mux_new(u32 max_calls, u64 seed, ptr ret)
    void   mux_free(ptr mux)
    i32    mux_reserve(ptr mux, ptr ret_call_id)
    i32    mux_bind(ptr mux, u16 call_id, octets peer, ptr target)
    ptr    mux_find(ptr mux, octets peer, u16 call_id)
    i32    mux_release(ptr mux, u16 call_id)
    u32    mux_count(ptr mux, u32 which)
    text   mux_count_name(u32 which)
"""


def signatures() -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """{function: (result, [(kind, name) of each argument])}."""
    ret = {}
    for line in filter(None, map(str.strip, FUNCTIONS.splitlines())):
        result, declared = line.split(maxsplit=1)
        name, rest = declared.rstrip(")").split("(")
        ret[name] = result, [(kind, name) for kind, name in (word.split() for word in rest.split(", ") if word)]
    return ret


def _checker(kind: str, name: str) -> Callable[[Any], Any] | None:
    if kind == "octets":
        return lambda value: arguments.octets(name, value)
    if kind in ("text", "ptr"):
        return None
    low, high = arguments.bounds(_KINDS[kind])
    return lambda value: arguments.number(name, value, low, high)


class Function:
    """A function of the library, with arguments that are looked at before they are cut to C's size."""

    def __init__(self, shared: Any, name: str, result: str, declared: list[tuple[str, str]]) -> None:
        self._call = getattr(shared, "pptp_" + name)
        self._call.restype = _KINDS[result]
        self._call.argtypes = [_KINDS[kind] for kind, _ in declared]
        self._checks = [_checker(kind, argument) for kind, argument in declared]
        self._told = [argument if kind in ("u8", "u16", "u32", "i32") and argument not in ("call", "size") else None
                      for kind, argument in declared]

    def __call__(self, *given: Any) -> Any:
        return self._call(*(check(value) if check else value for check, value in zip(self._checks, given)))

    def say(self, *given: Any) -> str:
        """The numbers among the arguments, for an error about them."""
        return ", ".join(f"{name} {value}" for name, value in zip(self._told, given) if name)


class Library:
    """The loaded library: `lib.conn_poll(...)` is pptp_conn_poll."""

    def __init__(self, path: str) -> None:
        try:
            shared = c.PyDLL(path)
            for name, (result, declared) in signatures().items():
                setattr(self, name, Function(shared, name, result, declared))
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
        if code in (Code.ARG, Code.SIZE):  # the library speaks of pointers, which there are none of here
            return "a value is out of range"
        sentence: bytes = self.err_text(code)
        return sentence.decode()

    def check(self, code: int, doing: str = "") -> int:
        """A code that is an error raises; counts pass."""
        if code < 0:
            raise family(code)(code, self.text(code), doing)
        return code

    def do(self, name: str, doing: str, *given: Any) -> int:
        """Call a function; an error raises, with the numbers that were given where one of them must be wrong."""
        function = getattr(self, name)
        code: int = function(*given)
        if code in (Code.ARG, Code.SIZE) and (numbers := function.say(*given)):
            doing += f" ({numbers})"
        return self.check(code, doing)

    def new(self, what: str, doing: str, *given: Any) -> c.c_void_p:
        """The object that pptp_WHAT_new gives through its last argument."""
        ret = c.c_void_p()
        self.do(what + "_new", doing, *given, c.byref(ret))
        return ret

    def begun(self, init: str, kind: type[c.Structure]) -> Any:
        """A struct filled with the library's defaults."""
        struct = kind()
        self.do(init + "_init", init, c.byref(struct), c.sizeof(struct))
        return struct


def _candidates() -> list[str]:
    found = [os.environ.get("PPTP_LIBRARY", "")]
    if not found[0]:
        found = [ctypes.util.find_library("pptp") or "", "libpptp.so.0", "libpptp.so"]
        try:
            asked = subprocess.run(["pkg-config", "--variable=libdir", "pptp"], capture_output=True, text=True, check=False)
            found.append(os.path.join(asked.stdout.strip(), "libpptp.so.0") if asked.stdout.strip() else "")
        except OSError:
            pass
    return [path for path in found if path]


_loaded: Library | None = None


def load(path: str | None = None) -> Library:
    """Load the library, once: from `path`, the environment's PPTP_LIBRARY, where the system looks for libraries, or
    where pkg-config has it; a path given later replaces it. Raises LibraryNotFound, with what was tried."""
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
