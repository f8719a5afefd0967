#!/usr/bin/python3
"""A small PPP endpoint for the tests: LCP, IPCP and ICMP echo on async HDLC framing over standard input and
output (a pty or a socket pair), for machines whose kernel has no PPP.

As pptpd's PPP program it answers pings; with --ping it sends them and exits 0 once all are answered.
RFC 1661 (LCP), RFC 1662 (framing), RFC 1332 (IPCP), RFC 792 (echo)."""
import argparse
import ipaddress
import os
import random
import select
import struct
import sys
import termios
import time
import tty

LCP, IPCP, IPV4 = 0xC021, 0x8021, 0x0021
(CONF_REQ, CONF_ACK, CONF_NAK, CONF_REJ, TERM_REQ, TERM_ACK, CODE_REJ, PROTO_REJ,
 ECHO_REQ, ECHO_REPLY) = range(1, 11)
NAMES = {LCP: "LCP", IPCP: "IPCP"}
FLAG, ESCAPE, FLIP = 0x7E, 0x7D, 0x20
LCP_MRU, LCP_ACCM, LCP_MAGIC, LCP_PFC, LCP_ACFC = 1, 2, 5, 7, 8
IPCP_ADDRESS = 3
GOOD_FCS = 0xF0B8
ALL_CONTROL = 0xFFFFFFFF


def fcs16(octets):
    fcs = 0xFFFF
    for octet in octets:
        fcs ^= octet
        for _ in range(8):
            fcs = (fcs >> 1) ^ (0x8408 if fcs & 1 else 0)
    return fcs


def checksum(octets):
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(protocol, body, accm):
    """One HDLC frame; accm says which control characters have to be escaped."""
    plain = b"\xff\x03" + struct.pack("!H", protocol) + body
    plain += struct.pack("<H", fcs16(plain) ^ 0xFFFF)
    out = bytearray([FLAG])
    for octet in plain:
        if octet in (FLAG, ESCAPE) or (octet < 0x20 and accm >> octet & 1):
            out += bytes([ESCAPE, octet ^ FLIP])
        else:
            out.append(octet)
    out.append(FLAG)
    return bytes(out)


class Deframer:
    def __init__(self):
        self.octets = bytearray()
        self.escaped = False
        self.bad = 0

    def feed(self, data):
        """Return the frames that end in data, without FCS."""
        frames = []
        for octet in data:
            if octet == FLAG:
                if len(self.octets) >= 4:
                    if fcs16(self.octets) == GOOD_FCS:
                        frames.append(bytes(self.octets[:-2]))
                    else:
                        self.bad += 1
                self.octets.clear()
                self.escaped = False
            elif octet == ESCAPE:
                self.escaped = True
            else:
                self.octets.append(octet ^ FLIP if self.escaped else octet)
                self.escaped = False
        return frames


def options(data):
    while len(data) >= 2 and 2 <= data[1] <= len(data):
        yield data[0], data[2:data[1]]
        data = data[data[1]:]


def option(kind, value):
    return bytes([kind, len(value) + 2]) + value


def ipv4(header, body):
    """An IPv4 packet; header is (id, ttl, protocol, source, destination)."""
    ident, ttl, protocol, source, destination = header
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), ident, 0, ttl, protocol, 0,
                       source, destination)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def icmp(kind, rest):
    return struct.pack("!BBH", kind, 0, checksum(struct.pack("!BBH", kind, 0, 0) + rest)) + rest


class Peer:
    def __init__(self, args):
        self.args = args
        self.local = ipaddress.IPv4Address(args.local).packed
        self.remote = ipaddress.IPv4Address(args.peer).packed
        self.log = open(args.log, "a", buffering=1) if args.log else sys.stderr
        self.start = time.monotonic()
        self.deframer = Deframer()
        self.ident = 0
        self.magic = struct.pack("!I", random.getrandbits(32))
        self.refused = {LCP: set(), IPCP: set()}
        # Each direction is agreed on its own: ours when the peer acks, theirs when we ack.
        self.ours = {LCP: False, IPCP: False}
        self.theirs = {LCP: False, IPCP: False}
        self.accm = self.wanted_accm = ALL_CONTROL
        self.asked_at = {LCP: -9.0, IPCP: -9.0}
        self.pings = self.replies = 0
        self.pinged_at = -9.0
        self.done = False

    def say(self, *words):
        print("%.3f" % (time.monotonic() - self.start), *words, file=self.log, flush=True)

    def send(self, protocol, body):
        # LCP always with every control character escaped (RFC 1662 7).
        if self.args.sync:
            os.write(1, b"\xff\x03" + struct.pack("!H", protocol) + body)
            return
        data = frame(protocol, body, ALL_CONTROL if protocol == LCP else self.accm)
        while data:
            data = data[os.write(1, data):]

    def control(self, protocol, code, ident, data=b""):
        self.send(protocol, struct.pack("!BBH", code, ident, 4 + len(data)) + data)

    def request(self, protocol):
        self.ident = (self.ident + 1) & 0xFF
        self.asked_at[protocol] = time.monotonic()
        if protocol == LCP:
            wanted = [(LCP_MRU, struct.pack("!H", self.args.mru)), (LCP_ACCM, bytes(4)),
                      (LCP_MAGIC, self.magic)]
        else:
            wanted = [(IPCP_ADDRESS, self.local)]
        data = b"".join(option(kind, value) for kind, value in wanted
                        if kind not in self.refused[protocol])
        self.control(protocol, CONF_REQ, self.ident, data)
        self.say(NAMES[protocol], "Configure-Request sent", data.hex())

    def answer(self, protocol, ident, data):
        """Configure-Request: reject what we do not know, correct an unset address, else agree."""
        reject = nak = b""
        accm = ALL_CONTROL
        for kind, value in options(data):
            if protocol == LCP:
                if kind == LCP_ACCM and len(value) == 4:
                    accm = struct.unpack("!I", value)[0]
                elif kind not in (LCP_MRU, LCP_MAGIC, LCP_PFC, LCP_ACFC):
                    reject += option(kind, value)
            elif kind != IPCP_ADDRESS or len(value) != 4:
                reject += option(kind, value)
            elif value == bytes(4):
                nak += option(IPCP_ADDRESS, self.remote)
            else:
                self.remote = value
        code = CONF_REJ if reject else CONF_NAK if nak else CONF_ACK
        self.control(protocol, code, ident, reject or nak or data)
        self.theirs[protocol] = code == CONF_ACK
        if protocol == LCP and code == CONF_ACK:
            self.wanted_accm = accm
        self.say(NAMES[protocol], "Configure-Request", data.hex(), "answered with code", code)

    def answered(self, protocol, code, data):
        """The peer's Ack, Nak or Reject of what we asked for."""
        self.say(NAMES[protocol], "answer with code", code, data.hex())
        if code == CONF_ACK:
            self.ours[protocol] = True
            if protocol == LCP:
                self.accm = self.wanted_accm
            return
        for kind, value in options(data):
            if code == CONF_REJ:
                self.refused[protocol].add(kind)
            elif protocol == LCP and kind == LCP_MRU:
                self.args.mru = struct.unpack("!H", value)[0]
            elif protocol == IPCP and kind == IPCP_ADDRESS:
                self.local = value
        self.request(protocol)

    def negotiate(self, protocol, body):
        if len(body) < 4:
            return
        code, ident, length = struct.unpack("!BBH", body[:4])
        data = body[4:length]
        if code == CONF_REQ:
            self.answer(protocol, ident, data)
        elif code in (CONF_ACK, CONF_NAK, CONF_REJ):
            self.answered(protocol, code, data)
        elif code == TERM_REQ:
            self.say(NAMES[protocol], "Terminate-Request")
            self.control(protocol, TERM_ACK, ident)
            self.done = protocol == LCP
        elif code == ECHO_REQ and protocol == LCP:
            self.control(LCP, ECHO_REPLY, ident, self.magic + data[4:])
        elif code not in (TERM_ACK, ECHO_REPLY):
            self.say(NAMES[protocol], "code", code, data.hex())

    def packet(self, body):
        head = (body[0] & 15) * 4
        if body[9] != 1 or len(body) < head + 8:
            self.say("IPv4 packet ignored", body[:20].hex())
        elif body[head] == 8 and body[16:20] == self.local:
            rest = body[head + 4:struct.unpack("!H", body[2:4])[0]]
            ident = struct.unpack("!H", body[4:6])[0]
            self.send(IPV4, ipv4((ident, 64, 1, body[16:20], body[12:16]), icmp(0, rest)))
            self.say("ping answered")
        elif body[head] == 0:
            self.replies += 1
            self.say("ping reply", self.replies)

    def ping(self):
        self.pinged_at = time.monotonic()
        self.pings += 1
        rest = struct.pack("!HH", os.getpid() & 0xFFFF, self.pings) + bytes(range(56))
        self.send(IPV4, ipv4((self.pings, 64, 1, self.local, self.remote), icmp(8, rest)))

    def receive(self, octets):
        if octets[:2] == b"\xff\x03":
            octets = octets[2:]
        size = 1 if octets[0] & 1 else 2  # protocol field compression (RFC 1661 6.5)
        protocol, body = int.from_bytes(octets[:size], "big"), octets[size:]
        if protocol in NAMES:
            self.negotiate(protocol, body)
        elif protocol == IPV4 and len(body) >= 20:
            self.packet(body)
        else:
            self.ident = (self.ident + 1) & 0xFF
            self.say("Protocol-Reject for 0x%04x" % protocol)
            self.control(LCP, PROTO_REJ, self.ident, struct.pack("!H", protocol) + body[:64])

    def opened(self, protocol):
        return self.ours[protocol] and self.theirs[protocol]

    def work(self):
        """What is due now: a request again, a ping, the end."""
        now = time.monotonic()
        for protocol in (LCP, IPCP):
            if not self.ours[protocol] and now - self.asked_at[protocol] > 1:
                self.request(protocol)
            if not self.opened(protocol):
                return
        all_answered = self.args.ping and self.replies >= self.args.ping
        given_up = self.pings == self.args.ping and now - self.pinged_at > self.args.patience
        if (all_answered or given_up) and self.may_end():
            self.say("all %d pings answered" % self.replies if all_answered else "that was all")
            self.control(LCP, TERM_REQ, 0xEE)
            self.done = True
        elif (self.pings < self.args.ping or not self.may_end()) and now - self.pinged_at >= self.args.every:
            self.ping()

    def may_end(self):
        return not self.args.until or os.path.exists(self.args.until)

    def run(self):
        if os.isatty(0):
            try:
                tty.setraw(0)
            except termios.error:
                pass
        if not self.args.sync:
            os.write(1, bytes([FLAG]))  # pptpd forwards nothing to us before it has read an octet from us
        end = time.monotonic() + self.args.time
        while not self.done and time.monotonic() < end:
            self.work()
            if select.select([0], [], [], min(0.1, self.args.every))[0]:
                try:
                    data = os.read(0, 65536)
                except OSError:  # a pty whose other side is closed
                    data = b""
                if not data:
                    self.say("end of input")
                    break
                for octets in [data] if self.args.sync else self.deframer.feed(data):
                    self.receive(octets)
        self.say("end: %d pings sent, %d answered, %d frames with a bad FCS"
                 % (self.pings, self.replies, self.deframer.bad))
        return 0 if self.replies >= self.args.ping else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--local", default="0.0.0.0", help="our address; 0.0.0.0 asks the peer for one")
    parser.add_argument("--peer", default="0.0.0.0", help="the address to give to the peer")
    parser.add_argument("--mru", type=int, default=1400)
    parser.add_argument("--ping", type=int, default=0, help="send so many pings, end when all are answered")
    parser.add_argument("--every", type=float, default=0.2, help="seconds from one ping to the next")
    parser.add_argument("--patience", type=float, default=1e9, help="end so long after the last ping")
    parser.add_argument("--until", help="go on with pings until there is a file of this name")
    parser.add_argument("--sync", action="store_true", help="no HDLC: a read or write is a frame")
    parser.add_argument("--time", type=float, default=20, help="seconds after which to end")
    parser.add_argument("--log", help="file for what happens (standard error)")
    return Peer(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
