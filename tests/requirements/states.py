#!/usr/bin/env python3
"""The state machines of lib/conn_table.c as pictures, docs/states/*.svg, and as the tables that map.py puts into
docs/rfc2637.md. Usage: states.py [--check]; with --check nothing is written, and what is stale is an error.

Where a state stands is chosen by hand, below; ladder.py draws it. A new state must be given its place here, and a new
row its words in words.py."""

import re
import sys

import machines
from ladder import Drawing, Machine
from machines import ROOT, Fault
from svg import write_or_check

FOLDER = ROOT / "docs/states"
PAGE = ROOT / "docs/rfc2637.md"


CONTROL_ENDS = ("Whatever the state: TCP closed by the peer, a malformed message or pptp_conn_abort lead to closed. A "
                "message that has no row ends the connection, PROTOCOL; while closing none is read.")
CALL_ENDS = ("CALL_DOWN is reported on every way into ended. A message that has no row is ignored; strict: end, "
             "PROTOCOL. When the control connection ends, every call does.")
AT_ONCE = "A request that has a fault, or finds no room, is refused at once and makes no call."
PAC_HEARS = "Call-Disconnect-Notify comes from the wrong end here: only with PPTP_TOLERATE_ROLE; strict: end, PROTOCOL."
PNS_HEARS = "Call-Clear-Request comes from the wrong end here: only with PPTP_TOLERATE_ROLE; strict: end, PROTOCOL."
STRICT = "strict: with the PPTP_TOLERATE_ flag clear; end: of the control connection."
AFTER_START = {"WAIT_STOP_REPLY": "the calls are down", "CLOSING": "until the last octet has left",
               "CLOSED": "TCP can be closed"}

MACHINES = {
    "control-originator": Machine(
        "Control connection, originator", ("originator", "common"), bar="CLOSED", lane="CLOSING",
        column={"WAIT_CTL_REPLY": 0, "ESTABLISHED": 215, "WAIT_STOP_REPLY": 0, "CLOSING": 215}, wide=530, room=215,
        start=("TCP is open", "send Start-Control-Connection-Request"), under=AFTER_START,
        notes=(CONTROL_ENDS, STRICT)),
    "control-receiver": Machine(
        "Control connection, receiver", ("receiver", "common"), bar="CLOSED", lane="CLOSING", lane_room=225,
        column={"IDLE": 0, "START_OFFERED": 215, "ESTABLISHED": 0, "WAIT_STOP_REPLY": 0, "CLOSING": 0}, wide=450, room=205,
        start=("TCP is accepted", ""), under=AFTER_START | {"START_OFFERED": "the host decides"},
        notes=(CONTROL_ENDS, STRICT)),
    "pac-incoming": Machine(
        "PAC, incoming call", ("pac_incoming",), bar="ENDED", wide=310, room=340,
        column={"CALL_IDLE": 0, "WAIT_REPLY": 0, "ANSWERING": 0, "ESTABLISHED": 0},
        under={"WAIT_REPLY": "the line rings", "ANSWERING": "the line is being answered"},
        notes=(CALL_ENDS, PAC_HEARS, STRICT,
               "An Incoming-Call-Reply with a Call ID that another call of the peer has: send Call-Disconnect-Notify, "
               "result 2, error 5, and ended instead of answering.")),
    "pns-incoming": Machine(
        "PNS, incoming call", ("pns_incoming",), bar="ENDED", wide=510, room=270,
        column={"CALL_IDLE": 0, "OFFERED": 0, "WAIT_CONNECT": 0, "ESTABLISHED": 225, "WAIT_DISCONNECT": 0},
        under={"OFFERED": "the host decides", "WAIT_CONNECT": "the PAC answers the line"},
        notes=(AT_ONCE, CALL_ENDS, PNS_HEARS, STRICT)),
    "pac-outgoing": Machine(
        "PAC, outgoing call", ("pac_outgoing",), bar="ENDED", wide=310, room=340,
        column={"CALL_IDLE": 0, "OFFERED": 0, "ESTABLISHED": 0},
        under={"OFFERED": "wait_cs_ans: the host dials, or decides"},
        notes=(AT_ONCE, CALL_ENDS, PAC_HEARS, STRICT)),
    "pns-outgoing": Machine(
        "PNS, outgoing call", ("pns_outgoing",), bar="ENDED", wide=510, room=270,
        column={"CALL_IDLE": 0, "WAIT_REPLY": 0, "ESTABLISHED": 225, "WAIT_DISCONNECT": 0},
        notes=(CALL_ENDS, PNS_HEARS, STRICT,
               "An Outgoing-Call-Reply with a Call ID that another call of the peer has: send Call-Clear-Request, and "
               "wait_disconnect instead of established.")),
}


# ---- the tables of the page ---------------------------------------------------------------------------------

HEADINGS = {
    "originator": "Control connection, originator",
    "receiver": "Control connection, receiver",
    "common": "Control connection, once established",
    "pac_incoming": "PAC, incoming call",
    "pns_incoming": "PNS, incoming call",
    "pac_outgoing": "PAC, outgoing call",
    "pns_outgoing": "PNS, outgoing call",
}

INTRODUCTION = """
## The machines, row by row

From `lib/conn_table.c`, written by `tests/requirements/states.py`; CI checks that tables and pictures are current. "report X"
is the event `PPTP_EV_X` for the host. "strict" is what happens with the `PPTP_TOLERATE_` flag clear, "end" the end of the
control connection. Numbers are the RFC's Result, Error and Reason Codes, times the options of `pptp_config_options`.
"""


def in_words(table, comment):
    """A comment of the source with states as the page names them."""
    names = {row.state for row in table.rows} | {row.next for row in table.rows}
    for state in sorted(names, key=len, reverse=True):
        comment = comment.replace(state, f"`{machines.state_name(table, state)}`")
    return comment


def code(text):
    """Names of the library as code."""
    return re.sub(r"(?<=report )[A-Z_]+|(?<=, )[A-Z]{2,}\b|\b[a-z_]+_us\b|\bPPTP_\w+", r"`\g<0>`", text)


def table_lines(table):
    yield "| state | on | do | next |"
    yield "|---|---|---|---|"
    for row in table.rows:
        remark = f" ({in_words(table, row.remark)})" if row.remark else ""
        yield (f"| `{machines.state_name(table, row.state)}` | {code(machines.event_name(table, row))} | "
               f"{code(machines.action_name(table, row) + remark)} | `{machines.state_name(table, row.next)}` |")


def section(tables=None):
    """The part of docs/rfc2637.md that says what is in the tables."""
    tables = tables or checked()
    lines = [INTRODUCTION]
    for table in tables.values():
        lines += [f"{code(comment)}\n" for comment in table.before]
        lines.append(f"### {HEADINGS[table.name]}" + (f" (RFC 2637 {table.section})" if table.section else "") + "\n")
        if table.about:
            lines.append(in_words(table, table.about[0].upper() + table.about[1:]) + "\n")
        for name, machine in MACHINES.items():
            if machine.tables[0] == table.name:
                lines.append(f"![{machine.title}: the table below as a picture](states/{name}.svg)\n")
        lines += [f"`{machines.state_name(table, state)}`: {in_words(table, note)}\n" for state, note in table.notes]
        lines += [*table_lines(table), ""]
    return "\n".join(lines).rstrip() + "\n"


def checked():
    tables = machines.read()
    machines.check(tables)
    for name in tables:
        if name not in HEADINGS or not any(name in machine.tables for machine in MACHINES.values()):
            raise Fault(f"table {name} has no machine in states.py")
    return tables


def main():
    check = "--check" in sys.argv
    tables = checked()
    files = {FOLDER / f"{name}.svg": Drawing(name, machine, tables).draw() for name, machine in MACHINES.items()}
    unknown = [path.name for path in sorted(FOLDER.glob("*")) if path not in files]
    if unknown:
        raise Fault(f"docs/states holds what no machine makes: {', '.join(unknown)}")
    write_or_check("tests/requirements/states.py", files, check)
    if check and section(tables) not in PAGE.read_text():
        raise Fault("docs/rfc2637.md is stale: run tests/requirements/map.py and commit the result")


if __name__ == "__main__":
    main()
