/* config: settings of control connections, checked once and shared by many.
 *
 *     pptp_config_options options;
 *     pptp_config_options_init(&options, sizeof options);   the defaults
 *     options.max_calls = 4;
 *     pptp_config_new(&options, &config);                   or _init, in memory of the host's
 *
 * The defaults suit a VPN client or a small server. Every function is callable from every callback. */
#ifndef PPTP_CONFIG_H
#define PPTP_CONFIG_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PPTP_CALLS_MAX 65535u /* calls on one connection */

/** Settings, checked; shared by many connections. */
typedef struct pptp_config pptp_config;

/** Deviations from RFC 2637's text that are let pass, one bit each, each for the peers named. 0 is the strict
 *  profile; the default is all. What each does when clear is in docs/design.md. */
enum {
	PPTP_TOLERATE_UNKNOWN_TYPE = 1 << 0, /* skip control message types but 1 to 15 (future extensions) */
	PPTP_TOLERATE_MANAGEMENT = 1 << 1,   /* skip PPTP Message Type 2 (Android does likewise) */
	PPTP_TOLERATE_LONGER = 1 << 2,       /* ignore octets behind a message's end ([MS-PTPT] 4) */
	PPTP_TOLERATE_RESERVED = 1 << 3,     /* ignore reserved fields that are not 0 (Cisco IOS and PIX) */
	PPTP_TOLERATE_SCCRP_RESULT_0 = 1 << 4, /* Result Code 0 is success (Alcatel and other ADSL modems) */
	PPTP_TOLERATE_OCRP_RESULT_0 = 1 << 5,  /* likewise, when it has a Call ID (the same modems) */
	PPTP_TOLERATE_ECHO_REPLY = 1 << 6,  /* any Echo-Reply is a sign of life, whatever its identifier and
	                                     * result (assorted servers) */
	PPTP_TOLERATE_ROLE = 1 << 7,        /* Call-Clear-Request from a PAC, Call-Disconnect-Notify from a
	                                     * PNS (servers that act as PNS only) */
	PPTP_TOLERATE_CDN_CALL_ID = 1 << 8, /* Call-Disconnect-Notify with our Call ID (accel-ppp) or, while
	                                     * a clear is outstanding, with one never learnt */
	PPTP_TOLERATE_STATE = 1 << 9,       /* ignore a message that is not legal in the state of its call
	                                     * or connection (Windows, Apple: crossed messages) */
	PPTP_TOLERATE_NUMBER_LENGTH = 1 << 10, /* take a Phone Number Length above 64 as 64 */
	PPTP_TOLERATE_CALL_TYPE = 1 << 11,     /* take an unknown bearer or framing type as "any", and minimum
	                                        * above maximum BPS as no limit (old modems) */
	PPTP_TOLERATE_CALL_TIMEOUT = 1 << 12   /* a call's timer ends that call, not the whole connection as
	                                        * 3.2.1 has it (connections with several calls; slow
	                                        * dialling) */
};
/** All of them, those that a newer library adds included. */
#define PPTP_TOLERATE_ALL 0xFFFFFFFFu

enum { /* pptp_config_options.take_calls: which of the peer's calls are offered to the host; the others are
	  refused */
       PPTP_TAKE_OUTGOING = 1, /* Outgoing-Call-Request: we are the PAC, as a VPN server is */
       PPTP_TAKE_INCOMING = 2  /* Incoming-Call-Request: we are the PNS of a PAC with lines */
};

/** Settings. Times are microseconds; 0 disables the timer. Text is zero-padded, not a C string. A call of the
 *  peer's that max_calls, max_offered or take_calls does not allow is refused without an event, and
 *  counted. Replies wait outside the transmit buffer, so a large one is of use to a host that dials many calls
 *  while TCP is slow, 168 octets each. */
typedef struct pptp_config_options {
	uint32_t size;
	uint32_t tolerate;             /* PPTP_TOLERATE_ bits; default PPTP_TOLERATE_ALL */
	uint32_t max_calls;            /* at once, both directions: 0 .. 65,535; default 1 */
	uint32_t tx_octets;            /* transmit buffer: 220 .. 2^30; default 1,024 */
	uint32_t framing_capabilities; /* of Start-Control-Connection-Request and -Reply; default 3 */
	uint32_t bearer_capabilities;  /* default 3 */
	uint16_t maximum_channels;     /* default 0, as a PNS should; a PAC: calls it can take */
	uint16_t firmware_revision;    /* default the library's version, major << 8 | minor */
	uint16_t protocol_version;     /* default PPTP_PROTOCOL_VERSION, the only one there is; not 0 */
	uint16_t take_calls;           /* PPTP_TAKE_ bits; default PPTP_TAKE_OUTGOING; 0 for a client, so
	                                * that a server cannot occupy its calls */
	uint16_t oldest_version;       /* a peer may use a version from this one to ours (3.1.1, 3.1.2);
	                                * default 0: ours only, there is no other yet */
	uint16_t max_offered;          /* calls offered and not answered yet; default 0: max_calls only */
	uint16_t line_statistics;      /* 1: keep WAN errors and Call Statistics for each call, 152 octets,
	                                * for a PAC with lines (pptp_call_wan_errors,
	                                * pptp_call_statistics); default 0 */
	uint16_t reserved;             /* 0 */
	uint64_t start_timeout_us;     /* TCP open to established; default 60 s (RFC 2637 3.1.4) */
	uint64_t idle_timeout_us;      /* silence until an Echo-Request; default 60 s (3.1.4) */
	uint64_t echo_timeout_us;      /* Echo-Request to Echo-Reply; default 60 s (3.1.4) */
	uint64_t stop_timeout_us;      /* Stop-Control-Connection-Request to -Reply, also the longest wait for
	                                * the last octets to leave; default 60 s (3). 0: a peer that does not
	                                * answer is waited for until pptp_conn_abort */
	uint64_t dial_timeout_us;      /* Outgoing-Call-Request to -Reply; default 120 s, since dialling may
	                                * take "more than one minute" (3.2.1). Then the call is cleared, and
	                                * ends with the answer or after clear_timeout_us */
	uint64_t answer_timeout_us;    /* PPTP_EV_CALL_OFFERED to accept or reject; default 120 s, likewise */
	uint64_t clear_timeout_us;   /* Call-Clear-Request to Call-Disconnect-Notify; default 60 s (3.2.1) */
	uint64_t offer_timeout_us;   /* Incoming-Call-Request to -Reply; default 60 s (3.2.1) */
	uint64_t connect_timeout_us; /* Incoming-Call-Reply to -Connected, at both ends; default 60 s (3.2.1)
	                              */
	uint64_t wan_error_interval_us; /* between two WAN-Error-Notify of a call; default 60 s (2.14) */
	uint8_t host_name[64];          /* default empty */
	uint8_t vendor_string[64];      /* default "libpptp" */
} pptp_config_options;

/** Fill with the defaults. @param size  sizeof (pptp_config_options) as the caller compiled it. */
PPTP_API pptp_err pptp_config_options_init(pptp_config_options *ret, uint32_t size);

/** Octets of memory for a config. */
PPTP_API size_t pptp_config_size(void);

/** Check and copy settings. The config is immutable and must outlive its connections; any number of them, on
 *  any threads, may share it.
 *  @return PPTP_OK · PPTP_ERR_ARG: an option is out of range · PPTP_ERR_SIZE · PPTP_ERR_ALIGN. */
PPTP_API pptp_err pptp_config_init(void *mem, size_t size, const pptp_config_options *options,
                                   const pptp_config **ret);

/** The same in heap memory; PPTP_ERR_NO_HEAP. */
PPTP_API pptp_err pptp_config_new(const pptp_config_options *options, const pptp_config **ret);
/** End it, after the connections that use it: memory of pptp_config_init is the host's again. NULL is
 *  legal. */
PPTP_API void pptp_config_free(const pptp_config *config);

#ifdef __cplusplus
}
#endif
#endif
