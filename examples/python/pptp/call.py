"""A call on a connection."""
from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, Any

from . import arguments, native, structs
from .constants import CallRole, CallState, Code, Direction, DisconnectResult, IncomingResult, OutgoingResult
from .errors import LimitReached, StaleCall, UsageError
from .owner import now_or

if TYPE_CHECKING:
    from .connection import Connection


def filled(init: str, kind: type[c.Structure], members: dict[str, Any]) -> Any:
    """A struct with the library's defaults and these members."""
    struct = native.load().begun(init, kind)
    arguments.fill(struct, members)
    return struct


class Call:
    """A name for a call: nothing to be closed. It stays usable after the call's end; requests then raise StaleCall, as they
    do when the peer was faster; those of a connection that was closed raise Closed."""

    def __init__(self, connection: Connection, handle: int) -> None:
        self.connection = connection
        self.handle = handle

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and (self.connection, self.handle) == (other.connection, other.handle)

    def __hash__(self) -> int:
        return hash((id(self.connection), self.handle))

    def __repr__(self) -> str:
        return f"<Call {self.handle:#x}>"

    def _request(self, name: str, *given: Any) -> None:
        function, doing = getattr(native.load(), "call_" + name), name.replace("_", " ")
        code: int = function(self.connection.pointer, self.handle, *given)
        if code == Code.STALE:
            raise StaleCall(code, "the call has ended", doing)
        if code == Code.STATE:
            raise UsageError(code, f"the call is {self.info['state']}, and this end its {self.info['role']}", doing)
        if code == Code.LIMIT:
            raise LimitReached(code, "it takes Config(line_statistics=1)", doing)
        if code == Code.ARG and (numbers := function.say(self.connection.pointer, self.handle, *given)):
            doing += f" ({numbers})"
        native.load().check(code, doing)

    def accept(self, *, now: int | None = None, **answer: int) -> None:
        """Answer CALL_OFFERED, with members of pptp_answer. RFC 2637 2.8, 2.10."""
        self._request("accept", c.byref(filled("answer", structs.Answer, answer)), now_or(now))

    def reject(self, result_code: int | None = None, error_code: int = 0, cause_code: int = 0,
               now: int | None = None) -> None:
        """Refuse CALL_OFFERED, by default with "do not accept".
        @param result_code  OutgoingResult or IncomingResult, as the call is
        @param error_code   GeneralError, with GENERAL_ERROR only · @param cause_code  Q.931, of an outgoing call"""
        if result_code is None:
            try:
                outgoing = self.info["direction"] == Direction.OUTGOING
            except StaleCall:
                outgoing = True  # whatever is said then
            result_code = OutgoingResult.DO_NOT_ACCEPT if outgoing else IncomingResult.DO_NOT_ACCEPT
        self._request("reject", result_code, error_code, cause_code, now_or(now))

    def connected(self, *, now: int | None = None, **answer: int) -> None:
        """The line of CALL_ANSWER is answered. RFC 2637 2.11."""
        self._request("connected", c.byref(filled("answer", structs.Answer, answer)), now_or(now))

    def clear(self, result_code: int = DisconnectResult.ADMIN_SHUTDOWN, error_code: int = 0, cause_code: int = 0,
              now: int | None = None) -> None:
        """End it, in any state; CALL_DOWN follows. RFC 2637 2.12, 2.13."""
        self._request("clear", result_code, error_code, cause_code, now_or(now))

    def set_link_info(self, send_accm: int, recv_accm: int, now: int | None = None) -> None:
        """As its PNS: tell the PAC of the ACCMs. RFC 2637 2.15."""
        self._request("set_link_info", send_accm, recv_accm, now_or(now))

    def wan_errors(self, *, now: int | None = None, **errors: int) -> None:
        """As its PAC, with the option line_statistics: counters since it was connected. RFC 2637 2.14."""
        struct = structs.WanErrors(size=c.sizeof(structs.WanErrors))
        arguments.fill(struct, errors)
        self._request("wan_errors", c.byref(struct), now_or(now))

    def statistics(self, text: str | bytes) -> None:
        """As its PAC, with the option line_statistics: text of at most 128 octets for the Call-Disconnect-Notify to come.
        RFC 2637 2.13."""
        raw = arguments.text("text", text, 128)
        self._request("statistics", raw, len(raw))

    @property
    def info(self) -> dict[str, Any]:
        """The members of pptp_call_info by name."""
        struct = structs.CallInfo()
        self._request("get_info", c.byref(struct), c.sizeof(struct))
        return arguments.members_of(struct) | {
            "state": CallState(struct.state), "role": CallRole(struct.role), "direction": Direction(struct.direction),
            "reason": Code(struct.reason)}

    def channel_options(self) -> Any:
        """pptp_gre_options with what belongs to this call: Channel takes it."""
        options = native.load().begun("gre_options", structs.GreOptions)
        self._request("channel", c.byref(options))
        return options
