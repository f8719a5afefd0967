/* fuzz_ppp_check: what must hold whatever the peer, the path and the host do. */
#include "fuzz_ppp.h"
#include "wire.h"

#define PASSWORD "clientPass"

static uint16_t protocol_of(const uint8_t *frame, size_t len)
{
	FUZZ_CHECK(len >= 4 && wire_load16(frame) == 0xFF03);
	return wire_load16(frame + 2);
}

/* The endpoint itself sends control packets only, whole and within the peer's MRU. */
static int on_send(void *user, const uint8_t *frame, size_t len)
{
	uint16_t protocol = protocol_of(frame, len);

	FUZZ_CHECK(len >= 8 && len <= 4 + PPP_MRU_DEFAULT);
	FUZZ_CHECK(protocol == 0xC021 || protocol == 0xC023 || protocol == 0xC223 || protocol == 0x80FD ||
	           protocol == 0x8021 || protocol == 0x8057);
	FUZZ_CHECK(wire_load16(frame + 6) == len - 4);
	path_send(user, frame, len);
	return 0;
}

/* What reaches the host came encrypted, where that is required or what it was told. */
static void came_protected(const struct end *end)
{
	FUZZ_CHECK(end->hearing != 0);
	FUZZ_CHECK((!end->options.mppe_require && !end->encrypted) || end->hearing == 0x00FD);
}

static void on_receive(void *user, const uint8_t *packet, size_t len)
{
	struct end *end = user;
	uint8_t *copy = fuzz_copy(packet, len); /* every octet is there */

	came_protected(end);
	FUZZ_CHECK(len >= 20 && len <= PPP_MRU_DEFAULT + 1);
	FUZZ_CHECK(packet[0] >> 4 == 4 ? end->up : packet[0] >> 4 == 6 && end->up6);
	free(copy);
	if (end->from_within)
		(void)path_output(end, 0x0021, 40, 1);
}

static int on_other(void *user, uint16_t protocol, const uint8_t *data, size_t len)
{
	struct end *end = user;

	free(fuzz_copy(data, len));
	FUZZ_CHECK((protocol & 0x0101) == 1 && protocol < 0xC000);
	FUZZ_CHECK(protocol != 0x0021 && protocol != 0x0057 && protocol != 0x00FD && protocol != 0x8021 &&
	           protocol != 0x80FD);
	if (protocol <= 0x00FA)
		came_protected(end);
	return protocol != 0x002D;
}

static void check_encryption(const struct end *end, const ppp_event *event)
{
	uint8_t strength = event->mppe_bits == 128  ? PPP_MPPE_128
	                   : event->mppe_bits == 56 ? PPP_MPPE_56
	                   : event->mppe_bits == 40 ? PPP_MPPE_40
	                                            : 0;

	FUZZ_CHECK(strength != 0 ? (end->options.mppe & strength) != 0
	                         : event->mppe_bits == 0 && !end->options.mppe_require);
	FUZZ_CHECK(strength == 0 || event->mppe_stateless ||
	           end->options.mppe & (PPP_MPPE_STATEFUL | PPP_MPPE_STATEFUL_ONLY));
	FUZZ_CHECK(!event->mppe_stateless || !(end->options.mppe & PPP_MPPE_STATEFUL_ONLY));
	FUZZ_CHECK(event->mtu + (strength ? PPP_MPPE_OVERHEAD : 0u) <= end->options.mtu_max);
	FUZZ_CHECK(event->mtu + (strength ? PPP_MPPE_OVERHEAD : 0u) >= PPP_MRU_MIN);
}

static void check_proven(const struct end *end, const ppp_event *event)
{
	FUZZ_CHECK(!end->options.auth_require || event->auth_method & end->options.auth_require);
	FUZZ_CHECK(!end->options.auth_demand || event->own_auth_method & end->options.auth_allow);
}

static void on_event(void *user, const ppp_event *event)
{
	static const uint8_t none[PPP_INTERFACE_OCTETS];
	struct end *end = user;

	FUZZ_CHECK(!end->over);
	FUZZ_CHECK(ppp_input(&end->link, none, sizeof none, 0) == PPP_ERR_BUSY);
	switch (event->type) {
	case PPP_EVENT_UP:
		FUZZ_CHECK(!end->up && event->local_address && event->peer_address);
		FUZZ_CHECK(event->local_address != event->peer_address);
		check_encryption(end, event);
		check_proven(end, event);
		end->up = 1;
		end->encrypted = event->mppe_bits != 0;
		break;
	case PPP_EVENT_IPV6_UP:
		FUZZ_CHECK(!end->up6 && event->mtu >= PPP_IPV6_MTU_MIN && end->options.ipv6);
		FUZZ_CHECK(memcmp(event->peer_interface, none, sizeof none) != 0);
		FUZZ_CHECK(memcmp(event->peer_interface, event->local_interface, sizeof none) != 0);
		check_encryption(end, event);
		end->up6 = 1;
		end->encrypted = event->mppe_bits != 0;
		break;
	case PPP_EVENT_SUSPENDED:
		FUZZ_CHECK(end->up);
		end->up = 0;
		break;
	case PPP_EVENT_IPV6_DOWN:
		FUZZ_CHECK(end->up6);
		end->up6 = 0;
		break;
	case PPP_EVENT_REJECTED:
		FUZZ_CHECK(end->options.other && (event->protocol & 0x0101) == 1 && event->protocol < 0xC000);
		break;
	case PPP_EVENT_DOWN:
		FUZZ_CHECK(!end->up && !end->up6 && event->text && event->layer && event->message);
		FUZZ_CHECK(event->reason > PPP_REASON_NONE && event->reason < PPP_REASONS);
		end->over = 1;
		break;
	}
	if (end->from_within)
		(void)path_output(end, 0x0021, 40, 1);
}

/* Each line fits, and no callback is too early or late for the host to send. */
static void on_trace(void *user, const ppp_trace *record)
{
	static const size_t sizes[] = {1, 2, 40, 300};
	struct end *end = user;
	char line[300];

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t used = ppp_trace_text(record, line, sizes[i]);

		FUZZ_CHECK(used < sizes[i] && line[used] == '\0' && strlen(line) == used);
	}
	if (end->from_within)
		(void)path_output(end, end->from_within & 1 ? 0x0021 : 0x002B, 40, 0);
}

static int on_secret(void *user, const char *name, size_t name_len, uint8_t method, char *ret, size_t size)
{
	(void)user;
	(void)method;
	if (name_len != 4 || memcmp(name, "User", 4) != 0 || size < sizeof PASSWORD)
		return -1;
	memcpy(ret, PASSWORD, sizeof PASSWORD - 1);
	return sizeof PASSWORD - 1;
}

void path_options(ppp_options *o, struct end *end)
{
	ppp_options_init(o);
	o->user = end;
	o->send = on_send;
	o->receive = on_receive;
	o->event = on_event;
	o->trace = on_trace;
	o->secret = on_secret;
	o->other = on_other;
	o->name = "User";
	o->name_len = 4;
	o->password = PASSWORD;
	o->password_len = sizeof PASSWORD - 1;
}

/* The frame of a packet, where the link took it: not in clear if that must not be. */
static void check_frame(const struct end *end, uint16_t protocol, const uint8_t *packet, size_t len,
                        const uint8_t *frame, size_t frame_len)
{
	uint16_t sent = protocol_of(frame, frame_len);

	FUZZ_CHECK(frame + frame_len == packet + len && frame + PPP_HEADROOM >= packet);
	FUZZ_CHECK(sent == protocol || (sent == 0x00FD && protocol <= 0x00FA));
	if (protocol <= 0x00FA && (end->options.mppe_require || end->encrypted))
		FUZZ_CHECK(sent == 0x00FD);
}

int path_output(struct end *end, uint16_t protocol, size_t len, int kept)
{
	uint8_t *memory = fuzz_alloc(PPP_HEADROOM + len), *packet = memory + PPP_HEADROOM;
	const uint8_t *frame;
	size_t frame_len;
	int result;

	if (len > 0)
		packet[0] = protocol == 0x0057 ? 0x60 : 0x45;
	if (len >= 6) {
		wire_store16(packet + 2, (uint16_t)len);
		wire_store16(packet + 4, (uint16_t)(protocol == 0x0057 && len > 40 ? len - 40 : 0));
	}
	if (protocol == 0x0021 || protocol == 0x0057)
		result = ppp_output(&end->link, packet, len, &frame, &frame_len);
	else
		result = ppp_output_protocol(&end->link, protocol, packet, len, &frame, &frame_len);
	if (result == PPP_OK) {
		FUZZ_CHECK(protocol != 0x0021 || end->up);
		FUZZ_CHECK(protocol != 0x0057 || end->up6);
		check_frame(end, protocol, packet, len, frame, frame_len);
		/* in a trace callback CCP may be leaving Opened, and its keys are still there */
		if (kept && (end->options.mppe_require || frame[3] == 0xFD))
			FUZZ_CHECK(strcmp(ppp_layer_state(&end->link, PPP_LAYER_CCP), "Opened") == 0);
		if (kept)
			path_send(end, frame, frame_len);
	}
	free(memory);
	return result == PPP_OK;
}

/* Between two calls. */
void check_end(const struct end *end)
{
	uint64_t fates = 0;
	enum ppp_phase phase = ppp_phase_now(&end->link);

	for (unsigned i = 0; i < PPP_COUNT_FRAMES_IN; i++)
		fates += ppp_count(&end->link, (enum ppp_counter)i);
	FUZZ_CHECK(fates == ppp_count(&end->link, PPP_COUNT_FRAMES_IN));
	FUZZ_CHECK(ppp_count(&end->link, PPP_COUNT_IMPOSSIBLE_EVENT) == 0);
	FUZZ_CHECK(phase == PPP_PHASE_DEAD || end->over || ppp_deadline(&end->link) != PPP_NEVER);
	FUZZ_CHECK((!end->up && !end->up6) || phase == PPP_PHASE_NETWORK);
	FUZZ_CHECK(phase != PPP_PHASE_DEAD || end->over);
}
