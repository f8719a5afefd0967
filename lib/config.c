/* config: the immutable settings that connections share, and the defaults of every struct a host fills
 * for the control plane. */
#include "conn_internal.h"
#include "object.h"

#define SECOND_US ((uint64_t)1000000)

/* The longest message and the rest of one must fit. */
#define TX_OCTETS_MIN PPTP_MSG_MAX_OCTETS
#define TX_OCTETS_MAX (1u << 30)

static const uint8_t default_vendor[] = "libpptp";

static void set_defaults(pptp_config_options *o)
{
	memset(o, 0, sizeof *o);
	o->size = sizeof *o;
	o->tolerate = PPTP_TOLERATE_ALL;
	o->max_calls = 1;
	o->tx_octets = 1024;
	o->framing_capabilities = PPTP_FRAMING_ANY;
	o->bearer_capabilities = PPTP_BEARER_ANY;
	o->firmware_revision = PPTP_VERSION_MAJOR << 8 | PPTP_VERSION_MINOR;
	o->protocol_version = PPTP_PROTOCOL_VERSION;
	o->take_calls = PPTP_TAKE_OUTGOING;
	o->start_timeout_us = 60 * SECOND_US;
	o->idle_timeout_us = 60 * SECOND_US;
	o->echo_timeout_us = 60 * SECOND_US;
	o->stop_timeout_us = 60 * SECOND_US;
	o->dial_timeout_us = 120 * SECOND_US;
	o->answer_timeout_us = 120 * SECOND_US;
	o->clear_timeout_us = 60 * SECOND_US;
	o->offer_timeout_us = 60 * SECOND_US;
	o->connect_timeout_us = 60 * SECOND_US;
	o->wan_error_interval_us = 60 * SECOND_US;
	memcpy(o->vendor_string, default_vendor, sizeof default_vendor);
}

pptp_err pptp_config_options_init(pptp_config_options *ret, uint32_t size)
{
	pptp_config_options o;
	set_defaults(&o);
	return pptp_give_sized(ret, size, &o, sizeof o);
}

size_t pptp_config_size(void)
{
	return sizeof(pptp_config);
}

static int in_range(const pptp_config_options *o)
{
	return o->max_calls <= PPTP_CALLS_MAX && o->tx_octets >= TX_OCTETS_MIN &&
	       o->tx_octets <= TX_OCTETS_MAX && o->protocol_version != 0 &&
	       o->oldest_version <= o->protocol_version && o->line_statistics <= 1 &&
	       o->take_calls <= (PPTP_TAKE_OUTGOING | PPTP_TAKE_INCOMING) && o->reserved == 0;
}

pptp_err pptp_config_init(void *mem, size_t size, const pptp_config_options *options, const pptp_config **ret)
{
	pptp_config *config = mem;
	pptp_config_options o;
	pptp_err err;
	if (!options || !ret)
		return PPTP_ERR_ARG;
	set_defaults(&o);
	err = pptp_check_memory(mem, size, sizeof *config);
	if (!err)
		err = pptp_copy_sized(&o, sizeof o, sizeof(uint32_t), options);
	if (!err && !in_range(&o))
		err = PPTP_ERR_ARG;
	if (err)
		return err;
	memset(config, 0, sizeof *config);
	config->options = o;
	config->self = config;
	*ret = config;
	return PPTP_OK;
}

/* For alloc.c. */
void pptp_config_set_release(pptp_config *config, pptp_release release)
{
	config->release = release;
}

void pptp_config_free(const pptp_config *config)
{
	if (config && config->release)
		config->release(config->self);
}

pptp_err pptp_conn_options_init(pptp_conn_options *ret, uint32_t size)
{
	pptp_conn_options o;
	memset(&o, 0, sizeof o);
	o.size = sizeof o;
	return pptp_give_sized(ret, size, &o, sizeof o);
}

pptp_err pptp_dial_init(pptp_dial *ret, uint32_t size)
{
	pptp_dial dial;
	memset(&dial, 0, sizeof dial);
	dial.size = sizeof dial;
	dial.minimum_bps = 300;
	dial.maximum_bps = 100000000;
	dial.bearer_type = PPTP_BEARER_ANY;
	dial.framing_type = PPTP_FRAMING_ANY;
	dial.packet_recv_window_size = 64;
	return pptp_give_sized(ret, size, &dial, sizeof dial);
}

pptp_err pptp_offer_init(pptp_offer *ret, uint32_t size)
{
	pptp_offer offer;
	memset(&offer, 0, sizeof offer);
	offer.size = sizeof offer;
	offer.call_bearer_type = PPTP_BEARER_ANALOG;
	return pptp_give_sized(ret, size, &offer, sizeof offer);
}

pptp_err pptp_answer_init(pptp_answer *ret, uint32_t size)
{
	pptp_answer answer;
	memset(&answer, 0, sizeof answer);
	answer.size = sizeof answer;
	answer.connect_speed = PPTP_SPEED_AS_ASKED;
	answer.packet_recv_window_size = 64;
	answer.framing_type = PPTP_FRAMING_SYNC;
	return pptp_give_sized(ret, size, &answer, sizeof answer);
}
