#!/usr/bin/env python3
"""Both ends of a PPTP connection in one process, through ctypes and in pull mode: no callback crosses the
language border. Usage: loopback.py [path of libpptp.so]"""

import ctypes as c
import sys

ORIGINATOR, RECEIVER = 1, 2
UP, DOWN, OFFERED, CALL_UP = 1, 2, 3, 4
STOP_LOCAL_SHUTDOWN = 3

lib = c.CDLL(sys.argv[1] if len(sys.argv) > 1 else "libpptp.so.0")


class Event(c.Structure):  # pptp_event
    _fields_ = ([(name, c.c_uint32) for name in ("type", "call")] + [("reason", c.c_int32), ("timer", c.c_uint32)]
                + [(name, c.c_uint16) for name in ("local_call_id", "peer_call_id", "peer_recv_window", "peer_delay")]
                + [(name, c.c_uint32) for name in ("connect_speed", "bearer_type", "framing_type",
                                                   "physical_channel_id", "send_accm", "recv_accm")]
                + [("cause_code", c.c_uint16), ("result_code", c.c_uint8), ("error_code", c.c_uint8)]
                + [(name, c.c_uint16) for name in ("message_type", "result_type")]
                + [(name, c.c_uint32) for name in ("field", "value")]
                + [("msg", c.POINTER(c.c_uint8)), ("msg_len", c.c_size_t), ("user", c.c_void_p)]
                + [("reserved", c.c_void_p * 5)])


class ConnOptions(c.Structure):  # pptp_conn_options
    _fields_ = [("size", c.c_uint32), ("role", c.c_uint32), ("seed", c.c_uint64),
                ("callbacks", c.c_void_p), ("user", c.c_void_p)]


NOW = c.c_uint64(0)  # a host would give its monotonic clock, in microseconds
lib.pptp_err_text.restype = lib.pptp_event_name.restype = lib.pptp_msg_name.restype = c.c_char_p
lib.pptp_version_text.restype = c.c_char_p
lib.pptp_conn_recv.restype = c.c_ssize_t
lib.pptp_conn_recv.argtypes = [c.c_void_p, c.c_char_p, c.c_size_t, c.c_uint64]
lib.pptp_conn_tx_buf.restype = c.c_void_p
lib.pptp_conn_tx_done.argtypes = [c.c_void_p, c.c_size_t, c.c_uint64]


def check(code):
    """An error code of the library becomes an exception; octet counts pass."""
    if code < 0:
        raise OSError(lib.pptp_err_text(code).decode())
    return code


def with_defaults(init):
    """A struct that only the library looks into, begun by its _init function: room enough, its own size."""
    size = 512
    struct = c.create_string_buffer(size)
    check(init(struct, size))
    return struct


class End:
    """One end of a control connection."""

    def __init__(self, name, config, role):
        self.name, self.conn, self.call = name, c.c_void_p(), c.c_uint32()
        options = ConnOptions()
        check(lib.pptp_conn_options_init(c.byref(options), c.sizeof(options)))
        options.role, options.seed = role, 1  # a host would take the seed from os.urandom
        check(lib.pptp_conn_new(config, c.byref(options), NOW, c.byref(self.conn)))

    def handle(self, event):
        print(f"{self.name}: {lib.pptp_event_name(event.type).decode()}"
              + (f" ({lib.pptp_err_text(event.reason).decode()})" if event.reason else ""))
        if event.type == UP and self.name == "client":
            check(lib.pptp_call_dial(self.conn, with_defaults(lib.pptp_dial_init), NOW, c.byref(self.call)))
        elif event.type == OFFERED:
            self.call.value = event.call
            check(lib.pptp_call_accept(self.conn, self.call, with_defaults(lib.pptp_answer_init), NOW))
        elif event.type == CALL_UP:
            print(f"{self.name}: Call ID {event.local_call_id} here, {event.peer_call_id} there")

    def poll(self):
        event = Event()
        while lib.pptp_conn_poll(self.conn, c.byref(event)) == 0:
            self.handle(event)

    def carry_to(self, other):
        """Send what waits to be sent. Returns whether anything moved."""
        length, moved = c.c_size_t(), False
        while start := lib.pptp_conn_tx_buf(self.conn, c.byref(length), NOW):
            message = c.string_at(start, length.value)
            print(f"{self.name} sends {lib.pptp_msg_name(int.from_bytes(message[8:10], 'big')).decode()}")
            assert check(lib.pptp_conn_recv(other.conn, message, len(message), NOW)) == len(message)
            check(lib.pptp_conn_tx_done(self.conn, len(message), NOW))
            other.poll()
            moved = True
        self.poll()
        return moved


def main():
    config = c.c_void_p()
    check(lib.pptp_config_new(with_defaults(lib.pptp_config_options_init), c.byref(config)))
    client, server = End("client", config, ORIGINATOR), End("server", config, RECEIVER)
    while client.carry_to(server) or server.carry_to(client):
        pass
    check(lib.pptp_conn_close(client.conn, STOP_LOCAL_SHUTDOWN, NOW))
    while client.carry_to(server) or server.carry_to(client):
        pass
    for end in (client, server):
        lib.pptp_conn_free(end.conn)
    lib.pptp_config_free(config)
    print("libpptp", lib.pptp_version_text().decode(), "works from Python")


if __name__ == "__main__":
    main()
