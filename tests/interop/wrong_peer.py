#!/usr/bin/python3
"""PPTP peers that do one thing wrong, for tests of what our programs say then.

    wrong_peer.py DEED ADDRESS    the address that the peer calls, or at which it is called, whichever the deed wants"""
import socket
import struct
import sys

from pptp_octets import GRE, OCRP, OCRQ, SCCRP, SCCRQ, SECONDS, Listener, call, encode

LENGTH, MESSAGE_TYPE, MAGIC_COOKIE, CONTROL_TYPE = 0, 2, 4, 8  # offsets in a message


def start_reply(result=1):
    return bytearray(encode(SCCRP, version=0x100, result=result, framing=3, bearer=3, channels=1))


def wrong(offset, layout, value):
    """A Start-Control-Connection-Reply with one field set to something else."""
    octets = start_reply()
    struct.pack_into(layout, octets, offset, value)
    return octets


def hold(control):
    """Say nothing until the peer goes."""
    while control.stream.recv(4096):
        pass


def answer(address, octets):
    """A server that answers the first request with this."""
    control = Listener(address).take()
    control.receive(SCCRQ)
    control.stream.sendall(octets)
    hold(control)


def answer_call(address, **reply):
    """A server whose mistake is its answer to the call, if it gives one."""
    control = Listener(address).take()
    control.answer_start()
    request = control.receive(OCRQ)
    if reply:
        control.send(OCRP, call=4711, peer=request["call"], speed=64000, window=16, **reply)
    hold(control)


def say(address, octets):
    """A client that says this."""
    control = call(address)
    control.stream.sendall(octets)
    hold(control)


def spray(address):
    """GRE of calls that are not there, and octets that are no GRE."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, GRE) as raw:
        for i in range(2000):
            header = struct.pack("!HHHHI", 0x3001, 0x880B, 4, i * 33 & 0xFFFF, i)
            raw.sendto(header + b"\xff\x03\xc0\x21", (address, 0))
            raw.sendto(bytes(i * 7 + j & 255 for j in range(i % 40)), (address, 0))


DEEDS = {
    # Servers.
    "silent": lambda at: hold(Listener(at).take()),
    "hangs-up": lambda at: Listener(at).take().receive(SCCRQ),
    "half-a-reply": lambda at: answer(at, start_reply()[:100]),
    "refuses": lambda at: answer(at, start_reply(result=4)),
    "has-one": lambda at: answer(at, start_reply(result=3)),
    "wrong-cookie": lambda at: answer(at, wrong(MAGIC_COOKIE, "!I", 0x0BADCAFE)),
    "wrong-length": lambda at: answer(at, wrong(LENGTH, "!H", 400)),
    "wrong-message-type": lambda at: answer(at, wrong(MESSAGE_TYPE, "!H", 7)),
    "wrong-control-type": lambda at: answer(at, wrong(CONTROL_TYPE, "!H", 99)),
    "http": lambda at: answer(at, b"HTTP/1.0 400 Bad Request\r\n\r\n"),
    "ignores-call": answer_call,
    "refuses-call": lambda at: answer_call(at, result=7),
    "without-gre": lambda at: answer_call(at, result=1),
    # Clients.
    "says-http": lambda at: say(at, b"GET / HTTP/1.0\r\n\r\n"),
    "says-random": lambda at: say(at, bytes(i * 73 + 5 & 255 for i in range(3000))),
    "calls-first": lambda at: say(at, encode(OCRQ, call=1)),
    "sprays-gre": spray,
}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in DEEDS:
        sys.exit(__doc__)
    socket.setdefaulttimeout(SECONDS)
    try:
        DEEDS[sys.argv[1]](sys.argv[2])
    except ConnectionError as end:
        print("ended:", end)


if __name__ == "__main__":
    main()
