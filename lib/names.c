/* names: everything of the control plane and the data channel that has a number, as text. For logs;
 * nothing in the library depends on it, so a linker drops what a host does not use. */
#include "pptp/call.h"
#include "pptp/gre.h"
#include "pptp/hdlc.h"
#include "pptp/msg.h"
#include "pptp/mux.h"
#include "msg_layout.h"
#include "names.h"

static const char msg_names[] =
        "Start-Control-Connection-Request\0Start-Control-Connection-Reply\0"
        "Stop-Control-Connection-Request\0Stop-Control-Connection-Reply\0"
        "Echo-Request\0Echo-Reply\0Outgoing-Call-Request\0Outgoing-Call-Reply\0"
        "Incoming-Call-Request\0Incoming-Call-Reply\0Incoming-Call-Connected\0"
        "Call-Clear-Request\0Call-Disconnect-Notify\0WAN-Error-Notify\0Set-Link-Info\0";

const char *pptp_msg_name(uint32_t type)
{
	return pptp_nth_name(msg_names, type - 1, "unknown");
}

/* ---- fields: one row a type, in wire order, the five of the header in front of each ----------- */

static const char header_fields[] =
        "length\0pptp_message_type\0magic_cookie\0control_message_type\0reserved0\0";
#define HEADER_FIELDS 5

#define START_TAIL                                                                                           \
	"framing_capabilities\0bearer_capabilities\0maximum_channels\0firmware_revision\0host_name\0"        \
	"vendor_string\0"

/* Rows of names, an empty one behind each. */
static const char fields[] =
        "protocol_version\0reserved1\0" START_TAIL "\0"
        "protocol_version\0result_code\0error_code\0" START_TAIL "\0"
        "reason\0reserved1\0reserved2\0\0"
        "result_code\0error_code\0reserved1\0\0"
        "identifier\0\0"
        "identifier\0result_code\0error_code\0reserved1\0\0"
        "call_id\0call_serial_number\0minimum_bps\0maximum_bps\0bearer_type\0framing_type\0"
        "packet_recv_window_size\0packet_processing_delay\0phone_number_length\0reserved1\0phone_number\0"
        "subaddress\0\0"
        "call_id\0peer_call_id\0result_code\0error_code\0cause_code\0connect_speed\0"
        "packet_recv_window_size\0packet_processing_delay\0physical_channel_id\0\0"
        "call_id\0call_serial_number\0call_bearer_type\0physical_channel_id\0dialed_number_length\0"
        "dialing_number_length\0dialed_number\0dialing_number\0subaddress\0\0"
        "call_id\0peer_call_id\0result_code\0error_code\0packet_recv_window_size\0"
        "packet_transmit_delay\0reserved1\0\0"
        "peer_call_id\0reserved1\0connect_speed\0packet_recv_window_size\0packet_transmit_delay\0"
        "framing_type\0\0"
        "call_id\0reserved1\0\0"
        "call_id\0result_code\0error_code\0cause_code\0reserved1\0call_statistics\0\0"
        "peer_call_id\0reserved1\0crc_errors\0framing_errors\0hardware_overruns\0buffer_overruns\0"
        "timeout_errors\0alignment_errors\0\0"
        "peer_call_id\0reserved1\0send_accm\0receive_accm\0\0";

static const char *fields_of(uint32_t type)
{
	const char *row = fields;
	for (; type > PPTP_SCCRQ; type--, row++)
		while (*row)
			while (*row++)
				;
	return row;
}

const char *pptp_msg_field(uint32_t type, uint32_t index, uint32_t *ret_offset, uint32_t *ret_octets)
{
	const uint8_t *layout = pptp_msg_layout(type);
	const char *name;
	uint32_t offset = 0, i;
	if (*layout == 0)
		return NULL;
	if (index < HEADER_FIELDS)
		name = pptp_nth_name(header_fields, index, NULL);
	else
		name = pptp_nth_name(fields_of(type), index - HEADER_FIELDS, NULL);
	if (!name)
		return NULL;
	for (i = 0; i < index; i++)
		offset += layout[i];
	if (ret_offset)
		*ret_offset = offset;
	if (ret_octets)
		*ret_octets = layout[index];
	return name;
}

const char *pptp_msg_field_at(uint32_t type, uint32_t offset)
{
	const char *name;
	uint32_t index = 0, at;
	if (pptp_msg_size(type) == 0 && offset < PPTP_HEADER_OCTETS)
		type = PPTP_SCCRQ; /* every message has the same header */
	while ((name = pptp_msg_field(type, index++, &at, NULL)) != NULL)
		if (at == offset)
			return name;
	return NULL;
}

/* ---- values ----------------------------------------------------------------------------------- */

static const char sccrp_results[] = "successful\0general error\0command channel already exists\0"
                                    "requester not authorized\0protocol version not supported\0";
static const char stop_reasons[] = "none\0stop protocol\0stop local shutdown\0";
static const char simple_results[] = "ok\0general error\0";
static const char ocrp_results[] =
        "connected\0general error\0no carrier\0busy\0no dial tone\0time-out\0do not accept\0";
static const char icrp_results[] = "connect\0general error\0do not accept\0";
static const char cdn_results[] = "lost carrier\0general error\0admin shutdown\0request\0";
static const char general_errors[] =
        "none\0not connected\0bad format\0bad value\0no resource\0bad call id\0PAC error\0";

static const char *results_of(uint32_t type)
{
	switch (type) {
	case PPTP_SCCRP:
		return sccrp_results;
	case PPTP_STOPCCRQ:
		return stop_reasons;
	case PPTP_STOPCCRP:
	case PPTP_ECHORP:
		return simple_results;
	case PPTP_OCRP:
		return ocrp_results;
	case PPTP_ICRP:
		return icrp_results;
	case PPTP_CDN:
		return cdn_results;
	default:
		return "";
	}
}

const char *pptp_result_name(uint32_t type, uint32_t result_code)
{
	return pptp_nth_name(results_of(type), result_code - 1, "unknown");
}

const char *pptp_error_name(uint32_t error_code)
{
	return pptp_nth_name(general_errors, error_code, "unknown");
}

/* Q.931 4.5.12 and Q.850, those that a PAC sees: the number as an octal escape, then the name. */
static const char causes[] = "\1unallocated number\0"
                             "\2no route to transit network\0"
                             "\3no route to destination\0"
                             "\6channel unacceptable\0"
                             "\7call awarded\0"
                             "\20normal clearing\0"
                             "\21user busy\0"
                             "\22no user responding\0"
                             "\23no answer\0"
                             "\24subscriber absent\0"
                             "\25call rejected\0"
                             "\26number changed\0"
                             "\32non-selected user clearing\0"
                             "\33destination out of order\0"
                             "\34invalid number format\0"
                             "\35facility rejected\0"
                             "\36response to status enquiry\0"
                             "\37normal, unspecified\0"
                             "\42no circuit available\0"
                             "\46network out of order\0"
                             "\51temporary failure\0"
                             "\52switching equipment congestion\0"
                             "\53access information discarded\0"
                             "\54requested circuit not available\0"
                             "\57resource unavailable\0"
                             "\61quality of service not available\0"
                             "\62facility not subscribed\0"
                             "\71bearer capability not authorized\0"
                             "\72bearer capability not available\0"
                             "\77service not available\0"
                             "\101bearer capability not implemented\0"
                             "\102channel type not implemented\0"
                             "\105facility not implemented\0"
                             "\106only restricted digital bearer\0"
                             "\117service not implemented\0"
                             "\121invalid call reference\0"
                             "\122channel does not exist\0"
                             "\130incompatible destination\0"
                             "\133invalid transit network\0"
                             "\137invalid message\0"
                             "\140mandatory element missing\0"
                             "\141message type unknown\0"
                             "\142message out of sequence\0"
                             "\143element unknown\0"
                             "\144invalid element contents\0"
                             "\145message not compatible with state\0"
                             "\146recovery on timer expiry\0"
                             "\157protocol error\0"
                             "\177interworking\0";

const char *pptp_cause_name(uint32_t cause_code)
{
	const char *at = causes;
	while (*at && (uint32_t)(unsigned char)*at != cause_code)
		while (*at++)
			;
	return *at ? at + 1 : "unknown";
}

/* ---- events, timers, counters ----------------------------------------------------------------- */

static const char event_names[] =
        "UP\0DOWN\0CALL_OFFERED\0CALL_UP\0CALL_DOWN\0CALL_LINK_INFO\0CALL_WAN_ERROR\0WRITABLE\0"
        "START_OFFERED\0CALL_ANSWER\0";

const char *pptp_event_name(uint32_t type)
{
	return pptp_nth_name(event_names, type - 1, "unknown");
}

static const char timer_names[] = "none\0start\0idle\0echo\0stop\0dial\0answer\0clear\0offer\0connect\0";

const char *pptp_timer_name(uint32_t timer)
{
	return pptp_nth_name(timer_names, timer, "unknown");
}

static const char conn_counts[] =
        "messages received\0messages sent\0unknown type\0management message\0longer message\0"
        "reserved not zero\0result 0\0echo mismatch\0wrong role\0disconnect call id\0wrong state\0"
        "unknown call\0bad value\0no resource\0bad call id\0call not taken\0half open\0echo coalesced\0";

const char *pptp_conn_count_name(uint32_t which)
{
	return pptp_nth_name(conn_counts, which, "unknown");
}

static const char gre_counts[] =
        "delivered\0ack only\0empty\0late\0duplicate\0truncated\0not PPTP\0nothing\0payload length\0"
        "call id\0ack never sent\0ack old\0lost\0sent\0sent ack\0unsent\0held\0reset\0not held\0window full\0"
        "ack timeout\0resync\0";

const char *pptp_gre_count_name(uint32_t which)
{
	return pptp_nth_name(gre_counts, which, "unknown");
}

static const char gre_events[] = "WRITABLE\0NO_INBOUND\0RESYNC\0PEER_NEVER_ACKS\0";

const char *pptp_gre_event_name(uint32_t event)
{
	uint32_t n = 0;
	if (event == 0 || (event & (event - 1)) != 0)
		return "unknown";
	while (event >> n != 1)
		n++;
	return pptp_nth_name(gre_events, n, "unknown");
}

static const char hdlc_counts[] = "received\0bad FCS\0short\0long\0aborted\0control dropped\0outside frames\0"
                                  "sent\0sent abort\0";

const char *pptp_hdlc_count_name(uint32_t which)
{
	return pptp_nth_name(hdlc_counts, which, "unknown");
}

static const char mux_counts[] = "found\0unknown call\0foreign source\0";

const char *pptp_mux_count_name(uint32_t which)
{
	return pptp_nth_name(mux_counts, which, "unknown");
}
