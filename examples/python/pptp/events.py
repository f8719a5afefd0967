"""What a connection tells."""
from __future__ import annotations

import ctypes as c
import dataclasses
from typing import Any, Callable

from . import native
from .call import Call
from .constants import Allow, Code, EventType, MessageType, Timer
from .messages import Message, decode


@dataclasses.dataclass(frozen=True, repr=False)
class Event:
    """What pptp_event says (conn.h); members that do not apply are 0 or None. `call` is the Call that it is about. Windows
    in packets, delays in 1/10 s, speeds in bit/s."""
    type: EventType
    call: Call | None
    reason: Code
    timer: Timer
    local_call_id: int
    peer_call_id: int
    peer_recv_window: int
    peer_delay: int
    connect_speed: int
    bearer_type: int
    framing_type: int
    physical_channel_id: int
    send_accm: int
    recv_accm: int
    cause_code: int
    result_code: int
    error_code: int
    message_type: MessageType
    result_type: MessageType
    field: int
    value: int
    octets: bytes  # of the message behind it, as they came

    @property
    def message(self) -> Message | None:
        """The message behind it, decoded; None: none, or it is malformed."""
        if not self.octets or self.reason == Code.MALFORMED:
            return None
        return decode(self.octets, Allow.LONGER)

    @property
    def why(self) -> str:
        """Of an end, for a user: the reason, what result, error and cause say, and what broke the rules."""
        lib = native.load()
        said = [lib.text(self.reason)]
        if self.timer:
            said[0] += f" ({lib.timer_name(self.timer).decode()} timer)"
        for what, code, name in (("result", self.result_code, lib.result_name(self.result_type, self.result_code)),
                                 ("error", self.error_code, lib.error_name(self.error_code)),
                                 ("cause", self.cause_code, lib.cause_name(self.cause_code))):
            if code:
                said.append(f"{what} {code} ({name.decode()})")
        if self.type == EventType.DOWN and self.reason in (Code.MALFORMED, Code.PROTOCOL, Code.VERSION):
            field = lib.msg_field_at(self.message_type, self.field)
            said.append(f"{field.decode() if field else 'what stands'} at octet {self.field} is {self.value:#x}")
        return ", ".join(said)

    def __str__(self) -> str:
        about = f"{self.type} of call {self.local_call_id}" if self.call else str(self.type)
        return f"{about}: {self.why}" if self.reason else about

    def __repr__(self) -> str:
        values = ((field.name, getattr(self, field.name)) for field in dataclasses.fields(self))
        return f"Event({', '.join(f'{name}={value}' for name, value in values if value and name != 'octets')})"


_PLAIN = [field.name for field in dataclasses.fields(Event) if field.name not in ("call", "octets")]
_ENUMS: dict[str, Callable[[int], Any]] = {
    "type": EventType, "reason": Code, "timer": Timer, "message_type": MessageType, "result_type": MessageType}


def event_from(raw: Any, connection: Any) -> Event:
    """The event in a struct of the library's."""
    values = {name: _ENUMS.get(name, int)(getattr(raw, name)) for name in _PLAIN}
    octets = c.string_at(raw.msg, raw.msg_len) if raw.msg else b""
    return Event(call=Call(connection, raw.call) if raw.call else None, octets=octets, **values)
