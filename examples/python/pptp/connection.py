"""A control connection and its calls, without I/O: you move the octets.

    with Config(take_calls=0) as config, Connection(config, Role.ORIGINATOR) as connection:
        connection.receive(octets_from_tcp)
        for event in connection.events(): ...
        connection.take_output()            # octets for TCP, each a message or its rest

`now` is microseconds of a monotonic clock everywhere; by default it is time.monotonic_ns's. One object belongs to one
thread at a time."""
from __future__ import annotations

import ctypes as c
import dataclasses
import os
import time
from types import TracebackType
from typing import Any, Iterator

from . import native
from .errors import Code, Error, OpenEnum, UsageError
from .messages import LONGER, Message, MessageType, decode


class Role(OpenEnum):
    """Who opened the TCP connection: we, or the peer."""
    ORIGINATOR = 1
    RECEIVER = 2


class EventType(OpenEnum):
    """What happened (conn.h). Types that a later library adds are to be ignored."""
    UP = 1
    DOWN = 2
    CALL_OFFERED = 3
    CALL_UP = 4
    CALL_DOWN = 5
    CALL_LINK_INFO = 6
    CALL_WAN_ERROR = 7
    WRITABLE = 8
    START_OFFERED = 9
    CALL_ANSWER = 10


class Timer(OpenEnum):
    """Which timer ran out, with Code.TIMEOUT."""
    NONE = 0
    START = 1
    IDLE = 2
    ECHO = 3
    STOP = 4
    DIAL = 5
    ANSWER = 6
    CLEAR = 7
    OFFER = 8
    CONNECT = 9


class ConnectionState(OpenEnum):
    IDLE, START_OFFERED, WAIT_CTL_REPLY, ESTABLISHED, WAIT_STOP_REPLY, CLOSING, CLOSED = 1, 2, 3, 4, 5, 6, 7


class CallState(OpenEnum):
    OFFERED, WAIT_REPLY, WAIT_CONNECT, ANSWERING, ESTABLISHED, WAIT_DISCONNECT, ENDED = 1, 2, 3, 4, 5, 6, 7


TAKE_OUTGOING, TAKE_INCOMING = 1, 2  # Config.take_calls: which of the peer's calls are offered
ASK = 1                              # Connection(flags=...): START_OFFERED before a receiver is established
WANT_SEND, WANT_POLL, CAN_RECEIVE, FINISHED = 1, 2, 4, 8  # Connection.want

STOP_NONE, STOP_PROTOCOL, STOP_LOCAL_SHUTDOWN = 1, 2, 3
CDN_LOST_CARRIER, CDN_GENERAL_ERROR, CDN_ADMIN_SHUTDOWN, CDN_REQUEST = 1, 2, 3, 4


def clock() -> int:
    """Microseconds of a monotonic clock."""
    return time.monotonic_ns() // 1000


@dataclasses.dataclass(frozen=True)
class Event:
    """What pptp_event says; members that do not apply are 0 or None. `call` is the Call that it is about."""
    type: EventType
    call: Call | None
    reason: Code
    timer: Timer
    local_call_id: int
    peer_call_id: int
    peer_recv_window: int
    peer_delay: int
    connect_speed: int
    bearer_type: int
    framing_type: int
    physical_channel_id: int
    send_accm: int
    recv_accm: int
    cause_code: int
    result_code: int
    error_code: int
    message_type: MessageType
    result_type: MessageType
    field: int
    value: int
    octets: bytes  # of the message behind it, as they came

    @property
    def message(self) -> Message | None:
        """The message behind it, decoded; None: none, or it is malformed."""
        if not self.octets or self.reason == Code.MALFORMED:
            return None
        return decode(self.octets, LONGER)

    @property
    def why(self) -> str:
        """Of an end, for a user: the reason and what result, error and cause say."""
        lib = native.load()
        said = [lib.text(self.reason)]
        if self.reason == Code.TIMEOUT or self.timer:
            said[0] += f" ({lib.timer_name(self.timer).decode()} timer)"
        if self.result_code:
            said.append(f"result {self.result_code} ({lib.result_name(self.result_type, self.result_code).decode()})")
        if self.error_code:
            said.append(f"error {self.error_code} ({lib.error_name(self.error_code).decode()})")
        if self.cause_code:
            said.append(f"cause {self.cause_code} ({lib.cause_name(self.cause_code).decode()})")
        return ", ".join(said)

    def __str__(self) -> str:
        name: str = native.load().event_name(self.type).decode()
        return f"{name}: {self.why}" if self.reason else name


class Owner:
    """An object of the library's heap, freed when it is closed, once nobody uses it any more."""

    def __init__(self, pointer: c.c_void_p, free: Any, *uses: Owner) -> None:
        self._pointer: c.c_void_p | None = pointer
        self._free = free
        self._uses = uses
        self._users = 1
        for used in uses:
            used._users += 1

    @property
    def pointer(self) -> c.c_void_p:
        """For ctypes. Raises UsageError when it is closed."""
        if self._pointer is None:
            raise UsageError(Code.CLOSED, f"this {type(self).__name__} is closed")
        return self._pointer

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._pointer is None

    def _release(self) -> None:
        self._users -= 1
        if self._users == 0:
            self._free(self._kept)
            for used in self._uses:
                used._release()

    def close(self) -> None:
        """Free it; it may be said more than once. What it was made with lives until its last user is closed."""
        if self._pointer is not None:
            self._kept, self._pointer = self._pointer, None
            self._release()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_pointer", None) is not None:
            self.close()


class Config(Owner):
    """Settings of connections: the members of pptp_config_options by name, times in microseconds, texts as str or bytes.
    Any number of connections may share one. Raises UsageError for a value out of range."""

    def __init__(self, **settings: int | str | bytes) -> None:
        lib = native.load()
        options = lib.begun("config_options", native.ConfigOptions)
        _fill(options, settings)
        super().__init__(lib.new("config", c.byref(options)), lib.config_free)


def _fill(struct: Any, members: dict[str, Any]) -> None:
    known = {name for name, *_ in struct._fields_} - {"size", "reserved", "user"}
    for name, value in members.items():
        if name not in known:
            raise TypeError(f"there is no {name!r}; there are {', '.join(sorted(known))}")
        if isinstance(value, (str, bytes)):
            used = native.put(getattr(struct, name), value)
            if name + "_length" in known and name + "_length" not in members:
                setattr(struct, name + "_length", used)
        else:
            _put_number(struct, name, value)


def _put_number(struct: Any, name: str, value: int) -> None:
    setattr(struct, name, value)
    if getattr(struct, name) != value:  # ctypes cuts in silence
        raise ValueError(f"{name}: {value} does not fit")


class Call:
    """A call on a connection. It stays usable as a name after its end; requests then raise StaleCall."""

    def __init__(self, connection: Connection, handle: int) -> None:
        self.connection = connection
        self.handle = handle

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and (self.connection, self.handle) == (other.connection, other.handle)

    def __hash__(self) -> int:
        return hash((id(self.connection), self.handle))

    def __repr__(self) -> str:
        return f"<Call {self.handle:#x}>"

    def _request(self, name: str, *arguments: Any) -> None:
        lib = native.load()
        lib.check(getattr(lib, "call_" + name)(self.connection.pointer, self.handle, *arguments), name.replace("_", " "))

    def accept(self, now: int | None = None, **answer: int) -> None:
        """Answer CALL_OFFERED, with members of pptp_answer. RFC 2637 2.8, 2.10."""
        self._request("accept", c.byref(_begun("answer", native.Answer, answer)), _now(now))

    def reject(self, result_code: int, error_code: int = 0, cause_code: int = 0, now: int | None = None) -> None:
        """Refuse CALL_OFFERED."""
        self._request("reject", result_code, error_code, cause_code, _now(now))

    def connected(self, now: int | None = None, **answer: int) -> None:
        """The line of CALL_ANSWER is answered. RFC 2637 2.11."""
        self._request("connected", c.byref(_begun("answer", native.Answer, answer)), _now(now))

    def clear(self, result_code: int = CDN_ADMIN_SHUTDOWN, error_code: int = 0, cause_code: int = 0,
              now: int | None = None) -> None:
        """End it, in any state; CALL_DOWN follows. RFC 2637 2.12, 2.13."""
        self._request("clear", result_code, error_code, cause_code, _now(now))

    def set_link_info(self, send_accm: int, recv_accm: int, now: int | None = None) -> None:
        """As its PNS: tell the PAC of the ACCMs. RFC 2637 2.15."""
        self._request("set_link_info", send_accm, recv_accm, _now(now))

    def wan_errors(self, now: int | None = None, **errors: int) -> None:
        """As its PAC, with the option line_statistics: counters since it was connected. RFC 2637 2.14."""
        struct = native.WanErrors(size=c.sizeof(native.WanErrors))
        _fill(struct, errors)
        self._request("wan_errors", c.byref(struct), _now(now))

    def statistics(self, text: str | bytes) -> None:
        """As its PAC: text of at most 128 octets for the Call-Disconnect-Notify to come. RFC 2637 2.13."""
        raw = text.encode() if isinstance(text, str) else text
        self._request("statistics", raw, len(raw))

    @property
    def info(self) -> dict[str, int]:
        """The members of pptp_call_info by name; `state` is a CallState."""
        struct = native.CallInfo()
        self._request("get_info", c.byref(struct), c.sizeof(struct))
        return _members(struct) | {"state": CallState(struct.state), "reason": Code(struct.reason)}

    def channel_options(self) -> Any:
        """pptp_gre_options with what belongs to this call: Channel takes it."""
        options = native.load().begun("gre_options", native.GreOptions)
        self._request("channel", c.byref(options))
        return options


def _members(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name, *_ in struct._fields_ if name not in ("size", "user", "reserved")}


def _begun(init: str, kind: type[c.Structure], members: dict[str, Any]) -> Any:
    struct = native.load().begun(init, kind)
    _fill(struct, members)
    return struct


def _now(now: int | None) -> int:
    return clock() if now is None else now


class Connection(Owner):
    """One end of a control connection, made when TCP is open.
    @param flags  ASK: START_OFFERED asks before a receiver is established
    @param seed   makes Call IDs hard to guess; by default the system's random source gives it"""

    def __init__(self, config: Config, role: Role, flags: int = 0, seed: int | None = None, now: int | None = None) -> None:
        lib = native.load()
        options = lib.begun("conn_options", native.ConnOptions)
        options.role, options.flags = role, flags
        options.seed = int.from_bytes(os.urandom(8), "big") if seed is None else seed
        super().__init__(lib.new("conn", config.pointer, c.byref(options), _now(now)), lib.conn_free, config)
        self.config = config
        self._input = bytearray()

    # ---- octets -------------------------------------------------------------------------------------------

    def receive(self, data: bytes, now: int | None = None) -> None:
        """Octets of TCP, in any split; what cannot be taken yet is kept, and taken by events(). What breaks the protocol
        is no exception here but the event DOWN, with reason, field and value."""
        self._input += data
        self._feed(_now(now))

    def _feed(self, now: int) -> None:
        if not self._input:
            return
        taken: int = native.load().conn_recv(self.pointer, bytes(self._input), len(self._input), now)
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
        native.load().check(native.load().conn_eof(self.pointer, _now(now)), "eof")

    def output(self, now: int | None = None) -> bytes:
        """What is to be written to TCP next: one message or the rest of one; empty: nothing. Say sent() of it."""
        length = c.c_size_t()
        start: int | None = native.load().conn_tx_buf(self.pointer, c.byref(length), _now(now))
        return c.string_at(start, length.value) if start else b""

    def sent(self, count: int, now: int | None = None) -> None:
        """So many octets of output() were written."""
        native.load().check(native.load().conn_tx_done(self.pointer, count, _now(now)), "sent")

    def take_output(self, now: int | None = None) -> Iterator[bytes]:
        """Every message that waits, as written: for a transport that takes all, such as asyncio's. Write each with one
        call: NAT helpers understand a message only when it is a TCP segment of its own."""
        while message := self.output(now):
            self.sent(len(message), now)
            yield message

    # ---- time and events -----------------------------------------------------------------------------------

    def tick(self, now: int | None = None) -> None:
        """Run the timers that are due."""
        native.load().check(native.load().conn_tick(self.pointer, _now(now)), "tick")

    def deadline(self) -> int | None:
        """When to tick next; None: not at all."""
        due: int = native.load().conn_deadline(self.pointer)
        return None if due == native.NEVER else due

    def events(self, now: int | None = None) -> Iterator[Event]:
        """Every event that waits, each once."""
        raw = native.Event()
        while True:
            self._feed(_now(now))
            code: int = native.load().conn_poll(self.pointer, c.byref(raw))
            if code == Code.EMPTY:
                return
            native.load().check(code, "poll")
            yield self._event(raw)

    def _event(self, raw: Any) -> Event:
        plain = {field.name: getattr(raw, field.name) for field in dataclasses.fields(Event)
                 if field.name not in ("call", "octets")}
        plain |= {"type": EventType(raw.type), "reason": Code(raw.reason), "timer": Timer(raw.timer),
                  "message_type": MessageType(raw.message_type), "result_type": MessageType(raw.result_type)}
        octets = c.string_at(raw.msg, raw.msg_len) if raw.msg else b""
        return Event(call=Call(self, raw.call) if raw.call else None, octets=octets, **plain)

    @property
    def want(self) -> int:
        """WANT_SEND, WANT_POLL, CAN_RECEIVE and FINISHED, ored."""
        bits: int = native.load().conn_want(self.pointer)
        return bits

    @property
    def finished(self) -> bool:
        """Whether DOWN was taken: close TCP."""
        return bool(self.want & FINISHED)

    # ---- requests -------------------------------------------------------------------------------------------

    def dial(self, now: int | None = None, **request: int | str | bytes) -> Call:
        """Place an outgoing call, with members of pptp_dial (phone_number counts itself). CALL_UP or CALL_DOWN follows.
        Raises UsageError before the connection is up, LimitReached, WouldBlock. RFC 2637 2.7."""
        return self._place("dial", native.Dial, request, now)

    def offer(self, now: int | None = None, **request: int | str | bytes) -> Call:
        """Offer an incoming call, as its PAC, with members of pptp_offer. RFC 2637 2.9."""
        return self._place("offer", native.Offer, request, now)

    def _place(self, what: str, kind: type[c.Structure], request: dict[str, Any], now: int | None) -> Call:
        lib, handle = native.load(), c.c_uint32()
        struct = _begun(what, kind, request)
        lib.check(getattr(lib, "call_" + what)(self.pointer, c.byref(struct), _now(now), c.byref(handle)), what)
        return Call(self, handle.value)

    def accept(self, now: int | None = None) -> None:
        """Answer START_OFFERED."""
        native.load().check(native.load().conn_accept(self.pointer, _now(now)), "accept")

    def refuse(self, result_code: int, error_code: int = 0, now: int | None = None) -> None:
        """Refuse START_OFFERED."""
        native.load().check(native.load().conn_refuse(self.pointer, result_code, error_code, _now(now)), "refuse")

    def stop(self, reason: int = STOP_LOCAL_SHUTDOWN, now: int | None = None) -> None:
        """End in order; DOWN follows. Saying it again is harmless. RFC 2637 2.3."""
        code: int = native.load().conn_close(self.pointer, reason, _now(now))
        if code != Code.CLOSED:
            native.load().check(code, "stop")

    def abort(self, why: Code = Code.SEND, now: int | None = None) -> None:
        """End without a word; DOWN follows."""
        native.load().check(native.load().conn_abort(self.pointer, why, _now(now)), "abort")

    # ---- what is known ----------------------------------------------------------------------------------------

    def calls(self) -> Iterator[Call]:
        """The live calls."""
        handle = native.CALL_NONE
        while handle := native.load().call_next(self.pointer, handle):
            yield Call(self, handle)

    @property
    def info(self) -> dict[str, int]:
        """The members of pptp_conn_info by name; `state` is a ConnectionState."""
        struct = native.ConnInfo()
        native.load().check(native.load().conn_get_info(self.pointer, c.byref(struct), c.sizeof(struct)), "info")
        return _members(struct) | {"state": ConnectionState(struct.state), "reason": Code(struct.reason)}

    def counters(self) -> dict[str, int]:
        """What was received, sent, refused, ignored or bent, by name."""
        return named_counters(native.load().conn_count_name, native.load().conn_count, self.pointer)


def named_counters(name_of: Any, count: Any, pointer: c.c_void_p) -> dict[str, int]:
    """{name: number} of an object's counters."""
    ret: dict[str, int] = {}
    which = 0
    while (name := name_of(which).decode()) != "unknown":
        ret[name] = count(pointer, which)
        which += 1
    return ret


def collision(local: bytes, peer: bytes, local_port: int, peer_port: int) -> int:
    """Who wins when both ends opened a connection to each other: 1 we, -1 the peer, 0 cannot be told. Addresses as
    packed octets, 4 or 16. RFC 2637 3.1.3."""
    if len(local) != len(peer):
        raise ValueError("two addresses of one family")
    winner: int = native.load().collision(local, peer, len(local), local_port, peer_port)
    return winner


__all__ = ["Call", "Config", "Connection", "Error", "Event", "EventType", "Role", "Timer", "collision"]
