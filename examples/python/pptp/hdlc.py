"""PPP as a byte stream: frames between flags, with escapes and FCS (RFC 1662), as pppd on a pty speaks."""
from __future__ import annotations

import ctypes as c

from . import arguments, native, structs
from .call import filled
from .constants import GRE_MTU
from .owner import Owner, made, named_counters


class Line(Owner):
    """One line, both directions. Frames are PPP's, from FF 03 on.
    @param longest  octets of a frame that can come; longer ones are dropped and counted
    @param options  flags (LineFlag), send_accm, recv_accm; hdlc.h has more of each"""

    def __init__(self, longest: int = GRE_MTU, **options: int) -> None:
        arguments.number("longest", longest, 2, 65535)
        struct = filled("hdlc_options", structs.HdlcOptions, options)
        self._buffer = (c.c_uint8 * (longest + 2))()  # and its FCS
        struct.buffer, struct.buffer_octets = c.addressof(self._buffer), len(self._buffer)
        super().__init__(made("hdlc", "Line", options, c.byref(struct)), native.load().hdlc_free)

    def encode(self, frame: bytes) -> bytes:
        """The octets for the line: flag, frame with escapes, FCS, flag."""
        lib, frame = native.load(), arguments.octets("frame", frame)
        line = (c.c_uint8 * lib.hdlc_encode_max(len(frame)))()
        size = lib.do("hdlc_encode", "encode", self.pointer, frame, len(frame), line, len(line))
        return bytes(memoryview(line)[:size])

    def decode(self, data: bytes) -> list[bytes]:
        """The good frames that are whole with these octets of the line, in any split; damaged ones are counted."""
        lib, data, got = native.load(), arguments.octets("data", data), structs.HdlcFrame()
        frames: list[bytes] = []
        while True:
            used = lib.do("hdlc_decode", "decode", self.pointer, data, len(data), c.byref(got))
            if not got.frame:
                return frames
            frames.append(c.string_at(got.frame, got.len))
            data = data[used:]

    def set_accm(self, send_accm: int, recv_accm: int) -> None:
        """New maps of the control octets to escape, and to drop: those of CALL_LINK_INFO, or of PPP's negotiation."""
        native.load().do("hdlc_set_accm", "set_accm", self.pointer, send_accm, recv_accm)

    def counters(self) -> dict[str, int]:
        """Frames received, sent and dropped, and why, by name."""
        return named_counters(native.load().hdlc_count_name, native.load().hdlc_count, self.pointer)
