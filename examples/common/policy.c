/* policy: how to authenticate and what to encrypt, as options say it by name. */
#include "policy.h"

#include <stddef.h>
#include <string.h>

#include "log.h"

struct choice {
	const char *name;
	uint32_t value;
};

static const struct choice methods[] = {{"mschap2", POLICY_MSCHAP2},
                                        {"mschap1", POLICY_MSCHAP1},
                                        {"chap", POLICY_CHAP},
                                        {"pap", POLICY_PAP},
                                        {NULL, 0}};
static const struct choice levels[] = {{"required", POLICY_MPPE_REQUIRED},
                                       {"allowed", POLICY_MPPE_ALLOWED},
                                       {"off", POLICY_MPPE_OFF},
                                       {NULL, 0}};
static const struct choice lengths[] = {
        {"128", POLICY_MPPE_128}, {"56", POLICY_MPPE_56}, {"40", POLICY_MPPE_40}, {NULL, 0}};

/* ---- words ---------------------------------------------------------------------------------- */

static uint32_t value_of(const struct choice *choices, const char *text, size_t len)
{
	for (; choices->name != NULL; choices++)
		if (strlen(choices->name) == len && memcmp(choices->name, text, len) == 0)
			return choices->value;
	return 0;
}

/* "A,B": one bit for each. */
static bool read_list(const struct choice *choices, const char *text, uint32_t *ret)
{
	uint32_t all = 0;

	for (;;) {
		size_t len = strcspn(text, ",");
		uint32_t value = value_of(choices, text, len);

		if (value == 0)
			return false;
		all |= value;
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	*ret = all;
	return true;
}

bool policy_auth(const char *option, const char *text, struct policy *ret)
{
	if (read_list(methods, text, &ret->auth))
		return true;
	log_line("%s: \"%s\" is not one of mschap2, mschap1, chap, pap, or some of them with commas between",
	         option, text);
	return false;
}

bool policy_mppe(const char *option, const char *text, struct policy *ret)
{
	uint32_t level = value_of(levels, text, strlen(text));

	if (level == 0) {
		log_line("%s: \"%s\" is not required, allowed or off", option, text);
		return false;
	}
	ret->mppe = (enum policy_mppe)level;
	return true;
}

bool policy_bits(const char *option, const char *text, struct policy *ret)
{
	if (read_list(lengths, text, &ret->bits))
		return true;
	log_line("%s: \"%s\" is not one of 128, 56, 40, or some of them with commas between", option, text);
	return false;
}

/* ---- what they mean together ---------------------------------------------------------------- */

static bool without_authentication(struct policy *policy, const char *needed)
{
	if (policy->auth != 0) {
		log_line("--auth means nothing without %s", needed);
		return false;
	}
	if (policy->mppe == POLICY_MPPE_REQUIRED || policy->mppe == POLICY_MPPE_ALLOWED) {
		log_line("--mppe %s needs %s: its keys come from the password",
		         policy->mppe == POLICY_MPPE_REQUIRED ? "required" : "allowed", needed);
		return false;
	}
	policy->mppe = POLICY_MPPE_OFF;
	return true;
}

bool policy_stateful(const char *option, const char *text, struct policy *ret)
{
	if (text != NULL && strcmp(text, "only") != 0) {
		log_line("%s: \"%s\" is not \"only\"; it may be left out", option, text);
		return false;
	}
	ret->stateful = true;
	ret->stateful_only = text != NULL;
	return true;
}

bool policy_settle(struct policy *policy, bool authenticates, const char *needed)
{
	if (!authenticates) {
		if (!without_authentication(policy, needed))
			return false;
	} else {
		if (policy->auth == 0)
			policy->auth = POLICY_MSCHAP2;
		if (policy->mppe == POLICY_MPPE_DEFAULT)
			policy->mppe = POLICY_MPPE_REQUIRED;
	}
	if (policy->mppe == POLICY_MPPE_REQUIRED && (policy->auth & ~(uint32_t)POLICY_MSCHAP) != 0) {
		log_line("--auth: chap and pap give no keys for MPPE, which is required: leave them out, or "
		         "choose --mppe allowed or --mppe off");
		return false;
	}
	if (policy->mppe == POLICY_MPPE_OFF && (policy->bits != 0 || policy->stateful)) {
		log_line("%s means nothing when MPPE is off",
		         policy->bits != 0 ? "--mppe-bits" : "--mppe-stateful");
		return false;
	}
	if (policy->bits == 0 && policy->mppe != POLICY_MPPE_OFF)
		policy->bits = POLICY_MPPE_128;
	return true;
}
