"""Exceptions from the library's codes."""
from __future__ import annotations

from typing import Any

from .constants import Code


class Error(Exception):
    """A code of the library. `code` is its number, `text` a few English words without a full stop."""

    def __init__(self, code: int, text: str, doing: str = "") -> None:
        super().__init__(f"{doing}: {text}" if doing else text)
        self.code = Code(code)
        self.text = text


class UsageError(Error, ValueError):
    """A value is out of range, or the object is in no state for this: a mistake of the program's. (Values of a wrong kind,
    a str for bytes say, are a TypeError.)"""


class StaleCall(Error):
    """The call has ended; the peer may have been first."""


class WouldBlock(Error, BlockingIOError):
    """No room now: the event WRITABLE follows, or the window opens."""


class LimitReached(Error):
    """A limit set in the options; the text says which."""


class Closed(Error):
    """The connection has ended, or the object was closed."""


class MessageError(Error):
    """Octets that are no control message of RFC 2637. `field` is the offset of what is wrong, `value` what stands there;
    with Code.SHORT nothing is wrong but that octets lack."""

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
    """libpptp cannot be loaded, or it is not the one that this package was made for. Raised where it is first needed."""


_FAMILIES: dict[int, type[Error]] = {
    Code.STATE: UsageError, Code.ARG: UsageError, Code.SIZE: UsageError, Code.ALIGN: UsageError,
    Code.REENTRANT: UsageError, Code.STALE: StaleCall, Code.AGAIN: WouldBlock, Code.WINDOW: WouldBlock,
    Code.LIMIT: LimitReached, Code.CLOSED: Closed, Code.FREED: Closed}


def family(code: int) -> type[Error]:
    """The exception for a code that a function returned."""
    return _FAMILIES.get(code, Error)
