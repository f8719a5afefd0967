"""Reads the state machines out of lib/conn_table.c, and names what stands in them (words.py)."""

import pathlib
import re
from dataclasses import dataclass, field

import words

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "lib/conn_table.c"

TABLE = re.compile(r"^static const row (\w+)\[\] = \{\n(.*?)\n\};$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
PIECE = re.compile(r"\s*(?:/\*(?P<comment>.*?)\*/|\{(?P<row>\w+, \w+, \w+, \w+)\},(?P<remark>[ \t]*/\*.*?\*/)?)\s*",
                   re.DOTALL)
SECTION = re.compile(r"(\d+(?:\.\d+)+)\b[.,]?\s*")


class Fault(SystemExit):
    """What is said of the code does not agree with it: the script ends with these words."""


@dataclass
class Row:
    state: str
    event: str
    action: str
    next: str
    remark: str


@dataclass
class Table:
    name: str
    section: str  # of RFC 2637, where the comment above begins with one
    about: str    # the rest of this comment
    before: list  # comments further above, about more than this table
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # (state, comment above its rows)


def flat(comment):
    return re.sub(r"\s*\n\s*\*?\s*", " ", comment.strip().removeprefix("/*").removesuffix("*/").strip())


def parse_rows(table, text):
    at, waiting = 0, []
    ended = False
    while at < len(text):
        piece = PIECE.match(text, at)
        if not piece or ended:
            raise Fault(f"{SOURCE.name}, table {table.name}: cannot read {text[at:at + 60].strip()!r}")
        at = piece.end()
        if piece["comment"] is not None:
            waiting.append(flat(piece["comment"]))
        elif piece["row"] == "0, 0, 0, 0":
            ended = True
        else:
            row = Row(*piece["row"].split(", "), flat(piece["remark"] or ""))
            table.notes += [(row.state, note) for note in waiting]
            waiting = []
            table.rows.append(row)
    if not ended or waiting:
        raise Fault(f"{SOURCE.name}, table {table.name} has no row of zeros as its end")


def read():
    """Name -> Table, in the order of the source."""
    text, tables, at = SOURCE.read_text(), {}, 0
    for found in TABLE.finditer(text):
        comments = [flat(comment) for comment in COMMENT.findall(text[at:found.start()])]
        if at == 0:
            comments = comments[1:]  # what the file is
        about = comments.pop() if comments else ""
        section = SECTION.match(about)
        table = Table(found[1], section[1] if section else "", about[section.end():] if section else about, comments)
        parse_rows(table, found[2])
        tables[table.name] = table
        at = found.end()
    if text.count("static const row ") - text.count("static const row *") != len(tables):
        raise Fault(f"{SOURCE.name} has a table that cannot be read")
    return tables


def is_call(table):
    return table.rows[0].event.startswith("CALL_")


def lookup(names, what, identifier, table):
    if identifier not in names:
        raise Fault(f"{what} {identifier} of table {table.name} has no name in words.py")
    return names[identifier]


def kind_of(table):
    return words.KINDS.get(table.name.split("_")[-1], {})


def state_name(table, state):
    return lookup(words.CALL_STATES if is_call(table) else words.CONTROL_STATES, "state", state, table)


def event_parts(table, row):
    """(message, kind of it)"""
    message, of_kind = lookup(words.CALL_EVENTS if is_call(table) else words.CONTROL_EVENTS, "event", row.event, table)
    if "{timer}" in message:
        where = (table.name, row.state)
        if where not in words.TIMERS:
            raise Fault(f"the timer of state {row.state} of table {table.name} has no name in words.py")
        message = message.format(timer=words.TIMERS[where])
    return message, of_kind


def event_name(table, row):
    return ", ".join(part for part in event_parts(table, row) if part)


def event_names(table, rows):
    """The events of rows of one state that do the same; of a message no kinds, when all that have a row are among
    them."""
    of_state = [event_parts(table, row)[0] for row in table.rows if row.state == rows[0].state]
    parts = [event_parts(table, row) for row in rows]
    messages = [message for message, _ in parts]
    names = []
    for message, of_kind in parts:
        whole = messages.count(message) == of_state.count(message) > 1
        name = message if whole or not of_kind else f"{message}, {of_kind}"
        if name not in names:
            names.append(name)
    return names


def action_name(table, row):
    text = lookup(words.CALL_ACTIONS if is_call(table) else words.CONTROL_ACTIONS, "action", row.action, table)
    return text.format(**kind_of(table)) if "{" in text else text


def told_rightly():
    """What words.py says must exist: messages, events, reasons and options that the library has."""
    header = "".join((ROOT / f"include/pptp/{name}.h").read_text() for name in ("base", "config", "conn", "call"))
    known = set(re.findall(r"[A-Z][A-Za-z]+(?:-[A-Z][A-Za-z]+)+", (ROOT / "lib/names.c").read_text()))
    texts = [text for names in (words.CONTROL_ACTIONS, words.CALL_ACTIONS) for text in names.values()]
    texts += [text for names in (words.CONTROL_EVENTS, words.CALL_EVENTS) for text, _ in names.values()]
    texts += [text for kind in words.KINDS.values() for text in kind.values()] + list(words.TIMERS.values())
    for text in texts:
        wanted = [f"PPTP_EV_{name}" for name in re.findall(r"report ([A-Z_]+)", text)]
        wanted += [f"PPTP_ERR_{name}" for name in re.findall(r", ([A-Z]{2,})\b", text)]
        wanted += re.findall(r"\w+_us\b|PPTP_\w+", text)
        for name in wanted:
            if not re.search(rf"\b{name}\b", header):
                raise Fault(f"words.py says {text!r}, but the library has no {name}")
        for name in re.findall(r"[A-Z][A-Za-z]+(?:-[A-Z][A-Za-z]+)+", text):
            if name not in known:
                raise Fault(f"words.py says {text!r}, but there is no message {name}")


def check(tables):
    """Faults that are no picture's business: a row twice, a name that is used nowhere, words that are not true."""
    told_rightly()
    used = {}
    for table in tables.values():
        seen = set()
        for row in table.rows:
            if (row.state, row.event) in seen:
                raise Fault(f"table {table.name} has two rows for {row.state}, {row.event}")
            seen.add((row.state, row.event))
            for named in (state_name(table, row.state), state_name(table, row.next), event_name(table, row),
                          action_name(table, row)):
                if not named:
                    raise Fault(f"words.py has an empty name for something in {row}")
            side = "CALL" if is_call(table) else "CONTROL"
            for kind, name in (("STATES", row.state), ("STATES", row.next), ("EVENTS", row.event),
                               ("ACTIONS", row.action)):
                used.setdefault(f"{side}_{kind}", set()).add(name)
            if row.event == "CALL_IN_TIMER":
                used.setdefault("TIMERS", set()).add((table.name, row.state))
    for group, names in used.items():
        for name in getattr(words, group):
            if name not in names:
                raise Fault(f"words.py names {name}, which no row of {SOURCE.name} has")
