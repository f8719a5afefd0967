#!/usr/bin/env python3
"""Write the first inputs of the fuzz targets from the test vectors: seed.py vectors.json corpus/msg corpus/conn"""
import json
import pathlib
import sys

# Settings of fuzz_conn, and operations, as in fuzz_conn.c.
PULL, PUSH = 0x00, 0x07
RECEIVER, ASK = 0x10, 0x20
TOLERANT, STRICT = b"\xff\xff", b"\x00\x00"
FEED, MESSAGE, TICK, DEADLINE, PULL_ALL, POLL_ALL, REQUEST = 0, 1, 3, 4, 7, 9, 10
SCCRQ, SCCRP = 0, 1


def settings(mode, tolerate):
    return bytes([mode]) + tolerate + bytes([7, 60, 0x13, 0, 0])


def start(mode):
    return bytes([MESSAGE, SCCRQ if mode & RECEIVER else SCCRP, 0, 0, 0, PULL_ALL, POLL_ALL])


def feed(octets, piece=0):
    return bytes([FEED, len(octets), piece]) + octets + bytes([PULL_ALL, POLL_ALL])


def main():
    vectors = json.loads(pathlib.Path(sys.argv[1]).read_text())
    msg, conn = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    for folder in (msg, conn):
        folder.mkdir(parents=True, exist_ok=True)
    for kind in ("control", "negative_control"):
        for v in vectors[kind]:
            octets = bytes.fromhex(v["hex"])
            (msg / v["id"]).write_bytes(octets)
            if len(octets) > 255:
                continue
            for mode in (PULL, PUSH | RECEIVER):
                tolerate = STRICT if mode == PULL else TOLERANT
                dial = bytes([REQUEST, 0, 0, 0]) if v.get("state", "") != "idle" else b""
                (conn / f"{v['id']}-{mode}").write_bytes(
                    settings(mode, tolerate) + start(mode) + dial + feed(octets, 7) + bytes([DEADLINE, PULL_ALL]))
    for v in vectors["stream"]:
        body = b"".join(feed(bytes.fromhex(s)) for s in v["segments"])
        (conn / v["id"]).write_bytes(settings(RECEIVER, TOLERANT) + start(RECEIVER) + body)


main()
