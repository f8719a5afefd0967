#!/usr/bin/python3
"""Scripted PPTP peers for what no packaged one does: incoming calls, WAN-Error-Notify, Set-Link-Info, a server that
calls its client, a modem with wishes. Each checks every octet that it gets, and exits 0 when all was as it should be.

    pptp_peer.py SCRIPT ADDRESS    the address that the script calls, or at which it is called"""
import struct
import sys

import ppp_peer
from pptp_octets import (CCRQ, CDN, ICCN, OCRP, OCRQ, SCCRP, SCCRQ, SLI, WEN, Link, Listener, Wrong, call, expect,
                         scapy_pptp)


def say(*words):
    print(*words, flush=True)


def stranger(*known):
    """A Call ID of nobody."""
    return next(call_id for call_id in range(4242, 4250) if call_id not in known)


def connect_line(control, call_id, **values):
    """An incoming call up to Incoming-Call-Connected. Returns its PPP and the peer's Call ID."""
    link = Link(control.peer, call_id)
    link.peer_call_id = control.accepted(call_id, **values)
    control.settle()
    expect(link.silent(), "the data channel begins before the line is answered")
    control.send(ICCN, peer=link.peer_call_id, speed=64000, window=8, delay=1, framing=1)
    return link


def pac(address):
    """A concentrator with lines calls a server: everything that a PAC may do with an incoming call."""
    control = call(address)
    control.start()
    link = connect_line(control, 77, serial=5, bearer=2, channel=9, dialed=b"4711", dialed_digits=4,
                        dialing=b'0815"\x1b[2J', dialing_digits=9, subaddress=b"cellar")
    link.ping_until(3)
    say("an incoming call is up, and answers pings")
    control.send(CDN, call=stranger(77, link.peer_call_id), result=1)
    control.send(WEN, peer=stranger(77, link.peer_call_id), crc=99)
    control.settle()
    link.ping_until(5)
    say("messages with a Call ID of no call change nothing")
    control.send(WEN, peer=link.peer_call_id, crc=1, framing=2, hardware=3, buffer=4, timeouts=5, alignment=6)
    reply = control.offer(77)
    expect(reply["result"] == 2 and reply["error"] == 5 and reply["call"] == 0, "reply", reply)
    link.ping_until(6)
    say("a second call with the same Call ID is refused, and the first goes on")
    control.send(CDN, call=77, result=1, cause=16, statistics=b"all well")
    control.settle()
    say("Call-Disconnect-Notify ends it")

    control.accepted(78)
    control.send(CDN, call=78, result=1)
    control.settle()
    say("so it does when the caller hangs up before the line is answered")

    control.send(OCRQ, call=79, serial=6, minimum=300, maximum=100000000, bearer=3, framing=3, window=64)
    reply = control.receive(OCRP)
    expect(reply["peer"] == 79 and reply["result"] == 1 and reply["speed"] == 100000000, "reply", reply)
    control.send(SLI, peer=reply["call"], send=0x000A0000, receive=0xFFFFFFFF)
    control.settle()
    control.send(CCRQ, call=79)
    notify = control.receive(CDN)
    expect(notify["call"] == reply["call"] and notify["result"] == 4, "notify", notify)
    say("an outgoing call on the same connection, with Set-Link-Info")

    control.accepted(80)
    control.stop()
    say("Stop-Control-Connection-Request ends a call too")


def clear(address):
    """The server ends an incoming call when PPP ends: Call-Clear-Request."""
    control = call(address)
    control.start()
    link = connect_line(control, 81)
    link.ping_until(1)
    link.terminate()
    request = control.receive(CCRQ)
    expect(request["call"] == link.peer_call_id, "request", request)
    control.send(CDN, call=81, result=4)
    control.settle()
    say("PPP ends, and the server clears the call")
    control.answer_stop()
    say("the server stops in order")


def refused(address):
    """A server offers its client an incoming call. The client takes none, and no offence."""
    control = Listener(address).take()
    control.answer_start()
    request = control.receive(OCRQ)
    reply = control.offer(900, dialed=b"1", dialed_digits=1)
    expect(reply["result"] == 3 and reply["error"] == 0 and reply["call"] == 0, "reply", reply)
    say("the client refuses an incoming call with result 3")
    serve_call(control, request)


def serve_call(control, request, result=1):
    """Answer the client's call, answer its pings, and see it end in order."""
    link = Link(control.peer, 901, local="10.9.0.1", remote="10.9.0.2")
    link.peer_call_id = request["call"]
    control.send(OCRP, call=901, peer=request["call"], result=result, speed=request["maximum"], window=64)
    control.send(WEN, peer=request["call"], crc=11, framing=12, hardware=13, buffer=14, timeouts=15, alignment=16)
    link.serve()
    clear_request = control.receive(CCRQ)
    expect(clear_request["call"] == request["call"], "request", clear_request)
    control.send(CDN, call=901, result=4)
    control.answer_stop()
    say("its own call goes on, WAN-Error-Notify with it, and it ends in order")


def modem(address):
    """An ADSL modem of the Orckit kind: it wants certain words, it says result 0, and it wants Set-Link-Info."""
    control = Listener(address).take()
    request = control.answer_start(result=0)
    wanted = {"framing": 1, "bearer": 1, "channels": 0, "firmware": 0x6021, "host": b"RELAY_PPP1".ljust(64, b"\0"),
              "vendor": b"MS Win NT".ljust(64, b"\0")}
    expect(wanted.items() <= request.items(), "request", request)
    request = control.receive(OCRQ)
    wanted = {"bearer": 2, "framing": 3, "phone": b"RELAY_PPP1".ljust(64, b"\0"), "digits": 10}
    expect(wanted.items() <= request.items(), "request", request)
    link = Link(control.peer, 901, local="10.9.0.1", remote="10.9.0.2")
    link.peer_call_id = request["call"]
    control.send(OCRP, call=901, peer=request["call"], result=0, speed=request["maximum"], window=64)
    info = control.receive(SLI)
    expect(info == {"peer": 901, "reserved_": 0, "send": 0xFFFFFFFF, "receive": 0xFFFFFFFF}, "info", info)
    say("a modem gets what it wants")
    link.serve()
    control.receive(CCRQ)
    control.send(CDN, call=901, result=4)
    control.answer_stop()


def callee(address):
    """A concentrator that a server calls: it offers a call there, is lost, and is called again."""
    listener = Listener(address)
    control = listener.take()
    control.answer_start()
    say("the server opens the control connection")
    link = connect_line(control, 82)
    link.ping_until(3)
    say("and takes a call on it")
    control.stream.close()
    control = listener.take()
    control.answer_start()
    reply = control.accepted(83)
    expect(reply != 0, "reply", reply)
    say("it calls again when the connection is lost")
    control.stop()
    control = listener.take()
    control.answer_start()
    say("and when it was stopped")
    control.answer_stop()


def caller(address):
    """A server that only calls: its client is to listen."""
    control = call(address)
    control.start()
    serve_call(control, control.receive(OCRQ))


def busy(address):
    """A server without a line that is free."""
    control = Listener(address).take()
    control.answer_start()
    request = control.receive(OCRQ)
    control.send(OCRP, peer=request["call"], result=4)
    control.answer_stop()
    say("the call is refused, and the connection ends in order")


class Terse(Link):
    """PPP whose frames are as short as can be: asks for PFC and ACFC, and does what it was allowed."""
    short = 0  # frames of IPv4 that the peer sent so

    def control(self, protocol, code, ident, data=b""):
        if (protocol, code) == (ppp_peer.LCP, ppp_peer.CONF_REQ):
            data += ppp_peer.option(ppp_peer.LCP_PFC, b"") + ppp_peer.option(ppp_peer.LCP_ACFC, b"")
        super().control(protocol, code, ident, data)

    def head(self, protocol):
        if protocol == ppp_peer.LCP:
            return super().head(protocol)
        return struct.pack("!H", protocol).lstrip(b"\0")

    def receive(self, octets):
        self.short += octets[:2] == b"\x21\x45"
        super().receive(octets)


def terse(address):
    """A server without passwords that compresses what a frame begins with (RFC 1661 6.5, 6.6), and hangs up."""
    control = Listener(address).take()
    control.answer_start()
    request = control.receive(OCRQ)
    link = Terse(control.peer, 902, local="10.9.0.1", remote="10.9.0.2")
    link.alone()
    link.peer_call_id = request["call"]
    control.send(OCRP, call=902, peer=request["call"], result=1, speed=64000, window=8)
    link.ping_until(5)
    expect(link.short >= 5, "only", link.short, "frames of IPv4 are short")
    link.terminate()
    control.answer_stop()
    say("pings in frames of one octet more than themselves")


def stubborn(address):
    """A server that knows no collisions: it calls a client that calls it, and refuses that one's call."""
    theirs = Listener(address).take()
    theirs.receive(SCCRQ)
    control = call(theirs.peer)
    control.send(SCCRQ, version=0x100, host=b"script")
    theirs.send(SCCRP, version=0x100, result=3)
    theirs.closed()
    reply = control.receive(SCCRP)
    expect(reply["result"] == 1, "reply", reply)
    say("refused on its own connection, the client takes the server's")
    serve_call(control, control.receive(OCRQ))


def tardy(address):
    """A server that refuses the connection of a client that it is about to call."""
    theirs = Listener(address).take()
    theirs.receive(SCCRQ)
    theirs.send(SCCRP, version=0x100, result=3)
    theirs.closed()
    control = call(theirs.peer)
    control.send(SCCRQ, version=0x100, host=b"script")
    reply = control.receive(SCCRP)
    expect(reply["result"] == 1, "reply", reply)
    say("refused before it was called, the client waits for the server's connection")
    serve_call(control, control.receive(OCRQ))


SCRIPTS = {script.__name__: script for script in (pac, clear, refused, modem, callee, caller, busy, terse,
                                                      stubborn, tardy)}


def main():
    try:
        SCRIPTS[sys.argv[1]](sys.argv[2])
    except (Wrong, OSError) as error:
        say("%s: %s: %s" % (sys.argv[1], type(error).__name__, error))
        return 1
    say("all as it should be,", "read by scapy as well" if scapy_pptp else "scapy is not installed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
