/* base: error names and version. */
#include "pptp/base.h"
#include "names.h"

/* Codes run down from 0 and, for the ends, from -32. */
static const char error_names[] =
        "OK\0ARG\0SIZE\0ALIGN\0STATE\0STALE\0AGAIN\0LIMIT\0EMPTY\0REENTRANT\0FREED\0"
        "CLOSED\0SHORT\0NO_HEAP\0WINDOW\0";
static const char end_names[] = "MALFORMED\0PROTOCOL\0LOCAL\0PEER\0REFUSED\0TIMEOUT\0EOF\0STOPPED\0VERSION\0"
                                "COLLISION\0SEND\0";

static const char error_texts[] = "no error\0"
                                  "an argument is NULL or out of range\0"
                                  "the memory is too small, or a struct's size member is not usable\0"
                                  "the memory is not aligned\0"
                                  "not possible in the present state\0"
                                  "no such call (any more)\0"
                                  "no room now, try again later\0"
                                  "a limit set in the options is reached\0"
                                  "nothing there\0"
                                  "called from a callback that must not do so\0"
                                  "the object was freed\0"
                                  "the connection has ended\0"
                                  "more octets are needed\0"
                                  "out of memory\0"
                                  "the peer's receive window is full\0";

static const char end_texts[] = "the peer sent a malformed message\0"
                                "the peer sent a message that is not legal at this point\0"
                                "ended by this host\0"
                                "cleared by the peer\0"
                                "refused\0"
                                "a timer ran out\0"
                                "the peer closed the TCP connection\0"
                                "the peer stopped the control connection\0"
                                "the protocol versions do not fit\0"
                                "lost a collision of two connections\0"
                                "sending failed\0";

static const char *lookup(pptp_err code, const char *errors, const char *ends, const char *other)
{
	if (code > PPTP_OK)
		return other;
	if (code <= PPTP_ERR_MALFORMED)
		return pptp_nth_name(ends, (uint32_t)(PPTP_ERR_MALFORMED - code), other);
	return pptp_nth_name(errors, (uint32_t)-code, other);
}

const char *pptp_err_name(pptp_err code)
{
	return lookup(code, error_names, end_names, "UNKNOWN");
}

const char *pptp_err_text(pptp_err code)
{
	return lookup(code, error_texts, end_texts, "unknown error");
}

uint32_t pptp_version(void)
{
	return PPTP_VERSION;
}

/* Until 0.1.0 nothing was promised; from then on a major version is one ABI, and minor ones add to it. */
#define FIRST_PROMISE 0x000100u

pptp_err pptp_version_check(uint32_t headers)
{
	const uint32_t library = PPTP_VERSION;
	if (headers == library)
		return PPTP_OK;
	if (headers < FIRST_PROMISE || library < FIRST_PROMISE || headers >> 16 != library >> 16)
		return PPTP_ERR_VERSION;
	return headers >> 8 <= library >> 8 ? PPTP_OK : PPTP_ERR_VERSION;
}

#define TEXT(x)          #x
#define VERSION(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)

const char *pptp_version_text(void)
{
	return VERSION(PPTP_VERSION_MAJOR, PPTP_VERSION_MINOR, PPTP_VERSION_PATCH);
}
