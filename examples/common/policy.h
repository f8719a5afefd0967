/* policy: how to authenticate and what to encrypt, as options say it by name. */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum {
	POLICY_PAP = 1,
	POLICY_CHAP = 2,
	POLICY_MSCHAP1 = 4,
	POLICY_MSCHAP2 = 8,
	POLICY_MSCHAP = POLICY_MSCHAP1 | POLICY_MSCHAP2 /* those that give keys for MPPE */
};

enum policy_mppe { POLICY_MPPE_DEFAULT, POLICY_MPPE_OFF, POLICY_MPPE_ALLOWED, POLICY_MPPE_REQUIRED };

enum { POLICY_MPPE_40 = 1, POLICY_MPPE_56 = 2, POLICY_MPPE_128 = 4 };

struct policy {
	uint32_t auth; /* POLICY_PAP and so on; 0: the default */
	enum policy_mppe mppe;
	uint32_t bits; /* POLICY_MPPE_40 and so on; 0: the default */
	bool stateful, stateful_only;
};

/** "mschap2,chap". Each returns false, logged. */
bool policy_auth(const char *option, const char *text, struct policy *ret);
/** "required", "allowed" or "off". */
bool policy_mppe(const char *option, const char *text, struct policy *ret);
/** NULL, or "only". */
bool policy_stateful(const char *option, const char *text, struct policy *ret);
/** "128,56". */
bool policy_bits(const char *option, const char *text, struct policy *ret);

/** Fill in the defaults, and see whether it can be done: MPPE has its keys from MS-CHAP alone (RFC 3079).
 *  @param authenticates  whether there is a user, or a file of them
 *  @param needed         the option that says so, for the log
 *  @return false, logged */
bool policy_settle(struct policy *policy, bool authenticates, const char *needed);

#endif
