#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire.h"

end client, server;
uint64_t now;

static int on_send(void *user, const uint8_t *frame, size_t len)
{
	end *e = user;

	assert_true(len <= FRAME_MAX);
	if (++e->sent == e->lose)
		return 0;
	memcpy(e->frames[e->last % QUEUE], frame, len);
	e->lens[e->last++ % QUEUE] = len;
	assert_true(e->last - e->first <= QUEUE);
	return 0;
}

static void on_receive(void *user, const uint8_t *packet, size_t len)
{
	end *e = user;

	assert_true(len >= 20 && len <= FRAME_MAX && (packet[0] >> 4 == 4 || packet[0] >> 4 == 6));
	memcpy(e->packet, packet, len);
	e->packet_len = len;
	e->packets++;
}

int pair_other(void *user, uint16_t protocol, const uint8_t *data, size_t len)
{
	end *e = user;

	assert_true(len <= FRAME_MAX);
	e->others++;
	e->other_protocol = protocol;
	memcpy(e->other_data, data, len);
	e->other_len = len;
	return 1;
}

static void copy(char *to, const char *text, size_t len)
{
	memcpy(to, text, len);
	to[len] = '\0';
}

static void on_event(void *user, const ppp_event *event)
{
	end *e = user;

	assert_int_equal(e->downs, 0);
	if (event->type == PPP_EVENT_UP) {
		e->ups++;
		e->up = *event;
		copy(e->up_name, event->peer_name, event->peer_name_len);
		if (e->close_at_up)
			ppp_close(&e->link, PPP_REASON_LOCAL, now);
	} else if (event->type == PPP_EVENT_SUSPENDED) {
		e->suspends++;
	} else if (event->type == PPP_EVENT_IPV6_UP) {
		e->ups6++;
		e->up6 = *event;
	} else if (event->type == PPP_EVENT_REJECTED) {
		e->rejected = event->protocol;
	} else if (event->type == PPP_EVENT_IPV6_DOWN) {
		e->downs6++;
	} else {
		e->downs++;
		e->down = *event;
		copy(e->down_name, event->peer_name, event->peer_name_len);
		copy(e->message, event->message, strlen(event->message));
	}
}

static void on_trace(void *user, const ppp_trace *record)
{
	end *e = user;
	char line[512];
	size_t len = ppp_trace_text(record, line, sizeof line);

	if (e->lines_len + len + 2 > sizeof e->lines)
		return;
	memcpy(e->lines + e->lines_len, line, len);
	e->lines_len += len;
	e->lines[e->lines_len++] = '\n';
	e->lines[e->lines_len] = '\0';
}

/* Leaves octets behind the password, as a host's buffer may; and where it knows nobody, all as it was. */
static int on_secret(void *user, const char *name, size_t name_len, uint8_t method, char *ret, size_t size)
{
	end *e = user;

	e->lookups++;
	e->looked_up_for = method;
	if (!e->user)
		return -1;
	memset(ret, 'x', size);
	if (name_len != strlen(e->user) || memcmp(name, e->user, name_len) != 0)
		return -1;
	assert_true(strlen(e->password) <= size);
	memcpy(ret, e->password, strlen(e->password));
	return (int)strlen(e->password);
}

static ppp_options options_of(end *e, uint64_t seed)
{
	ppp_options o;

	memset(e, 0, sizeof *e);
	ppp_options_init(&o);
	o.user = e;
	o.send = on_send;
	o.receive = on_receive;
	o.event = on_event;
	o.trace = on_trace;
	o.secret = on_secret;
	o.seed = seed;
	return o;
}

ppp_options pair_client(void)
{
	return options_of(&client, 1);
}

ppp_options pair_server(void)
{
	ppp_options o = options_of(&server, 2);

	o.local_address = 0x0A000001;
	o.peer_address = 0x0A000002;
	return o;
}

void pair_with(ppp_options *c, ppp_options *s, uint8_t methods)
{
	*c = pair_client();
	*s = pair_server();
	c->auth_allow = methods;
	c->name = "User";
	c->name_len = 4;
	c->password = "clientPass";
	c->password_len = 10;
	s->auth_require = methods;
	server.user = "User";
	server.password = "clientPass";
}

void pair_begin(const ppp_options *c, const ppp_options *s)
{
	now = 0;
	assert_int_equal(ppp_init(&client.link, c), PPP_OK);
	assert_int_equal(ppp_init(&server.link, s), PPP_OK);
	client.other = &server;
	server.other = &client;
	assert_int_equal(ppp_lower_up(&client.link, now), PPP_OK);
	assert_int_equal(ppp_lower_up(&server.link, now), PPP_OK);
}

static int deliver(end *e)
{
	unsigned at = e->first % QUEUE;

	if (e->first == e->last)
		return 0;
	e->first++;
	assert_int_equal(ppp_input(&e->other->link, e->frames[at], e->lens[at], now), PPP_OK);
	return 1;
}

void pair_run(uint64_t end_time)
{
	for (;;) {
		uint64_t next;

		while (deliver(&client) | deliver(&server))
			;
		next = ppp_deadline(&client.link);
		if (ppp_deadline(&server.link) < next)
			next = ppp_deadline(&server.link);
		if (next > end_time)
			break;
		assert_true(next >= now);
		now = next;
		assert_int_equal(ppp_tick(&client.link, now), PPP_OK);
		assert_int_equal(ppp_tick(&server.link, now), PPP_OK);
		assert_true(ppp_deadline(&client.link) > now && ppp_deadline(&server.link) > now);
	}
	now = end_time;
}

void pair_assert_up(void)
{
	assert_true(client.ups >= 1 && server.ups >= 1);
	assert_int_equal(client.downs + server.downs, 0);
	assert_int_equal(client.up.local_address, 0x0A000002);
	assert_int_equal(server.up.peer_address, 0x0A000002);
	assert_int_equal(ppp_phase_now(&client.link), PPP_PHASE_NETWORK);
	assert_int_equal(ppp_phase_now(&server.link), PPP_PHASE_NETWORK);
	assert_int_equal(ppp_count(&client.link, PPP_COUNT_IMPOSSIBLE_EVENT), 0);
	assert_int_equal(ppp_count(&server.link, PPP_COUNT_IMPOSSIBLE_EVENT), 0);
}

/* ---- one end alone ----------------------------------------------------------------------------------- */

static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

size_t pair_octets(const char *hex, uint8_t *to)
{
	size_t len = 0;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		assert_true(len < FRAME_MAX && hex[1] != '\0');
		to[len++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
		hex++;
	}
	return len;
}

void lone_begin(end *e, const ppp_options *o)
{
	now = 0;
	assert_int_equal(ppp_init(&e->link, o), PPP_OK);
	assert_int_equal(ppp_lower_up(&e->link, now), PPP_OK);
}

void lone_hear_octets(end *e, const uint8_t *frame, size_t len)
{
	assert_int_equal(ppp_input(&e->link, frame, len, now), PPP_OK);
}

void lone_hear(end *e, const char *hex)
{
	uint8_t frame[FRAME_MAX];

	lone_hear_octets(e, frame, pair_octets(hex, frame));
}

const uint8_t *lone_sent(end *e, size_t *ret_len)
{
	unsigned at = e->first % QUEUE;

	if (e->first == e->last)
		return NULL;
	e->first++;
	if (ret_len)
		*ret_len = e->lens[at];
	return e->frames[at];
}

const uint8_t *lone_find(end *e, uint16_t protocol, uint8_t code, size_t *ret_len)
{
	const uint8_t *frame;

	while ((frame = lone_sent(e, ret_len)) != NULL)
		if (wire_load16(frame + 2) == protocol && frame[4] == code)
			break;
	return frame;
}

void lone_expect(end *e, const char *hex)
{
	uint8_t expected[FRAME_MAX];
	size_t len = pair_octets(hex, expected), sent_len;
	const uint8_t *sent = lone_sent(e, &sent_len);

	assert_non_null(sent);
	assert_int_equal(sent_len, len);
	assert_memory_equal(sent, expected, len);
}

void lone_open(end *e, const char *option)
{
	uint8_t frame[FRAME_MAX];
	const uint8_t *request;
	size_t len = pair_octets("FF03C021 01010000", frame);

	len += pair_octets(option, frame + len);
	wire_store16(frame + 6, (uint16_t)(len - 4));
	lone_hear_octets(e, frame, len);
	request = lone_find(e, 0xC021, 1, &len);
	assert_non_null(request);
	memcpy(frame, request, len);
	frame[4] = 2;
	assert_non_null(lone_find(e, 0xC021, 2, NULL));
	lone_hear_octets(e, frame, len);
	assert_true(ppp_phase_now(&e->link) >= PPP_PHASE_AUTHENTICATE);
}

void lone_run(end *e, uint64_t end_time)
{
	while (ppp_deadline(&e->link) <= end_time) {
		assert_true(ppp_deadline(&e->link) >= now);
		now = ppp_deadline(&e->link);
		assert_int_equal(ppp_tick(&e->link, now), PPP_OK);
		assert_true(ppp_deadline(&e->link) > now);
	}
	now = end_time;
}
