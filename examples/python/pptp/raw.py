"""IP protocol 47 for asyncio: raw sockets, and whose packet has come."""
from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from typing import Any

from . import channel
from .native import IP_PROTOCOL

SocketAddress = tuple[Any, ...]


def packed(host: str) -> bytes:
    """An address of getpeername as octets: 4 or 16."""
    address = ipaddress.ip_address(host.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).packed


def open_raw(family: int = socket.AF_INET) -> socket.socket:
    """A raw socket for GRE. Raises PermissionError, with what it takes."""
    try:
        return socket.socket(family, socket.SOCK_RAW, IP_PROTOCOL)
    except PermissionError as error:
        raise PermissionError(error.errno, "IP protocol 47 takes root or CAP_NET_RAW") from None


class Gre:
    """Raw sockets for IP protocol 47, one for each local address, and the Call IDs of all calls on them.
    @param max_calls  at once"""

    def __init__(self, max_calls: int = 65535) -> None:
        self._mux = channel.Mux(max_calls)
        self._sockets: dict[str, socket.socket] = {}
        self.dropped = 0  # packets that the socket had no room for

    def _socket(self, local: SocketAddress) -> socket.socket:
        host = str(local[0])
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
            packet = channel.without_ip_header(datagram) if raw.family == socket.AF_INET else datagram
            call = self._mux.find(packed(source[0]), packet)
            if call is not None:
                call.packet(packet)

    def reserve(self, local: SocketAddress) -> int:
        """A Call ID for a call whose packets leave from this address. Raises PermissionError, LimitReached."""
        self._socket(local)
        return self._mux.reserve()

    def bind(self, call_id: int, peer: SocketAddress, call: Any) -> None:
        """Packets of this peer with this Call ID are for `call`."""
        self._mux.bind(call_id, packed(peer[0]), call)

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
            if error.errno not in (errno.EAGAIN, errno.ENOBUFS, errno.EPERM, errno.EHOSTUNREACH, errno.ENETUNREACH,
                                   errno.ECONNREFUSED, errno.ENOPROTOOPT):
                raise
            self.dropped += 1

    def close(self) -> None:
        """After the connections that use it."""
        for raw in self._sockets.values():
            asyncio.get_running_loop().remove_reader(raw)
            raw.close()
        self._sockets.clear()
        self._mux.close()
