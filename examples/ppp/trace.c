/* trace: records in words, for logs. The only file here that needs stdio. Of authentication it tells names
 * and messages, but no password, challenge or response. */
#include "auth.h"
#include "ccp.h"

#include <stdarg.h>
#include <stdio.h>

struct line {
	char *text;
	size_t size, used;
};

static void put(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct line *line, const char *format, ...)
{
	va_list arguments;
	int n;

	if (line->used + 1 >= line->size)
		return;
	va_start(arguments, format);
	n = vsnprintf(line->text + line->used, line->size - line->used, format, arguments);
	va_end(arguments);
	if (n < 0)
		return;
	line->used += (size_t)n;
	if (line->used >= line->size)
		line->used = line->size - 1;
}

static void put_code(struct line *line, uint16_t protocol, uint8_t code)
{
	static const char *const names[] = {NULL,
	                                    "Configure-Request",
	                                    "Configure-Ack",
	                                    "Configure-Nak",
	                                    "Configure-Reject",
	                                    "Terminate-Request",
	                                    "Terminate-Ack",
	                                    "Code-Reject",
	                                    "Protocol-Reject",
	                                    "Echo-Request",
	                                    "Echo-Reply",
	                                    "Discard-Request",
	                                    "Identification",
	                                    "Time-Remaining"};

	if (protocol == PPP_PROTOCOL_CCP && (code == 14 || code == 15))
		put(line, code == 14 ? " Reset-Request" : " Reset-Ack");
	else if (code > 0 && code < sizeof names / sizeof names[0])
		put(line, " %s", names[code]);
	else
		put(line, " code %u", code);
}

static void put_quoted(struct line *line, const char *what, const uint8_t *text, size_t len)
{
	put(line, " %s \"", what);
	for (size_t i = 0; i < len; i++)
		put(line, "%c", text[i] >= ' ' && text[i] <= '~' && text[i] != '"' ? text[i] : '?');
	put(line, "\"");
}

static void put_address(struct line *line, const uint8_t *value)
{
	put(line, "%u.%u.%u.%u", value[0], value[1], value[2], value[3]);
}

static void put_mppe(struct line *line, uint32_t bits)
{
	put(line, " mppe 0x%08lx", (unsigned long)bits);
	put(line, "%s%s%s", bits & MPPE_BIT_40 ? " 40" : "", bits & MPPE_BIT_56 ? " 56" : "",
	    bits & MPPE_BIT_128 ? " 128" : "");
	put(line, "%s", bits & MPPE_BIT_STATELESS ? " stateless" : "");
}

static void put_option(struct line *line, uint16_t protocol, const struct ppp_option *option)
{
	size_t len = option->len - PPP_OPTION_HEADER;

	if (protocol == PPP_PROTOCOL_LCP && option->type == 1 && len == 2) {
		put(line, " mru %u", wire_load16(option->value));
	} else if (protocol == PPP_PROTOCOL_LCP && option->type == 5 && len == 4) {
		put(line, " magic 0x%08lx", (unsigned long)wire_load32(option->value));
	} else if (protocol == PPP_PROTOCOL_LCP && option->type == 2 && len == 4) {
		put(line, " accm 0x%08lx", (unsigned long)wire_load32(option->value));
	} else if (protocol == PPP_PROTOCOL_LCP && option->type == PPP_OPTION_AUTHENTICATION && len >= 2 &&
	           ppp_auth_method(option->value) != 0) {
		put(line, " auth %s", ppp_auth_name(ppp_auth_method(option->value)));
	} else if (protocol == PPP_PROTOCOL_LCP && (option->type == 7 || option->type == 8) && len == 0) {
		put(line, option->type == 7 ? " pfc" : " acfc");
	} else if (protocol == PPP_PROTOCOL_IPCP && option->type == 3 && len == 4) {
		put(line, " address ");
		put_address(line, option->value);
	} else if (protocol == PPP_PROTOCOL_IPCP && option->type >= 129 && option->type <= 132 && len == 4) {
		static const char *const names[] = {"dns1", "nbns1", "dns2", "nbns2"};

		put(line, " %s ", names[option->type - 129]);
		put_address(line, option->value);
	} else if (protocol == PPP_PROTOCOL_CCP && option->type == 18 && len == 4) {
		put_mppe(line, wire_load32(option->value));
	} else if (protocol == PPP_PROTOCOL_IPV6CP && option->type == 1 && len == PPP_INTERFACE_OCTETS) {
		put(line, " interface %04x:%04x:%04x:%04x", wire_load16(option->value),
		    wire_load16(option->value + 2), wire_load16(option->value + 4),
		    wire_load16(option->value + 6));
	} else {
		put(line, " option %u", option->type);
		for (size_t i = 0; i < len; i++)
			put(line, "%s%02x", i == 0 ? " " : "", option->value[i]);
	}
}

static void put_control(struct line *line, uint16_t protocol, wire_reader *r)
{
	uint8_t code = wire_get8(r), id = wire_get8(r);
	struct ppp_option option;

	(void)wire_get16(r);
	if (r->failed)
		return;
	put_code(line, protocol, code);
	put(line, " id %u", id);
	if (code < PPP_CONFIGURE_REQUEST || code > PPP_CONFIGURE_REJECT)
		return;
	while (ppp_option_next(r, &option) > 0)
		put_option(line, protocol, &option);
}

static const char *layer_name(uint16_t protocol)
{
	for (unsigned layer = 0; layer < PPP_LAYERS; layer++)
		if (ppp_layer_types[layer]->number == protocol)
			return ppp_layer_types[layer]->name;
	return NULL;
}

/* The name in a Request, the message in an answer. */
static void put_pap(struct line *line, uint8_t code, wire_reader *r)
{
	size_t len = wire_get8(r);
	const uint8_t *text = wire_take(r, len);

	if (text && (code == 1 || len > 0))
		put_quoted(line, code == 1 ? "name" : "message", text, len);
}

static void put_chap(struct line *line, uint8_t code, wire_reader *r)
{
	if (code == PPP_CHAP_FAILURE)
		put_quoted(line, "message", r->at, r->left);
	if (code == PPP_CHAP_CHALLENGE || code == PPP_CHAP_RESPONSE) {
		(void)wire_take(r, wire_get8(r));
		if (!r->failed)
			put_quoted(line, "name", r->at, r->left);
	}
}

static void put_authentication(struct line *line, uint16_t protocol, const wire_reader *information)
{
	static const char *const names[2][5] = {
	        {NULL, "Authenticate-Request", "Authenticate-Ack", "Authenticate-Nak", NULL},
	        {NULL, "Challenge", "Response", "Success", "Failure"}};
	int chap = protocol == PPP_PROTOCOL_CHAP;
	struct ppp_packet packet;
	wire_reader r;

	put(line, chap ? " CHAP" : " PAP");
	if (ppp_packet_read(information->at, information->left, &packet) < 0)
		return;
	if (packet.code >= 5 || !names[chap][packet.code]) {
		put(line, " code %u id %u", packet.code, packet.id);
		return;
	}
	put(line, " %s id %u", names[chap][packet.code], packet.id);
	r = wire_read(packet.data, packet.data_len);
	(chap ? put_chap : put_pap)(line, packet.code, &r);
}

static void put_frame(struct line *line, const ppp_trace *record)
{
	wire_reader r = wire_read(record->frame, record->len);
	uint16_t protocol;

	if (ppp_read_header(&r, &protocol) < 0) {
		put(line, " %lu octets", (unsigned long)record->len);
		return;
	}
	if (layer_name(protocol) != NULL) {
		put(line, " %s", layer_name(protocol));
		put_control(line, protocol, &r);
	} else if (protocol == PPP_PROTOCOL_PAP || protocol == PPP_PROTOCOL_CHAP) {
		put_authentication(line, protocol, &r);
	} else {
		put(line, " protocol 0x%04x, %lu octets", protocol, (unsigned long)r.left);
	}
}

size_t ppp_trace_text(const ppp_trace *record, char *ret_line, size_t size)
{
	struct line line = {ret_line, size, 0};

	if (size == 0)
		return 0;
	ret_line[0] = '\0';
	switch (record->type) {
	case PPP_TRACE_SENT:
		put(&line, "sent");
		put_frame(&line, record);
		break;
	case PPP_TRACE_RECEIVED:
		put(&line, "received");
		put_frame(&line, record);
		break;
	case PPP_TRACE_DROPPED:
		put(&line, "dropped");
		put_frame(&line, record);
		put(&line, ": %s", ppp_counter_name(record->counter));
		break;
	case PPP_TRACE_STATE:
		put(&line, "%s: %s to %s", record->layer, record->from, record->to);
		break;
	}
	return line.used;
}
