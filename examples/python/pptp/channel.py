"""A call's data channel, the pool of packets that wait for a missing one, and the mux of many calls on one socket."""
from __future__ import annotations

import ctypes as c
import os
from typing import Any, Iterator

from . import native
from .connection import Call, Owner, _fill, _members, _now, named_counters
from .errors import Code, OpenEnum


class Verdict(OpenEnum):
    """What became of a packet (gre.h)."""
    DELIVER = 0
    ACK_ONLY = 1
    EMPTY = 2
    DROP_LATE = 3
    DROP_DUPLICATE = 4
    DROP_TRUNCATED = 5
    DROP_NOT_PPTP = 6
    DROP_NOTHING = 7
    DROP_PAYLOAD = 8
    DROP_CALL_ID = 9
    HELD = 16
    DROP_RESET = 17
    DROP_UNHELD = 18


EV_WRITABLE, EV_NO_INBOUND, EV_RESYNC, EV_PEER_NEVER_ACKS = 1, 2, 4, 8  # Channel.happened
WINDOW_OFF, WINDOW_ADVISORY, WINDOW_ENFORCED = 0, 1, 2
MTU_IPV6, MTU_NO_ACK, MTU_ACFC, MTU_PFC, MTU_MPPE = 1, 2, 4, 8, 16


class Pool(Owner):
    """Packets that wait for a missing one, for any number of channels of one thread.
    @param slots         packets held at once
    @param slot_octets   the longest frame that can be held: it is copied"""

    def __init__(self, slots: int = 32, slot_octets: int = native.GRE_MTU) -> None:
        if slot_octets <= 0:
            raise ValueError("slot_octets must be above 0: this pool copies")
        lib = native.load()
        super().__init__(lib.new("pool", slots, slot_octets), lib.pool_free)

    @property
    def available(self) -> int:
        """Slots that hold nothing."""
        free: int = native.load().pool_available(self.pointer)
        return free


class Channel(Owner):
    """The data channel of one call, both directions. Packets begin with the GRE header, frames with PPP's FF 03.

    It can receive as soon as it is made, which is best done when a call is dialled or accepted; start() it at CALL_UP.
    @param call     whose numbers to take; None: give local_call_id among the options
    @param options  members of pptp_gre_options by name, times in microseconds"""

    def __init__(self, call: Call | None = None, pool: Pool | None = None, **options: int) -> None:
        lib = native.load()
        struct = call.channel_options() if call else lib.begun("gre_options", native.GreOptions)
        _fill(struct, options)
        if pool:
            struct.pool = pool.pointer
        super().__init__(lib.new("gre", c.byref(struct), None, None), lib.gre_free, *([pool] if pool else []))

    def start(self, peer_call_id: int, peer_recv_window: int = 0, peer_delay: int = 0, now: int | None = None) -> None:
        """It can send from now on. Window in packets, delay in 1/10 s. Raises UsageError when it was started before."""
        lib = native.load()
        lib.check(lib.gre_start(self.pointer, peer_call_id, peer_recv_window, peer_delay, _now(now)), "start")

    def receive(self, packet: bytes, now: int | None = None) -> list[bytes]:
        """The frames that may go to PPP now, in order: none when the packet is late, held, or not for us."""
        lib, got = native.load(), native.GreFrame()
        packet = bytes(packet)
        lib.check(lib.gre_recv(self.pointer, packet, len(packet), None, _now(now), c.byref(got)), "receive")
        self.verdict = Verdict(got.verdict)
        first = [c.string_at(got.frame, got.len)] if got.verdict == Verdict.DELIVER else []
        return first + list(self.held())

    def held(self) -> Iterator[bytes]:
        """Frames that were held and may go now: ask behind tick()."""
        lib, got = native.load(), native.GreFrame()
        while (code := lib.gre_next(self.pointer, c.byref(got))) != Code.EMPTY:
            lib.check(code, "next")
            if got.verdict == Verdict.DELIVER:
                yield c.string_at(got.frame, got.len)

    def send(self, frame: bytes, now: int | None = None) -> bytes:
        """The packet for a frame. Raises WouldBlock when the peer's window is kept and full, UsageError before start()."""
        lib, header = native.load(), (c.c_uint8 * native.GRE_HEADER_MAX)()
        size = lib.check(lib.gre_send(self.pointer, header, len(header), len(frame), _now(now)), "send")
        return bytes(header)[len(header) - size:] + frame

    def unsend(self, count: int = 1, now: int | None = None) -> None:
        """The newest packets were not sent after all: their numbers are used again."""
        native.load().check(native.load().gre_unsend(self.pointer, count, _now(now)), "unsend")

    def acknowledgment(self, now: int | None = None) -> bytes:
        """The packet that only acknowledges, if one is due; else empty."""
        lib, packet = native.load(), (c.c_uint8 * native.GRE_ACK_OCTETS)()
        size: int = lib.gre_ack(self.pointer, packet, len(packet), _now(now))
        return bytes(packet)[:size] if size > 0 else b""

    def tick(self, now: int | None = None) -> None:
        """What time asks for; then look at held() and acknowledgment()."""
        native.load().check(native.load().gre_tick(self.pointer, _now(now)), "tick")

    def deadline(self) -> int | None:
        """When to tick next; None: not at all."""
        due: int = native.load().gre_deadline(self.pointer)
        return None if due == native.NEVER else due

    def happened(self) -> int:
        """EV_ bits since the last time."""
        bits: int = native.load().gre_events(self.pointer)
        return bits

    @property
    def room(self) -> int:
        """Frames that the peer's window has room for; 2^32 - 1 while none is kept."""
        frames: int = native.load().gre_room(self.pointer)
        return frames

    @property
    def info(self) -> dict[str, int]:
        """The members of pptp_gre_info by name."""
        struct = native.GreInfo()
        native.load().check(native.load().gre_get_info(self.pointer, c.byref(struct), c.sizeof(struct)), "info")
        return _members(struct)

    def counters(self) -> dict[str, int]:
        """What was delivered, sent and dropped, and why, by name."""
        return named_counters(native.load().gre_count_name, native.load().gre_count, self.pointer)


class Mux(Owner):
    """Call IDs that are unique on a local address, and whose packet this is.
    @param max_calls  at once, 1 to 65,535"""

    def __init__(self, max_calls: int = 65535, seed: int | None = None) -> None:
        lib = native.load()
        seed = int.from_bytes(os.urandom(8), "big") if seed is None else seed
        super().__init__(lib.new("mux", max_calls, seed), lib.mux_free)
        self._targets: dict[int, Any] = {}

    def reserve(self) -> int:
        """A Call ID of our own. Raises LimitReached."""
        call_id = c.c_uint16()
        native.load().check(native.load().mux_reserve(self.pointer, c.byref(call_id)), "reserve")
        return call_id.value

    def bind(self, call_id: int, peer: bytes, target: Any) -> None:
        """Let find() return target for this id and this peer: 4 or 16 octets of its address."""
        lib = native.load()  # the library keeps a number that is not 0; the target itself is kept here
        lib.check(lib.mux_bind(self.pointer, call_id, _mapped(peer), c.c_void_p(call_id)), "bind")
        self._targets[call_id] = target

    def find(self, peer: bytes, packet: bytes) -> Any:
        """Whose this packet, GRE header first, is; None: nobody's, counted."""
        lib, call_id = native.load(), c.c_uint16()
        if lib.gre_peek(bytes(packet), len(packet), c.byref(call_id)) != Code.OK:
            return None
        return self._targets.get(lib.mux_find(self.pointer, _mapped(peer), call_id.value) or 0)

    def release(self, call_id: int) -> None:
        """Give an id back at the end of its call."""
        native.load().check(native.load().mux_release(self.pointer, call_id), "release")
        self._targets.pop(call_id, None)

    def counters(self) -> dict[str, int]:
        """Packets found, of unknown calls, and of foreign sources."""
        return named_counters(native.load().mux_count_name, native.load().mux_count, self.pointer)


def _mapped(address: bytes) -> bytes:
    """An address as the mux wants it: IPv4 as ::ffff:a.b.c.d."""
    if len(address) not in (4, 16):
        raise ValueError("an address has 4 or 16 octets")
    return bytes(10) + b"\xff\xff" + address if len(address) == 4 else address


def mtu(path_mtu: int, flags: int = 0) -> int:
    """The largest packet of the user in a tunnel over this path. @param flags  MTU_, ored"""
    octets: int = native.load().gre_mtu(path_mtu, flags)
    return octets


def without_ip_header(datagram: bytes) -> bytes:
    """What a raw IPv4 socket returns, without the IP header; empty: it is no IPv4."""
    size: int = native.load().gre_ipv4_header(bytes(datagram), len(datagram))
    return datagram[size:] if size > 0 else b""
