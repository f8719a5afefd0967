/* A host around the two pieces of C in README.md, which tests/docs/blocks.py cuts out: it calls the server named on
 * the command line, dials, and ends in order when the call is up. Prints each event. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <pptp/pptp.h>

static uint64_t random_from_the_system(void)
{
	uint64_t ret = 0;

	if (getentropy(&ret, sizeof ret) != 0)
		perror("getentropy");
	return ret;
}

static pptp_usec now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (pptp_usec)now.tv_sec * 1000000 + (pptp_usec)now.tv_nsec / 1000;
}

static void handle(pptp_conn *conn, const pptp_event *event)
{
	pptp_dial request;
	pptp_call call;

	printf("%s\n", pptp_event_name(event->type));
	if (event->type == PPTP_EV_UP && pptp_dial_init(&request, sizeof request) == PPTP_OK &&
	    pptp_call_dial(conn, &request, now_us(), &call) != PPTP_OK)
		printf("cannot dial\n");
	if (event->type == PPTP_EV_CALL_UP &&
	    pptp_conn_close(conn, PPTP_STOP_LOCAL_SHUTDOWN, now_us()) != PPTP_OK)
		printf("cannot close\n");
}

static int connected(const char *address)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PPTP_TCP_PORT)};
	int sock = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1 || connect(sock, (void *)&to, sizeof to) != 0 ||
	    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
	    fcntl(sock, F_SETFL, O_NONBLOCK) != 0)
		return -1;
	return sock;
}

static int wait_ms(const pptp_conn *conn)
{
	pptp_usec deadline = pptp_conn_deadline(conn), now = now_us();

	if (deadline == PPTP_NEVER)
		return -1;
	return deadline <= now ? 0 : (int)((deadline - now) / 1000 + 1);
}

int main(int argc, char **argv)
{
	int sock = argc == 2 ? connected(argv[1]) : -1;
	static uint8_t input[4096];
	size_t input_len = 0;

	if (sock < 0) {
		fprintf(stderr, "readme_host: cannot connect\n");
		return 1;
	}
#include "readme_once.h"
	for (;;) {
		struct pollfd ready = {.fd = sock, .events = POLLIN};
		ssize_t got;

#include "readme_whenever.h"
		if (pptp_conn_want(conn) & PPTP_FINISHED)
			break;
		poll(&ready, 1, wait_ms(conn));
		got = recv(sock, input + input_len, sizeof input - input_len, 0);
		if (got > 0)
			input_len += (size_t)got;
		else if (got == 0)
			pptp_conn_eof(conn, now_us());
	}
	pptp_conn_free(conn);
	pptp_config_free(config);
	close(sock);
	return 0;
}
