"""libpptp in Python: PPTP (RFC 2637) without I/O, and with asyncio's (pptp.aio).

PPTP does not protect what it carries; it is for equipment and providers that speak nothing else.

    messages    the 15 control messages as dataclasses
    connection  control connections; call: their calls; events: what they tell
    channel     a call's data channel, and pools; mux: many calls on one socket; hdlc: PPP as a byte stream
    aio         a client and a server, control connection and GRE
    constants   numbers with names; errors: exceptions
    native      the C interface itself, with structs"""
from .call import Call
from .channel import Channel, Pool, mtu, without_ip_header
from .connection import Config, Connection, collision
from .constants import (GRE_MTU, IP_PROTOCOL, SPEED_AS_ASKED, TCP_PORT, TOLERATE_ALL, Allow, Bearer, CallRole, CallState,
                        Code, ConnectionFlag, ConnectionState, Direction, DisconnectResult, EventType, Framing,
                        GeneralError, Happened, IncomingResult, LineFlag, MessageType, Mtu, OutgoingResult, Role, StartResult,
                        StopReason, Take, Timer, Tolerate, Verdict, Want, Window)
from .errors import (Closed, Ended, Error, LibraryNotFound, LimitReached, MessageError, StaleCall, UsageError, WouldBlock)
from .events import Event
from .hdlc import Line
from .messages import Message, decode, split
from .mux import Mux
from .native import Library, load
from .owner import clock

__all__ = [
    "Allow", "Bearer", "Call", "CallRole", "CallState", "Channel", "Closed", "Code", "Config", "Connection",
    "ConnectionFlag", "ConnectionState", "Direction", "DisconnectResult", "Ended", "Error", "Event", "EventType", "Framing",
    "GRE_MTU", "GeneralError", "Happened", "IP_PROTOCOL", "IncomingResult", "Library", "LibraryNotFound", "LimitReached",
    "Line", "LineFlag",
    "Message", "MessageError", "MessageType", "Mtu", "Mux", "OutgoingResult", "Pool", "Role", "SPEED_AS_ASKED",
    "StaleCall", "StartResult", "StopReason", "TCP_PORT", "TOLERATE_ALL", "Take", "Timer", "Tolerate", "UsageError",
    "Verdict", "Want", "Window", "WouldBlock", "clock", "collision", "decode", "load", "mtu", "split",
    "without_ip_header"]
