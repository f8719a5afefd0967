#!/usr/bin/env python3
"""Measure a TCP transfer: one end sends, the other counts, times and compares what arrives.

    transfer.py receive ADDRESS LABEL
    transfer.py send ADDRESS SECONDS [OCTETS]
"""
import random
import socket
import sys
import time

PORT = 5001
WAIT_S = 10
BLOCK = random.Random(1).randbytes(1 << 16)  # the same at both ends
TWICE = memoryview(BLOCK * 2)  # so that a block's worth from any place in it is one slice


def receive(address, label):
    with socket.create_server((address, PORT)) as listener:
        listener.settimeout(WAIT_S)
        peer, _ = listener.accept()
    octets = 0
    began = time.monotonic()
    with peer:
        peer.settimeout(WAIT_S)
        while chunk := peer.recv(len(BLOCK)):
            at = octets % len(BLOCK)
            if chunk != TWICE[at:at + len(chunk)]:
                sys.exit(f"{label}: what arrives behind octet {octets} is not what was sent")
            octets += len(chunk)
    seconds = time.monotonic() - began
    print(f"{label:<20}{octets:>12}{seconds:>10.2f}{octets * 8 / seconds / 1e6:>10.0f} Mbit/s")


def connect(address):
    give_up = time.monotonic() + WAIT_S
    while True:
        try:
            return socket.create_connection((address, PORT), timeout=WAIT_S)
        except ConnectionRefusedError:  # the receiver is only starting
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def send(address, seconds, octets):
    end = time.monotonic() + seconds
    with connect(address) as peer:
        while octets > 0 and time.monotonic() < end:
            peer.sendall(BLOCK[:octets])
            octets -= len(BLOCK)


if __name__ == "__main__":
    if sys.argv[1:2] == ["receive"] and len(sys.argv) == 4:
        receive(sys.argv[2], sys.argv[3])
    elif sys.argv[1:2] == ["send"] and len(sys.argv) in (4, 5):
        send(sys.argv[2], float(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) == 5 else 1 << 62)
    else:
        sys.exit(__doc__)
