/* gre_frames: frames through one channel of ours on a raw socket, without a control connection, for a peer
 * whose Call IDs are known beforehand. It sends numbered LCP Echo-Requests, answers the peer's, and says what
 * came. Usage: gre_frames LOCAL_CALL_ID PEER PEER_CALL_ID FRAMES SECONDS */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <pptp/pptp.h>

#define INTERVAL_US 20000u /* between two requests of ours */
#define ECHO_OCTETS 12u    /* FF 03 C0 21, code, identifier, length, number */

enum { ECHO_REQUEST = 9, ECHO_REPLY = 10, AT_CODE = 4, AT_NUMBER = 8 };

struct link {
	int fd;
	pptp_gre *gre;
	unsigned sent, replies, requests, disorder;
	unsigned long last_request;
};

static pptp_usec now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (pptp_usec)now.tv_sec * 1000000u + (pptp_usec)now.tv_nsec / 1000u;
}

static void send_echo(struct link *link, uint8_t code, unsigned long number)
{
	uint8_t packet[PPTP_GRE_HEADER_MAX + ECHO_OCTETS], *frame = packet + PPTP_GRE_HEADER_MAX;
	pptp_ssize header = pptp_gre_send(link->gre, packet, PPTP_GRE_HEADER_MAX, ECHO_OCTETS, now_us());

	memcpy(frame, (const uint8_t[]){0xFF, 0x03, 0xC0, 0x21, code, (uint8_t)number, 0, 8}, 8);
	for (unsigned i = 0; i < 4; i++)
		frame[AT_NUMBER + i] = (uint8_t)(number >> (24 - 8 * i));
	if (header < 0 || send(link->fd, frame - header, (size_t)header + ECHO_OCTETS, 0) < 0)
		perror("gre_frames: send");
}

/* The kernel leaves FF 03 out or in, as its PPP likes. */
static void take_frame(struct link *link, const uint8_t *frame, size_t len)
{
	unsigned long number;

	if (len >= 2 && frame[0] == 0xFF && frame[1] == 0x03) {
		frame += 2;
		len -= 2;
	}
	if (len < ECHO_OCTETS - 2 || frame[0] != 0xC0 || frame[1] != 0x21)
		return;
	number = (unsigned long)frame[AT_NUMBER - 2] << 24 | (unsigned long)frame[AT_NUMBER - 1] << 16 |
	         (unsigned long)frame[AT_NUMBER] << 8 | frame[AT_NUMBER + 1];
	if (frame[AT_CODE - 2] == ECHO_REPLY) {
		link->replies++;
	} else if (frame[AT_CODE - 2] == ECHO_REQUEST) {
		link->disorder += link->requests > 0 && number <= link->last_request;
		link->last_request = number;
		link->requests++;
		send_echo(link, ECHO_REPLY, number);
	}
}

static void receive(struct link *link)
{
	uint8_t packet[2048];
	ssize_t len = recv(link->fd, packet, sizeof packet, 0);
	pptp_ssize header = len > 0 ? pptp_gre_ipv4_header(packet, (size_t)len) : -1;
	pptp_gre_frame got;

	if (header < 0)
		return;
	if (pptp_gre_recv(link->gre, packet + header, (size_t)(len - header), NULL, now_us(), &got) !=
	    PPTP_OK)
		return;
	if (got.verdict == PPTP_GRE_DELIVER)
		take_frame(link, got.frame, got.len);
}

static void acknowledge(struct link *link)
{
	uint8_t packet[PPTP_GRE_ACK_OCTETS];
	pptp_ssize len = pptp_gre_ack(link->gre, packet, sizeof packet, now_us());

	if (len > 0)
		(void)send(link->fd, packet, (size_t)len, 0);
}

static void run(struct link *link, unsigned frames, unsigned seconds)
{
	pptp_usec end = now_us() + (pptp_usec)seconds * 1000000u, next = 0;

	while (now_us() < end && (link->replies < frames || link->requests < frames)) {
		struct pollfd ready = {.fd = link->fd, .events = POLLIN};

		if (now_us() >= next && link->sent < 2 * frames) { /* again: the peer may not be there yet */
			send_echo(link, ECHO_REQUEST, link->sent++);
			next = now_us() + INTERVAL_US;
		}
		if (poll(&ready, 1, (int)(INTERVAL_US / 1000)) > 0)
			receive(link);
		acknowledge(link);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in peer = {.sin_family = AF_INET};
	struct link link = {.fd = socket(AF_INET, SOCK_RAW, PPTP_IP_PROTOCOL)};
	pptp_gre_options options;

	if (argc != 6 || inet_pton(AF_INET, argv[2], &peer.sin_addr) != 1) {
		fputs("usage: gre_frames LOCAL_CALL_ID PEER PEER_CALL_ID FRAMES SECONDS\n", stderr);
		return 1;
	}
	if (link.fd < 0 || connect(link.fd, (struct sockaddr *)&peer, sizeof peer) != 0) {
		perror("gre_frames");
		return 1;
	}
	if (pptp_gre_options_init(&options, sizeof options) != PPTP_OK)
		return 1;
	options.local_call_id = (uint16_t)atoi(argv[1]);
	if (pptp_gre_new(&options, NULL, NULL, &link.gre) != PPTP_OK ||
	    pptp_gre_start(link.gre, (uint16_t)atoi(argv[3]), 0, 0, now_us()) != PPTP_OK)
		return 1;
	run(&link, (unsigned)atoi(argv[4]), (unsigned)atoi(argv[5]));
	printf("sent %u replies %u requests %u disorder %u\n", link.sent, link.replies, link.requests,
	       link.disorder);
	pptp_gre_free(link.gre);
	close(link.fd);
	return 0;
}
