#!/usr/bin/env python3
"""Send octets to the echo service of a host, and see them come back as they were.

    lwip_echo.py ADDRESS OCTETS"""
import random
import socket
import sys
import threading

PORT, SECONDS = 7, 30


def main():
    address, count = sys.argv[1], int(sys.argv[2])
    octets = random.Random(count).randbytes(count)
    back = b""
    with socket.create_connection((address, PORT), SECONDS) as stream:
        sender = threading.Thread(target=stream.sendall, args=(octets,), daemon=True)
        sender.start()
        while len(back) < count:
            some = stream.recv(65536)
            if not some:
                break
            back += some
        sender.join()
    if back != octets:
        sys.exit(f"{len(back)} of {count} octets came back, " + ("changed" if len(back) == count else "too few"))
    print(f"{count} octets came back as they were")


main()
