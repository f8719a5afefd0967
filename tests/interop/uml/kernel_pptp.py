#!/usr/bin/env python3
"""Frames through Linux's PPTP driver: an AF_PPPOX socket whose PPP channel is read and written here, instead of by pppd.
Usage: kernel_pptp.py LOCAL LOCAL_CALL_ID PEER PEER_CALL_ID FRAMES. It sends numbered LCP Echo-Requests, answers those
of the peer, and counts what came; /run/out/ready, /run/out/result."""

import array
import ctypes
import fcntl
import os
import select
import socket
import struct
import sys
import time

AF_PPPOX, PX_PROTO_PPTP = 24, 2
PPPIOCGCHAN, PPPIOCATTCHAN = 0x80047437, 0x40047438
LCP, ECHO_REQUEST, ECHO_REPLY = b"\xc0\x21", 9, 10


def address(ip, call_id):
    """struct sockaddr_pppox for PPTP, packed."""
    words = struct.pack("=HIHxxI", AF_PPPOX, PX_PROTO_PPTP, call_id, struct.unpack("=I", socket.inet_aton(ip))[0])
    return words.ljust(30, b"\0")


def call(local, local_id, peer, peer_id):
    """A channel of /dev/ppp on a call; the socket stays open with the process."""
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.socket(AF_PPPOX, socket.SOCK_STREAM, PX_PROTO_PPTP)
    for step, where in ((libc.bind, address(local, local_id)), (libc.connect, address(peer, peer_id))):
        if fd < 0 or step(fd, where, len(where)) < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    channel = array.array("i", [0])
    fcntl.ioctl(fd, PPPIOCGCHAN, channel, True)
    ppp = os.open("/dev/ppp", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(ppp, PPPIOCATTCHAN, channel)
    return ppp


def echo(code, number):
    return LCP + struct.pack(">BBHI", code, number & 255, 8, number)


def main():
    frames = int(sys.argv[5])
    ppp = call(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    open("/run/out/ready", "w").close()
    sent, replies, requests, disorder, end = 0, 0, [], 0, time.monotonic() + 30
    while time.monotonic() < end and (replies < frames or len(requests) < frames):
        # The peer begins; then one request of ours for each of its.
        if select.select([ppp], [], [], 0.2)[0]:
            frame = os.read(ppp, 2000)
            if frame[:2] == b"\xff\x03":
                frame = frame[2:]
            code, number = frame[2], struct.unpack(">I", frame[6:10])[0]
            if code == ECHO_REQUEST:
                disorder += bool(requests) and number <= requests[-1]
                requests.append(number)
                os.write(ppp, echo(ECHO_REPLY, number))
                if sent < frames:
                    os.write(ppp, echo(ECHO_REQUEST, sent))
                    sent += 1
            elif code == ECHO_REPLY:
                replies += 1
    with open("/run/out/result", "w") as result:
        print(f"sent {sent} replies {replies} requests {len(requests)} disorder {disorder}", file=result)


if __name__ == "__main__":
    main()
