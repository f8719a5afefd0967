"""libpptp in Python: PPTP (RFC 2637) without I/O, and with asyncio's (pptp.aio).

PPTP does not protect what it carries; it is for equipment and providers that speak nothing else.

    messages    the 15 control messages as dataclasses
    connection  control connections and their calls
    channel     a call's data channel, pools, the mux
    aio         a client and a server, control connection and GRE
    errors      exceptions; native: the C interface itself"""
from .channel import Channel, Mux, Pool, Verdict, mtu
from .connection import Call, Config, Connection, Event, EventType, Role, Timer, clock, collision
from .errors import (Closed, Code, Ended, Error, LibraryNotFound, LimitReached, MessageError, StaleCall, UsageError,
                     WouldBlock)
from .messages import Message, MessageType, decode, split
from .native import Library, load

__all__ = [
    "Call", "Channel", "Closed", "Code", "Config", "Connection", "Ended", "Error", "Event", "EventType", "Library",
    "LibraryNotFound", "LimitReached", "Message", "MessageError", "MessageType", "Mux", "Pool", "Role", "StaleCall",
    "Timer", "UsageError", "Verdict", "WouldBlock", "clock", "collision", "decode", "load", "mtu", "split"]
