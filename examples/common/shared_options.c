/* shared_options: what both programs take. */
#include "shared_options.h"

#include <pptp/pptp.h>

struct shared_options shared_options_default(const char *tun)
{
	return (struct shared_options){
	        .port = PPTP_TCP_PORT, .pppd = relay_pppd_default(), .tun = tun, .reorder_ms = 20};
}

bool shared_option(struct shared_options *o, int option)
{
	switch (option) {
	case SHARED_PORT:
		return option_number("--port", optarg, 1, 65535, &o->port);
	case SHARED_AUTH:
		return policy_auth("--auth", optarg, &o->policy);
	case SHARED_MPPE:
		return policy_mppe("--mppe", optarg, &o->policy);
	case SHARED_MPPE_BITS:
		return policy_bits("--mppe-bits", optarg, &o->policy);
	case SHARED_MPPE_STATEFUL:
		return policy_stateful("--mppe-stateful", optarg, &o->policy);
	case SHARED_PPPD:
		o->pppd.path = optarg;
		return true;
	case SHARED_PPPD_OPTIONS:
		return relay_set_options_file(&o->pppd, "--pppd-options", optarg);
	case SHARED_TUN:
		return option_interface("--tun", optarg, &o->tun);
	case SHARED_NO_IPV6:
		o->no_ipv6 = true;
		return true;
	case SHARED_MTU:
		return option_number("--mtu", optarg, 576, 1460, &o->mtu);
	case SHARED_REORDER_MS:
		return option_number("--reorder-ms", optarg, 0, 1000, &o->reorder_ms);
	case SHARED_PCAP:
		o->pcap = optarg;
		return true;
	case SHARED_STRICT:
		o->strict = true;
		return true;
	case 'v':
		o->verbosity++;
		return true;
	default:
		return false;
	}
}
