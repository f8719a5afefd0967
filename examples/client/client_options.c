#include "client_options.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "users.h"

enum {
	USER = 256,
	PASSWORD_FILE,
	PASSWORD_FD,
	SECRETS,
	BIND,
	ROUTE,
	DEFAULT_ROUTE,
	DNS,
	LISTEN,
	PHONE,
	HOST_NAME,
	VENDOR,
	FIRMWARE,
	FRAMING,
	BEARER,
	LINK_INFO,
	CALL_ID,
	CONNECT_TIMEOUT,
	PPP,
	NOLAUNCHPPPD,
	IDLE_WAIT,
	MAX_ECHO_WAIT,
	TIMEOUT,
	NOBUFFER,
	SYNC,
	FOREIGN, /* options of pptp-linux that mean nothing here */
};

static const struct option long_options[] = {
        {"user", required_argument, NULL, USER},
        {"password-file", required_argument, NULL, PASSWORD_FILE},
        {"password-fd", required_argument, NULL, PASSWORD_FD},
        {"secrets", required_argument, NULL, SECRETS},
        {"bind", required_argument, NULL, BIND},
        {"route", required_argument, NULL, ROUTE},
        {"default-route", no_argument, NULL, DEFAULT_ROUTE},
        {"dns", required_argument, NULL, DNS},
        {"listen", no_argument, NULL, LISTEN},
        {"phone", required_argument, NULL, PHONE},
        {"host-name", required_argument, NULL, HOST_NAME},
        {"vendor", required_argument, NULL, VENDOR},
        {"firmware", required_argument, NULL, FIRMWARE},
        {"framing", required_argument, NULL, FRAMING},
        {"bearer", required_argument, NULL, BEARER},
        {"link-info", no_argument, NULL, LINK_INFO},
        {"call-id", required_argument, NULL, CALL_ID},
        {"connect-timeout", required_argument, NULL, CONNECT_TIMEOUT},
        {"ppp", required_argument, NULL, PPP},
        {"nolaunchpppd", no_argument, NULL, NOLAUNCHPPPD},
        {"localbind", required_argument, NULL, BIND},
        {"idle-wait", required_argument, NULL, IDLE_WAIT},
        {"max-echo-wait", required_argument, NULL, MAX_ECHO_WAIT},
        {"timeout", required_argument, NULL, TIMEOUT},
        {"nobuffer", no_argument, NULL, NOBUFFER},
        {"sync", no_argument, NULL, SYNC},
        {"debug", no_argument, NULL, 'v'},
        {"nohostroute", no_argument, NULL, FOREIGN},
        {"loglevel", required_argument, NULL, FOREIGN},
        {"logstring", required_argument, NULL, FOREIGN},
        {"quirks", required_argument, NULL, FOREIGN},
        {"missing-window", required_argument, NULL, FOREIGN},
        {"rtmark", required_argument, NULL, FOREIGN},
        {"test-type", required_argument, NULL, FOREIGN},
        {"test-rate", required_argument, NULL, FOREIGN},
        SHARED_OPTIONS,
        {NULL, 0, NULL, 0},
};

static bool add_route(struct client_options *o, const char *text)
{
	if (o->route_count == CLIENT_ROUTES_MAX) {
		log_line("--route: at most %d of them", CLIENT_ROUTES_MAX);
		return false;
	}
	return option_network("--route", text, &o->routes[o->route_count++]);
}

#define FIELD_OCTETS 64 /* of every text in a control message that a user can set */

static bool set_text(const char *option, const char *text, uint8_t ret_field[FIELD_OCTETS])
{
	if (strlen(text) > FIELD_OCTETS) {
		log_line("%s: \"%s\" is longer than %d characters", option, text, FIELD_OCTETS);
		return false;
	}
	memset(ret_field, 0, FIELD_OCTETS);
	memcpy(ret_field, text, strlen(text));
	return true;
}

static bool set_phone(struct client_options *o, const char *text)
{
	o->call.phone_number_length = (uint16_t)strlen(text);
	return set_text("--phone", text, o->call.phone_number);
}

static bool set_user(struct client_options *o, const char *text)
{
	if (text[0] == '\0' || strlen(text) > USERS_WORD_MAX) {
		log_line("--user: a name has 1 to %u octets", USERS_WORD_MAX);
		return false;
	}
	o->user = text;
	return true;
}

static bool set_descriptor(struct client_options *o, const char *text)
{
	unsigned descriptor;

	if (!option_number("--password-fd", text, 0, INT_MAX, &descriptor))
		return false;
	o->password.descriptor = (int)descriptor;
	return true;
}

static bool knows_who(struct client_options *o)
{
	int sources =
	        (o->password.file != NULL) + (o->password.secrets != NULL) + (o->password.descriptor >= 0);

	if (o->user == NULL && sources > 0) {
		log_line("a password needs --user");
		return false;
	}
	if (sources > 1) {
		log_line("--password-file, --password-fd and --secrets exclude each other");
		return false;
	}
	return policy_settle(&o->shared.policy, o->user != NULL, "--user");
}

static bool set_firmware(struct client_options *o, const char *text)
{
	unsigned revision;

	if (!option_number("--firmware", text, 0, UINT16_MAX, &revision))
		return false;
	o->settings.firmware_revision = (uint16_t)revision;
	return true;
}

/* Kinds of framing and of bearer are numbered alike: the first is 1, the second 2, and any is both. */
static const char *const framings[] = {"async", "sync", "any", NULL};
static const char *const bearers[] = {"analog", "digital", "any", NULL};

static uint32_t kind_of(const char *const kinds[], const char *text, size_t len)
{
	for (uint32_t i = 0; kinds[i] != NULL; i++)
		if (strlen(kinds[i]) == len && memcmp(kinds[i], text, len) == 0)
			return i + 1;
	return 0;
}

/* "KIND" for both or "KIND,KIND". */
static bool set_kinds(const char *option, const char *text, const char *const kinds[], uint32_t *ret_capable,
                      uint32_t *ret_asked)
{
	size_t len = strcspn(text, ",");
	const char *second = text[len] == ',' ? text + len + 1 : text;
	uint32_t capable = kind_of(kinds, text, len), asked = kind_of(kinds, second, strlen(second));

	if (capable == 0 || asked == 0) {
		log_line("%s: \"%s\" is not %s, %s or %s, or two of them with a comma between", option, text,
		         kinds[0], kinds[1], kinds[2]);
		return false;
	}
	*ret_capable = capable;
	*ret_asked = asked;
	return true;
}

static bool set_ppp(struct client_options *o, const char *text)
{
	if (strcmp(text, "pppd") == 0)
		o->ppp = CLIENT_PPP_PPPD;
	else if (strcmp(text, "own") == 0)
		o->ppp = CLIENT_PPP_OURS;
	else
		log_line("--ppp: \"%s\" is neither own nor pppd", text);
	return strcmp(text, "pppd") == 0 || strcmp(text, "own") == 0;
}

/* 0 switches it off (K-05). */
static bool set_seconds(const char *option, const char *text, uint64_t *ret_us)
{
	unsigned seconds;

	if (!option_number(option, text, 0, 86400, &seconds))
		return false;
	*ret_us = (uint64_t)seconds * 1000000;
	return true;
}

/* What pptp-linux means by --timeout: how long it waits for reordered packets. */
static bool set_reorder_seconds(struct client_options *o, const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end != '\0' || !(seconds >= 0.01 && seconds <= 10)) {
		log_line("--timeout: \"%s\" is not a number from 0.01 to 10: for how many seconds packets "
		         "wait for one that is missing, as with pptp-linux; how long connecting may take is "
		         "--connect-timeout",
		         text);
		return false;
	}
	o->shared.reorder_ms = (unsigned)(seconds * 1000 + 0.5);
	return true;
}

static bool take(void *user, int option, int index)
{
	struct client_options *o = user;

	switch (option) {
	case USER:
		return set_user(o, optarg);
	case PASSWORD_FILE:
		o->password.file = optarg;
		return true;
	case PASSWORD_FD:
		return set_descriptor(o, optarg);
	case SECRETS:
		o->password.secrets = optarg;
		return true;
	case BIND:
		return option_address("--bind", optarg, &o->bind);
	case ROUTE:
		return add_route(o, optarg);
	case DEFAULT_ROUTE:
		o->default_route = true;
		return true;
	case DNS:
		return resolver_option("--dns", optarg, &o->resolver);
	case PHONE:
		return set_phone(o, optarg);
	case HOST_NAME:
		return set_text("--host-name", optarg, o->settings.host_name);
	case VENDOR:
		return set_text("--vendor", optarg, o->settings.vendor_string);
	case FIRMWARE:
		return set_firmware(o, optarg);
	case FRAMING:
		return set_kinds("--framing", optarg, framings, &o->settings.framing_capabilities,
		                 &o->call.framing_type);
	case BEARER:
		return set_kinds("--bearer", optarg, bearers, &o->settings.bearer_capabilities,
		                 &o->call.bearer_type);
	case CALL_ID:
		return option_number("--call-id", optarg, 1, UINT16_MAX, &o->call_id);
	case LINK_INFO:
		o->link_info = true;
		return true;
	case LISTEN:
		o->listen = true;
		return true;
	case CONNECT_TIMEOUT:
		return option_number("--connect-timeout", optarg, 1, 3600, &o->connect_timeout_s);
	case PPP:
		return set_ppp(o, optarg);
	case NOLAUNCHPPPD:
		o->ppp = CLIENT_PPP_STDIO;
		return true;
	case IDLE_WAIT:
		return set_seconds("--idle-wait", optarg, &o->settings.idle_timeout_us);
	case MAX_ECHO_WAIT:
		return set_seconds("--max-echo-wait", optarg, &o->settings.echo_timeout_us);
	case TIMEOUT:
		return set_reorder_seconds(o, optarg);
	case NOBUFFER:
		o->nobuffer = true;
		return true;
	case SYNC:
		o->sync = true;
		return true;
	case FOREIGN:
		log_line("--%s does nothing here", long_options[index].name);
		return true;
	case '4':
		o->family = AF_INET;
		return true;
	case '6':
		o->family = AF_INET6;
		return true;
	default:
		return shared_option(&o->shared, option);
	}
}

/* SERVER, and what is for pppd; pptp-linux takes such words with --nolaunchpppd, too, and forgets them. */
static bool take_words(struct client_options *o, char **words, int count)
{
	if (count == 0) {
		log_line("which SERVER? Give its name or address as the last argument.");
		return false;
	}
	if (count > 1 && o->ppp == CLIENT_PPP_OURS) {
		log_line("\"%s\": only one SERVER can be given; options for pppd need --ppp pppd", words[1]);
		return false;
	}
	if (count > 1 && o->ppp == CLIENT_PPP_STDIO)
		log_line("\"%s\" and what follows it is for no pppd here: --nolaunchpppd", words[1]);
	if (o->sync && o->ppp != CLIENT_PPP_STDIO) {
		log_line("--sync is for --nolaunchpppd");
		return false;
	}
	if (o->nobuffer)
		o->shared.reorder_ms = 0;
	if (o->ppp != CLIENT_PPP_OURS && o->user != NULL) {
		log_line("--user is for our own PPP: here pppd logs in, by its own options");
		return false;
	}
	o->server = words[0];
	for (int i = 1; i < count && o->ppp == CLIENT_PPP_PPPD; i++)
		if (!relay_add_argument(&o->shared.pppd, words[i]))
			return false;
	return true;
}

int client_options_parse(struct client_options *ret, int argc, char **argv)
{
	const struct options_form form = {.program = "pptp-client",
	                                  .help = client_help,
	                                  .letters = "v46",
	                                  .options = long_options,
	                                  .take = take};
	int exit_code;

	*ret = (struct client_options){.shared = shared_options_default("pptp%d"), .connect_timeout_s = 30};
	ret->password.descriptor = -1;
	(void)pptp_config_options_init(&ret->settings, sizeof ret->settings);
	(void)pptp_dial_init(&ret->call, sizeof ret->call);
	exit_code = options_take(&form, argc, argv, ret);
	if (exit_code >= 0)
		return exit_code;
	return take_words(ret, argv + optind, argc - optind) && knows_who(ret) ? -1 : options_bad(&form);
}
