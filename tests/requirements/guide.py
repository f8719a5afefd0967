"""The pictures of docs/programmers-guide.md that are not sequences: the two paths of PPTP, what goes in and out of the
library, and whose memory must outlive whose. diagrams.py writes them."""

import re

from ladder import SMALL
from machines import ROOT, Fault
from svg import SIZE, Picture

# ---- the two paths ----------------------------------------------------------------------------------------------

# The two hosts: where they stand, their names, and their roles.
HOSTS = ((16, "client", "originator of TCP, PNS of the call"), (624, "server", "receiver of TCP, PAC of the call"))
HOST_WIDE = 240
PARTS = ((76, 44, "up", "pptp_conn", "control connection"), (140, 44, "up", "pptp_gre", "data channel"),
         (204, 36, "plain", "PPP", "log-in, addresses, IP"))

# What runs between them: its height, its line, and what is written above and below.
PATHS = ((98, "line", "head", "TCP port 1723", "control messages: connection, calls, echo"),
         (162, "data", "datahead", "IP protocol 47", "GRE packets, a PPP frame in each"))


def paths():
    picture = Picture("paths", "The two paths of PPTP", "A client and a server. Between them a TCP connection to port 1723 "
                      "with control messages, where pptp_conn is at both ends, and IP protocol 47 with GRE packets, where "
                      "pptp_gre is; PPP of the hosts gives and takes the frames.")
    for x, name, roles in HOSTS:
        picture.text(x + HOST_WIDE / 2, 32, [("bold", name)], 15, "middle")
        picture.text(x + HOST_WIDE / 2, 54, [("dim", roles)], SMALL, "middle")
        for y, high, style, part, what in PARTS:
            picture.box(x, y, HOST_WIDE, high, style)
            picture.text(x + 14, y + high / 2 + 5, [("mono", part)])
            picture.text(x + HOST_WIDE - 14, y + high / 2 + 5, [("dim", what)], SMALL, "end")
        picture.line([(x + HOST_WIDE / 2, 184), (x + HOST_WIDE / 2, 204)], "data", "")
    left, right = HOSTS[0][0] + HOST_WIDE, HOSTS[1][0]
    middle = (left + right) / 2
    for y, style, head, above, below in PATHS:
        picture.line([(middle, y), (right, y)], style, head)
        picture.line([(middle, y), (left, y)], style, head)
        picture.text(middle, y - 7, [("bold", above)], SIZE, "middle")
        picture.text(middle, y + 17, [("dim", below)], SMALL, "middle")
    return picture.render(880, 256)


# ---- what goes in and out ---------------------------------------------------------------------------------------

LOOP, OBJECT, WIDE = (16, 116), (744, 120), 880
ROW, GAP, TOP = 46, 26, 64

# Of each object: what goes in (">") or comes out, and through what, in push and in pull mode where they differ.
MOVES = (
    ("pptp_conn", (
        (">", "octets read from TCP", "pptp_conn_recv", ""),
        (">", "requests", "pptp_call_dial, pptp_call_accept, pptp_conn_close ...", ""),
        (">", "time", "pptp_conn_tick, at pptp_conn_deadline", ""),
        ("<", "octets for TCP", "send", "pptp_conn_tx_buf, pptp_conn_tx_done"),
        ("<", "events", "event", "pptp_conn_poll"))),
    ("pptp_gre", (
        (">", "packets from the network", "pptp_gre_input", "pptp_gre_recv, pptp_gre_next"),
        (">", "frames from PPP", "pptp_gre_output", "pptp_gre_send"),
        (">", "time", "pptp_gre_tick, at pptp_gre_deadline", ""),
        ("<", "packets for the network", "send", "pptp_gre_send, pptp_gre_ack"),
        ("<", "frames for PPP", "receive", "pptp_gre_recv, pptp_gre_next"))))


def through(push, pull):
    if not pull:
        return [("mono dim", push)]
    return [("do", "push: "), ("mono dim", push), ("do", "   pull: "), ("mono dim", pull)]


def check_names(names):
    headers = "".join(path.read_text() for path in ROOT.glob("include/pptp/*.h"))
    for name in names:
        if not re.search(rf"\b{name}\b", headers):
            raise Fault(f"guide.py names {name}, which no header has")


def moves():
    check_names(name for _, rows in MOVES for row in rows for name in re.findall(r"\w+", f"{row[2]} {row[3]}")
                if name != "at")
    picture = Picture("moves", "What goes in and out", "; ".join(
        f"{'into' if way == '>' else 'out of'} {owner}: {what}, through {push}{' or ' + pull if pull else ''}"
        for owner, rows in MOVES for way, what, push, pull in rows) + ".")
    picture.text(16, 30, [("bold", "What goes in and out")], 16)
    left, right = LOOP[0] + LOOP[1], OBJECT[0]
    high = sum(len(rows) for _, rows in MOVES) * ROW + GAP * (len(MOVES) - 1)
    picture.box(LOOP[0], TOP, LOOP[1], high, "host")
    picture.text(LOOP[0] + LOOP[1] / 2, TOP + high / 2 + 5, [("bold", "your loop")], 15, "middle")
    y = TOP
    for owner, rows in MOVES:
        picture.box(OBJECT[0], y, OBJECT[1], len(rows) * ROW, "up")
        picture.text(OBJECT[0] + OBJECT[1] / 2, y + len(rows) * ROW / 2 + 5, [("mono", owner)], 14, "middle")
        for way, what, push, pull in rows:
            ends = [(left, y + 24), (right, y + 24)]
            style = ("data", "datahead") if owner == "pptp_gre" and what != "time" else ("line", "head")
            picture.line(ends if way == ">" else ends[::-1], *style)
            picture.text((left + right) / 2, y + 17, [("bold", what)], SIZE, "middle")
            picture.text((left + right) / 2, y + 40, through(push, pull), SMALL, "middle")
            y += ROW
        y += GAP
    return picture.render(WIDE, TOP + high + 16)


# ---- memory -----------------------------------------------------------------------------------------------------

# Where a box stands, how wide it is, its style, its name, and what is said of it.
ABOVE, BELOW, HIGH = 56, 170, 58
OWNERS = ((16, 396, "plain", "pptp_config", "settings, never changed: of all threads"),
          (468, 396, "plain", "pptp_pool", "packets that wait: of one thread"))
OWNED = ((16, 190, "up", "pptp_conn", "its calls are inside"), (222, 190, "up", "pptp_conn", "another client's"),
         (468, 190, "up", "pptp_gre", "data of a call"), (674, 190, "up", "pptp_gre", "of another call"))


def memory():
    picture = Picture("memory", "Whose memory must outlive whose", "A pptp_config outlives the connections made with it, a "
                      "pptp_pool the channels that use it. A call is a number and lives inside its connection. Connection and "
                      "channel do not know each other; a pptp_mux has pointers of the host's and follows none.")
    picture.text(16, 30, [("bold", "Whose memory must outlive whose")], 16)
    for y, row in ((ABOVE, OWNERS), (BELOW, OWNED)):
        for x, wide, style, name, what in row:
            picture.box(x, y, wide, HIGH, style)
            picture.text(x + wide / 2, y + 25, [("mono", name)], 14, "middle")
            picture.text(x + wide / 2, y + 45, [("dim", what)], SMALL, "middle")
    for x, wide, *_ in OWNED:
        picture.line([(x + wide / 2, ABOVE + HIGH), (x + wide / 2, BELOW)])
    for x, wide, *_ in OWNERS:
        picture.text(x + wide / 2, (ABOVE + HIGH + BELOW) / 2 + 5, [("do", "outlives")], SIZE, "middle")
    for i, note in enumerate((
            "Between a connection and a channel there is no arrow: end them in any order, on any thread.",
            "pptp_mux and pptp_hdlc stand alone. The mux keeps your pointers and follows none of them.")):
        picture.text(16, BELOW + HIGH + 28 + i * 19, [("dim", note)])
    return picture.render(WIDE, BELOW + HIGH + 62)


def pictures():
    """(name, SVG) of each."""
    return ("paths", paths()), ("moves", moves()), ("memory", memory())
