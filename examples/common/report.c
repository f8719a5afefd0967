#include "report.h"

#include <stdarg.h>
#include <stdio.h>

#include "log.h"

struct text {
	char *start;
	size_t used, size;
};

static void put(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct text *text, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(text->start + text->used, text->size - text->used, format, arguments);
	va_end(arguments);
	if (n > 0)
		text->used += (size_t)n;
	if (text->used >= text->size)
		text->used = text->size - 1;
}

static uint32_t number(const uint8_t *at, uint32_t octets)
{
	uint32_t value = 0;

	while (octets-- > 0)
		value = value << 8 | *at++;
	return value;
}

#define HEADER_FIELDS 5 /* the same in every message; they say nothing */

/* Zeros and empty texts are left out: a line must be readable. */
static void put_field(struct text *text, uint32_t type, const char *name, const uint8_t *at, uint32_t octets)
{
	char escaped[64 * 4 + 1];

	if (octets > 4) {
		if (at[0] != 0)
			put(text, " %s \"%s\"", name, log_escape(escaped, sizeof escaped, at, octets));
		return;
	}
	if (number(at, octets) == 0)
		return;
	if (name[0] == 'r' && (name[2] == 's' || name[2] == 'a') && octets == 1) /* result_code, reason */
		put(text, " %s %u (%s)", name, (unsigned)*at, pptp_result_name(type, *at));
	else if (octets == 1 && name[0] == 'e')
		put(text, " %s %u (%s)", name, (unsigned)*at, pptp_error_name(*at));
	else
		put(text, " %s %lu", name, (unsigned long)number(at, octets));
}

void report_message(const char *peer, uint32_t sent, const uint8_t *msg, size_t len)
{
	char line[1024];
	struct text text = {line, 0, sizeof line};
	uint32_t type = number(msg + 8, 2), offset, octets;
	const char *name;

	put(&text, "%s %s: %s", sent ? "to" : "from", peer, pptp_msg_name(type));
	for (uint32_t i = HEADER_FIELDS; (name = pptp_msg_field(type, i, &offset, &octets)) != NULL; i++)
		if (offset + octets <= len)
			put_field(&text, type, name, msg + offset, octets);
	log_line("%s", line);
}

static void put_codes(struct text *text, const pptp_event *event)
{
	if (event->result_code == 0)
		return;
	put(text, "; result %u", event->result_code);
	if (event->result_type == event->message_type)
		put(text, " (%s says %s)", pptp_msg_name(event->result_type),
		    pptp_result_name(event->result_type, event->result_code));
	else
		put(text, " (%s)", pptp_result_name(event->result_type, event->result_code));
	if (event->error_code != 0)
		put(text, ", error %u (%s)", event->error_code, pptp_error_name(event->error_code));
	if (event->cause_code != 0)
		put(text, ", cause %u", event->cause_code);
}

const char *report_end(const pptp_event *event, char ret[REPORT_OCTETS])
{
	struct text text = {ret, 0, REPORT_OCTETS};
	const char *field = pptp_msg_field_at(event->message_type, event->field);

	put(&text, "%s", pptp_err_text(event->reason));
	if (event->timer != PPTP_TIMER_NONE)
		put(&text, " (%s timer)", pptp_timer_name(event->timer));
	if (event->reason == PPTP_ERR_MALFORMED || event->reason == PPTP_ERR_PROTOCOL ||
	    event->reason == PPTP_ERR_VERSION)
		put(&text, ": %s at octet %u is 0x%lx", field ? field : "a field", (unsigned)event->field,
		    (unsigned long)event->value);
	else
		put_codes(&text, event);
	return ret;
}

/* ---- what a peer tells of a call ------------------------------------------------------------ */

static void put_number(struct text *text, const char *name, const uint8_t *digits, uint32_t len)
{
	char escaped[64 * 4 + 1];

	if (len > 0 && digits[0] != 0)
		put(text, "%s \"%s\"", name,
		    log_escape(escaped, sizeof escaped, digits, len < 64 ? len : 64));
}

static void put_incoming(struct text *text, const pptp_icrq *request)
{
	put(text, "incoming call %u", request->call_serial_number);
	put_number(text, " from", request->dialing_number, request->dialing_number_length);
	put_number(text, " to", request->dialed_number, request->dialed_number_length);
	put_number(text, ", subaddress", request->subaddress, sizeof request->subaddress);
	put(text, ", %s line, channel %lu",
	    request->call_bearer_type == PPTP_BEARER_DIGITAL ? "digital" : "analog",
	    (unsigned long)request->physical_channel_id);
}

static void put_wan_errors(struct text *text, const pptp_wen *errors)
{
	put(text,
	    "errors on the line: CRC %lu, framing %lu, hardware overruns %lu, buffer overruns %lu, "
	    "time-outs %lu, alignment %lu",
	    (unsigned long)errors->crc_errors, (unsigned long)errors->framing_errors,
	    (unsigned long)errors->hardware_overruns, (unsigned long)errors->buffer_overruns,
	    (unsigned long)errors->timeout_errors, (unsigned long)errors->alignment_errors);
}

const char *report_call(const pptp_event *event, char ret[REPORT_OCTETS])
{
	struct text text = {ret, 0, REPORT_OCTETS};
	pptp_msg msg;

	ret[0] = '\0';
	if (event->type == PPTP_EV_CALL_LINK_INFO)
		put(&text, "link info: send ACCM 0x%08lx, receive ACCM 0x%08lx",
		    (unsigned long)event->send_accm, (unsigned long)event->recv_accm);
	if (event->msg == NULL ||
	    pptp_msg_decode(event->msg, event->msg_len, PPTP_MSG_LONGER, &msg, NULL) < 0)
		return ret;
	if (event->type == PPTP_EV_CALL_OFFERED && event->message_type == PPTP_ICRQ)
		put_incoming(&text, &msg.icrq);
	if (event->type == PPTP_EV_CALL_WAN_ERROR)
		put_wan_errors(&text, &msg.wen);
	return ret;
}
