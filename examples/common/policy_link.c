/* policy_link: a policy as PPP's options have it, and what became of it in words. */
#include "policy_link.h"

#include <stdio.h>

static uint8_t methods_of(uint32_t auth)
{
	unsigned methods = 0;

	if ((auth & POLICY_PAP) != 0)
		methods |= PPP_AUTH_PAP;
	if ((auth & POLICY_CHAP) != 0)
		methods |= PPP_AUTH_CHAP_MD5;
	if ((auth & POLICY_MSCHAP1) != 0)
		methods |= PPP_AUTH_MSCHAP1;
	if ((auth & POLICY_MSCHAP2) != 0)
		methods |= PPP_AUTH_MSCHAP2;
	return (uint8_t)methods;
}

static void encrypt(const struct policy *policy, ppp_options *ret)
{
	unsigned mppe = 0;

	if ((policy->bits & POLICY_MPPE_40) != 0)
		mppe |= PPP_MPPE_40;
	if ((policy->bits & POLICY_MPPE_56) != 0)
		mppe |= PPP_MPPE_56;
	if ((policy->bits & POLICY_MPPE_128) != 0)
		mppe |= PPP_MPPE_128;
	if (policy->stateful)
		mppe |= PPP_MPPE_STATEFUL;
	if (policy->stateful_only)
		mppe |= PPP_MPPE_STATEFUL_ONLY;
	ret->mppe = policy->mppe == POLICY_MPPE_OFF ? 0 : (uint8_t)mppe;
	ret->mppe_require = policy->mppe == POLICY_MPPE_REQUIRED;
}

void policy_demand(const struct policy *policy, ppp_options *ret)
{
	ret->auth_require = methods_of(policy->auth);
	encrypt(policy, ret);
}

void policy_offer(const struct policy *policy, ppp_options *ret)
{
	ret->auth_allow = methods_of(policy->auth);
	ret->auth_demand = policy->mppe == POLICY_MPPE_REQUIRED; /* for its keys */
	encrypt(policy, ret);
}

const char *policy_report(const ppp_event *event, uint8_t method, const char *user,
                          char ret[POLICY_REPORT_OCTETS])
{
	char mppe[64] = "not encrypted";

	if (event->mppe_bits != 0)
		snprintf(mppe, sizeof mppe, "MPPE %u %s", event->mppe_bits,
		         event->mppe_stateless ? "stateless" : "stateful");
	if (method == 0)
		snprintf(ret, POLICY_REPORT_OCTETS, "no authentication, %s", mppe);
	else
		snprintf(ret, POLICY_REPORT_OCTETS, "user \"%s\" by %s, %s", user, ppp_auth_name(method),
		         mppe);
	return ret;
}
