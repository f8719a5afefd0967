"""A control connection and its calls, without I/O: you move the octets.

    with Config(take_calls=0) as config, Connection(config, Role.ORIGINATOR) as connection:
        connection.receive(octets_from_tcp)
        for event in connection.events(): ...
        connection.take_output()            # octets for TCP, each a message or its rest

`now` is microseconds of a monotonic clock everywhere; by default it is time.monotonic_ns's. One object belongs to one
thread at a time."""
from __future__ import annotations

import ctypes as c
from typing import Any, Iterator

from . import arguments, native, structs
from .call import Call, filled
from .constants import CALL_NONE, NEVER, Code, ConnectionFlag, ConnectionState, Role, StopReason, Want
from .errors import LimitReached, UsageError
from .events import Event, event_from
from .owner import Owner, made, named_counters, now_or, seed_or


class Config(Owner):
    """Settings of connections: the members of pptp_config_options by name (config.h), times in microseconds, texts as str
    or bytes. Any number of connections may share one. Raises UsageError for a value out of range."""

    def __init__(self, **settings: int | str | bytes) -> None:
        options = filled("config_options", structs.ConfigOptions, settings)
        super().__init__(made("config", "Config", settings, c.byref(options)), native.load().config_free)
        self.settings = arguments.members_of(options)

    @staticmethod
    def defaults() -> dict[str, Any]:
        """{name: value} of all there are."""
        return arguments.members_of(native.load().begun("config_options", structs.ConfigOptions))

    def _told(self) -> str:
        usual = self.defaults()
        return ", ".join(f"{name}={value!r}" for name, value in self.settings.items() if value != usual[name]) or "defaults"


class Connection(Owner):
    """One end of a control connection, made when TCP is open.
    @param flags  ConnectionFlag.ASK: START_OFFERED asks before a receiver is established
    @param seed   makes Call IDs hard to guess; by default the system's random source gives it"""

    GONE = "has ended"

    def __init__(self, config: Config, role: Role, flags: ConnectionFlag | int = 0, seed: int | None = None,
                 now: int | None = None) -> None:
        arguments.instance("config", config, Config)
        options = filled("conn_options", structs.ConnOptions, {"role": role, "flags": flags, "seed": seed_or(seed)})
        pointer = made("conn", "Connection", {"role": role, "flags": flags}, config.pointer, c.byref(options), now_or(now))
        super().__init__(pointer, native.load().conn_free, config)
        self.config = config
        self._input = bytearray()

    def _do(self, name: str, doing: str, *given: Any) -> int:
        return native.load().do("conn_" + name, doing, self.pointer, *given)

    # ---- octets -------------------------------------------------------------------------------------------

    def receive(self, data: bytes, now: int | None = None) -> None:
        """Octets of TCP, in any split; what cannot be taken yet is kept, and taken by events(). What breaks the protocol
        is no exception here but the event DOWN, with reason, field and value."""
        self._input += arguments.octets("data", data)
        self._feed(now_or(now))

    def _feed(self, now: int) -> None:
        if not self._input:
            return
        taken: int = native.load().conn_recv(self.pointer, self._input, len(self._input), now)
        if taken >= 0:
            del self._input[:taken]
        elif taken in (Code.CLOSED, Code.MALFORMED, Code.PROTOCOL):
            self._input.clear()
        else:
            native.load().check(taken, "receive")

    @property
    def waiting_input(self) -> int:
        """Octets that were received and not taken yet. Do not read more from TCP while this is large."""
        return len(self._input)

    def eof(self, now: int | None = None) -> None:
        """The peer closed TCP, or reading failed."""
        self._do("eof", "eof", now_or(now))

    def output(self, now: int | None = None) -> bytes:
        """What is to be written to TCP next: one message or the rest of one; empty: nothing. Say sent() of it."""
        length = c.c_size_t()
        start: int | None = native.load().conn_tx_buf(self.pointer, c.byref(length), now_or(now))
        return c.string_at(start, length.value) if start else b""

    def sent(self, count: int, now: int | None = None) -> None:
        """So many octets of output() were written."""
        self._do("tx_done", f"sent({arguments.number('count', count, 0, 2**31)})", count, now_or(now))

    def take_output(self, now: int | None = None) -> Iterator[bytes]:
        """Every message that waits, as written: for a transport that takes all, such as asyncio's. Write each with one
        call: NAT helpers understand a message only when it is a TCP segment of its own."""
        while message := self.output(now):
            self.sent(len(message), now)
            yield message

    # ---- time and events -----------------------------------------------------------------------------------

    def tick(self, now: int | None = None) -> None:
        """Run the timers that are due."""
        self._do("tick", "tick", now_or(now))

    def deadline(self) -> int | None:
        """When to tick next; None: not at all."""
        due: int = native.load().conn_deadline(self.pointer)
        return None if due == NEVER else due

    def events(self, now: int | None = None) -> Iterator[Event]:
        """Every event that waits, each once. Closing the connection at DOWN ends it, too."""
        raw = structs.Event()
        first = True
        while first or not self.closed:
            first = False
            self._feed(now_or(now))
            if native.load().conn_poll(self.pointer, c.byref(raw)) == Code.EMPTY:
                return
            yield event_from(raw, self)

    @property
    def want(self) -> Want:
        """What the connection waits for."""
        return Want(native.load().conn_want(self.pointer))

    @property
    def finished(self) -> bool:
        """Whether DOWN was taken: close TCP."""
        return bool(self.want & Want.FINISHED)

    # ---- requests -------------------------------------------------------------------------------------------

    def dial(self, *, now: int | None = None, **request: int | str | bytes) -> Call:
        """Place an outgoing call, with members of pptp_dial (phone_number counts itself). CALL_UP or CALL_DOWN follows.
        Raises UsageError before the connection is up, LimitReached, WouldBlock. RFC 2637 2.7."""
        return self._place("dial", structs.Dial, request, now)

    def offer(self, *, now: int | None = None, **request: int | str | bytes) -> Call:
        """Offer an incoming call, as its PAC, with members of pptp_offer. RFC 2637 2.9."""
        return self._place("offer", structs.Offer, request, now)

    def _place(self, what: str, kind: type[c.Structure], request: dict[str, Any], now: int | None) -> Call:
        lib, handle = native.load(), c.c_uint32()
        struct = filled(what, kind, request)
        code: int = getattr(lib, "call_" + what)(self.pointer, c.byref(struct), now_or(now), c.byref(handle))
        if code == Code.LIMIT:
            limit = self.config.settings["max_calls"]
            raise LimitReached(code, f"max_calls is {limit}, and so many there are; Config(max_calls=...) allows more", what)
        if code == Code.STATE:
            raise UsageError(code, f"the connection is {self.info['state']}; wait for its event UP", what)
        if code == Code.ARG and "local_call_id" in request:
            raise UsageError(code, f"local_call_id {request['local_call_id']} is another call's", what)
        lib.check(code, what)
        return Call(self, handle.value)

    def _answer(self, what: str, *given: Any) -> None:
        code: int = getattr(native.load(), "conn_" + what)(self.pointer, *given)
        if code == Code.STATE:
            raise UsageError(code, f"the connection is {self.info['state']}; only START_OFFERED is answered, once", what)
        if code == Code.ARG:
            raise UsageError(code, "a value is out of range", f"{what} (result_code {given[0]}, error_code {given[1]})")
        native.load().check(code, what)

    def accept(self, now: int | None = None) -> None:
        """Answer START_OFFERED."""
        self._answer("accept", now_or(now))

    def refuse(self, result_code: int, error_code: int = 0, now: int | None = None) -> None:
        """Refuse START_OFFERED.
        @param result_code  StartResult · @param error_code  GeneralError, with GENERAL_ERROR only"""
        self._answer("refuse", result_code, error_code, now_or(now))

    def stop(self, reason: int = StopReason.LOCAL_SHUTDOWN, now: int | None = None) -> None:
        """End in order; DOWN follows. Saying it again is harmless. RFC 2637 2.3."""
        code: int = native.load().conn_close(self.pointer, reason, now_or(now))
        if code != Code.CLOSED:
            native.load().check(code, f"stop (reason {reason})")

    def abort(self, why: Code = Code.LOCAL, now: int | None = None) -> None:
        """End without a word; DOWN follows, with this reason: one of Code.MALFORMED and those behind it."""
        self._do("abort", "abort", why, now_or(now))

    # ---- what is known ----------------------------------------------------------------------------------------

    def calls(self) -> Iterator[Call]:
        """The live calls."""
        handle = CALL_NONE
        while handle := native.load().call_next(self.pointer, handle):
            yield Call(self, handle)

    @property
    def info(self) -> dict[str, Any]:
        """The members of pptp_conn_info by name."""
        struct = structs.ConnInfo()
        self._do("get_info", "info", c.byref(struct), c.sizeof(struct))
        return arguments.members_of(struct) | {
            "state": ConnectionState(struct.state), "role": Role(struct.role), "reason": Code(struct.reason)}

    def counters(self) -> dict[str, int]:
        """What was received, sent, refused, ignored or bent, by name."""
        return named_counters(native.load().conn_count_name, native.load().conn_count, self.pointer)

    def _told(self) -> str:
        info = self.info
        return f"{info['role']} {info['state']}, {info['calls']} calls"


def collision(local: bytes, peer: bytes, local_port: int, peer_port: int) -> int:
    """Who wins when both ends opened a connection to each other: 1 we, -1 the peer, 0 cannot be told. Addresses as
    packed octets, 4 or 16. RFC 2637 3.1.3."""
    if len(local) != len(peer):
        raise ValueError("two addresses of one family")
    winner: int = native.load().collision(local, peer, len(local), local_port, peer_port)
    return winner
