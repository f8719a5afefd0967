"""IP protocol 47 for asyncio: raw sockets, and whose packet has come."""
from __future__ import annotations

import asyncio
import errno
import socket
from typing import Any

from ..channel import without_ip_header
from ..constants import IP_PROTOCOL, Code
from ..errors import Closed, UsageError
from ..mux import Mux

SocketAddress = tuple[Any, ...]  # as getsockname and getpeername give it

# Of a packet: lost, as in any network.
_LOST = (errno.EAGAIN, errno.ENOBUFS, errno.EPERM, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ECONNREFUSED,
         errno.ENOPROTOOPT)


def open_raw(family: int = socket.AF_INET) -> socket.socket:
    """A raw socket for GRE. Raises PermissionError, with what it takes."""
    try:
        return socket.socket(family, socket.SOCK_RAW, IP_PROTOCOL)
    except PermissionError:
        raise PermissionError("calls need a raw socket for IP protocol 47: run this as root, or give it CAP_NET_RAW "
                              "(systemd: AmbientCapabilities=CAP_NET_RAW)") from None


class Gre:
    """Raw sockets for IP protocol 47, one for each local address, and the Call IDs of all calls on them. Connections from
    one local address have to share one, or they would give out the same Call IDs: give it to connect() and serve().
    @param max_calls  at once"""

    def __init__(self, max_calls: int = 65535) -> None:
        self._mux = Mux(max_calls)
        self._sockets: dict[str, socket.socket] = {}
        self.dropped = 0  # packets that the socket had no room for

    @staticmethod
    def ask() -> None:
        """Whether there may be sockets, before anybody is called. Raises PermissionError."""
        open_raw().close()

    def _socket(self, local: SocketAddress) -> socket.socket:
        host = str(local[0])
        if self._mux.closed:
            raise Closed(Code.CLOSED, "this Gre is closed")
        if host not in self._sockets:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            raw = open_raw(family)
            raw.setblocking(False)
            raw.bind((host, 0, 0, local[3]) if family == socket.AF_INET6 else (host, 0))
            asyncio.get_running_loop().add_reader(raw, self._readable, raw)
            self._sockets[host] = raw
        return self._sockets[host]

    def _readable(self, raw: socket.socket) -> None:
        for _ in range(64):  # others want their turn, too
            try:
                datagram, source = raw.recvfrom(65535)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # an ICMP error: said once, and over
                continue
            packet = without_ip_header(datagram) if raw.family == socket.AF_INET else datagram
            call = self._mux.find(source[0], packet)
            if call is not None:
                call._packet(packet)

    def reserve(self, local: SocketAddress) -> int:
        """A Call ID for a call whose packets leave from this address. Raises PermissionError, LimitReached."""
        self._socket(local)
        return self._mux.reserve()

    def bind(self, call_id: int, peer: SocketAddress, call: Any) -> None:
        """Packets of this peer with this Call ID are for `call`."""
        self._mux.bind(call_id, peer[0], call)

    def release(self, call_id: int) -> None:
        """The end of a call."""
        if not self._mux.closed:
            self._mux.release(call_id)

    def send(self, local: SocketAddress, peer: SocketAddress, packet: bytes) -> None:
        """One packet. What there is no room for is lost, as in any network."""
        raw = self._socket(local)
        try:
            raw.sendto(packet, (peer[0].partition("%")[0], 0, *peer[2:]) if ":" in peer[0] else (peer[0], 0))
        except OSError as error:
            if error.errno == errno.EMSGSIZE:
                raise UsageError(Code.SIZE, f"a packet of {len(packet):,} octets is too long for IP", "send") from None
            if error.errno not in _LOST:
                raise
            self.dropped += 1

    def close(self) -> None:
        """After the connections that use it."""
        for raw in self._sockets.values():
            asyncio.get_running_loop().remove_reader(raw)
            raw.close()
        self._sockets.clear()
        self._mux.close()
