/* gre_socket: the one raw socket (IP protocol 47) that carries the data of every call, and the mux behind it.
 */
#include "gre_socket.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "seed.h"

#define POOL_SLOTS    128u      /* packets in disorder, of all calls together */
#define PAUSE_US      1000u     /* how long to wait when a queue in the kernel is full */
#define BUFFER_OCTETS (1 << 22) /* for bursts: some 20 ms at 1 Gbit/s */

/* ---- opening -------------------------------------------------------------------------------- */

/* Let GRE version 1 with Protocol Type 880B in (RFC 2637 4.1) and drop other users of GRE in the kernel. */
static bool attach_filter(int fd)
{
	struct sock_filter code[] = {
	        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* X = length of the IPv4 header */
	        BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0),
	        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x0007FFFF), /* version, protocol type */
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x00010000 | PPTP_GRE_PROTOCOL, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	        BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

/* The FORCE variants need CAP_NET_ADMIN; the plain ones are cut to the limits of the system. Both are only
 * a matter of speed. */
static void enlarge_buffers(int fd)
{
	const int octets = BUFFER_OCTETS;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) != 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &octets, sizeof octets) != 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets);
}

static int open_descriptor(void)
{
	const int on = 1;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, PPTP_IP_PROTOCOL);

	if (fd < 0 && (errno == EPERM || errno == EACCES)) {
		log_line("no permission to open a raw socket for GRE: run as root, or give the program "
		         "CAP_NET_RAW (setcap cap_net_raw,cap_net_admin+ep FILE)");
		return -1;
	}
	if (fd < 0) {
		log_errno("cannot open a raw socket for GRE");
		return -1;
	}
	if (!attach_filter(fd) || setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on) != 0) {
		log_errno("cannot set up the raw socket for GRE");
		close(fd);
		return -1;
	}
	enlarge_buffers(fd);
	return fd;
}

static void socket_ready(void *user, uint32_t events);
static void pause_over(void *user);

static bool open_tables(struct gre_socket *socket, uint32_t max_calls)
{
	uint64_t seed;
	pptp_err error;

	if (!seed_get(&seed))
		return false;
	error = pptp_mux_new(max_calls, seed, &socket->mux);
	if (error != PPTP_OK) {
		log_line("cannot make a table of %u calls: %s", max_calls, pptp_err_text(error));
		return false;
	}
	error = pptp_pool_new(POOL_SLOTS, PPTP_GRE_MTU, &socket->pool);
	if (error != PPTP_OK) {
		log_line("cannot make a pool of packets: %s", pptp_err_text(error));
		pptp_mux_free(socket->mux);
	}
	return error == PPTP_OK;
}

static void close_tables(struct gre_socket *socket)
{
	pptp_pool_free(socket->pool);
	pptp_mux_free(socket->mux);
}

bool gre_socket_open(struct gre_socket *socket, struct loop *loop, uint32_t max_calls,
                     const struct gre_socket_handler *handler, void *user)
{
	memset(socket, 0, sizeof *socket);
	socket->loop = loop;
	socket->handler = handler;
	socket->user = user;
	socket->io = (struct loop_io){
	        .fd = open_descriptor(), .events = EPOLLIN, .ready = socket_ready, .user = socket};
	if (socket->io.fd < 0)
		return false;
	if (!open_tables(socket, max_calls))
		goto close_descriptor;
	if (!loop_timer_add(loop, &socket->pause, pause_over, socket))
		goto close_tables;
	if (!loop_add(loop, &socket->io))
		goto remove_timer;
	return true;

remove_timer:
	loop_timer_remove(loop, &socket->pause);
close_tables:
	close_tables(socket);
close_descriptor:
	close(socket->io.fd);
	return false;
}

void gre_socket_close(struct gre_socket *socket)
{
	loop_remove(socket->loop, &socket->io);
	loop_timer_remove(socket->loop, &socket->pause);
	close_tables(socket);
	close(socket->io.fd);
}

bool gre_socket_bind_interface(struct gre_socket *socket, const char *interface)
{
	if (setsockopt(socket->io.fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) ==
	    0)
		return true;
	log_errno("cannot bind the raw socket to interface %s", interface);
	return false;
}

/* ---- ICMP errors ---------------------------------------------------------------------------- */

static const char *describe_icmp(uint8_t type, uint8_t code, char *ret, size_t cap)
{
	static const char *const unreachable[] = {
	        [ICMP_NET_UNREACH] = "network unreachable",
	        [ICMP_HOST_UNREACH] = "host unreachable",
	        [ICMP_PROT_UNREACH] = "protocol unreachable: IP protocol 47 (GRE) is not taken there",
	        [ICMP_PORT_UNREACH] = "port unreachable: GRE is refused by a firewall",
	        [ICMP_NET_ANO] = "network prohibited by a firewall",
	        [ICMP_HOST_ANO] = "host prohibited by a firewall",
	        [ICMP_PKT_FILTERED] = "prohibited by a firewall",
	};

	if (type == ICMP_DEST_UNREACH && code < sizeof unreachable / sizeof unreachable[0] &&
	    unreachable[code] != NULL)
		snprintf(ret, cap, "ICMP %s", unreachable[code]);
	else
		snprintf(ret, cap, "ICMP type %u code %u", type, code);
	return ret;
}

static void report_error(struct gre_socket *socket, const struct address *peer,
                         const struct sock_extended_err *error)
{
	char text[128], name[ADDRESS_TEXT_OCTETS];

	/* The kernel keeps the path MTU by itself and cuts larger packets into fragments. */
	if (error->ee_origin != SO_EE_ORIGIN_ICMP || error->ee_errno == EMSGSIZE)
		return;
	describe_icmp(error->ee_type, error->ee_code, text, sizeof text);
	if (log_allowed(&socket->limit, socket->loop->now))
		log_line("GRE to %s came back: %s", address_text(peer, name), text);
	socket->handler->unreachable(socket->user, peer, text);
}

static void drain_errors(struct gre_socket *socket)
{
	for (int i = 0; i < LOOP_BATCH; i++) {
		struct sockaddr_storage to = {0};
		uint8_t start[64]; /* of the packet that caused it; not needed */
		union {
			struct cmsghdr align;
			uint8_t octets[512];
		} control;
		struct iovec vector = {.iov_base = start, .iov_len = sizeof start};
		struct msghdr message = {.msg_name = &to,
		                         .msg_namelen = sizeof to,
		                         .msg_iov = &vector,
		                         .msg_iovlen = 1,
		                         .msg_control = &control,
		                         .msg_controllen = sizeof control};

		if (recvmsg(socket->io.fd, &message, MSG_ERRQUEUE) < 0)
			return;
		for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL;
		     part = CMSG_NXTHDR(&message, part)) {
			struct sock_extended_err error;
			struct address peer = address_from_socket(&to);

			if (part->cmsg_level != IPPROTO_IP || part->cmsg_type != IP_RECVERR ||
			    part->cmsg_len < CMSG_LEN(sizeof error))
				continue;
			memcpy(&error, CMSG_DATA(part), sizeof error);
			report_error(socket, &peer, &error);
		}
	}
}

/* ---- receiving ------------------------------------------------------------------------------ */

static void dispatch(struct gre_socket *socket, const struct sockaddr_storage *from, size_t len)
{
	struct address peer = address_from_socket(from);
	pptp_ssize header = pptp_gre_ipv4_header(socket->datagram, len);
	const uint8_t *gre = socket->datagram + (header > 0 ? header : 0);
	uint16_t call_id;
	void *target;

	if (header < 0 || pptp_gre_peek(gre, len - (size_t)header, &call_id) != PPTP_OK) {
		socket->not_pptp++;
		return;
	}
	target = pptp_mux_find(socket->mux, peer.octets, call_id);
	if (target != NULL)
		socket->handler->datagram(target, gre, len - (size_t)header);
}

static void receive(struct gre_socket *socket)
{
	for (int i = 0; i < LOOP_BATCH; i++) {
		struct sockaddr_storage from = {0};
		socklen_t from_octets = sizeof from;
		ssize_t len = recvfrom(socket->io.fd, socket->datagram, sizeof socket->datagram, 0,
		                       (struct sockaddr *)&from, &from_octets);

		if (len >= 0)
			dispatch(socket, &from, (size_t)len);
		else if (errno == EAGAIN)
			return;
		/* Otherwise an ICMP error of some packet sent before; drain_errors reports it. */
	}
}

static void unblock(struct gre_socket *socket)
{
	socket->blocked = false;
	loop_watch(socket->loop, &socket->io, EPOLLIN);
	socket->handler->writable(socket->user);
}

static void socket_ready(void *user, uint32_t events)
{
	struct gre_socket *socket = user;

	if ((events & EPOLLERR) != 0)
		drain_errors(socket);
	if ((events & EPOLLIN) != 0)
		receive(socket);
	if ((events & EPOLLOUT) != 0)
		unblock(socket);
}

/* ---- sending -------------------------------------------------------------------------------- */

static void pause_over(void *user)
{
	unblock(user);
}

static void block(struct gre_socket *socket, int error)
{
	socket->blocked = true;
	if (error == ENOBUFS) /* the interface's queue is full: no event tells when it is not */
		loop_timer_at(socket->loop, &socket->pause, socket->loop->now + PAUSE_US);
	else
		loop_watch(socket->loop, &socket->io, EPOLLIN | EPOLLOUT);
}

/* The one control message of a packet: where it comes from. */
static void put_source(struct gre_path *path, int level, int type, const void *info, size_t octets)
{
	struct cmsghdr header = {.cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(octets)};

	memcpy(path->control, &header, sizeof header);
	memcpy(path->control + CMSG_LEN(0), info, octets);
	path->control_octets = CMSG_SPACE(octets);
}

void gre_path_init(struct gre_path *ret, const struct address *local, const struct address *peer)
{
	memset(ret, 0, sizeof *ret);
	ret->to_octets = address_to_socket(peer, 0, &ret->to);
	if (address_is_ipv4(local)) {
		struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(address_to_ipv4(local))};

		put_source(ret, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
	} else {
		struct in6_pktinfo info = {0};

		memcpy(&info.ipi6_addr, local->octets, sizeof info.ipi6_addr);
		put_source(ret, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
	}
}

bool gre_socket_send(struct gre_socket *socket, struct gre_path *path, uint8_t *packet, size_t len)
{
	struct gre_path copy; /* msghdr's pointers are not const, though sendmsg changes nothing */
	struct iovec vector = {.iov_base = packet, .iov_len = len};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

	if (socket->blocked)
		return false;
	copy = *path;
	message.msg_name = &copy.to;
	message.msg_namelen = copy.to_octets;
	message.msg_control = copy.control;
	message.msg_controllen = copy.control_octets;
	/* An ICMP error of an earlier packet is returned here once and eats this send: hence a second try. */
	for (int i = 0; i < 2; i++) {
		if (sendmsg(socket->io.fd, &message, 0) >= 0)
			return true;
		if (errno == EAGAIN || errno == ENOBUFS) {
			block(socket, errno);
			return false;
		}
	}
	if (errno != EMSGSIZE && log_allowed(&socket->limit, socket->loop->now))
		log_errno("cannot send GRE");
	return true;
}
