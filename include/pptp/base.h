/* base: types, error codes and their names, version. RFC 2637 names throughout the library are
 * the RFC's own; PAC and PNS are roles per call, originator and receiver are roles per connection.
 *
 * Rules that hold for the whole library:
 *  - It does no I/O and has no clock: the host moves octets and passes `now`.
 *  - No function blocks, locks or allocates, except the `_new` functions (alloc.c).
 *  - Two objects may be used from two threads; one object from one thread at a time. Channels that share
 *    a pool count as one object, with it; a config never changes, and any number of threads may share it.
 *  - What is passed in is read and not kept, unless its comment says so. `user`, cookies and a mux's
 *    targets are given back and never followed: an integer made a pointer will do.
 *  - Outputs are named `ret_*` and untouched on failure. Where an object or a pointer is NULL that must
 *    not be, functions return PPTP_ERR_ARG, 0, NULL or PPTP_NEVER; every _free takes NULL.
 *  - Memory for an object is aligned as a uint64_t in a struct is, to 8 octets at most: malloc's and
 *    PPTP_STORAGE's (storage.h) are.
 *  - Structs that begin with `uint32_t size` are begun with their `_init` function, which sets size and
 *    the defaults (callbacks and pptp_wan_errors, which have none: zero and sizeof). An older, shorter
 *    one works; a newer, longer one works while what this library does not know of it is zero, else
 *    PPTP_ERR_SIZE, as for a size below 12 or one that no compiler makes (in a struct with pointers a
 *    multiple of theirs, else of 4); PPTP_ERR_ARG when what is named reserved is not zero. What a library
 *    gives back is cut or zero-filled to the size asked for.
 *  - A newer library may give events, reasons, timers, states and bits that you do not know: ignore them.
 *    What needs an answer is only raised when an option asked for it. Counters may be added. */
#ifndef PPTP_BASE_H
#define PPTP_BASE_H

#include <stddef.h>
#include <stdint.h>

/* PPTP_API: what the library exports; everything else in it is hidden. */
#if defined(_WIN32) && defined(PPTP_BUILDING_DLL)
#define PPTP_API __declspec(dllexport) /* in the DLL itself */
#elif defined(__GNUC__)
#define PPTP_API __attribute__((visibility("default"))) /* the rest is built with hidden */
#else
#define PPTP_API /* a compiler that hides nothing, or links statically */
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of these headers, by parts: read by the preprocessor, and by the build. */
#define PPTP_VERSION_MAJOR 0
#define PPTP_VERSION_MINOR 1
#define PPTP_VERSION_PATCH 0

/** The version of these headers, as pptp_version gives the library's; the preprocessor can compare it. */
#define PPTP_VERSION (PPTP_VERSION_MAJOR * 0x10000u + PPTP_VERSION_MINOR * 0x100u + PPTP_VERSION_PATCH)

/** The number behind libpptp.so: raised when programs have to be compiled anew (docs/abi.md). */
#define PPTP_ABI 0

/** TCP port of the control connection (RFC 2637 1.4) and IP protocol of the tunnel (RFC 2637 4). */
#define PPTP_TCP_PORT    1723
#define PPTP_IP_PROTOCOL 47

/** An octet count, or a negative PPTP_ERR_ code. */
typedef ptrdiff_t pptp_ssize;

/** Microseconds on a monotonic clock of the host's, which may begin anywhere but must not come near
 *  PPTP_NEVER. Should it go back, timers run out so much later, and a round trip may be taken for shorter. */
typedef uint64_t pptp_usec;

/** "No deadline": later than every time. */
#define PPTP_NEVER UINT64_MAX

/** A call on one connection: an integer handle (slot and generation) that no other call of it has before
 *  65,536 calls have come and gone in that slot. Other connections' calls have the same numbers. 0 is no
 *  call. */
typedef uint32_t pptp_call;
#define PPTP_CALL_NONE 0u

/** 0 or a negative code below. Values never change meaning; new ones are added at the end. */
typedef int32_t pptp_err;

enum {
	PPTP_OK = 0, /* done */

	/* What a function returns. */
	PPTP_ERR_ARG = -1,       /* a pointer is NULL or a value is out of range */
	PPTP_ERR_SIZE = -2,      /* memory too small, or a struct's size member is not usable */
	PPTP_ERR_ALIGN = -3,     /* memory is not aligned as a uint64_t in a struct is */
	PPTP_ERR_STATE = -4,     /* not possible in the object's present state */
	PPTP_ERR_STALE = -5,     /* the call handle names no call (any more) */
	PPTP_ERR_AGAIN = -6,     /* no room now; PPTP_EV_WRITABLE follows */
	PPTP_ERR_LIMIT = -7,     /* a limit set in the options is reached */
	PPTP_ERR_EMPTY = -8,     /* nothing there to return */
	PPTP_ERR_REENTRANT = -9, /* a driver function was called from a callback of the same object */
	PPTP_ERR_FREED = -10,    /* the object was freed from a callback; touch it no more */
	PPTP_ERR_CLOSED = -11,   /* the connection has ended */
	PPTP_ERR_SHORT = -12,    /* the input ends before the message does: more octets are needed */
	PPTP_ERR_NO_HEAP = -13,  /* _new found no memory */
	PPTP_ERR_WINDOW = -14,   /* the peer's receive window is full (RFC 2637 4.2) */

	/* Ends: what PPTP_EV_DOWN and PPTP_EV_CALL_DOWN give as reason. The first two are also what
	 * pptp_conn_recv and the codecs return. */
	PPTP_ERR_MALFORMED = -32, /* a message breaks the format: cookie, length or type (RFC 2637 3) */
	PPTP_ERR_PROTOCOL = -33,  /* a well-formed message is not legal in this state or role */
	PPTP_ERR_LOCAL = -34,     /* this host asked for it */
	PPTP_ERR_PEER = -35,      /* the peer cleared the call */
	PPTP_ERR_REFUSED = -36,   /* the peer, or this host, refused with a result code */
	PPTP_ERR_TIMEOUT = -37,   /* a timer ran out; the event's `timer` says which */
	PPTP_ERR_EOF = -38,       /* the peer closed the TCP connection */
	PPTP_ERR_STOPPED = -39,   /* the peer sent Stop-Control-Connection-Request */
	PPTP_ERR_VERSION = -40,   /* the protocol versions do not fit (RFC 2637 3.1.1, 3.1.2) */
	PPTP_ERR_COLLISION = -41, /* this connection lost a collision (RFC 2637 3.1.3) */
	PPTP_ERR_SEND = -42       /* the host could not send */
};

/** Short name of a code, such as "TIMEOUT"; "UNKNOWN" for others. Never NULL, static, ASCII, callable from
 *  anywhere. */
PPTP_API const char *pptp_err_name(pptp_err code);

/** A few English words on a code, without a full stop, to follow "cannot dial: ". Static. */
PPTP_API const char *pptp_err_text(pptp_err code);

/** Version of the library linked at run time: major << 16 | minor << 8 | patch. Pure. */
PPTP_API uint32_t pptp_version(void);

/** Whether a program that was compiled with headers of this version can use this library: call it first, with
 *  PPTP_VERSION, from where the dynamic linker does not compare sonames (FFI, dlopen).
 *  @return PPTP_OK · PPTP_ERR_VERSION: the library is older than the headers, by more than the patch, or of
 *          another ABI; before version 0.1.0 any other version is. Pure. */
PPTP_API pptp_err pptp_version_check(uint32_t headers);

/** The same as text, such as "0.1.0". Static. */
PPTP_API const char *pptp_version_text(void);

#ifdef __cplusplus
}
#endif
#endif
