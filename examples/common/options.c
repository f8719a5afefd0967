/* options: command lines, and the values in them, checked; a bad one is reported with the option's name. */
#include "options.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <pptp/pptp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define VALUE_OCTETS 64 /* longer than any value that is not nonsense */

static bool parse_number(const char *text, unsigned minimum, unsigned maximum, unsigned *ret)
{
	char *end;
	unsigned long value;

	if (!isdigit((unsigned char)text[0])) /* strtoul takes blanks and signs */
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || value < minimum || value > maximum)
		return false;
	*ret = (unsigned)value;
	return true;
}

static bool parse_ipv4(const char *text, uint32_t *ret)
{
	struct in_addr address;

	if (inet_pton(AF_INET, text, &address) != 1)
		return false;
	*ret = ntohl(address.s_addr);
	return true;
}

/* Cut text at the separator into two strings in buffer; *ret_rest is NULL where there is none. */
static bool split(const char *text, char separator, char buffer[VALUE_OCTETS], char **ret_rest)
{
	char *at;

	if (strlen(text) >= VALUE_OCTETS)
		return false;
	strcpy(buffer, text);
	at = strchr(buffer, separator);
	if (at != NULL)
		*at++ = '\0';
	*ret_rest = at;
	return true;
}

int options_bad(const struct options_form *form)
{
	fprintf(stderr, "Try %s --help.\n", form->program);
	return EXIT_USAGE;
}

int options_take(const struct options_form *form, int argc, char **argv, void *user)
{
	int option, index = 0;

	while ((option = getopt_long(argc, argv, form->letters, form->options, &index)) != -1) {
		switch (option) {
		case OPTION_HELP:
			fputs(form->help, stdout);
			return EXIT_OK;
		case OPTION_VERSION:
			printf("%s (libpptp) %s\n", form->program, pptp_version_text());
			return EXIT_OK;
		case '?': /* getopt has said what is wrong */
			return options_bad(form);
		default:
			if (!form->take(user, option, index))
				return options_bad(form);
		}
	}
	return -1;
}

bool option_number(const char *option, const char *text, unsigned minimum, unsigned maximum, unsigned *ret)
{
	if (parse_number(text, minimum, maximum, ret))
		return true;
	log_line("%s: \"%s\" is not a number from %u to %u", option, text, minimum, maximum);
	return false;
}

bool option_address(const char *option, const char *text, struct address *ret)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
	struct addrinfo *found;
	struct sockaddr_storage socket = {0};
	uint32_t ipv4;

	/* Without a colon only the dotted form: getaddrinfo takes 10.1 and 167772161 too. */
	if ((strchr(text, ':') == NULL && !parse_ipv4(text, &ipv4)) ||
	    getaddrinfo(text, NULL, &hints, &found) != 0) {
		log_line("%s: \"%s\" is not an IP address", option, text);
		return false;
	}
	memcpy(&socket, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	*ret = address_from_socket(&socket);
	return true;
}

bool option_ipv4(const char *option, const char *text, uint32_t *ret)
{
	if (parse_ipv4(text, ret))
		return true;
	log_line("%s: \"%s\" is not an IPv4 address such as 10.0.0.1", option, text);
	return false;
}

bool option_network(const char *option, const char *text, struct ipv4_network *ret)
{
	char buffer[VALUE_OCTETS];
	char *bits;
	struct ipv4_network network = {.prefix_bits = 32};

	if (!split(text, '/', buffer, &bits) || !parse_ipv4(buffer, &network.address) ||
	    (bits != NULL && !parse_number(bits, 0, 32, &network.prefix_bits))) {
		log_line("%s: \"%s\" is not a network such as 10.0.0.0/8", option, text);
		return false;
	}
	if (network.prefix_bits < 32 && (network.address & (UINT32_MAX >> network.prefix_bits)) != 0) {
		log_line("%s: \"%s\" has bits set behind its first %u", option, text, network.prefix_bits);
		return false;
	}
	*ret = network;
	return true;
}

bool option_range(const char *option, const char *text, uint32_t *ret_first, uint32_t *ret_last)
{
	char buffer[VALUE_OCTETS];
	char *last_text;
	uint32_t first, last;

	if (!split(text, '-', buffer, &last_text) || last_text == NULL || !parse_ipv4(buffer, &first) ||
	    !parse_ipv4(last_text, &last) || first > last) {
		log_line("%s: \"%s\" is not a range such as 10.0.0.2-10.0.0.254", option, text);
		return false;
	}
	*ret_first = first;
	*ret_last = last;
	return true;
}

bool option_interface(const char *option, const char *text, const char **ret)
{
	const char *percent = strchr(text, '%');
	bool pattern_ok = percent == NULL || (percent[1] == 'd' && strchr(percent + 1, '%') == NULL);

	if (text[0] == '\0' || strlen(text) >= IFNAMSIZ || strpbrk(text, "/: \t\n") != NULL || !pattern_ok ||
	    strcmp(text, ".") == 0 || strcmp(text, "..") == 0) {
		log_line("%s: \"%s\" is not an interface name: 1 to %d characters, no blank, slash or colon",
		         option, text, IFNAMSIZ - 1);
		return false;
	}
	*ret = text;
	return true;
}
