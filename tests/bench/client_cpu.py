#!/usr/bin/python3
"""CPU time a packet of pptp-client over that of pptp-linux, both with PPP on a socket (HDLC) on one side and GRE on the
other, in one run: client_cpu.py PPTP-CLIENT. Needs root, iproute2 and pptp-linux; makes namespaces of its own."""
import os
import socket
import statistics
import struct
import subprocess
import sys
import time

PACKETS, BURST, PAYLOAD, ROUNDS = 20000, 32, 1400, 15
MAGIC = 0x1A2B3C4D
HERE, THERE = "10.91.0.2", "10.91.0.1"


def fcs16(octets):
    fcs = 0xFFFF
    for octet in octets:
        fcs ^= octet
        for _ in range(8):
            fcs = fcs >> 1 ^ (0x8408 if fcs & 1 else 0)
    return fcs ^ 0xFFFF


PLAIN = b"\xff\x03\x00\x21" + bytes((7 * i + i // 251) % 256 for i in range(PAYLOAD))


def stuffed(plain, controls):
    out = bytearray(b"\x7e")
    for octet in plain + struct.pack("<H", fcs16(plain)):
        escape = octet in (0x7D, 0x7E) or (controls and octet < 0x20)
        out += bytes([0x7D, octet ^ 0x20]) if escape else bytes([octet])
    return bytes(out + b"\x7e")


FRAME = stuffed(PLAIN, False)  # as pppd sends once LCP is up: it asks for no control character to be escaped
REQUEST = stuffed(bytes.fromhex("ff03c0210101000a020600000000"), True)


class Server:
    """The other end: answers a start and a call, then only GRE counts."""

    def __init__(self):
        self.listener = socket.create_server((HERE, 1723))
        self.gre = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
        self.gre.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.gre.setblocking(False)
        self.sequence = 0

    def message(self, size):
        data = b""
        while len(data) < size:
            data += self.control.recv(size - len(data))
        return data

    def call(self):
        self.control, _ = self.listener.accept()
        self.message(156)
        self.control.sendall(struct.pack("!HHIHHHBBIIHH64s64s", 156, 1, MAGIC, 2, 0, 0x100, 1, 0, 3, 3, 1, 1, b"bench", b""))
        request = self.message(168)
        self.peer, = struct.unpack("!H", request[12:14])
        self.control.sendall(struct.pack("!HHIHHHHBBHIHHI", 32, 1, MAGIC, 8, 0, 1, self.peer, 1, 0, 0, 10000000, 64, 0, 0))
        self.sequence = 0

    def drain(self):
        count = 0
        try:
            while True:
                packet = self.gre.recv(2048)
                count += packet[20] & 0x10 != 0 and len(packet) > PAYLOAD  # not our own, not acknowledgments alone
        except BlockingIOError:
            return count

    def send(self, count):
        for _ in range(count):
            header = struct.pack("!HHHHI", 0x3001, 0x880B, len(PLAIN), self.peer, self.sequence)
            self.gre.sendto(header + PLAIN, (THERE, 0))
            self.sequence += 1


def to_gre(server, stream):
    """HDLC in, GRE out."""
    came = 0
    for _ in range(PACKETS // BURST):
        stream.sendall(FRAME * BURST)
        end = time.monotonic() + 1
        want = came + BURST
        while came < want and time.monotonic() < end:
            came += server.drain()
    return came


def to_hdlc(server, stream):
    """GRE in, HDLC out."""
    came = 0
    for _ in range(PACKETS // BURST):
        server.send(BURST)
        octets = 0
        while octets < BURST * PAYLOAD:
            octets += len(stream.recv(1 << 20))
        came += BURST
        server.drain()
    return came


def measure(server, words, work):
    """CPU seconds a packet, of the program alone."""
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    with open(os.devnull, "w", encoding="ascii") as quiet:
        child = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=quiet, close_fds=True)
    theirs.close()
    server.call()
    ours.sendall(REQUEST)
    time.sleep(0.2)
    server.drain()
    packets = work(server, ours)
    ours.close()
    server.control.close()
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    if packets < PACKETS * 0.99:
        sys.exit(f"{words[-3:]}: only {packets} of {PACKETS} packets")
    return (used.ru_utime + used.ru_stime) / packets


def row(name, ratios, must, goal):
    low, middle, high = statistics.quantiles(ratios, n=4)
    verdict = "goal" if low >= goal else "must" if low >= must else "MISSED"
    print(f"{name:60} {low:.2f} {middle:.2f} {high:.2f}   must {must} goal {goal}  {verdict}", flush=True)


def main():
    client = [os.path.realpath(sys.argv[1]), HERE, "--nolaunchpppd"]
    peer = ["pptp", HERE, "--nolaunchpppd", "--nohostroute", "--loglevel", "0"]
    on_client = ["nsenter", f"--net=/proc/{os.environ['BENCH_CLIENT']}/ns/net"]
    server = Server()
    print("how much less CPU time a packet than pptp-linux, quartiles of", ROUNDS, "rounds (ours, theirs, theirs, ours)")
    for name, work, must, goal in (("HDLC to GRE", to_gre, 1.4, 1.7), ("GRE to HDLC", to_hdlc, 1.7, 2.1)):
        ratios, times = [], []
        for _ in range(ROUNDS):
            a = measure(server, on_client + client, work)
            b = measure(server, on_client + peer, work)
            b += measure(server, on_client + peer, work)
            a += measure(server, on_client + client, work)
            ratios.append(b / a)
            times.append((a / 2, b / 2))
        row(name, ratios, must, goal)
        print(f"    {statistics.median(t[0] for t in times) * 1e6:.2f} us over "
              f"{statistics.median(t[1] for t in times) * 1e6:.2f} us a packet")


def make_hosts():
    """Run again as the host `server` of two that are wired."""
    script = f"""
        unshare --net sleep infinity & client=$!
        until [ "$(readlink /proc/$client/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
        ip link set lo up
        ip link add to-server netns $client type veth peer name to-client
        ip addr add {HERE}/24 dev to-client && ip link set to-client up
        nsenter --net=/proc/$client/ns/net ip addr add {THERE}/24 dev to-server
        nsenter --net=/proc/$client/ns/net ip link set to-server up
        mkdir -p /run/pptp && mount --make-rprivate / && mount -t tmpfs none /run/pptp
        BENCH_CLIENT=$client {sys.executable} {os.path.realpath(__file__)} {os.path.realpath(sys.argv[1])}"""
    return subprocess.call(["unshare", "--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc", "bash", "-c", script])


if "BENCH_CLIENT" in os.environ:
    main()
else:
    sys.exit(make_hosts())
