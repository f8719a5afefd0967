"""The numbers of the library and of RFC 2637, under the names that they have in the headers.

Every enum is open: a number that this package does not know, from a newer library or an odd peer, becomes a member whose
name is UNKNOWN_n, so that nothing is lost and comparisons with integers go on working. In text a member is its name."""
from __future__ import annotations

import enum
from typing import Any

NEVER = 2**64 - 1
CALL_NONE = 0
TOLERATE_ALL = 0xFFFFFFFF    # Config: every deviation from the RFC that some peer needs, newer ones included
SPEED_AS_ASKED = 0xFFFFFFFF  # connect_speed of an answer: the maximum_bps of the request
ADDRESS_OCTETS = 16
GRE_HEADER_MAX = 16
GRE_ACK_OCTETS = 12
GRE_MTU = 1532               # the largest frame that a peer must take
MSG_MAX_OCTETS = 220
TCP_PORT = 1723
IP_PROTOCOL = 47


class OpenEnum(enum.IntEnum):
    """An IntEnum that takes any number, and is its name in text."""

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.name)

    def __format__(self, form: str) -> str:
        return format(self.value, form) if form else str(self)


class OpenFlag(enum.IntFlag):
    """The same for bits that can be ored."""

    def __str__(self) -> str:
        known = [str(member.name) for member in type(self) if member & self]
        rest = self & ~sum(type(self))
        return "|".join(known + ([hex(rest)] if rest else [])) or "0"

    def __format__(self, form: str) -> str:
        return format(self.value, form) if form else str(self)


class Code(OpenEnum):
    """What functions return, and why things end (base.h)."""
    OK = 0
    ARG = -1
    SIZE = -2
    ALIGN = -3
    STATE = -4
    STALE = -5
    AGAIN = -6
    LIMIT = -7
    EMPTY = -8
    REENTRANT = -9
    FREED = -10
    CLOSED = -11
    SHORT = -12
    NO_HEAP = -13
    WINDOW = -14
    MALFORMED = -32
    PROTOCOL = -33
    LOCAL = -34
    PEER = -35
    REFUSED = -36
    TIMEOUT = -37
    EOF = -38
    STOPPED = -39
    VERSION = -40
    COLLISION = -41
    SEND = -42


# ---- connections and calls (conn.h, call.h) ------------------------------------------------------------------------


class Role(OpenEnum):
    """Who opened the TCP connection: we, or the peer."""
    ORIGINATOR = 1
    RECEIVER = 2


class CallRole(OpenEnum):
    """What this end is in a call: the PAC has the line, the PNS the network."""
    PAC = 1
    PNS = 2


class Direction(OpenEnum):
    """Outgoing: its PNS dials. Incoming: its PAC offers."""
    OUTGOING = 1
    INCOMING = 2


class EventType(OpenEnum):
    """What happened. Types that a later library adds are to be ignored."""
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
    """Connection.info["state"]. RFC 2637 3.1.1, 3.1.2."""
    IDLE = 1
    START_OFFERED = 2
    WAIT_CTL_REPLY = 3
    ESTABLISHED = 4
    WAIT_STOP_REPLY = 5
    CLOSING = 6
    CLOSED = 7


class CallState(OpenEnum):
    """Call.info["state"]. RFC 2637 3.2.3, 3.2.4."""
    OFFERED = 1
    WAIT_REPLY = 2
    WAIT_CONNECT = 3
    ANSWERING = 4
    ESTABLISHED = 5
    WAIT_DISCONNECT = 6
    ENDED = 7


class Take(OpenFlag):
    """Config(take_calls=...): which of the peer's calls are offered; the others are refused."""
    OUTGOING = 1
    INCOMING = 2


class ConnectionFlag(OpenFlag):
    """Connection(flags=...). ASK: START_OFFERED asks before a receiver is established."""
    ASK = 1


class Want(OpenFlag):
    """Connection.want."""
    SEND = 1
    POLL = 2
    CAN_RECEIVE = 4
    FINISHED = 8


class Tolerate(OpenFlag):
    """Config(tolerate=...): deviations from RFC 2637 that are let pass; 0 is the RFC to the letter."""
    UNKNOWN_TYPE = 1
    MANAGEMENT = 2
    LONGER = 4
    RESERVED = 8
    SCCRP_RESULT_0 = 16
    OCRP_RESULT_0 = 32
    ECHO_REPLY = 64
    ROLE = 128
    CDN_CALL_ID = 256
    STATE = 512
    NUMBER_LENGTH = 1024
    CALL_TYPE = 2048
    CALL_TIMEOUT = 4096


# ---- messages (msg.h) ----------------------------------------------------------------------------------------------


class MessageType(OpenEnum):
    """Control Message Type."""
    SCCRQ = 1
    SCCRP = 2
    STOPCCRQ = 3
    STOPCCRP = 4
    ECHORQ = 5
    ECHORP = 6
    OCRQ = 7
    OCRP = 8
    ICRQ = 9
    ICRP = 10
    ICCN = 11
    CCRQ = 12
    CDN = 13
    WEN = 14
    SLI = 15


class Allow(OpenFlag):
    """What decode() and split() let pass: LONGER, messages with octets behind their end. The other two are split()'s:
    messages of other types are passed over."""
    LONGER = 1
    UNKNOWN_TYPE = 2
    MANAGEMENT_TYPE = 4


class Framing(OpenEnum):
    """framing_type and framing_capabilities."""
    ASYNC = 1
    SYNC = 2
    ANY = 3


class Bearer(OpenEnum):
    """bearer_type and bearer_capabilities."""
    ANALOG = 1
    DIGITAL = 2
    ANY = 3


class StartResult(OpenEnum):
    """Of a Start-Control-Connection-Reply, and Connection.refuse(). RFC 2637 2.2."""
    OK = 1
    GENERAL_ERROR = 2
    CHANNEL_EXISTS = 3
    NOT_AUTHORIZED = 4
    BAD_VERSION = 5


class StopReason(OpenEnum):
    """Of a Stop-Control-Connection-Request, and Connection.stop(). RFC 2637 2.3."""
    NONE = 1
    PROTOCOL = 2
    LOCAL_SHUTDOWN = 3


class OutgoingResult(OpenEnum):
    """Of an Outgoing-Call-Reply, and Call.reject() of an outgoing call. RFC 2637 2.8."""
    CONNECTED = 1
    GENERAL_ERROR = 2
    NO_CARRIER = 3
    BUSY = 4
    NO_DIAL_TONE = 5
    TIMEOUT = 6
    DO_NOT_ACCEPT = 7


class IncomingResult(OpenEnum):
    """Of an Incoming-Call-Reply, and Call.reject() of an incoming call. RFC 2637 2.10."""
    CONNECT = 1
    GENERAL_ERROR = 2
    DO_NOT_ACCEPT = 3


class DisconnectResult(OpenEnum):
    """Of a Call-Disconnect-Notify, and Call.clear(). RFC 2637 2.13."""
    LOST_CARRIER = 1
    GENERAL_ERROR = 2
    ADMIN_SHUTDOWN = 3
    REQUEST = 4


class GeneralError(OpenEnum):
    """The Error Code beside a result that is GENERAL_ERROR. RFC 2637 2.16."""
    NONE = 0
    NOT_CONNECTED = 1
    BAD_FORMAT = 2
    BAD_VALUE = 3
    NO_RESOURCE = 4
    BAD_CALL_ID = 5
    PAC = 6


# ---- data channels (gre.h) -----------------------------------------------------------------------------------------


class Verdict(OpenEnum):
    """What became of a packet."""
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


class Happened(OpenFlag):
    """Channel.happened(). NO_INBOUND: something on the path drops IP protocol 47."""
    WRITABLE = 1
    NO_INBOUND = 2
    RESYNC = 4
    PEER_NEVER_ACKS = 8


class Window(OpenEnum):
    """Channel(window_mode=...): what becomes of the peer's receive window."""
    OFF = 0
    ADVISORY = 1
    ENFORCED = 2


class Mtu(OpenFlag):
    """What mtu() takes into account."""
    IPV6 = 1
    NO_ACK = 2
    ACFC = 4
    PFC = 8
    MPPE = 16


# ---- HDLC (hdlc.h) -------------------------------------------------------------------------------------------------


class LineFlag(OpenFlag):
    """Line(flags=...)."""
    SHARE_FLAG = 1
    ADD_ADDRESS = 2
    STRIP_ADDRESS = 4
    LCP_AS_IS = 8
