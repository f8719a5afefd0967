"""The mux of many calls on one socket."""
from __future__ import annotations

import ctypes as c
import ipaddress
from typing import Any

from . import arguments, native
from .constants import Code
from .errors import LimitReached, UsageError
from .owner import Owner, made, named_counters, seed_or

Address = str | bytes


class Mux(Owner):
    """Call IDs that are unique on a local address, and whose packet this is.
    @param max_calls  at once, 1 to 65,535"""

    def __init__(self, max_calls: int = 65535, seed: int | None = None) -> None:
        self.max_calls = arguments.number("max_calls", max_calls, 1, 65535)
        super().__init__(made("mux", "Mux", {}, max_calls, seed_or(seed)), native.load().mux_free)
        self._targets: dict[int, Any] = {}

    def reserve(self) -> int:
        """A Call ID of our own. Raises LimitReached."""
        call_id = c.c_uint16()
        code: int = native.load().mux_reserve(self.pointer, c.byref(call_id))
        if code == Code.LIMIT:
            raise LimitReached(code, f"all {self.max_calls} Call IDs are given out; Mux(max_calls=...) has more", "reserve")
        native.load().check(code, "reserve")
        return call_id.value

    def _do(self, name: str, call_id: int, *given: Any) -> None:
        code: int = getattr(native.load(), "mux_" + name)(self.pointer, call_id, *given)
        if code == Code.ARG:
            raise UsageError(code, f"Call ID {call_id} is not reserved", name)
        native.load().check(code, name)

    def bind(self, call_id: int, peer: Address, target: Any) -> None:
        """Let find() return target for this id and this peer: its address as text, or as 4 or 16 octets."""
        # The library keeps a number that is not 0; the target itself is kept here.
        arguments.number("call_id", call_id, 0, 65535)
        self._do("bind", call_id, mapped(peer), c.c_void_p(call_id))
        self._targets[call_id] = target

    def find(self, peer: Address, packet: bytes) -> Any:
        """Whose this packet, GRE header first, is; None: nobody's, counted."""
        lib, call_id = native.load(), c.c_uint16()
        if lib.gre_peek(packet, len(packet), c.byref(call_id)) != Code.OK:
            return None
        return self._targets.get(lib.mux_find(self.pointer, mapped(peer), call_id.value) or 0)

    def release(self, call_id: int) -> None:
        """Give an id back at the end of its call."""
        self._do("release", call_id)
        self._targets.pop(call_id, None)

    def counters(self) -> dict[str, int]:
        """Packets found, of unknown calls, and of foreign sources."""
        return named_counters(native.load().mux_count_name, native.load().mux_count, self.pointer)


def mapped(address: Address) -> bytes:
    """An address as the mux wants it: IPv4 as ::ffff:a.b.c.d. A zone of a link-local one (%eth0) is left out."""
    if isinstance(address, str):
        address = ipaddress.ip_address(address.partition("%")[0]).packed
    address = arguments.octets("peer", address)
    if len(address) not in (4, 16):
        raise UsageError(Code.ARG, f"peer: an address has 4 or 16 octets, not {len(address)}")
    return bytes(10) + b"\xff\xff" + address if len(address) == 4 else address
