"""Exceptions from the library's codes, and the numbers that it uses (RFC 2637's names).

Every enum here is open: a number that this package does not know, from a newer library or an odd peer, becomes a member
whose name is UNKNOWN_n, so that nothing is lost and comparisons with integers go on working."""
from __future__ import annotations

import enum
from typing import Any


class OpenEnum(enum.IntEnum):
    """An IntEnum that takes any number."""

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member


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


class Error(Exception):
    """A code of the library. `code` is its number, `text` a few English words without a full stop."""

    def __init__(self, code: int, text: str, doing: str = "") -> None:
        super().__init__(f"{doing}: {text}" if doing else text)
        self.code = Code(code)
        self.text = text


class UsageError(Error, ValueError):
    """An argument is wrong, or the object is in no state for this: a mistake of the program's."""


class StaleCall(Error):
    """The call has ended; the peer may have been first."""


class WouldBlock(Error, BlockingIOError):
    """No room now: the event WRITABLE follows, or the window opens."""


class LimitReached(Error):
    """A limit set in the options."""


class Closed(Error):
    """The connection has ended, or the object was closed."""


class MessageError(Error):
    """Octets that are no control message of RFC 2637. `field` is the offset of what is wrong, `value` what stands there."""

    def __init__(self, code: int, text: str, field: int = 0, value: int = 0) -> None:
        super().__init__(code, text)
        self.field = field
        self.value = value


class Ended(Error):
    """A call or a connection came to its end while somebody waited for it; `event` says how."""

    def __init__(self, code: int, text: str, event: Any = None) -> None:
        super().__init__(code, text)
        self.event = event


class LibraryNotFound(ImportError):
    """libpptp cannot be loaded, or it is not the one that this package was made for."""


def family(code: int) -> type[Error]:
    """The exception for a code that a function returned."""
    return {
        Code.STATE: UsageError, Code.ARG: UsageError, Code.SIZE: UsageError, Code.ALIGN: UsageError,
        Code.REENTRANT: UsageError, Code.STALE: StaleCall, Code.AGAIN: WouldBlock, Code.WINDOW: WouldBlock,
        Code.LIMIT: LimitReached, Code.CLOSED: Closed, Code.FREED: Closed,
    }.get(Code(code), Error)
