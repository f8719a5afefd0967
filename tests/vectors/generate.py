#!/usr/bin/env python3
"""Turn vectors.json into a C header of tables: generate.py vectors.json [vectors.h]"""
import json
import sys

TYPES = """\
/* Made by generate.py from vectors.json. */
#ifndef VECTORS_H
#define VECTORS_H

#include <stddef.h>
#include <stdint.h>

#include <pptp/pptp.h>

/* A field of a message type: where it stands on the wire. */
struct vector_layout_field {
	const char *name;
	uint32_t offset, octets;
};

struct vector_layout {
	const char *name;
	uint32_t type, length;
	const struct vector_layout_field *fields;
	size_t fields_len;
};

/* What a field of a message holds: an integer, or octets that zeros follow up to the field's end. */
struct vector_field {
	const char *name;
	uint32_t value;
	const uint8_t *text; /* NULL: an integer */
	size_t text_len;
};

struct vector_control {
	const char *id;
	uint32_t type;
	const uint8_t *data;
	size_t len;
	const struct vector_field *fields;
	size_t fields_len;
};

struct vector_gre {
	const char *id;
	const uint8_t *data;
	size_t len;
	uint32_t verdict;
	pptp_gre_header header;
	const uint8_t *payload;
};

struct vector_octets {
	const uint8_t *data;
	size_t len;
};

/* A byte stream in TCP segments, and the messages in it. */
struct vector_stream {
	const char *id;
	const struct vector_octets *segments;
	size_t segments_len;
	const struct vector_octets *messages;
	size_t messages_len;
};

/* A frame, its FCS, and both on an asynchronous line with all controls escaped and with none. */
struct vector_hdlc {
	const char *id;
	const uint8_t *data;
	size_t len;
	uint16_t fcs;
	struct vector_octets fcs_on_wire, all_controls, no_controls;
};

/* What happens to a message that is wrong in some way. */
enum vector_reaction {
	VECTOR_USE,              /* as if nothing were wrong */
	VECTOR_SKIP,             /* no answer, the next message is read */
	VECTOR_IGNORE,           /* likewise, for a message that is right in itself */
	VECTOR_MALFORMED,        /* the connection ends; field and value say where and why */
	VECTOR_SKIP_OR_MALFORMED,/* one of the two */
	VECTOR_REFUSE,           /* a reply with this result and error */
	VECTOR_REFUSE_ANY,       /* a reply that does not accept */
	VECTOR_CALL_UP,
	VECTOR_CALL_DOWN,        /* the call ends with this result */
	VECTOR_CALL_OFFERED
};

struct vector_expected {
	enum vector_reaction reaction;
	uint32_t field, value;
	uint32_t result, error;
};

enum vector_state { VECTOR_IN_IDLE, VECTOR_IN_ESTABLISHED, VECTOR_IN_WAIT_REPLY };

struct vector_negative_control {
	const char *id;
	const uint8_t *data;
	size_t len;
	enum vector_state state;            /* of the receiver when it comes */
	struct vector_expected strict, usual; /* tolerate 0, and the default */
};

struct vector_negative_gre {
	const char *id;
	const uint8_t *data;
	size_t len;
	uint32_t decode;  /* verdict of the header codec */
	uint32_t channel; /* verdict of the channel of Call ID 1 */
	size_t delivered_octets;
};
"""

VERDICTS = {"DELIVER": "PPTP_GRE_DELIVER", "ACK_ONLY": "PPTP_GRE_ACK_ONLY", "EMPTY": "PPTP_GRE_EMPTY"}


def verdict(name):
    return VERDICTS.get(name, "PPTP_GRE_DROP_" + name)


def number(value):
    return int(value, 16) if isinstance(value, str) else int(value)


class Header:
    def __init__(self, out):
        self.out = out
        self.serial = 0

    def line(self, text=""):
        self.out.write(text + "\n")

    def octets(self, data):
        """A table of octets; its name."""
        self.serial += 1
        name = "vector_data_%d" % self.serial
        values = ", ".join("0x%02x" % x for x in data) or "0"
        self.line("static const uint8_t %s[] = {%s};" % (name, values))
        return name

    def table(self, kind, rows, name=None):
        if name is None:
            self.serial += 1
            name = "vector_table_%d" % self.serial
        self.line("static const %s %s[] = {" % (kind, name))
        for row in rows:
            self.line("\t{%s}," % row)
        self.line("};")
        return name


def layouts(header, data):
    rows = []
    for name, layout in data["layouts"].items():
        fields = header.table("struct vector_layout_field",
                              ['"%s", %d, %d' % (f[2], f[0], f[1]) for f in layout["fields"]])
        rows.append('"%s", %d, %d, %s, %d' % (name, layout["type"], layout["length"], fields,
                                             len(layout["fields"])))
    header.table("struct vector_layout", rows, "vector_layouts")


def control(header, data):
    rows = []
    for v in data["control"]:
        layout = data["layouts"][v["message"]]
        octets = {f[2]: f[1] for f in layout["fields"]}
        fields = []
        for name, value in v["fields"].items():
            if octets[name] >= 64:
                text = bytes.fromhex(value) if name in v.get("hex_fields", []) else value.encode("latin-1")
                fields.append('"%s", 0, %s, %d' % (name, header.octets(text), len(text)))
            else:
                fields.append('"%s", 0x%xu, NULL, 0' % (name, number(value)))
        assert len(fields) == len(layout["fields"]), v["id"]
        raw = bytes.fromhex(v["hex"])
        table = header.table("struct vector_field", fields)
        rows.append('"%s", %d, %s, %d, %s, %d' % (v["id"], layout["type"], header.octets(raw), len(raw),
                                                 table, len(fields)))
    header.table("struct vector_control", rows, "vector_controls")


def gre(header, data):
    rows = []
    for v in data["gre"]:
        f = v["fields"]
        raw, payload = bytes.fromhex(v["hex"]), bytes.fromhex(f["payload"])
        assert raw[f["header_length"]:] == payload, v["id"]
        has_sequence, has_ack = f["sequence"] is not None, f["ack"] is not None
        head = "{0x%xu, 0x%xu, %d, %d, %d, %d, %d, 0}" % (
            f["sequence"] or 0, f["ack"] or 0, f["payload_length"], f["call_id"], has_sequence, has_ack,
            f["header_length"])
        rows.append('"%s", %s, %d, %s, %s, %s' % (v["id"], header.octets(raw), len(raw),
                                                 verdict(v["verdict"]), head, header.octets(payload)))
    header.table("struct vector_gre", rows, "vector_gres")


def stream(header, data):
    rows = []
    for v in data["stream"]:
        tables = []
        for part in "segments", "messages":
            raw = [bytes.fromhex(x) for x in v[part]]
            tables.append(header.table("struct vector_octets",
                                       ["%s, %d" % (header.octets(x), len(x)) for x in raw]))
        rows.append('"%s", %s, %d, %s, %d' % (v["id"], tables[0], len(v["segments"]), tables[1],
                                             len(v["messages"])))
    header.table("struct vector_stream", rows, "vector_streams")


def expected(e):
    return "{VECTOR_%s, %d, 0x%xu, %d, %d}" % (e["reaction"].upper(), e.get("field", 0), e.get("value", 0),
                                              e.get("result", 0), e.get("error", 0))


def negative(header, data):
    rows = []
    for v in data["negative_control"]:
        raw = bytes.fromhex(v["hex"])
        rows.append('"%s", %s, %d, VECTOR_IN_%s, %s, %s' % (
            v["id"], header.octets(raw), len(raw), v["state"].upper(), expected(v["strict"]),
            expected(v["default"])))
    header.table("struct vector_negative_control", rows, "vector_negative_controls")
    rows = []
    for v in data["negative_gre"]:
        raw = bytes.fromhex(v["hex"])
        rows.append('"%s", %s, %d, %s, %s, %d' % (v["id"], header.octets(raw), len(raw),
                                                 verdict(v["decode"]), verdict(v["channel"]),
                                                 v["delivered_octets"]))
    header.table("struct vector_negative_gre", rows, "vector_negative_gres")


def hdlc(header, data):
    rows = []
    for v in data["hdlc_fcs16"]:
        raw = [bytes.fromhex(v[x]) for x in
               ("data", "fcs_on_wire", "async_frame_accm_ffffffff", "async_frame_accm_00000000")]
        names = [header.octets(x) for x in raw]
        rows.append('"%s", %s, %d, 0x%s, %s' % (
            v["id"], names[0], len(raw[0]), v["fcs16"],
            ", ".join("{%s, %d}" % (n, len(x)) for n, x in zip(names[1:], raw[1:]))))
    header.table("struct vector_hdlc", rows, "vector_hdlcs")


PARTS = {"LAYOUTS": layouts, "CONTROL": control, "GRE": gre, "STREAM": stream, "NEGATIVE": negative,
         "HDLC": hdlc}


def generate(data, out):
    header = Header(out)
    header.line(TYPES)
    header.line("/* A test names the tables it wants before it includes this. */")
    for name, part in PARTS.items():
        header.line("#ifdef VECTORS_" + name)
        part(header, data)
        header.line("#endif")
    header.line("#endif")


def main():
    with open(sys.argv[1], encoding="ascii") as source:
        data = json.load(source)
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="ascii") as out:
            generate(data, out)
    else:
        generate(data, sys.stdout)


main()
