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

void policy_demand(const struct policy *policy, ppp_options *ret)
{
	ret->auth_require = methods_of(policy->auth);
}

void policy_offer(const struct policy *policy, ppp_options *ret)
{
	ret->auth_allow = methods_of(policy->auth);
}

const char *policy_report(uint8_t method, const char *user, char ret[POLICY_REPORT_OCTETS])
{
	if (method == 0)
		snprintf(ret, POLICY_REPORT_OCTETS, "no authentication, not encrypted");
	else
		snprintf(ret, POLICY_REPORT_OCTETS, "user \"%s\" by %s, not encrypted", user,
		         ppp_auth_name(method));
	return ret;
}
