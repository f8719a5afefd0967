"""The 15 control messages of RFC 2637 as dataclasses, and their octets.

    message = EchoRequest(identifier=7)
    decode(message.encode()) == message

Fields have the RFC's names and the wire's numbers; texts are bytes, without the zeros behind them. Reserved fields that
are not 0 are kept, so that encode(decode(octets)) gives the same octets."""
from __future__ import annotations

import ctypes as c
import dataclasses
from typing import Any, ClassVar, Iterator

from . import arguments
from .constants import MSG_MAX_OCTETS, Allow, Code, MessageType
from .errors import MessageError
from .native import load
from .structs import MsgFault


_HEADER = ("length", "pptp_message_type", "magic_cookie", "control_message_type")


@dataclasses.dataclass
class Message:
    """What all of them have."""
    TYPE: ClassVar[MessageType]
    reserved0: int = dataclasses.field(default=0, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            if getattr(self, field.name) is None:  # a length that was left out counts its text
                text = getattr(self, field.name.removesuffix("_length"))
                setattr(self, field.name, len(text.encode() if isinstance(text, str) else text))

    @classmethod
    def layout(cls) -> Iterator[tuple[str, int, int]]:
        """(name, offset, octets) of the fields behind the header's fixed ones, as the library has them."""
        lib, index = load(), 0
        offset, size = c.c_uint32(), c.c_uint32()
        while name := lib.msg_field(cls.TYPE, index, c.byref(offset), c.byref(size)):
            if name.decode() not in _HEADER:
                yield name.decode(), offset.value, size.value
            index += 1

    def encode(self) -> bytes:
        """The message's octets. Raises UsageError for a number or a text that does not fit into its field, TypeError."""
        lib = load()
        raw = bytearray(lib.msg_size(self.TYPE))
        raw[0:12] = _header(len(raw), self.TYPE)
        for name, offset, size in self.layout():
            value = getattr(self, name)
            raw[offset:offset + size] = (
                arguments.text(name, value, size).ljust(size, b"\0") if size > 4
                else arguments.number(name, value, 0, (1 << 8 * size) - 1).to_bytes(size, "big"))
        return bytes(raw)

    @property
    def result_name(self) -> str | None:
        """Of the Result Code or Reason that this message has; None where it has none."""
        number = getattr(self, "result_code", getattr(self, "reason", None))
        if number is None:
            return None
        name: bytes = load().result_name(self.TYPE, number)
        return name.decode()


def _header(length: int, kind: int) -> bytes:
    return length.to_bytes(2, "big") + b"\0\1\x1a\x2b\x3c\x4d" + kind.to_bytes(2, "big") + b"\0\0"


@dataclasses.dataclass
class StartControlConnectionRequest(Message):
    """2.1"""
    TYPE = MessageType.SCCRQ
    protocol_version: int = 0x0100
    framing_capabilities: int = 3
    bearer_capabilities: int = 3
    maximum_channels: int = 0
    firmware_revision: int = 0
    host_name: bytes = b""
    vendor_string: bytes = b""
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class StartControlConnectionReply(Message):
    """2.2"""
    TYPE = MessageType.SCCRP
    protocol_version: int = 0x0100
    result_code: int = 1
    error_code: int = 0
    framing_capabilities: int = 3
    bearer_capabilities: int = 3
    maximum_channels: int = 0
    firmware_revision: int = 0
    host_name: bytes = b""
    vendor_string: bytes = b""


@dataclasses.dataclass
class StopControlConnectionRequest(Message):
    """2.3"""
    TYPE = MessageType.STOPCCRQ
    reason: int = 1
    reserved1: int = dataclasses.field(default=0, repr=False)
    reserved2: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class StopControlConnectionReply(Message):
    """2.4"""
    TYPE = MessageType.STOPCCRP
    result_code: int = 1
    error_code: int = 0
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class EchoRequest(Message):
    """2.5"""
    TYPE = MessageType.ECHORQ
    identifier: int = 0


@dataclasses.dataclass
class EchoReply(Message):
    """2.6"""
    TYPE = MessageType.ECHORP
    identifier: int = 0
    result_code: int = 1
    error_code: int = 0
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class OutgoingCallRequest(Message):
    """2.7, PNS to PAC. Speeds in bit/s, window in packets, delay in 1/10 s."""
    TYPE = MessageType.OCRQ
    call_id: int = 0
    call_serial_number: int = 0
    minimum_bps: int = 300
    maximum_bps: int = 100_000_000
    bearer_type: int = 3
    framing_type: int = 3
    packet_recv_window_size: int = 64
    packet_processing_delay: int = 0
    phone_number_length: int | None = None  # counts itself
    phone_number: bytes = b""
    subaddress: bytes = b""
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class OutgoingCallReply(Message):
    """2.8, PAC to PNS."""
    TYPE = MessageType.OCRP
    call_id: int = 0
    peer_call_id: int = 0
    result_code: int = 1
    error_code: int = 0
    cause_code: int = 0
    connect_speed: int = 0
    packet_recv_window_size: int = 64
    packet_processing_delay: int = 0
    physical_channel_id: int = 0


@dataclasses.dataclass
class IncomingCallRequest(Message):
    """2.9, PAC to PNS."""
    TYPE = MessageType.ICRQ
    call_id: int = 0
    call_serial_number: int = 0
    call_bearer_type: int = 1
    physical_channel_id: int = 0
    dialed_number_length: int | None = None  # these two count themselves
    dialing_number_length: int | None = None
    dialed_number: bytes = b""
    dialing_number: bytes = b""
    subaddress: bytes = b""


@dataclasses.dataclass
class IncomingCallReply(Message):
    """2.10, PNS to PAC."""
    TYPE = MessageType.ICRP
    call_id: int = 0
    peer_call_id: int = 0
    result_code: int = 1
    error_code: int = 0
    packet_recv_window_size: int = 64
    packet_transmit_delay: int = 0
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class IncomingCallConnected(Message):
    """2.11, PAC to PNS."""
    TYPE = MessageType.ICCN
    peer_call_id: int = 0
    connect_speed: int = 0
    packet_recv_window_size: int = 64
    packet_transmit_delay: int = 0
    framing_type: int = 2
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class CallClearRequest(Message):
    """2.12, PNS to PAC."""
    TYPE = MessageType.CCRQ
    call_id: int = 0
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class CallDisconnectNotify(Message):
    """2.13, PAC to PNS."""
    TYPE = MessageType.CDN
    call_id: int = 0
    result_code: int = 4
    error_code: int = 0
    cause_code: int = 0
    call_statistics: bytes = b""
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class WanErrorNotify(Message):
    """2.14, PAC to PNS: counters since the call was connected."""
    TYPE = MessageType.WEN
    peer_call_id: int = 0
    crc_errors: int = 0
    framing_errors: int = 0
    hardware_overruns: int = 0
    buffer_overruns: int = 0
    timeout_errors: int = 0
    alignment_errors: int = 0
    reserved1: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class SetLinkInfo(Message):
    """2.15, PNS to PAC."""
    TYPE = MessageType.SLI
    peer_call_id: int = 0
    send_accm: int = 0xFFFFFFFF
    receive_accm: int = 0xFFFFFFFF
    reserved1: int = dataclasses.field(default=0, repr=False)


_KINDS: tuple[type[Message], ...] = (
    StartControlConnectionRequest, StartControlConnectionReply, StopControlConnectionRequest, StopControlConnectionReply,
    EchoRequest, EchoReply, OutgoingCallRequest, OutgoingCallReply, IncomingCallRequest, IncomingCallReply,
    IncomingCallConnected, CallClearRequest, CallDisconnectNotify, WanErrorNotify, SetLinkInfo)
MESSAGES: dict[MessageType, type[Message]] = {kind.TYPE: kind for kind in _KINDS}


def _fail(code: int, fault: MsgFault, data: bytes) -> MessageError:
    if code == Code.SHORT:
        return MessageError(code, f"{len(data)} octets are not a whole message yet")
    kind = int.from_bytes(data[8:10], "big")
    name = load().msg_field_at(kind, fault.field)
    return MessageError(code, f"no control message: {name.decode() if name else 'what stands'} at octet {fault.field} is "
                              f"{fault.value:#x}", fault.field, fault.value)


def size_of(data: bytes, allow: Allow | int = 0) -> int | None:
    """How many octets the message at the start of data has; None: too few to tell. Raises MessageError as soon as it is
    none. RFC 2637 1.4, 2."""
    fault, data = MsgFault(), arguments.octets("data", data)
    size: int = load().msg_peek(data, len(data), allow, c.byref(fault))
    if size == Code.SHORT:
        return None
    if size < 0:
        raise _fail(size, fault, data)
    return size


def decode(data: bytes, allow: Allow | int = 0) -> Message:
    """The message at the start of data.
    @param allow  Allow.LONGER takes a message that has more octets than its type
    Raises MessageError: its code is MALFORMED, or SHORT while octets lack."""
    lib, fault, union = load(), MsgFault(), (c.c_uint8 * MSG_MAX_OCTETS)()
    data = arguments.octets("data", data)
    used: int = lib.msg_decode(data, len(data), allow, union, c.byref(fault))
    if used < 0:
        raise _fail(used, fault, data)
    kind = MESSAGES[MessageType(int.from_bytes(data[8:10], "big"))]
    fields: dict[str, Any] = {}
    for name, offset, size in kind.layout():
        raw = data[offset:offset + size]
        fields[name] = raw.rstrip(b"\0") if size > 4 else int.from_bytes(raw, "big")
    return kind(**fields)


def split(stream: bytearray, allow: Allow | int = Allow.LONGER) -> Iterator[Message]:
    """Take whole messages from the start of a stream's octets, as a sniffer does; what is not whole stays in it. Types
    that RFC 2637 does not have are passed over where `allow` has UNKNOWN_TYPE. Raises MessageError, TypeError: only a
    bytearray can be taken from."""
    arguments.instance("stream", stream, bytearray)
    return _split(stream, allow)


def _split(stream: bytearray, allow: int) -> Iterator[Message]:
    while (size := size_of(stream[:MSG_MAX_OCTETS], allow)) is not None and size <= len(stream):
        whole = bytes(stream[:size])
        del stream[:size]
        if int.from_bytes(whole[8:10], "big") in MESSAGES:
            yield decode(whole, allow)
