"""PPTP with asyncio: control connections over TCP, calls over IP protocol 47.

    async with connect("vpn.example.org") as connection:
        async with await connection.call() as call:
            call.send(b"\\xff\\x03\\xc0\\x21\\x01\\x01\\x00\\x04")
            async for frame in call: ...

The raw socket for IP protocol 47 takes root or CAP_NET_RAW. Everything belongs to one event loop."""
from .call import QUEUE_FRAMES, Call
from .client import connect
from .connection import INPUT_OCTETS, STOP_SECONDS, Connection
from .gre import Gre
from .server import Server, serve

__all__ = ["Call", "Connection", "Gre", "INPUT_OCTETS", "QUEUE_FRAMES", "STOP_SECONDS", "Server", "connect", "serve"]
