/* fuzz_conn_request: requests of a host that wants whatever the input says. */
#include "fuzz_conn.h"

/* A handle: of one of the calls, or any number. */
static pptp_call some_call(fuzz *f)
{
	uint32_t which = fuzz_octet(&f->in);
	if (which < FUZZ_CALLS)
		return f->calls[which].call;
	return which == 255 ? fuzz_number(&f->in, 4) : which;
}

static void known(pptp_err err)
{
	FUZZ_CHECK(err <= PPTP_OK && err >= PPTP_ERR_CLOSED && err != PPTP_ERR_REENTRANT);
}

/* Requests that may call back: the host may have freed the connection in there. */
static void placed(fuzz *f, pptp_err err, pptp_call call, uint8_t origin)
{
	if (!fuzz_still_there(f, err))
		return;
	known(err);
	FUZZ_CHECK((err == PPTP_OK) == (call != PPTP_CALL_NONE));
	if (err == PPTP_OK)
		(void)fuzz_new_call(f, call, origin);
	f->again += err == PPTP_ERR_AGAIN;
}

static void dial(fuzz *f)
{
	pptp_call call = PPTP_CALL_NONE;
	pptp_err err;
	pptp_dial d;
	FUZZ_CHECK(pptp_dial_init(&d, sizeof d) == PPTP_OK);
	d.local_call_id = fuzz_octet(&f->in);
	d.phone_number_length = fuzz_octet(&f->in);
	d.user = f;
	f->depth++;
	err = pptp_call_dial(f->conn, &d, f->now, &call);
	placed(f, err, call, FUZZ_DIALLED);
}

static void offer(fuzz *f)
{
	pptp_call call = PPTP_CALL_NONE;
	pptp_err err;
	pptp_offer o;
	FUZZ_CHECK(pptp_offer_init(&o, sizeof o) == PPTP_OK);
	o.local_call_id = fuzz_octet(&f->in);
	o.dialed_number_length = fuzz_octet(&f->in);
	o.user = f;
	f->depth++;
	err = pptp_call_offer(f->conn, &o, f->now, &call);
	placed(f, err, call, FUZZ_OFFERED_BY_US);
}

static void answer(fuzz *f, pptp_answer *ret)
{
	FUZZ_CHECK(pptp_answer_init(ret, sizeof *ret) == PPTP_OK);
	ret->local_call_id = fuzz_octet(&f->in);
	ret->packet_recv_window_size = fuzz_octet(&f->in);
	ret->user = f;
}

static void accept(fuzz *f)
{
	pptp_call call = some_call(f);
	fuzz_call *c = fuzz_find(f, call);
	pptp_answer a;
	pptp_err err;
	answer(f, &a);
	err = pptp_call_accept(f->conn, call, &a, f->now);
	known(err);
	if (err)
		return;
	FUZZ_CHECK(c && !c->accepted && c->origin >= FUZZ_TAKEN_OUTGOING);
	c->accepted = 1;
}

static void connected(fuzz *f)
{
	pptp_call call = some_call(f);
	fuzz_call *c = fuzz_find(f, call);
	pptp_answer a;
	pptp_err err;
	answer(f, &a);
	err = pptp_call_connected(f->conn, call, &a, f->now);
	known(err);
	if (err)
		return;
	FUZZ_CHECK(c && !c->connected && c->origin == FUZZ_OFFERED_BY_US);
	c->connected = 1;
}

static void reject(fuzz *f)
{
	pptp_call call = some_call(f);
	uint8_t result = fuzz_octet(&f->in), error = fuzz_octet(&f->in);
	known(pptp_call_reject(f->conn, call, result, error, 0, f->now));
}

static void clear(fuzz *f)
{
	pptp_call call = some_call(f);
	uint8_t result = fuzz_octet(&f->in), error = fuzz_octet(&f->in);
	known(pptp_call_clear(f->conn, call, result, error, 0, f->now));
}

static void link_info(fuzz *f)
{
	pptp_call call = some_call(f);
	known(pptp_call_set_link_info(f->conn, call, 1, fuzz_octet(&f->in), f->now));
}

static void wan_errors(fuzz *f)
{
	pptp_wan_errors e = {sizeof e, 0, 0, 0, 0, 0, 0};
	pptp_call call = some_call(f);
	e.crc_errors = fuzz_octet(&f->in);
	known(pptp_call_wan_errors(f->conn, call, &e, f->now));
}

static void statistics(fuzz *f)
{
	pptp_call call = some_call(f);
	uint8_t text[255], *exact;
	size_t len = fuzz_octet(&f->in);
	len = fuzz_octets(&f->in, text, len);
	exact = fuzz_copy(text, len);
	known(pptp_call_statistics(f->conn, call, exact, len));
	free(exact);
}

static void set_user(fuzz *f)
{
	known(pptp_call_set_user(f->conn, some_call(f), f));
}

static void channel(fuzz *f)
{
	pptp_gre_options o;
	FUZZ_CHECK(pptp_gre_options_init(&o, sizeof o) == PPTP_OK);
	known(pptp_call_channel(f->conn, some_call(f), &o));
}

static void accept_start(fuzz *f)
{
	pptp_err err = pptp_conn_accept(f->conn, f->now);
	known(err);
	FUZZ_CHECK(err != PPTP_OK || (f->mode & FUZZ_ASK && !f->answered));
	f->answered |= err == PPTP_OK;
}

static void refuse_start(fuzz *f)
{
	uint8_t result = fuzz_octet(&f->in), error = fuzz_octet(&f->in);
	known(pptp_conn_refuse(f->conn, result, error, f->now));
}

static void close_conn(fuzz *f)
{
	known(pptp_conn_close(f->conn, fuzz_octet(&f->in), f->now));
}

static void abort_conn(fuzz *f)
{
	known(pptp_conn_abort(f->conn, -(pptp_err)fuzz_octet(&f->in), f->now));
}

static void free_conn(fuzz *f)
{
	pptp_conn_free(f->conn);
	if (f->depth > 0)
		f->freed = 1;
	else
		f->conn = NULL;
}

void fuzz_request(fuzz *f)
{
	static void (*const requests[])(fuzz *) = {
	        dial,       offer,    accept,  connected,    reject,       clear,      link_info,  wan_errors,
	        statistics, set_user, channel, accept_start, refuse_start, close_conn, abort_conn, free_conn,
	};
	requests[fuzz_octet(&f->in) % (sizeof requests / sizeof requests[0])](f);
}
