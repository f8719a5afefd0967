#!/usr/bin/env python3
"""docs/layers.svg, the guide's pictures (guide.py), and docs/call.svg and docs/call-incoming.svg from the texts beside
this script. Usage: diagrams.py [--check]; with --check nothing is written, and what is stale is an error.

A call's picture cannot tell what the code does not do: each line of its text is put through the machines of
lib/conn_table.c. A message must be what the sender's last actions send, and an event must be legal where it comes;
states and what the host is told are found so, not written down. The arrows between layers are the #includes."""

import re
import sys
from dataclasses import dataclass, field

import guide
import machines
import words
from ladder import ASIDE, PAPER, SMALL, SMALL_LINE, style_of
from machines import ROOT, Fault
from svg import SIZE, Picture, width, wrap, write_or_check

HERE = ROOT / "tests/requirements"
DOCS = ROOT / "docs"

# ---- calls: what happens -------------------------------------------------------------------------------------

# What a host asks for, as the tables call it.
REQUESTS = {
    "pptp_conn_close": "host closes",
    "pptp_call_dial": "host dials",
    "pptp_call_offer": "host offers a call: the line rings",
    "pptp_call_accept": "host accepts",
    "pptp_call_connected": "host has answered the line",
    "pptp_call_clear": "host clears",
    "pptp_call_set_link_info": "host sets the link info",
    "pptp_call_wan_errors": "host tells the line's errors",
}


@dataclass
class Step:
    kind: str            # message, data, local, section
    at: int = 0          # lane of the sender, or of what happens
    text: str = ""
    changes: list = field(default_factory=list)  # (lane, words for the new state, its style)
    told: list = field(default_factory=list)     # (lane, event for the host)


class End:
    """One end of the connection: its control machine and the machine of its call."""

    def __init__(self, tables, control, call, established):
        self.tables = [[tables[control], tables["common"]], [tables[call]]]
        start = {"originator": "WAIT_CTL_REPLY", "receiver": "IDLE"}[control]
        self.states = ["ESTABLISHED" if established else start, "CALL_IDLE"]
        self.to_send = ["Start-Control-Connection-Request"] if self.states[0] == "WAIT_CTL_REPLY" else []

    def rows(self, event):
        """Rows of the present states for an event by its name. A message that the tables do not divide into kinds may
        have codes."""
        for which, tables in enumerate(self.tables):
            for table in tables:
                for row in table.rows:
                    message, of_kind = machines.event_parts(table, row)
                    same = machines.event_name(table, row) == event or not of_kind and event.split(", ")[0] == message
                    if same and row.state == self.states[which]:
                        yield which, table, row

    def happens(self, event, lane, step):
        found = next(self.rows(event), None)
        if not found:
            raise Fault(f"{event!r} is not legal in {' and '.join(self.states)}")
        which, table, row = found
        action = machines.action_name(table, row)
        self.to_send += re.findall(r"send ([^;]*)", action)
        told = re.findall(r"report ([A-Z_]+)", action)
        if row.next == "ENDED" and not told:
            told = ["CALL_DOWN"]
        if row.next == "WAIT_STOP_REPLY" and self.states[1] not in ("CALL_IDLE", "ENDED"):
            raise Fault("a call is left when the connection stops")
        step.told += [(lane, name) for name in told]
        if row.next != row.state:
            self.states[which] = row.next
            name = machines.state_name(table, row.next)
            step.changes.append((lane, f"call {name}" if which else name, style_of(row.next)))

    def sends(self, message):
        """Codes count where the text has them."""
        for waiting in self.to_send:
            if waiting == message or waiting.split(", ")[0] == message:
                self.to_send.remove(waiting)
                return
        raise Fault(f"{message!r} is not what the machines send, which is {self.to_send}")


@dataclass
class Story:
    title: str
    rfc: str
    names: list = field(default_factory=list)
    begin: list = field(default_factory=list)  # (lane, words for the state, style)
    steps: list = field(default_factory=list)


def exchange(step, ends):
    """A message or a packet from one end to the other."""
    if step.kind == "message":
        ends[step.at].sends(step.text)
        ends[1 - step.at].happens(step.text, 1 - step.at, step)
    elif [end.states[1] for end in ends] != ["ESTABLISHED"] * 2:
        raise Fault("data before the call is established")


def advance(line, lanes, ends, steps):
    """One line of a text."""
    who, rest = line.split(None, 1)
    arrow = re.match(r"(->|=>) (\w+)\s+(.*)", rest)
    if who == "section":
        steps.append(Step("section", text=rest))
        return
    lane = lanes.index(who)
    if arrow:
        if [who, arrow[2]] not in (lanes, lanes[::-1]):
            raise Fault("goes from one lane to the other")
        steps.append(Step("message" if arrow[1] == "->" else "data", lane, arrow[3]))
        exchange(steps[-1], ends)
    else:
        steps.append(Step("local", lane, rest))
        ends[lane].happens(REQUESTS.get(rest, rest), lane, steps[-1])


def play(path, tables):
    """Put a text through the machines."""
    head, _, body = path.read_text().partition("\n\n")
    heads = dict(line.split(None, 1) for line in head.splitlines() if not line.startswith("#"))
    story = Story(heads.pop("title"), heads.pop("rfc"))
    begin = heads.pop("begin", "")
    ends = []
    for lane, text in enumerate(heads.values()):
        control, call, name = text.split(None, 2)
        ends.append(End(tables, control, call, begin))
        story.names.append(name)
        state = ends[-1].states[0]
        story.begin.append((lane, words.CONTROL_STATES[state], style_of(state)))
    for line in body.splitlines():
        try:
            advance(line, list(heads), ends, story.steps)
        except (Fault, ValueError) as fault:
            raise Fault(f"{path.name}, {line!r}: {fault}") from fault
    for end in ends:
        if end.to_send:
            raise Fault(f"{path.name}: {end.to_send} is never sent")
    return story


# ---- calls: the picture --------------------------------------------------------------------------------------

SIDE = 280     # from the edge of the paper to a lane
BETWEEN = 350  # from lane to lane
PILL = 20      # height of a state


class Sequence:
    def __init__(self, name, story):
        told = "; ".join(step.text for step in story.steps if step.kind != "section")
        self.picture, self.story = Picture(name, story.title, f"In this order: {told}."), story
        self.x = [SIDE, SIDE + BETWEEN]
        self.wide = 2 * SIDE + BETWEEN
        self.breaks = [[], []]  # (top, bottom) of what interrupts a lane

    def pill(self, lane, y, text, style):
        wide = width(text, SMALL) + 18
        self.picture.box(self.x[lane] - wide / 2, y - PILL / 2, wide, PILL, style, PILL / 2)
        self.picture.text(self.x[lane], y + 4.5, text, SMALL, "middle")
        self.breaks[lane].append((y - PILL / 2, y + PILL / 2))
        return wide / 2

    def aside(self, lane, y, text, style, away, half):
        """Words at a lane's outer side, with an arrow to the host or from it."""
        out = -1 if lane == 0 else 1
        near, far = self.x[lane] + out * (half + 3), self.x[lane] + out * 92
        points = [(near, y), (far, y)] if away else [(far, y), (near, y)]
        self.picture.line(points, "thin", "thinhead")
        self.picture.text(far + out * 6, y + 4.5, [(style, text)], SMALL, "end" if lane == 0 else "start")

    def outcome(self, step, y):
        """States that changed and what the hosts are told, beside each other. Returns the y below."""
        lowest = y
        for lane in (0, 1):
            at = y
            states = [change for change in step.changes if change[0] == lane]
            events = [event for event in step.told if event[0] == lane]
            for i in range(max(len(states), len(events))):
                at += PILL / 2 + 4 if i == 0 else PILL + 3
                half = self.pill(lane, at, *states[i][1:]) if i < len(states) else 0
                if i < len(events):
                    self.aside(lane, at, f"PPTP_EV_{events[i][1]}", "mono dim", True, half)
            lowest = max(lowest, at + PILL / 2 if at > y else y)
        return lowest

    def section(self, step, y):
        y += 16
        self.picture.text(PAPER, y + 4, [("bold dim", step.text)], SMALL)
        begin = PAPER + width(step.text, SMALL, "bold") + 8
        self.picture.line([(begin, y), (self.wide - PAPER, y)], "thin dash", head="")
        return y + 4

    def message(self, step, y):
        y += 34
        begin, end = self.x[step.at], self.x[1 - step.at]
        way = 1 if end > begin else -1
        data = step.kind == "data"
        self.picture.text((begin + end) / 2, y - 6, step.text, SIZE, "middle")
        self.picture.line([(begin + 2 * way, y), (end - 2 * way, y)], "data" if data else "line",
                          "datahead" if data else "head")
        return y

    def local(self, step, y):
        """What a host asks for, or what happens to one end alone."""
        y += 8 + PILL / 2
        half = self.pill(step.at, y, *step.changes[0][1:]) if step.changes else 0
        self.aside(step.at, y, step.text, "mono do" if step.text in REQUESTS else "dim", False, half)
        return self.outcome(Step("", told=step.told), y + PILL / 2 - 2) if step.told else y + PILL / 2

    def draw(self):
        self.picture.text(PAPER, PAPER + 14, [("bold", self.story.title), ("dim", f"   RFC 2637 {self.story.rfc}")], 16)
        y = PAPER + 48
        for lane, name in enumerate(self.story.names):
            self.picture.text(self.x[lane], y, [("bold", name)], SIZE, "middle")
        top = y + 8
        y += 24
        for lane, text, style in self.story.begin:
            self.pill(lane, y, text, style)
        y += PILL / 2
        for step in self.story.steps:
            if step.kind == "section":
                y = self.section(step, y)
            elif step.kind == "local":
                y = self.local(step, y)
            else:
                y = self.outcome(step, self.message(step, y))
        bottom = y + 12
        self.lanes(top, bottom)
        y = bottom + 22
        self.picture.text(PAPER, y, [("mono do", "pptp_call_dial"), ("dim", ": what a host asks for.  "),
                                     ("mono dim", "PPTP_EV_UP"), ("dim", ": what it is told.  In the lanes: states.  "
                                                                         "Without PPTP_CONN_ASK.")], SMALL)
        return self.picture.render(self.wide, y + PAPER)

    def lanes(self, top, bottom):
        for lane in (0, 1):
            at = top
            for begin, end in sorted(self.breaks[lane]) + [(bottom, bottom)]:
                if begin > at:
                    self.picture.line([(self.x[lane], at), (self.x[lane], begin)], "thin", head="")
                at = end


# ---- layers ---------------------------------------------------------------------------------------------------

@dataclass
class Layer:
    x: int
    y: int
    wide: int
    high: int
    what: tuple
    style: str = "wait"


LAYERS = {
    "host": Layer(16, 54, 848, 60, ("sockets, addresses, clock, memory, PPP, routes",), "host"),
    "conn": Layer(16, 180, 262, 80, ("one control connection and its calls:", "state machines, timers"), "up"),
    "gre": Layer(308, 180, 190, 80, ("one call's data channel:", "numbers, acknowledgments"), "up"),
    "mux": Layer(528, 180, 168, 80, ("Call IDs, and", "whose packet this is"), "up"),
    "hdlc": Layer(726, 180, 138, 80, ("framing of a", "byte stream"), "up"),
    "msg": Layer(96, 308, 182, 80, ("codec of the 15", "control messages"), "up"),
    "wire": Layer(16, 436, 482, 60, ("bounds-checked big-endian access, internal",), "plain"),
}

# Of an arrow: its x and what is written beside it.
USES = {
    ("host", "conn"): (147, ("octets of TCP,", "requests, events")),
    ("host", "gre"): (403, ("packets,", "PPP frames")),
    ("host", "mux"): (612, ("addresses,", "Call IDs")),
    ("host", "hdlc"): (795, ("octets,", "frames")),
    ("conn", "msg"): (187, ()),
    ("conn", "wire"): (56, ()),
    ("msg", "wire"): (187, ()),
    ("gre", "wire"): (403, ()),
    ("conn", "gre"): (0, ()),
}

NOTES = ("An arrow: who calls whom.",
         "Dashed: conn fills in gre's options; gre knows nothing of conn, so data may run on another thread.",
         "Each layer is of use without those beside it: a sniffer needs msg, a host whose kernel carries GRE needs conn.")

PREFIXES = {"conn": "conn", "call": "conn", "collision": "conn", "config": "conn", "gre": "gre", "mux": "mux",
            "hdlc": "hdlc", "msg": "msg", "wire": "wire"}


def module_of(name):
    return PREFIXES.get(re.split(r"[_.]", name)[0])


def uses_found():
    """(module, module it uses), by the #includes."""
    found = set()
    for path in sorted([*ROOT.glob("lib/*.[ch]"), *ROOT.glob("include/pptp/*.h")]):
        for name in re.findall(r'^#include "(?:pptp/)?(\w+\.h)"', path.read_text(), re.MULTILINE):
            pair = module_of(path.name), module_of(name)
            if None not in pair and pair[0] != pair[1]:
                found.add(pair)
    return found


def layers():
    found = uses_found()
    drawn = {pair for pair in USES if pair[0] != "host"}
    if found != drawn:
        raise Fault(f"layers use each other otherwise than drawn: {sorted(found ^ drawn)}")
    headers = sorted({path.name for path in ROOT.glob("include/pptp/*.h")} - {"base.h", "pptp.h", "storage.h"})
    homeless = [name for name in headers if module_of(name) not in LAYERS]
    if homeless:
        raise Fault(f"no layer for {homeless}")
    told = "; ".join(f"{user} uses {used}" for user, used in USES)
    picture = Picture("layers", "The layers of libpptp", f"{told}.")
    picture.text(PAPER, PAPER + 14, [("bold", "The layers of libpptp")], 16)
    for name, layer in LAYERS.items():
        picture.box(layer.x, layer.y, layer.wide, layer.high, layer.style)
        picture.text(layer.x + 14, layer.y + 25, [("bold", name)], 15)
        of_layer = " ".join(header for header in headers if module_of(header) == name)
        if of_layer:
            picture.text(layer.x + layer.wide - 14, layer.y + 25, [("mono dim", of_layer)], SMALL, "end")
        for i, line in enumerate(layer.what):
            picture.text(layer.x + 14, layer.y + 45 + i * SMALL_LINE, [("dim", line)], SMALL)
    for (user, used), (x, what) in USES.items():
        a, b = LAYERS[user], LAYERS[used]
        if a.y == b.y:
            middle = a.y + a.high / 2
            picture.line([(a.x + a.wide, middle), (b.x, middle)], "line dash")
            continue
        picture.line([(x, a.y + a.high), (x, b.y)])
        top = (a.y + a.high + b.y) / 2 - len(what) * SMALL_LINE / 2 + SMALL
        for i, line in enumerate(what):
            picture.text(x + ASIDE, top + i * SMALL_LINE, [("do", line)], SMALL)
    y = 330
    for note in NOTES:
        for line in wrap(note, 864 - 528, SMALL):
            picture.text(528, y, [("dim", line)], SMALL)
            y += SMALL_LINE
        y += 6
    return picture.render(880, 512)


# ---- all ------------------------------------------------------------------------------------------------------

def main():
    tables = machines.read()
    header = (ROOT / "include/pptp/conn.h").read_text() + (ROOT / "include/pptp/call.h").read_text()
    for request in REQUESTS:
        if f" {request}(" not in header:
            raise Fault(f"diagrams.py names {request}, which neither conn.h nor call.h in include/pptp has")
    files = {DOCS / "layers.svg": layers(), **{DOCS / f"{name}.svg": text for name, text in guide.pictures()}}
    for name in ("call", "call-incoming"):
        files[DOCS / f"{name}.svg"] = Sequence(name, play(HERE / f"{name}.txt", tables)).draw()
    write_or_check("tests/requirements/diagrams.py", files, "--check" in sys.argv)


if __name__ == "__main__":
    main()
