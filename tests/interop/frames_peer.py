#!/usr/bin/python3
"""Frames of IPX and NetBEUI on async HDLC over standard input and output: with --echo each one that comes goes back,
else some are sent and have to come back as they were. RFC 1552, RFC 2097."""
import os
import select
import struct
import sys
import time
import tty

from ppp_peer import ALL_CONTROL, FLAG, Deframer, frame

IPX, NETBEUI = 0x002B, 0x003F
# An IPX packet that asks for the nearest file server (SAP), and a NetBEUI name query (UI frame).
SAP = bytes.fromhex("ffff0022000400000001ffffffffffff0452000000010002a5c3d2e1040b00030004")
QUERY = bytes.fromhex("032c00ffef0a00000000000000") + b"FILESERVER      " + b"CLIENT          "
FRAMES = [(IPX, SAP), (NETBEUI, QUERY), (IPX, bytes(range(256))), (NETBEUI, b"\x7d\x7e" * 300), (IPX, SAP + bytes(1300))]


def echo():
    deframer = Deframer()
    while data := os.read(0, 65536):
        for octets in deframer.feed(data):
            os.write(1, frame(struct.unpack("!H", octets[2:4])[0], octets[4:], ALL_CONTROL))


def send():
    deframer, came = Deframer(), []
    end = time.monotonic() + 10
    for protocol, body in FRAMES:
        data = frame(protocol, body, ALL_CONTROL)
        while data:
            data = data[os.write(1, data):]
        while not came or came[-1] != struct.pack("!HH", 0xFF03, protocol) + body:
            if time.monotonic() > end:
                sys.exit(f"not as it was: {protocol:04x} {body[:40].hex()}, but {[c[:40].hex() for c in came]}")
            if select.select([0], [], [], 0.2)[0]:
                came += deframer.feed(os.read(0, 65536))
    if len(came) != len(FRAMES):
        sys.exit(f"{len(came)} frames came for {len(FRAMES)}")
    print("all frames came back as they were", file=sys.stderr)


if os.isatty(0):
    tty.setraw(0)
os.write(1, bytes([FLAG]))
if "--echo" in sys.argv:
    echo()
else:
    time.sleep(1)  # until the other end is there
    send()
