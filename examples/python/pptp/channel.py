"""A call's data channel, and the pool of packets that wait for a missing one."""
from __future__ import annotations

import ctypes as c
from typing import Any, Iterator

from . import arguments, native, structs
from .call import Call
from .constants import GRE_ACK_OCTETS, GRE_HEADER_MAX, GRE_MTU, NEVER, Code, Happened, Mtu, Verdict
from .errors import UsageError
from .owner import Owner, made, named_counters, now_or


class Pool(Owner):
    """Packets that wait for a missing one, for any number of channels of one thread.
    @param slots         packets held at once, 1 to 65,534
    @param slot_octets   the longest frame that can be held: it is copied"""

    def __init__(self, slots: int = 32, slot_octets: int = GRE_MTU) -> None:
        arguments.number("slots", slots, 1, 65534)
        arguments.number("slot_octets", slot_octets, 1, 65535)
        super().__init__(made("pool", "Pool", {}, slots, slot_octets), native.load().pool_free)

    @property
    def available(self) -> int:
        """Slots that hold nothing."""
        free: int = native.load().pool_available(self.pointer)
        return free

    def _told(self) -> str:
        return f"{self.available} free"


class Channel(Owner):
    """The data channel of one call, both directions. Packets begin with the GRE header, frames with PPP's FF 03; `verdict`
    says what became of the newest packet that came.

    It can receive as soon as it is made, which is best done when a call is dialled or accepted; start() it at CALL_UP.
    @param call     whose numbers to take; None: give local_call_id among the options
    @param pool     where packets wait; None: none waits
    @param options  members of pptp_gre_options by name (gre.h), times in microseconds"""

    def __init__(self, call: Call | None = None, pool: Pool | None = None, **options: int) -> None:
        if call is None and "local_call_id" not in options:
            raise UsageError(Code.ARG, "whose? Channel(call) or Channel(local_call_id=...)")
        if call is not None:
            arguments.instance("call", call, Call)
        if pool is not None:
            arguments.instance("pool", pool, Pool)
        lib = native.load()
        struct = call.channel_options() if call else lib.begun("gre_options", structs.GreOptions)
        arguments.fill(struct, options)
        if pool:
            struct.pool = pool.pointer
        pointer = made("gre", "Channel", options, c.byref(struct), None, None)
        super().__init__(pointer, lib.gre_free, *([pool] if pool else []))
        self.local_call_id: int = struct.local_call_id
        self.verdict = Verdict.EMPTY  # of the newest packet

    @staticmethod
    def defaults() -> dict[str, Any]:
        """{name: value} of all options there are."""
        return arguments.members_of(native.load().begun("gre_options", structs.GreOptions))

    def _do(self, name: str, doing: str, *given: Any) -> int:
        return native.load().do("gre_" + name, doing, self.pointer, *given)

    def start(self, peer_call_id: int, peer_recv_window: int = 0, peer_delay: int = 0, now: int | None = None) -> None:
        """It can send from now on. Window in packets, delay in 1/10 s. Raises UsageError when it was started before."""
        code: int = native.load().gre_start(self.pointer, peer_call_id, peer_recv_window, peer_delay, now_or(now))
        if code == Code.STATE:
            raise UsageError(code, "the channel was started before", "start")
        native.load().check(code, "start")

    def receive(self, packet: bytes, now: int | None = None) -> list[bytes]:
        """The frames that may go to PPP now, in order: none when the packet is late, held, or not for us (`verdict`)."""
        got, packet = structs.GreFrame(), arguments.octets("packet", packet)
        self._do("recv", "receive", packet, len(packet), None, now_or(now), c.byref(got))
        self.verdict = Verdict(got.verdict)
        first = [c.string_at(got.frame, got.len)] if got.verdict == Verdict.DELIVER else []
        return first + list(self.held())

    def held(self) -> Iterator[bytes]:
        """Frames that were held and may go now: ask behind tick()."""
        lib, got = native.load(), structs.GreFrame()
        while (code := lib.gre_next(self.pointer, c.byref(got))) != Code.EMPTY:
            lib.check(code, "held")
            if got.verdict == Verdict.DELIVER:
                yield c.string_at(got.frame, got.len)

    def send(self, frame: bytes, now: int | None = None) -> bytes:
        """The packet for a frame of 1 to 65,535 octets; peers have to take GRE_MTU. Raises WouldBlock when the peer's window
        is kept and full, UsageError before start()."""
        frame = arguments.octets("frame", frame)
        if not 1 <= len(frame) <= 65535:
            raise UsageError(Code.SIZE, f"a frame has 1 to 65,535 octets, not {len(frame):,}", "send")
        header = (c.c_uint8 * GRE_HEADER_MAX)()
        code: int = native.load().gre_send(self.pointer, header, len(header), len(frame), now_or(now))
        if code == Code.STATE:
            raise UsageError(code, "the channel has to be started first, at CALL_UP", "send")
        size = native.load().check(code, "send")
        return bytes(header)[len(header) - size:] + frame

    def unsend(self, count: int = 1, now: int | None = None) -> None:
        """The newest packets were not sent after all: their numbers are used again."""
        code: int = native.load().gre_unsend(self.pointer, arguments.number("count", count, 0, 2**32 - 1), now_or(now))
        if code == Code.ARG:
            raise UsageError(code, f"{count} packets are more than were sent and not acknowledged", "unsend")
        native.load().check(code, "unsend")

    def acknowledgment(self, now: int | None = None) -> bytes:
        """The packet that only acknowledges, if one is due; else empty."""
        packet = (c.c_uint8 * GRE_ACK_OCTETS)()
        size: int = native.load().gre_ack(self.pointer, packet, len(packet), now_or(now))
        return bytes(packet)[:size] if size > 0 else b""

    def tick(self, now: int | None = None) -> None:
        """What time asks for; then look at held() and acknowledgment()."""
        self._do("tick", "tick", now_or(now))

    def deadline(self) -> int | None:
        """When to tick next; None: not at all."""
        due: int = native.load().gre_deadline(self.pointer)
        return None if due == NEVER else due

    def happened(self) -> Happened:
        """What did, since the last time."""
        return Happened(native.load().gre_events(self.pointer))

    @property
    def room(self) -> int:
        """Frames that the peer's window has room for; 2^32 - 1 while none is kept."""
        frames: int = native.load().gre_room(self.pointer)
        return frames

    @property
    def info(self) -> dict[str, int]:
        """The members of pptp_gre_info by name."""
        struct = structs.GreInfo()
        self._do("get_info", "info", c.byref(struct), c.sizeof(struct))
        return arguments.members_of(struct)

    def counters(self) -> dict[str, int]:
        """What was delivered, sent and dropped, and why, by name."""
        return named_counters(native.load().gre_count_name, native.load().gre_count, self.pointer)

    def _told(self) -> str:
        return f"of Call ID {self.local_call_id}"


def mtu(path_mtu: int, flags: Mtu | int = 0) -> int:
    """The largest packet of the user in a tunnel over a path of so many octets; 0: nothing fits."""
    octets: int = native.load().gre_mtu(path_mtu, flags)
    return octets


def without_ip_header(datagram: bytes) -> bytes:
    """What a raw IPv4 socket returns, without the IP header; empty: it is no IPv4. A raw IPv6 socket gives none."""
    size: int = native.load().gre_ipv4_header(datagram, len(datagram))
    return datagram[size:] if size > 0 else b""
