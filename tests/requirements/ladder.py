"""Draws a state machine as a ladder: a column of states from top to bottom, at its right a bar for the state that ends
all, and where it needs one a lane at its left to the state that most others lead to. All lines are straight or turn once
or twice, all words stand level. Sizes follow from what is written."""

from dataclasses import dataclass, field

import machines
from machines import Fault
from svg import LINE, SIZE, Picture, width, wrap

PAPER = 16    # margin
BAR = 96      # width of the bar
PAD = 14      # in a box
SMALL = 12
SMALL_LINE = 16
GAP = 12      # between what belongs to two arrows
ASIDE = 10    # between an arrow and what is written beside it

LEGEND = [("", "What happens "), ("do", "and what is done."),
          ("dim", "  In a box, below its name: what does not leave the state.")]


@dataclass
class Machine:
    title: str
    tables: tuple       # of the source; the first one's rows come first
    column: dict        # state -> what is left free at its left, from top to bottom
    bar: str            # the state at the right
    wide: int           # of the column
    room: int           # between column and bar
    start: tuple = ()   # what happens and is done before the first row
    lane: str = ""      # the state that the lane at the left leads to
    lane_room: int = 0  # between lane and column; 0: all that takes the lane has one name, beside its last piece
    under: dict = field(default_factory=dict)  # state -> what is written below its name
    notes: tuple = ()


@dataclass
class Edge:
    state: str
    next: str
    on: list  # names of events
    do: str   # name of the action, or empty

    def lines(self, room):
        """(what happens, what is done) in lines of at most `room`"""
        on = [line for name in self.on for line in wrap(name, room)]
        do = [line for part in self.do.replace("; ", ";\n").split("\n") for line in wrap(part, room)]
        return on, do


def edges_of(machine, tables):
    """One edge for all rows that go from one state to another with one action."""
    grouped = {}
    for name in machine.tables:
        table = tables[name]
        for row in table.rows:
            if not {row.state, row.next} <= set(machine.column) | {machine.bar}:
                raise Fault(f"{machine.title}: state {row.state} or {row.next} has no place in states.py")
            grouped.setdefault((row.state, row.next, machines.action_name(table, row)), (table, []))[1].append(row)
    return [Edge(state, following, machines.event_names(table, rows), action)
            for (state, following, action), (table, rows) in grouped.items()]


def style_of(state):
    if state == "ESTABLISHED":
        return "up"
    if state in ("CLOSED", "ENDED"):
        return "over"
    return "plain" if state in ("IDLE", "CALL_IDLE") else "wait"


def inside(edge, room):
    """What stays in its state, as lines of runs: one when it fits, else what is done goes below."""
    on, do = ", ".join(edge.on), edge.do
    if width(f"{on}: {do}", SMALL) <= room:
        return [[("", f"{on}: "), ("do", do)]]
    return ([[("", line)] for line in wrap(f"{on}:", room, SMALL)] +
            [[("do", "   " + line)] for line in wrap(do, room - width("   ", SMALL), SMALL)])


class Drawing:
    def __init__(self, name, machine, tables):
        self.machine, self.edges = machine, edges_of(machine, tables)
        self.table = tables[machine.tables[0]]
        self.names = {state: machines.state_name(self.table, state) for state in [*machine.column, machine.bar]}
        self.states = list(machine.column)
        self.left = PAPER + (machine.lane_room + 8 if machine.lane_room else 24 if machine.lane else 0)
        self.bar_x = self.left + machine.wide + machine.room
        self.wide = self.bar_x + BAR + PAPER
        title = f"{machine.title} (RFC 2637 {self.table.section})"
        told = "; ".join(f"{self.names[edge.state]}, on {' or '.join(edge.on)}: {edge.do}"
                         f"{', then ' + self.names[edge.next] if edge.next != edge.state else ''}" for edge in self.edges)
        self.picture = Picture(name, f"State machine: {title}", f"{told}.")
        self.picture.text(PAPER, PAPER + 14, [("bold", machine.title), ("dim", f"   RFC 2637 {self.table.section}")], 16)
        self.box = {}  # state -> x, y, width, height
        for state in self.states:
            inset = machine.column[state]
            self.box[state] = [self.left + inset, 0, machine.wide - inset, 0]

    def between(self, state, following):
        return [edge for edge in self.edges if (edge.state, edge.next) == (state, following)]

    def stack(self, edges, room):
        """Heights of horizontal arrows with what is written above and below them."""
        return sum(sum(map(len, edge.lines(room))) * LINE + GAP + 6 for edge in edges)

    def row_of(self, state):
        return self.states.index(state)

    def right_edges(self, state):
        return self.between(state, self.machine.bar)

    def lane_edges(self, state):
        """What goes to the lane's state."""
        lane = self.machine.lane
        return self.between(state, lane) if lane and state != lane else []

    def content(self, state):
        room = self.box[state][2] - 2 * PAD
        return [line for edge in self.between(state, state) for line in inside(edge, room)]

    def own_height(self, state):
        """Of what is written into a box."""
        lines = len(self.content(state))
        return 14 + (SMALL_LINE if state in self.machine.under else 0) + (lines * SMALL_LINE + 12 if lines else 0)

    def height(self, state):
        sides = [self.own_height(state) + 2 * PAD, self.stack(self.right_edges(state), self.machine.room - 30) + GAP]
        if self.machine.lane_room:
            sides.append(self.stack(self.lane_edges(state), self.machine.lane_room - 30) + GAP)
        return max(sides)

    def beside(self, edges, room):
        """Height of what is written beside a vertical arrow."""
        return sum(sum(map(len, edge.lines(room))) * LINE + GAP for edge in edges) - GAP

    def write_beside(self, x, top, bottom, edges, room):
        y = (top + bottom - self.beside(edges, room)) / 2 + SIZE
        for edge in edges:
            on, do = edge.lines(room)
            for style, lines in (("", on), ("do", do)):
                for line in lines:
                    self.picture.text(x, y, [(style, line)])
                    y += LINE
            y += GAP

    def down_x(self, state, above):
        """Where the arrow from the state above comes in."""
        left = max(self.box[state][0], self.box[above][0])
        right = min(self.box[state][0] + self.box[state][2], self.box[above][0] + self.box[above][2])
        return left + min((right - left) / 2, 150)

    def room_beside(self, x):
        return self.bar_x - x - 2 * ASIDE

    def place(self):
        y = PAPER + 34
        if self.machine.start:
            y += 10 + 2 * LINE + 14
        for state, below in zip(self.states, self.states[1:] + [None]):
            self.box[state][1] = y
            self.box[state][3] = self.height(state)
            y += self.box[state][3]
            if below:
                edges = self.between(state, below) if below != self.machine.lane else []
                y += max(self.beside(edges, self.room_beside(self.down_x(state, below))) + 22, 30)
        self.bottom = y

    def draw_boxes(self):
        for state, (x, y, w, h) in self.box.items():
            self.picture.box(x, y, w, h, style_of(state))
            at = y + PAD + 11
            self.picture.text(x + PAD, at, [("bold", self.names[state])], 15)
            if state in self.machine.under:
                at += SMALL_LINE
                self.picture.text(x + PAD, at, [("dim", self.machine.under[state])], SMALL)
            if self.content(state):
                self.picture.line([(x, at + 10), (x + w, at + 10)], "under " + style_of(state), head="")
            at += 12
            for runs in self.content(state):
                at += SMALL_LINE
                self.picture.text(x + PAD, at, runs, SMALL)
        self.draw_bar()

    def draw_bar(self):
        rows = [state for state in self.states if self.right_edges(state)]
        top = self.box[rows[0]][1]
        bottom = self.box[rows[-1]][1] + self.box[rows[-1]][3]
        self.picture.box(self.bar_x, top, BAR, bottom - top, style_of(self.machine.bar))
        middle = (top + bottom) / 2
        self.picture.text(self.bar_x + BAR / 2, middle + 5, [("bold", self.names[self.machine.bar])], 15, "middle")
        for i, line in enumerate(wrap(self.machine.under.get(self.machine.bar, ""), BAR - 12, SMALL)):
            self.picture.text(self.bar_x + BAR / 2, middle + 22 + i * SMALL_LINE, [("dim", line)], SMALL, "middle")

    def horizontals(self, state, edges, room, begin, end):
        """Arrows from begin to end, one below the other, centred at the state's height. Yields their y."""
        _, top, _, high = self.box[state]
        y = top + (high - self.stack(edges, room - 30)) / 2 + GAP / 2
        text_x = min(begin, end) + 15
        for edge in edges:
            on, do = edge.lines(room - 30)
            for line in on:
                self.picture.text(text_x, y + SIZE - 1, line)
                y += LINE
            y += 1
            yield y
            y += 3
            for line in do:
                self.picture.text(text_x, y + SIZE, [("do", line)])
                y += LINE
            y += GAP + 2

    def draw_right(self):
        for state in self.states:
            x, _, wide, _ = self.box[state]
            for y in self.horizontals(state, self.right_edges(state), self.machine.room, x + wide, self.bar_x):
                self.picture.line([(x + wide, y), (self.bar_x, y)])

    def draw_start(self):
        if not self.machine.start:
            return
        first = self.states[0]
        x, y = self.down_x(first, self.states[1]), self.box[first][1]
        top = PAPER + 42
        self.picture.dot(x, top)
        self.picture.line([(x, top), (x, y)])
        on, do = self.machine.start
        self.write_beside(x + ASIDE, top, y, [Edge("", "", [on], do)], self.room_beside(x))

    def draw_down(self):
        """From a state to the next one below, or past some to a later one: these stand further right."""
        self.passing = []
        for state in self.states:
            x, y, w, h = self.box[state]
            for later in self.states[self.row_of(state) + 1:]:
                edges = self.between(state, later) if later != self.machine.lane else []
                if not edges:
                    continue
                end = self.box[later][1]
                if self.row_of(later) == self.row_of(state) + 1:
                    at = self.down_x(later, state)
                    room = self.room_beside(at)
                    end_of_words = end
                else:
                    skipped = self.states[self.row_of(state) + 1:self.row_of(later)]
                    at = max(x, self.box[later][0]) + 20
                    room = min(self.box[s][0] for s in skipped) - at - 2 * ASIDE
                    if room < 100:
                        raise Fault(f"{self.machine.title}: no way from {state} down to {later}")
                    self.passing.append((at, y + h, end))
                    end_of_words = y + h + self.beside(edges, room) + 2 * ASIDE
                self.picture.line([(at, y + h), (at, end)])
                self.write_beside(at + ASIDE, y + h, end_of_words, edges, room)

    def draw_lane(self):
        lane = self.machine.lane
        if not lane:
            return
        users = [state for state in self.states if self.lane_edges(state)]
        lane_x = PAPER + 4
        x, top, _, high = self.box[lane]
        into = top + high / 2
        first = True
        for state in users:
            begin = self.box[state][0]
            if self.machine.lane_room:
                ys = self.horizontals(state, self.lane_edges(state), self.machine.lane_room, begin, lane_x)
            else:
                ys = [self.box[state][1] + self.box[state][3] - 18]
            for y in ys:
                hops = [at for at, y0, y1 in self.passing if y0 < y < y1]
                rest = [(lane_x, into), (x, into)] if first else []
                self.picture.line([(begin, y), (lane_x, y), *rest], head="head" if first else "", hops=hops)
                first = False
        if not self.machine.lane_room:
            self.draw_shared_name(users, lane_x, x, into)

    def draw_shared_name(self, users, lane_x, x, y):
        edges = [edge for state in users for edge in self.lane_edges(state)]
        if len({(tuple(edge.on), edge.do) for edge in edges}) != 1:
            raise Fault(f"{self.machine.title}: the lane to {self.machine.lane} needs room for names")
        on, do = edges[0].lines(x - lane_x - 30)
        for i, line in enumerate(on):
            self.picture.text(lane_x + 15, y - 6 - (len(on) - 1 - i) * LINE, line)
        for i, line in enumerate(do):
            self.picture.text(lane_x + 15, y + 3 + SIZE + i * LINE, [("do", line)])

    def check(self):
        """There must be no edge that nothing above draws."""
        for edge in self.edges:
            backwards = edge.next in self.states and self.row_of(edge.next) < self.row_of(edge.state)
            if edge.state == self.machine.bar or backwards:
                raise Fault(f"{self.machine.title}: states.py cannot draw {edge.state} to {edge.next}")

    def draw(self):
        self.check()
        self.place()
        self.draw_boxes()
        self.draw_start()
        self.draw_right()
        self.draw_down()
        self.draw_lane()
        y = self.bottom + 26
        self.picture.text(PAPER, y, LEGEND, SMALL)
        y += SMALL_LINE + 4
        for note in self.machine.notes:
            for line in wrap(note, self.wide - 2 * PAPER, SMALL):
                self.picture.text(PAPER, y, [("dim", line)], SMALL)
                y += SMALL_LINE
        return self.picture.render(self.wide, y - SMALL_LINE + PAPER)
