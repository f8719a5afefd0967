/* msg: stateless codec of the 15 control messages of RFC 2637 chapter 2.
 *
 * A message in memory has the fields, the order and the offsets it has on the wire; only the integers
 * are in the host's byte order. Reserved fields are kept, so encode(decode(x)) == x, unless x was longer than
 * its type. Text fields are
 * octets, not C strings: they need not contain a zero. Usable without the rest of the library; every
 * function is pure and callable from anywhere. */
#ifndef PPTP_MSG_H
#define PPTP_MSG_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PPTP_MAGIC_COOKIE     0x1A2B3C4Du /* RFC 2637 2 */
#define PPTP_PROTOCOL_VERSION 0x0100u     /* version 1, revision 0 (RFC 2637 2.1) */
#define PPTP_MSG_CONTROL      1           /* PPTP Message Type (RFC 2637 2) */
#define PPTP_MSG_MANAGEMENT   2
#define PPTP_HEADER_OCTETS    12u
#define PPTP_MSG_MAX_OCTETS   220u /* the longest message, Incoming-Call-Request */

/** Control Message Type. */
enum {
	PPTP_SCCRQ = 1,    /* Start-Control-Connection-Request */
	PPTP_SCCRP = 2,    /* Start-Control-Connection-Reply */
	PPTP_STOPCCRQ = 3, /* Stop-Control-Connection-Request */
	PPTP_STOPCCRP = 4, /* Stop-Control-Connection-Reply */
	PPTP_ECHORQ = 5,   /* Echo-Request */
	PPTP_ECHORP = 6,   /* Echo-Reply */
	PPTP_OCRQ = 7,     /* Outgoing-Call-Request, PNS to PAC */
	PPTP_OCRP = 8,     /* Outgoing-Call-Reply, PAC to PNS */
	PPTP_ICRQ = 9,     /* Incoming-Call-Request, PAC to PNS */
	PPTP_ICRP = 10,    /* Incoming-Call-Reply, PNS to PAC */
	PPTP_ICCN = 11,    /* Incoming-Call-Connected, PAC to PNS */
	PPTP_CCRQ = 12,    /* Call-Clear-Request, PNS to PAC */
	PPTP_CDN = 13,     /* Call-Disconnect-Notify, PAC to PNS */
	PPTP_WEN = 14,     /* WAN-Error-Notify, PAC to PNS */
	PPTP_SLI = 15      /* Set-Link-Info, PNS to PAC */
};

/* Values of the enumerated fields. Others occur on the wire and are kept as they are. */
enum { /* Framing and bearer; a bit set in SCCRQ and SCCRP */
       PPTP_FRAMING_ASYNC = 1,
       PPTP_FRAMING_SYNC = 2,
       PPTP_FRAMING_ANY = 3,
       PPTP_BEARER_ANALOG = 1,
       PPTP_BEARER_DIGITAL = 2,
       PPTP_BEARER_ANY = 3
};
enum { /* Result Code of SCCRP */
       PPTP_SCCRP_OK = 1,
       PPTP_SCCRP_GENERAL_ERROR = 2,
       PPTP_SCCRP_CHANNEL_EXISTS = 3,
       PPTP_SCCRP_NOT_AUTHORIZED = 4,
       PPTP_SCCRP_BAD_VERSION = 5
};
enum { /* Reason of StopCCRQ; Result Code of StopCCRP and EchoRP */
       PPTP_STOP_NONE = 1,
       PPTP_STOP_PROTOCOL = 2,
       PPTP_STOP_LOCAL_SHUTDOWN = 3,
       PPTP_STOPCCRP_OK = 1,
       PPTP_STOPCCRP_GENERAL_ERROR = 2,
       PPTP_ECHORP_OK = 1,
       PPTP_ECHORP_GENERAL_ERROR = 2
};
enum { /* Result Code of OCRP */
       PPTP_OCRP_CONNECTED = 1,
       PPTP_OCRP_GENERAL_ERROR = 2,
       PPTP_OCRP_NO_CARRIER = 3,
       PPTP_OCRP_BUSY = 4,
       PPTP_OCRP_NO_DIAL_TONE = 5,
       PPTP_OCRP_TIMEOUT = 6,
       PPTP_OCRP_DO_NOT_ACCEPT = 7
};
enum { /* Result Code of ICRP */
       PPTP_ICRP_CONNECT = 1,
       PPTP_ICRP_GENERAL_ERROR = 2,
       PPTP_ICRP_DO_NOT_ACCEPT = 3
};
enum { /* Result Code of CDN */
       PPTP_CDN_LOST_CARRIER = 1,
       PPTP_CDN_GENERAL_ERROR = 2,
       PPTP_CDN_ADMIN_SHUTDOWN = 3,
       PPTP_CDN_REQUEST = 4
};
enum { /* Error Code, with Result Code 2 (RFC 2637 2.16) */
       PPTP_ERROR_NONE = 0,
       PPTP_ERROR_NOT_CONNECTED = 1,
       PPTP_ERROR_BAD_FORMAT = 2,
       PPTP_ERROR_BAD_VALUE = 3,
       PPTP_ERROR_NO_RESOURCE = 4,
       PPTP_ERROR_BAD_CALL_ID = 5,
       PPTP_ERROR_PAC = 6
};

/** The first 12 octets of every message. pptp_msg_init sets them. */
typedef struct pptp_msg_header {
	uint16_t length;               /* octets of the whole message */
	uint16_t pptp_message_type;    /* PPTP_MSG_CONTROL */
	uint32_t magic_cookie;         /* PPTP_MAGIC_COOKIE */
	uint16_t control_message_type; /* PPTP_SCCRQ .. PPTP_SLI */
	uint16_t reserved0;
} pptp_msg_header;

typedef struct pptp_sccrq { /* 2.1 */
	pptp_msg_header header;
	uint16_t protocol_version;
	uint16_t reserved1;
	uint32_t framing_capabilities;
	uint32_t bearer_capabilities;
	uint16_t maximum_channels;
	uint16_t firmware_revision;
	uint8_t host_name[64];
	uint8_t vendor_string[64];
} pptp_sccrq;

typedef struct pptp_sccrp { /* 2.2 */
	pptp_msg_header header;
	uint16_t protocol_version;
	uint8_t result_code;
	uint8_t error_code;
	uint32_t framing_capabilities;
	uint32_t bearer_capabilities;
	uint16_t maximum_channels;
	uint16_t firmware_revision;
	uint8_t host_name[64];
	uint8_t vendor_string[64];
} pptp_sccrp;

typedef struct pptp_stopccrq { /* 2.3 */
	pptp_msg_header header;
	uint8_t reason;
	uint8_t reserved1;
	uint16_t reserved2;
} pptp_stopccrq;

typedef struct pptp_stopccrp { /* 2.4 */
	pptp_msg_header header;
	uint8_t result_code;
	uint8_t error_code;
	uint16_t reserved1;
} pptp_stopccrp;

typedef struct pptp_echorq { /* 2.5 */
	pptp_msg_header header;
	uint32_t identifier;
} pptp_echorq;

typedef struct pptp_echorp { /* 2.6 */
	pptp_msg_header header;
	uint32_t identifier;
	uint8_t result_code;
	uint8_t error_code;
	uint16_t reserved1;
} pptp_echorp;

typedef struct pptp_ocrq { /* 2.7 */
	pptp_msg_header header;
	uint16_t call_id; /* assigned by the PNS */
	uint16_t call_serial_number;
	uint32_t minimum_bps;
	uint32_t maximum_bps;
	uint32_t bearer_type;
	uint32_t framing_type;
	uint16_t packet_recv_window_size; /* packets */
	uint16_t packet_processing_delay; /* 1/10 s */
	uint16_t phone_number_length;     /* raw: count one above 64 as 64 */
	uint16_t reserved1;
	uint8_t phone_number[64];
	uint8_t subaddress[64];
} pptp_ocrq;

typedef struct pptp_ocrp { /* 2.8 */
	pptp_msg_header header;
	uint16_t call_id;      /* assigned by the PAC */
	uint16_t peer_call_id; /* the OCRQ's */
	uint8_t result_code;
	uint8_t error_code;
	uint16_t cause_code;    /* Q.931 for ISDN */
	uint32_t connect_speed; /* bit/s */
	uint16_t packet_recv_window_size;
	uint16_t packet_processing_delay;
	uint32_t physical_channel_id;
} pptp_ocrp;

typedef struct pptp_icrq { /* 2.9 */
	pptp_msg_header header;
	uint16_t call_id; /* assigned by the PAC */
	uint16_t call_serial_number;
	uint32_t call_bearer_type;
	uint32_t physical_channel_id;
	uint16_t dialed_number_length;
	uint16_t dialing_number_length;
	uint8_t dialed_number[64];
	uint8_t dialing_number[64];
	uint8_t subaddress[64];
} pptp_icrq;

typedef struct pptp_icrp { /* 2.10 */
	pptp_msg_header header;
	uint16_t call_id;      /* assigned by the PNS */
	uint16_t peer_call_id; /* the ICRQ's */
	uint8_t result_code;
	uint8_t error_code;
	uint16_t packet_recv_window_size;
	uint16_t packet_transmit_delay;
	uint16_t reserved1;
} pptp_icrp;

typedef struct pptp_iccn { /* 2.11 */
	pptp_msg_header header;
	uint16_t peer_call_id; /* the ICRP's */
	uint16_t reserved1;
	uint32_t connect_speed;
	uint16_t packet_recv_window_size;
	uint16_t packet_transmit_delay;
	uint32_t framing_type;
} pptp_iccn;

typedef struct pptp_ccrq { /* 2.12 */
	pptp_msg_header header;
	uint16_t call_id; /* assigned by the PNS, the sender */
	uint16_t reserved1;
} pptp_ccrq;

typedef struct pptp_cdn { /* 2.13 */
	pptp_msg_header header;
	uint16_t call_id; /* assigned by the PAC, the sender */
	uint8_t result_code;
	uint8_t error_code;
	uint16_t cause_code;
	uint16_t reserved1;
	uint8_t call_statistics[128];
} pptp_cdn;

typedef struct pptp_wen { /* 2.14 */
	pptp_msg_header header;
	uint16_t peer_call_id; /* assigned by the PNS, the recipient */
	uint16_t reserved1;
	uint32_t crc_errors;
	uint32_t framing_errors;
	uint32_t hardware_overruns;
	uint32_t buffer_overruns;
	uint32_t timeout_errors;
	uint32_t alignment_errors;
} pptp_wen;

typedef struct pptp_sli { /* 2.15 */
	pptp_msg_header header;
	uint16_t peer_call_id; /* assigned by the PAC, the recipient */
	uint16_t reserved1;
	uint32_t send_accm;
	uint32_t receive_accm;
} pptp_sli;

/** Any message; header.control_message_type says which member. 220 octets. */
typedef union pptp_msg {
	pptp_msg_header header;
	pptp_sccrq sccrq;
	pptp_sccrp sccrp;
	pptp_stopccrq stopccrq;
	pptp_stopccrp stopccrp;
	pptp_echorq echorq;
	pptp_echorp echorp;
	pptp_ocrq ocrq;
	pptp_ocrp ocrp;
	pptp_icrq icrq;
	pptp_icrp icrp;
	pptp_iccn iccn;
	pptp_ccrq ccrq;
	pptp_cdn cdn;
	pptp_wen wen;
	pptp_sli sli;
} pptp_msg;

/** Where a message breaks the format, for the log line. */
typedef struct pptp_msg_fault {
	uint32_t field; /* octet offset in the message */
	uint32_t value; /* what stands there */
} pptp_msg_fault;

/** What pptp_msg_peek and pptp_msg_decode let pass, one bit a deviation; 0 is the RFC's text. */
enum {
	PPTP_MSG_LONGER = 1,         /* a Length above the type's, up to 220; the rest is ignored
	                              * ([MS-PTPT] 4 prints a Call-Clear-Request so) */
	PPTP_MSG_UNKNOWN_TYPE = 2,   /* peek only: Control Message Types not in RFC 2637 */
	PPTP_MSG_MANAGEMENT_TYPE = 4 /* peek only: PPTP Message Type 2, of which none is defined */
};

/** Octets of a message of this type: 16 .. 220, or 0 for a type that RFC 2637 does not have. */
PPTP_API uint32_t pptp_msg_size(uint32_t control_message_type);

/** Name of a type as in RFC 2637, such as "Echo-Request"; "unknown" for others. Static. */
PPTP_API const char *pptp_msg_name(uint32_t control_message_type);

/** Field of a message by number, in wire order from 0 ("length") on, for hosts that print messages.
 *  @param ret_offset  where it stands · @param ret_octets  1, 2, 4 (integers), 64 or 128 (text)
 *  @return its name, such as "phone_number"; NULL behind the last one. Static. */
PPTP_API const char *pptp_msg_field(uint32_t control_message_type, uint32_t index, uint32_t *ret_offset,
                                    uint32_t *ret_octets);

/** Name of the field that begins at an octet offset, for the log line of a malformed message; the 12 octets
 *  of the header have names whatever the type. NULL when none begins there. Static. */
PPTP_API const char *pptp_msg_field_at(uint32_t control_message_type, uint32_t offset);

/** How many octets the message at the start of data has; decides as soon as a field is whole, so that garbage
 *  is never waited for.
 *  @param allow      PPTP_MSG_ bits
 *  @param ret_fault  may be NULL; set with PPTP_ERR_MALFORMED
 *  @return 12 .. 220, whether or not that many are there yet · PPTP_ERR_SHORT: too few octets to tell (10
 *          always suffice) and nothing wrong so far · PPTP_ERR_MALFORMED: bad length, message type, cookie or
 *          control message type. RFC 2637 1.4, 2. */
PPTP_API pptp_ssize pptp_msg_peek(const uint8_t *data, size_t len, uint32_t allow, pptp_msg_fault *ret_fault);

/** Decode the message at the start of data.
 *  @param allow      PPTP_MSG_ bits; a type that RFC 2637 does not have is malformed here in any case
 *  @param ret        every field raw; the union behind the message's own size is untouched
 *  @param ret_fault  may be NULL; set with PPTP_ERR_MALFORMED
 *  @return octets used, PPTP_ERR_SHORT, PPTP_ERR_MALFORMED, PPTP_ERR_ARG. */
PPTP_API pptp_ssize pptp_msg_decode(const uint8_t *data, size_t len, uint32_t allow, pptp_msg *ret,
                                    pptp_msg_fault *ret_fault);

/** Begin a message: the whole union zeroed, the header set. PPTP_ERR_ARG for an unknown type. */
PPTP_API pptp_err pptp_msg_init(pptp_msg *ret, uint32_t control_message_type);

/** Encode a message.
 *  @param msg  its header must be as pptp_msg_init sets it (reserved0 is free)
 *  @return octets written · PPTP_ERR_SIZE: cap is too small · PPTP_ERR_ARG: header not initialised. */
PPTP_API pptp_ssize pptp_msg_encode(const pptp_msg *msg, uint8_t *ret_data, size_t cap);

/** Name of a value, such as "busy" for (PPTP_OCRP, 4); "unknown" for others. Static. pptp_result_name takes
 *  the message the Result Code stood in; for PPTP_STOPCCRQ the Reason. */
PPTP_API const char *pptp_result_name(uint32_t control_message_type, uint32_t result_code);
PPTP_API const char *pptp_error_name(uint32_t error_code);

/** Name of a Q.931 cause, such as "user busy" for 17, as ISDN's Cause Codes have it; "unknown" for others.
 *  Static. */
PPTP_API const char *pptp_cause_name(uint32_t cause_code);

/** The Error Code (PPTP_ERROR_) that says to a peer what a code of this library says to the host, for a
 *  refusal with result 2: PPTP_ERR_LIMIT is No-Resource, and so on; PPTP_ERROR_PAC where none fits,
 *  PPTP_ERROR_NONE for PPTP_OK. RFC 2637 2.16. */
PPTP_API uint8_t pptp_error_of(pptp_err code);

#ifdef __cplusplus
}
#endif
#endif
