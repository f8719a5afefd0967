"""PPTP in octets for scripted peers, from RFC 2637 2 and 4.1: control messages, a control connection on a socket, and
PPP in enhanced GRE on a raw socket. Standard library only; where scapy is installed, it decodes each message too."""
import argparse
import select
import socket
import struct
import sys
import time

import ppp_peer

try:
    import scapy.layers.pptp as scapy_pptp
except ImportError:
    scapy_pptp = None

PORT, GRE = 1723, 47
COOKIE = 0x1A2B3C4D
SECONDS = 20  # for whatever a program of ours has to do

SCCRQ, SCCRP, STOPRQ, STOPRP, ECHORQ, ECHORP, OCRQ, OCRP, ICRQ, ICRP, ICCN, CCRQ, CDN, WEN, SLI = range(1, 16)
# Behind the header (Length, Message Type, Magic Cookie, Control Message Type, Reserved0): name, then the fields and
# how they are packed. A name that ends in "_" is a reserved field.
LAYOUTS = {
    SCCRQ: ("Start-Control-Connection-Request", "!HHIIHH64s64s",
            "version reserved_ framing bearer channels firmware host vendor"),
    SCCRP: ("Start-Control-Connection-Reply", "!HBBIIHH64s64s",
            "version result error framing bearer channels firmware host vendor"),
    STOPRQ: ("Stop-Control-Connection-Request", "!BBH", "reason reserved_ reserved2_"),
    STOPRP: ("Stop-Control-Connection-Reply", "!BBH", "result error reserved_"),
    ECHORQ: ("Echo-Request", "!I", "identifier"),
    ECHORP: ("Echo-Reply", "!IBBH", "identifier result error reserved_"),
    OCRQ: ("Outgoing-Call-Request", "!HHIIIIHHHH64s64s",
           "call serial minimum maximum bearer framing window delay digits reserved_ phone subaddress"),
    OCRP: ("Outgoing-Call-Reply", "!HHBBHIHHI", "call peer result error cause speed window delay channel"),
    ICRQ: ("Incoming-Call-Request", "!HHIIHH64s64s64s",
           "call serial bearer channel dialed_digits dialing_digits dialed dialing subaddress"),
    ICRP: ("Incoming-Call-Reply", "!HHBBHHH", "call peer result error window delay reserved_"),
    ICCN: ("Incoming-Call-Connected", "!HHIHHI", "peer reserved_ speed window delay framing"),
    CCRQ: ("Call-Clear-Request", "!HH", "call reserved_"),
    CDN: ("Call-Disconnect-Notify", "!HBBHH128s", "call result error cause reserved_ statistics"),
    WEN: ("WAN-Error-Notify", "!HHIIIIII", "peer reserved_ crc framing hardware buffer timeouts alignment"),
    SLI: ("Set-Link-Info", "!HHII", "peer reserved_ send receive"),
}
HEADER = struct.Struct("!HHIHH")


TEXTS = ("host", "vendor", "phone", "subaddress", "dialed", "dialing", "statistics")


class Wrong(Exception):
    """What came is not what should have come."""


def name(kind):
    return LAYOUTS[kind][0] if kind in LAYOUTS else "type %d" % kind


def expect(good, *words):
    if not good:
        raise Wrong(" ".join(str(word) for word in words))


def encode(kind, **values):
    _, layout, fields = LAYOUTS[kind]
    unknown = set(values) - set(fields.split())
    assert not unknown, unknown
    body = struct.pack(layout, *(values.get(field, b"" if field in TEXTS else 0) for field in fields.split()))
    return HEADER.pack(HEADER.size + len(body), 1, COOKIE, kind, 0) + body


def padded(value):
    return value.ljust(128 if len(value) > 64 else 64, b"\0") if isinstance(value, bytes) else int(value)


def agree_with_scapy(octets, values):
    """An independent decoder reads the same values, in the same order. Its default lengths are not used."""
    if scapy_pptp is None:
        return
    packet = scapy_pptp.PPTP(octets)
    theirs = [padded(packet.getfieldval(field.name)) for field in packet.fields_desc[5:]]
    ours = [padded(value) for value in values]
    expect(bytes(packet) == octets and theirs == ours, "scapy reads", theirs, "and not", ours)


def decode(octets):
    """The kind of a whole message and its fields."""
    length, message_type, cookie, kind, reserved0 = HEADER.unpack(octets[:HEADER.size])
    expect(length == len(octets) and message_type == 1 and cookie == COOKIE and reserved0 == 0,
           "a message with a header of", octets[:HEADER.size].hex())
    expect(kind in LAYOUTS, "a message of type", kind)
    _, layout, fields = LAYOUTS[kind]
    expect(length == HEADER.size + struct.calcsize(layout), name(kind), "with length", length)
    values = struct.unpack(layout, octets[HEADER.size:])
    agree_with_scapy(octets, values)
    message = dict(zip(fields.split(), values))
    expect(not any(value for field, value in message.items() if field.endswith("_")),
           name(kind), "with a reserved field that is not 0:", octets.hex())
    return kind, message


class Control:
    """One end of a control connection."""

    def __init__(self, stream, peer):
        self.stream = stream
        self.peer = peer  # IPv4 address
        self.buffer = b""
        self.echoes = 0
        stream.settimeout(SECONDS)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, kind, **values):
        octets = encode(kind, **values)
        agree_with_scapy(octets, struct.unpack(LAYOUTS[kind][1], octets[HEADER.size:]))
        self.stream.sendall(octets)

    def _more(self, size):
        while len(self.buffer) < size:
            try:
                data = self.stream.recv(4096)
            except TimeoutError as error:
                raise Wrong("nothing comes") from error
            expect(data, "the connection is closed")
            self.buffer += data

    def receive(self, *wanted):
        """The next message: (kind, fields), or the fields alone where one kind is wanted."""
        self._more(2)
        length = struct.unpack("!H", self.buffer[:2])[0]
        expect(length >= HEADER.size, "a message of", length, "octets")
        self._more(length)
        kind, message = decode(self.buffer[:length])
        self.buffer = self.buffer[length:]
        expect(kind in wanted, name(kind), message, "where", " or ".join(map(name, wanted)), "was expected")
        return message if len(wanted) == 1 else (kind, message)

    def settle(self):
        """The peer has done what all messages so far ask for: it answers an Echo-Request, and that alone."""
        self.echoes += 1
        self.send(ECHORQ, identifier=self.echoes)
        reply = self.receive(ECHORP)
        expect(reply == {"identifier": self.echoes, "result": 1, "error": 0, "reserved_": 0}, "Echo-Reply", reply)

    def closed(self):
        try:
            data = self.stream.recv(1)
        except TimeoutError as error:
            raise Wrong("the connection stays open") from error
        except ConnectionResetError:
            data = b""
        expect(not data and not self.buffer, "something comes behind the end")
        self.stream.close()

    # The beginning and the end, from each side.

    def start(self):
        self.send(SCCRQ, version=0x100, framing=3, bearer=3, channels=2, host=b"script", vendor=b"interop test")
        reply = self.receive(SCCRP)
        expect(reply["version"] == 0x100 and reply["result"] == 1 and reply["error"] == 0, "reply", reply)
        return reply

    def answer_start(self, result=1):
        request = self.receive(SCCRQ)
        expect(request["version"] == 0x100, "request", request)
        self.send(SCCRP, version=0x100, result=result, framing=3, bearer=3, channels=2, host=b"script",
                  vendor=b"interop test")
        return request

    def stop(self):
        self.send(STOPRQ, reason=1)
        reply = self.receive(STOPRP)
        expect(reply["result"] == 1, "reply", reply)
        self.closed()

    def answer_stop(self):
        self.receive(STOPRQ)
        self.send(STOPRP, result=1)
        self.closed()

    # Calls.

    def offer(self, call, **values):
        """Incoming-Call-Request and its reply, 24 octets as 2.10 has it."""
        self.send(ICRQ, call=call, bearer=values.pop("bearer", 1), **values)
        reply = self.receive(ICRP)
        expect(reply["peer"] == call, "reply", reply)
        return reply

    def accepted(self, call, **values):
        reply = self.offer(call, **values)
        expect(reply["result"] == 1 and reply["error"] == 0 and reply["call"] != 0 and reply["window"] > 0,
               "reply", reply)
        return reply["call"]


def call(address):
    return Control(socket.create_connection((address, PORT), SECONDS), address)


class Listener:
    def __init__(self, address):
        self.socket = socket.create_server((address, PORT))
        self.socket.settimeout(SECONDS)
        print("listening", flush=True)

    def take(self):
        try:
            stream, peer = self.socket.accept()
        except TimeoutError as error:
            raise Wrong("nobody calls") from error
        return Control(stream, peer[0])


class Link(ppp_peer.Peer):
    """PPP in enhanced GRE with one peer; open it before the call is up, since GRE may overtake TCP."""

    def __init__(self, address, call_id, local="0.0.0.0", remote="0.0.0.0"):
        super().__init__(argparse.Namespace(local=local, peer=remote, mru=1400, ping=0, every=0.2, patience=1e9,
                                            until=None, log=None))
        self.log = sys.stdout
        self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, GRE)
        self.address = address
        self.call_id = call_id  # ours; the peer's comes with the call
        self.peer_call_id = None
        self.sent = 0
        self.received = None

    def silent(self):
        return not select.select([self.raw], [], [], 0)[0]

    def alone(self):
        """Hear nobody but the peer, where others talk GRE to this host as well."""
        self.raw.connect((self.address, 0))
        while not self.silent():
            self.raw.recv(65536)

    def head(self, protocol):
        return b"\xff\x03" + struct.pack("!H", protocol)

    def send(self, protocol, body):
        payload = self.head(protocol) + body
        packet = struct.pack("!HHHHI", 0x3001 if self.received is None else 0x3081, 0x880B, len(payload),
                             self.peer_call_id, self.sent)
        if self.received is not None:
            packet += struct.pack("!I", self.received)
        self.sent += 1
        self.raw.sendto(packet + payload, (self.address, 0))

    def acknowledge(self):
        packet = struct.pack("!HHHHI", 0x2081, 0x880B, 0, self.peer_call_id, self.received)
        self.raw.sendto(packet, (self.address, 0))

    def datagram(self):
        data, source = self.raw.recvfrom(65536)
        data = data[(data[0] & 15) * 4:]
        flags, protocol, length, call_id = struct.unpack("!HHHH", data[:8])
        expect(source[0] == self.address and call_id == self.call_id, "GRE from", source[0], "for call", call_id)
        expect(flags & 0xEF7F == 0x2001 and protocol == 0x880B, "GRE with a header of", data[:16].hex())
        at = 8 + (4 if flags & 0x1000 else 0) + (4 if flags & 0x80 else 0)
        expect(len(data) == at + length and (length > 0) == bool(flags & 0x1000), "GRE", data.hex())
        if length:
            number = struct.unpack("!I", data[8:12])[0]
            expect(self.received is None or number > self.received, "GRE number", number, "after", self.received)
            self.received = number
            self.receive(data[at:])
            self.acknowledge()

    def exchange(self, done):
        """Do what PPP has to do until done()."""
        end = time.monotonic() + SECONDS
        while not done():
            expect(time.monotonic() < end, "PPP: agreed", self.ours, self.theirs, "pings", self.pings, "answers",
                   self.replies)
            self.work()
            if select.select([self.raw], [], [], 0.05)[0]:
                self.datagram()

    def ping_until(self, count):
        """The peer has answered so many pings in all."""
        def enough():
            if self.opened(ppp_peer.IPCP) and self.replies < count and time.monotonic() - self.pinged_at > 0.2:
                self.ping()
            return self.replies >= count
        self.exchange(enough)

    def serve(self):
        """Answer pings and whatever else until the peer ends PPP."""
        self.exchange(lambda: self.done)

    def terminate(self):
        self.control(ppp_peer.LCP, ppp_peer.TERM_REQ, 0xEE)
