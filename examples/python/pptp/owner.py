"""What every object of the library has in Python: an owner, an end, and settings by name."""
from __future__ import annotations

import ctypes as c
import os
import time
from types import TracebackType
from typing import Any

from . import arguments, native
from .constants import Code
from .errors import Closed, UsageError


def clock() -> int:
    """Microseconds of a monotonic clock: what `now` is where it is not given."""
    return time.monotonic_ns() // 1000


def now_or(now: int | None) -> int:
    """The time that was given, or that it is."""
    return clock() if now is None else now


def seed_or(seed: int | None) -> int:
    """The seed that was given, or one from the system's random source."""
    return int.from_bytes(os.urandom(8), "big") if seed is None else seed


class Owner:
    """An object of the library's heap, freed when it is closed, once nobody uses it any more."""

    GONE = "is closed"  # what is said of one that was

    def __init__(self, pointer: c.c_void_p, free: Any, *uses: Owner) -> None:
        self._pointer: c.c_void_p | None = pointer
        self._free = free
        self._uses = uses
        self._users = 1
        for used in uses:
            used._users += 1

    @property
    def pointer(self) -> c.c_void_p:
        """For ctypes. Raises Closed."""
        if self._pointer is None:
            raise Closed(Code.CLOSED, f"this {type(self).__name__} {self.GONE}")
        return self._pointer

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._pointer is None

    def _release(self) -> None:
        self._users -= 1
        if self._users == 0:
            self._free(self._kept)
            for used in self._uses:
                used._release()

    def close(self) -> None:
        """Free it; it may be said more than once. What it was made with lives until its last user is closed."""
        if self._pointer is not None:
            self._kept, self._pointer = self._pointer, None
            self._release()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_pointer", None) is not None:
            self.close()

    def __copy__(self) -> Any:
        raise TypeError(f"a {type(self).__name__} cannot be copied: make another one")

    def __deepcopy__(self, memo: Any) -> Any:
        return self.__copy__()

    def __reduce__(self) -> Any:
        return self.__copy__()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'closed' if self.closed else self._told()}>"

    def _told(self) -> str:
        return "open"


def is_open(name: str, value: Any, kind: type[Owner]) -> None:
    """An object of this package that is not closed. Raises TypeError, Closed."""
    arguments.instance(name, value, kind)
    value.pointer  # pylint: disable=pointless-statement # which raises


def told(settings: dict[str, Any]) -> str:
    """Settings as they were given, for an error about them."""
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def made(what: str, kind: str, settings: dict[str, Any], *given: Any) -> c.c_void_p:
    """A new object; an error names the settings, of which one is out of its range."""
    try:
        return native.load().new(what, kind, *given)
    except UsageError as error:
        if error.code != Code.ARG or not settings:
            raise
        raise UsageError(error.code, error.text, f"{kind}({told(settings)})") from None


def named_counters(name_of: Any, count: Any, pointer: c.c_void_p) -> dict[str, int]:
    """{name: number} of an object's counters."""
    ret: dict[str, int] = {}
    which = 0
    while (name := name_of(which).decode()) != "unknown":
        ret[name] = count(pointer, which)
        which += 1
    return ret
