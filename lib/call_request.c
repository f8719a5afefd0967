/* call_request: what hosts ask of calls. Requests queue; drivers do the rest. */
#include "conn_internal.h"
#include "object.h"

/* ---- dial and offer: a new call ------------------------------------------------------------------------ */

static void dial_message(const pptp_dial *dial, const call *c, pptp_msg *ret)
{
	pptp_ocrq *request = &ret->ocrq;
	pptp_msg_init(ret, PPTP_OCRQ);
	request->call_id = c->local_call_id;
	request->call_serial_number = c->serial;
	request->minimum_bps = dial->minimum_bps;
	request->maximum_bps = dial->maximum_bps;
	request->bearer_type = dial->bearer_type;
	request->framing_type = dial->framing_type;
	request->packet_recv_window_size = dial->packet_recv_window_size;
	request->packet_processing_delay = dial->packet_processing_delay;
	request->phone_number_length = dial->phone_number_length;
	memcpy(request->phone_number, dial->phone_number, sizeof request->phone_number);
	memcpy(request->subaddress, dial->subaddress, sizeof request->subaddress);
}

static void offer_message(const pptp_offer *offer, const call *c, pptp_msg *ret)
{
	pptp_icrq *request = &ret->icrq;
	pptp_msg_init(ret, PPTP_ICRQ);
	request->call_id = c->local_call_id;
	request->call_serial_number = c->serial;
	request->call_bearer_type = offer->call_bearer_type;
	request->physical_channel_id = offer->physical_channel_id;
	request->dialed_number_length = offer->dialed_number_length;
	request->dialing_number_length = offer->dialing_number_length;
	memcpy(request->dialed_number, offer->dialed_number, sizeof request->dialed_number);
	memcpy(request->dialing_number, offer->dialing_number, sizeof request->dialing_number);
	memcpy(request->subaddress, offer->subaddress, sizeof request->subaddress);
}

static void remember_dial(call *c, const pptp_dial *dial)
{
	c->minimum_bps = dial->minimum_bps;
	c->maximum_bps = dial->maximum_bps;
	c->bearer_type = dial->bearer_type;
	c->framing_type = dial->framing_type;
	c->recv_window = dial->packet_recv_window_size;
	c->delay = dial->packet_processing_delay;
	c->user = dial->user;
}

static void remember_offer(call *c, const pptp_offer *offer)
{
	c->bearer_type = offer->call_bearer_type;
	c->physical_channel_id = offer->physical_channel_id;
	c->user = offer->user;
}

/* What dial and offer have in common. */
typedef struct request {
	uint32_t type; /* of the message */
	uint8_t machine;
	uint16_t local_call_id, serial;
	const pptp_dial *dial; /* one of them */
	const pptp_offer *offer;
} request;

static int id_is_taken(const pptp_conn *conn, uint16_t call_id)
{
	const call *holder = call_id ? pptp_call_by_local(conn, call_id) : NULL;
	return holder && holder->state != PPTP_CALL_OFFERED;
}

static pptp_err may_call(pptp_conn *conn, const request *r)
{
	if (pptp_is_ending(conn))
		return PPTP_ERR_CLOSED;
	if (conn->state != PPTP_CONN_ESTABLISHED)
		return PPTP_ERR_STATE;
	if (id_is_taken(conn, r->local_call_id))
		return PPTP_ERR_ARG;
	return conn->live >= conn->options->max_calls ? PPTP_ERR_LIMIT : PPTP_OK;
}

/* There is room for a message, and a slot: that of a call that has ended is free when its last message
 * is in the buffer and its end was reported. */
static int may_place(const pptp_conn *conn, uint32_t octets)
{
	return !pptp_tx_waiting(conn) && pptp_tx_has_room(conn, octets) && conn->free_calls.first != NO_CALL;
}

static void begin_call(pptp_conn *conn, call *c, const request *r, pptp_msg *ret, pptp_usec now)
{
	if (r->local_call_id)
		(void)pptp_call_set_local(conn, c, r->local_call_id);
	c->serial = r->serial ? r->serial : conn->next_serial++;
	if (r->dial) {
		remember_dial(c, r->dial);
		dial_message(r->dial, c, ret);
		(void)pptp_call_input(conn, c, CALL_IN_DIAL, NULL, now);
	} else {
		remember_offer(c, r->offer);
		offer_message(r->offer, c, ret);
		(void)pptp_call_input(conn, c, CALL_IN_OFFER, NULL, now);
	}
}

/* The message goes into the buffer at once, so that the call need not keep its numbers. */
static pptp_err place(pptp_conn *conn, const request *r, pptp_usec now, pptp_call *ret)
{
	uint32_t octets = pptp_msg_size(r->type);
	pptp_msg msg;
	call *c;
	pptp_tx_fill(conn);
	if (conn->freed)
		return PPTP_ERR_FREED;
	if (!may_place(conn, octets)) {
		if (conn->want_room < octets)
			conn->want_room = (uint8_t)octets; /* at most PPTP_MSG_MAX_OCTETS */
		return PPTP_ERR_AGAIN;
	}
	c = pptp_call_claim(conn, r->machine);
	begin_call(conn, c, r, &msg, now);
	*ret = pptp_call_handle(conn, c);
	(void)pptp_tx_put(conn, &msg);
	return conn->freed ? PPTP_ERR_FREED : PPTP_OK;
}

/* The trace and amend callbacks may free. */
static pptp_err place_guarded(pptp_conn *conn, const request *r, pptp_usec now, pptp_call *ret)
{
	pptp_call handle = PPTP_CALL_NONE;
	pptp_err err = may_call(conn, r);
	if (err)
		return err;
	conn->busy++;
	err = place(conn, r, now, &handle);
	conn->busy--;
	if (!err)
		*ret = handle;
	if (conn->freed && conn->busy == 0 && conn->release)
		conn->release(conn);
	return err;
}

pptp_err pptp_call_dial(pptp_conn *conn, const pptp_dial *dial, pptp_usec now, pptp_call *ret)
{
	request r = {PPTP_OCRQ, MACHINE_PNS_OUTGOING, 0, 0, NULL, NULL};
	pptp_err err = pptp_may_request(conn);
	pptp_dial d;
	if (err)
		return err;
	if (!ret)
		return PPTP_ERR_ARG;
	pptp_dial_init(&d, sizeof d);
	err = pptp_copy_sized(&d, sizeof d, sizeof(void *), dial);
	if (!err && (d.phone_number_length > sizeof d.phone_number || d.reserved))
		err = PPTP_ERR_ARG;
	if (err)
		return err;
	r.local_call_id = d.local_call_id;
	r.serial = d.call_serial_number;
	r.dial = &d;
	return place_guarded(conn, &r, now, ret);
}

pptp_err pptp_call_offer(pptp_conn *conn, const pptp_offer *offer, pptp_usec now, pptp_call *ret)
{
	request r = {PPTP_ICRQ, MACHINE_PAC_INCOMING, 0, 0, NULL, NULL};
	pptp_err err = pptp_may_request(conn);
	pptp_offer o;
	if (err)
		return err;
	if (!ret)
		return PPTP_ERR_ARG;
	pptp_offer_init(&o, sizeof o);
	err = pptp_copy_sized(&o, sizeof o, sizeof(void *), offer);
	if (!err && (o.dialed_number_length > sizeof o.dialed_number ||
	             o.dialing_number_length > sizeof o.dialing_number || o.reserved))
		err = PPTP_ERR_ARG;
	if (err)
		return err;
	r.local_call_id = o.local_call_id;
	r.serial = o.call_serial_number;
	r.offer = &o;
	return place_guarded(conn, &r, now, ret);
}

/* ---- requests of a call -------------------------------------------------------------------------------- */

/* The call of a handle that can still be asked for something. */
static pptp_err find(pptp_conn *conn, pptp_call handle, call **ret)
{
	pptp_err err = pptp_may_request(conn);
	if (err)
		return err;
	*ret = pptp_call_of(conn, handle);
	return *ret ? PPTP_OK : PPTP_ERR_STALE;
}

static int is_over(const pptp_conn *conn, const call *c)
{
	return conn->ending_calls || c->state == PPTP_CALL_ENDED;
}

static pptp_err find_offered(pptp_conn *conn, pptp_call handle, call **ret)
{
	pptp_err err = find(conn, handle, ret);
	if (err)
		return err;
	if (is_over(conn, *ret))
		return PPTP_ERR_STALE;
	return (*ret)->state == PPTP_CALL_OFFERED ? PPTP_OK : PPTP_ERR_STATE;
}

static uint32_t speed(const pptp_answer *a, uint32_t asked)
{
	return a->connect_speed == PPTP_SPEED_AS_ASKED ? asked : a->connect_speed;
}

pptp_err pptp_call_accept(pptp_conn *conn, pptp_call handle, const pptp_answer *answer, pptp_usec now)
{
	pptp_answer a;
	call *c;
	pptp_err err = find_offered(conn, handle, &c);
	if (err)
		return err;
	pptp_answer_init(&a, sizeof a);
	err = pptp_copy_sized(&a, sizeof a, sizeof(void *), answer);
	if (!err && a.local_call_id)
		err = pptp_call_set_local(conn, c, a.local_call_id);
	if (err)
		return err;
	if (!is_incoming(c->machine)) {
		c->answer_cause = a.cause_code;
		c->connect_speed = speed(&a, c->maximum_bps);
		c->physical_channel_id = a.physical_channel_id;
	}
	c->recv_window = a.packet_recv_window_size;
	c->delay = a.packet_processing_delay;
	c->user = a.user;
	return pptp_call_input(conn, c, CALL_IN_ACCEPT, NULL, now);
}

pptp_err pptp_call_connected(pptp_conn *conn, pptp_call handle, const pptp_answer *answer, pptp_usec now)
{
	pptp_answer a;
	call *c;
	pptp_err err = find(conn, handle, &c);
	if (err)
		return err;
	if (is_over(conn, c))
		return PPTP_ERR_STALE;
	if (c->state != PPTP_CALL_ANSWERING)
		return PPTP_ERR_STATE;
	pptp_answer_init(&a, sizeof a);
	err = pptp_copy_sized(&a, sizeof a, sizeof(void *), answer);
	if (!err && a.local_call_id)
		err = PPTP_ERR_ARG;
	if (err)
		return err;
	c->connect_speed = speed(&a, 0);
	c->framing_type = a.framing_type;
	c->recv_window = a.packet_recv_window_size;
	c->delay = a.packet_processing_delay;
	return pptp_call_input(conn, c, CALL_IN_CONNECTED, NULL, now);
}

static uint8_t reply_type(const call *c)
{
	return is_incoming(c->machine) ? PPTP_ICRP : PPTP_OCRP;
}

/* General error has one number in both replies; do not accept, the last one, has two. */
static uint8_t do_not_accept(const call *c)
{
	return is_incoming(c->machine) ? PPTP_ICRP_DO_NOT_ACCEPT : PPTP_OCRP_DO_NOT_ACCEPT;
}

pptp_err pptp_call_reject(pptp_conn *conn, pptp_call handle, uint8_t result_code, uint8_t error_code,
                          uint16_t cause_code, pptp_usec now)
{
	call *c;
	pptp_err err = find_offered(conn, handle, &c);
	if (err)
		return err;
	if (result_code < PPTP_OCRP_GENERAL_ERROR || result_code > do_not_accept(c) ||
	    (error_code && result_code != PPTP_OCRP_GENERAL_ERROR))
		return PPTP_ERR_ARG;
	pptp_call_codes(c, reply_type(c), result_code, error_code, cause_code);
	c->reason = (int8_t)PPTP_ERR_REFUSED; /* the first, and so the one that stays */
	return pptp_call_input(conn, c, CALL_IN_REJECT, NULL, now);
}

pptp_err pptp_call_clear(pptp_conn *conn, pptp_call handle, uint8_t result_code, uint8_t error_code,
                         uint16_t cause_code, pptp_usec now)
{
	call *c;
	pptp_err err = find(conn, handle, &c);
	if (err)
		return err;
	if (result_code < PPTP_CDN_LOST_CARRIER || result_code > PPTP_CDN_REQUEST ||
	    (error_code && result_code != PPTP_CDN_GENERAL_ERROR))
		return PPTP_ERR_ARG;
	if (is_over(conn, c))
		return PPTP_OK;
	if (c->state == PPTP_CALL_OFFERED)
		pptp_call_codes(c, reply_type(c), do_not_accept(c), PPTP_ERROR_NONE, cause_code);
	else if (is_pac(c->machine))
		pptp_call_codes(c, PPTP_CDN, result_code, error_code, cause_code);
	return pptp_call_input(conn, c, CALL_IN_CLEAR, NULL, now);
}

/* ---- requests of an established call ------------------------------------------------------------------- */

static pptp_err find_established(pptp_conn *conn, pptp_call handle, int pac, call **ret)
{
	pptp_err err = find(conn, handle, ret);
	if (err)
		return err;
	if (is_over(conn, *ret))
		return PPTP_ERR_STALE;
	return (*ret)->state == PPTP_CALL_ESTABLISHED && is_pac((*ret)->machine) == pac ? PPTP_OK
	                                                                                : PPTP_ERR_STATE;
}

pptp_err pptp_call_set_link_info(pptp_conn *conn, pptp_call handle, uint32_t send_accm, uint32_t recv_accm,
                                 pptp_usec now)
{
	call *c;
	pptp_err err = find_established(conn, handle, 0, &c);
	if (err)
		return err;
	c->send_accm = send_accm;
	c->recv_accm = recv_accm;
	return pptp_call_input(conn, c, CALL_IN_LINK_INFO, NULL, now);
}

pptp_err pptp_call_wan_errors(pptp_conn *conn, pptp_call handle, const pptp_wan_errors *errors, pptp_usec now)
{
	pptp_wan_errors e;
	uint32_t told[WAN_ERRORS];
	call *c;
	line *of_call;
	pptp_err err = find_established(conn, handle, 1, &c);
	if (err)
		return err;
	of_call = pptp_call_line(conn, c);
	if (!of_call)
		return PPTP_ERR_LIMIT;
	memset(&e, 0, sizeof e);
	err = pptp_copy_sized(&e, sizeof e, sizeof(uint32_t), errors);
	if (err)
		return err;
	told[0] = e.crc_errors;
	told[1] = e.framing_errors;
	told[2] = e.hardware_overruns;
	told[3] = e.buffer_overruns;
	told[4] = e.timeout_errors;
	told[5] = e.alignment_errors;
	if (memcmp(of_call->wan_errors, told, sizeof told) == 0)
		return PPTP_OK;
	memcpy(of_call->wan_errors, told, sizeof told);
	return pptp_call_input(conn, c, CALL_IN_WAN_ERRORS, NULL, now);
}

pptp_err pptp_call_statistics(pptp_conn *conn, pptp_call handle, const uint8_t *text, size_t len)
{
	call *c;
	line *of_call;
	pptp_err err = find(conn, handle, &c);
	if (err)
		return err;
	if (is_over(conn, c))
		return PPTP_ERR_STALE;
	if (!is_pac(c->machine))
		return PPTP_ERR_STATE;
	of_call = pptp_call_line(conn, c);
	if (!of_call)
		return PPTP_ERR_LIMIT;
	if ((!text && len > 0) || len > sizeof of_call->statistics)
		return PPTP_ERR_ARG;
	memset(of_call->statistics, 0, sizeof of_call->statistics);
	if (len > 0)
		memcpy(of_call->statistics, text, len);
	return PPTP_OK;
}

pptp_err pptp_call_set_user(pptp_conn *conn, pptp_call handle, void *user)
{
	call *c;
	pptp_err err = find(conn, handle, &c);
	if (!err)
		c->user = user;
	return err;
}
