"""The library's structs, member by member; tests compare every offset with what a C compiler says."""
from __future__ import annotations

import ctypes as c
from typing import Any

Fields = list[tuple[str, Any]]


def _many(kind: Any, *names: str) -> Fields:
    return [(name, kind) for name in names]


class ConfigOptions(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "size", "tolerate", "max_calls", "tx_octets", "framing_capabilities", "bearer_capabilities"),
        *_many(c.c_uint16, "maximum_channels", "firmware_revision", "protocol_version", "take_calls", "oldest_version",
               "max_offered", "line_statistics", "reserved"),
        *_many(c.c_uint64, "start_timeout_us", "idle_timeout_us", "echo_timeout_us", "stop_timeout_us", "dial_timeout_us",
               "answer_timeout_us", "clear_timeout_us", "offer_timeout_us", "connect_timeout_us", "wan_error_interval_us"),
        ("host_name", c.c_uint8 * 64), ("vendor_string", c.c_uint8 * 64)]


class ConnOptions(c.Structure):
    _fields_ = [*_many(c.c_uint32, "size", "role"), ("seed", c.c_uint64), *_many(c.c_void_p, "callbacks", "user"),
                *_many(c.c_uint32, "flags", "reserved")]


class Event(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "type", "call"), ("reason", c.c_int32), ("timer", c.c_uint32),
        *_many(c.c_uint16, "local_call_id", "peer_call_id", "peer_recv_window", "peer_delay"),
        *_many(c.c_uint32, "connect_speed", "bearer_type", "framing_type", "physical_channel_id", "send_accm", "recv_accm"),
        ("cause_code", c.c_uint16), *_many(c.c_uint8, "result_code", "error_code"),
        *_many(c.c_uint16, "message_type", "result_type"), *_many(c.c_uint32, "field", "value"),
        ("msg", c.POINTER(c.c_uint8)), ("msg_len", c.c_size_t), ("user", c.c_void_p), ("reserved", c.c_size_t * 5)]


class Dial(c.Structure):
    _fields_ = [
        ("size", c.c_uint32), *_many(c.c_uint16, "local_call_id", "call_serial_number"),
        *_many(c.c_uint32, "minimum_bps", "maximum_bps", "bearer_type", "framing_type"),
        *_many(c.c_uint16, "packet_recv_window_size", "packet_processing_delay", "phone_number_length", "reserved"),
        ("phone_number", c.c_uint8 * 64), ("subaddress", c.c_uint8 * 64), ("user", c.c_void_p)]


class Offer(c.Structure):
    _fields_ = [
        ("size", c.c_uint32), *_many(c.c_uint16, "local_call_id", "call_serial_number"),
        *_many(c.c_uint32, "call_bearer_type", "physical_channel_id"),
        *_many(c.c_uint16, "dialed_number_length", "dialing_number_length"), ("reserved", c.c_uint32),
        ("dialed_number", c.c_uint8 * 64), ("dialing_number", c.c_uint8 * 64), ("subaddress", c.c_uint8 * 64),
        ("user", c.c_void_p)]


class Answer(c.Structure):
    _fields_ = [
        ("size", c.c_uint32), *_many(c.c_uint16, "local_call_id", "cause_code"),
        *_many(c.c_uint32, "connect_speed", "physical_channel_id"),
        *_many(c.c_uint16, "packet_recv_window_size", "packet_processing_delay"), ("framing_type", c.c_uint32),
        ("user", c.c_void_p)]


class WanErrors(c.Structure):
    _fields_ = _many(c.c_uint32, "size", "crc_errors", "framing_errors", "hardware_overruns", "buffer_overruns",
                     "timeout_errors", "alignment_errors")


class CallInfo(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "size", "state", "role", "direction"), ("reason", c.c_int32),
        *_many(c.c_uint16, "local_call_id", "peer_call_id", "call_serial_number", "recv_window", "peer_recv_window",
               "peer_delay"),
        *_many(c.c_uint32, "connect_speed", "minimum_bps", "maximum_bps", "bearer_type", "framing_type",
               "physical_channel_id", "send_accm", "recv_accm"), ("user", c.c_void_p)]


class ConnInfo(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "size", "state", "role", "calls"), ("reason", c.c_int32), ("tx_octets", c.c_uint32),
        *_many(c.c_uint16, "protocol_version", "peer_firmware_revision"),
        *_many(c.c_uint32, "peer_framing_capabilities", "peer_bearer_capabilities"),
        *_many(c.c_uint16, "peer_maximum_channels", "offered_calls"), ("echo_rtt_us", c.c_uint64)]


class GreOptions(c.Structure):
    _fields_ = [
        *_many(c.c_uint32, "size", "ack_delay_us", "first_sequence"),
        *_many(c.c_uint16, "local_call_id", "recv_window", "peer_call_id", "peer_recv_window", "peer_delay",
               "reorder_packets"),
        *_many(c.c_uint32, "reorder_us", "resync_us", "no_inbound_us", "window_mode", "min_timeout_us", "max_timeout_us"),
        ("pool", c.c_void_p)]


class GreFrame(c.Structure):
    _fields_ = [("frame", c.POINTER(c.c_uint8)), ("cookie", c.c_void_p), ("len", c.c_size_t),
                *_many(c.c_uint32, "verdict", "sequence"), ("reserved", c.c_size_t * 3)]


class GreHeader(c.Structure):
    _fields_ = [*_many(c.c_uint32, "sequence", "acknowledgment"), *_many(c.c_uint16, "payload_octets", "call_id"),
                *_many(c.c_uint8, "has_sequence", "has_ack", "header_octets", "reserved")]


class GreInfo(c.Structure):
    _fields_ = _many(c.c_uint32, "size", "next_sequence", "acknowledged", "expected", "window", "outstanding",
                     "round_trip_us", "deviation_us", "timeout_us", "held")


class HdlcOptions(c.Structure):
    _fields_ = [*_many(c.c_uint32, "size", "flags", "send_accm", "recv_accm"), ("buffer", c.c_void_p),
                ("buffer_octets", c.c_size_t)]


class HdlcFrame(c.Structure):
    _fields_ = [("frame", c.POINTER(c.c_uint8)), ("len", c.c_size_t), *_many(c.c_uint32, "dropped", "reserved0"),
                ("reserved", c.c_size_t * 4)]


class MsgFault(c.Structure):
    _fields_ = _many(c.c_uint32, "field", "value")


# name in C: class, for who compares the two
STRUCTS: dict[str, type[c.Structure]] = {
    "pptp_config_options": ConfigOptions, "pptp_conn_options": ConnOptions, "pptp_event": Event, "pptp_dial": Dial,
    "pptp_offer": Offer, "pptp_answer": Answer, "pptp_wan_errors": WanErrors, "pptp_call_info": CallInfo,
    "pptp_conn_info": ConnInfo, "pptp_gre_options": GreOptions, "pptp_gre_frame": GreFrame,
    "pptp_gre_header": GreHeader, "pptp_gre_info": GreInfo, "pptp_hdlc_options": HdlcOptions,
    "pptp_hdlc_frame": HdlcFrame, "pptp_msg_fault": MsgFault}
