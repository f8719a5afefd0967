/* policy_link: a policy as PPP's options have it, and what became of it in words. */
#ifndef POLICY_LINK_H
#define POLICY_LINK_H

#include "policy.h"
#include "ppp.h"

#define POLICY_REPORT_OCTETS 320

/** The peer must prove who it is in one of these ways. */
void policy_demand(const struct policy *policy, ppp_options *ret);

/** We prove who we are in one of these ways, where the peer asks. */
void policy_offer(const struct policy *policy, ppp_options *ret);

/** Such as "user \"bob\" by MS-CHAPv2, MPPE 128 stateless", of PPP_EVENT_UP.
 *  @param method  by which the user proved who he is; 0: nobody had to
 *  @param user    escaped
 *  @return ret */
const char *policy_report(const ppp_event *event, uint8_t method, const char *user,
                          char ret[POLICY_REPORT_OCTETS]);

#endif
