"""What programs pass in, checked where it goes over to C: there a wrong number would be cut, and a wrong kind of value is
anything but a clear error."""
from __future__ import annotations

import ctypes as c
import operator
from typing import Any

from .constants import Code
from .errors import UsageError

_OURS = ("size", "reserved", "user", "pool", "buffer", "buffer_octets")  # members that the package sets
_SIGNED = (c.c_int8, c.c_int16, c.c_int32, c.c_int64)


def bounds(kind: Any) -> tuple[int, int]:
    """The smallest and the largest number of an integer type of C."""
    bits = 8 * c.sizeof(kind)
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if kind in _SIGNED else (0, (1 << bits) - 1)


def number(name: str, value: Any, low: int, high: int) -> int:
    """An integer in a range. Raises TypeError, UsageError."""
    try:
        ret = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: an integer, not {type(value).__name__}") from None
    if not low <= ret <= high:
        raise UsageError(Code.ARG, f"{name} {ret}: must be {low:,} to {high:,}")
    return ret


def octets(name: str, value: Any) -> bytes:
    """Octets as they are. Raises TypeError."""
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError(f"{name}: bytes, not {type(value).__name__}")
    return bytes(value)


def text(name: str, value: Any, size: int) -> bytes:
    """A text as octets, at most so many. Raises TypeError, UsageError."""
    if not isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"{name}: str or bytes, not {type(value).__name__}")
    raw = value.encode() if isinstance(value, str) else bytes(value)
    if len(raw) > size:
        raise UsageError(Code.ARG, f"{name}: {len(raw)} octets, but the field has {size}")
    return raw


def instance(name: str, value: Any, kind: type[Any]) -> None:
    """An object of this package. Raises TypeError."""
    if not isinstance(value, kind):
        raise TypeError(f"{name}: a {kind.__name__}, not {type(value).__name__}")


def fill(struct: Any, members: dict[str, Any]) -> None:
    """Set members of a struct by name; what belongs to the package is not among them, and lengths count themselves.
    Raises TypeError, UsageError."""
    kinds = settable(struct)
    for name, value in members.items():
        if name not in kinds:
            raise TypeError(f"there is no {name!r}; there are {', '.join(sorted(kinds))}")
        if not issubclass(kinds[name], c.Array):
            setattr(struct, name, number(name, value, *bounds(kinds[name])))
            continue
        field = getattr(struct, name)
        raw = text(name, value, len(field))
        field[:] = raw.ljust(len(field), b"\0")
        if name + "_length" in kinds and name + "_length" not in members:
            setattr(struct, name + "_length", len(raw.rstrip(b"\0")))


def settable(struct: Any) -> dict[str, Any]:
    """{name: type} of the members that a program may set."""
    return {name: kind for name, kind in struct._fields_ if name not in _OURS}


def members_of(struct: Any) -> dict[str, Any]:
    """{name: value} of what a struct tells; texts without the zeros behind them."""
    ret: dict[str, Any] = {}
    for name in settable(struct):
        value = getattr(struct, name)
        ret[name] = bytes(value).rstrip(b"\0") if isinstance(value, c.Array) else value
    return ret
