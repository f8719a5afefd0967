/* mschap: the computations of MS-CHAPv1 and v2 (RFC 2433, 2759) and of the keys that MPPE takes from them
 * (RFC 3079). Pure functions; who keeps a secret wipes it. */
#ifndef PPP_MSCHAP_H
#define PPP_MSCHAP_H

#include <stddef.h>
#include <stdint.h>

#define MSCHAP_HASH_OCTETS       16u
#define MSCHAP_RESPONSE_OCTETS   24u
#define MSCHAP1_CHALLENGE_OCTETS 8u
#define MSCHAP2_CHALLENGE_OCTETS 16u
#define MSCHAP_PASSWORD_UNITS    256u /* UTF-16 code units (RFC 2759 1) */
#define MSCHAP2_SUCCESS_OCTETS   42u  /* "S=" and forty hexadecimal digits */
#define MPPE_KEY_MAX             16u

/** MD4 of the password in UTF-16LE.
 *  @param password  UTF-8, len octets
 *  @return 0, or -1: not UTF-8, or longer than MSCHAP_PASSWORD_UNITS */
int mschap_nt_hash(const char *password, size_t len, uint8_t ret[MSCHAP_HASH_OCTETS]);

/** The LAN Manager hash, which keys of 40 and 56 bits come from after MS-CHAPv1.
 *  @return 0, or -1: longer than 14 octets or not ASCII, so that there is none */
int mschap_lm_hash(const char *password, size_t len, uint8_t ret[MSCHAP_HASH_OCTETS]);

/** The 24 octets that answer a challenge of 8 octets (RFC 2433 A.5). */
void mschap_response(const uint8_t challenge[MSCHAP1_CHALLENGE_OCTETS],
                     const uint8_t nt_hash[MSCHAP_HASH_OCTETS], uint8_t ret[MSCHAP_RESPONSE_OCTETS]);

/** What MS-CHAPv2 computes from both challenges (RFC 2759 8.2). The part of name up to the last backslash, a
 *  domain, does not count. */
void mschap2_challenge_hash(const uint8_t peer_challenge[MSCHAP2_CHALLENGE_OCTETS],
                            const uint8_t authenticator_challenge[MSCHAP2_CHALLENGE_OCTETS],
                            const uint8_t *name, size_t name_len, uint8_t ret[MSCHAP1_CHALLENGE_OCTETS]);

/** What a Success message of MS-CHAPv2 must begin with (RFC 2759 8.7), without a zero at the end. */
void mschap2_success(const uint8_t nt_hash[MSCHAP_HASH_OCTETS],
                     const uint8_t nt_response[MSCHAP_RESPONSE_OCTETS],
                     const uint8_t challenge_hash[MSCHAP1_CHALLENGE_OCTETS],
                     uint8_t ret[MSCHAP2_SUCCESS_OCTETS]);

/* Start keys of MPPE: key_octets is 8 for 40 and 56 bits, 16 for 128. */

/** After MS-CHAPv2. The client is who was authenticated, the server who asked. */
void mppe_start_keys(const uint8_t nt_hash[MSCHAP_HASH_OCTETS],
                     const uint8_t nt_response[MSCHAP_RESPONSE_OCTETS], size_t key_octets,
                     uint8_t ret_client_sends[MPPE_KEY_MAX], uint8_t ret_server_sends[MPPE_KEY_MAX]);

/** After MS-CHAPv1, 128 bits: one for both directions. */
void mppe_start_key_v1(const uint8_t nt_hash[MSCHAP_HASH_OCTETS],
                       const uint8_t challenge[MSCHAP1_CHALLENGE_OCTETS], uint8_t ret[MPPE_KEY_MAX]);

#endif
