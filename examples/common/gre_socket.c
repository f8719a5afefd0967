/* gre_socket: the raw sockets (IP protocol 47) that carry the data of every call, and the mux behind them. */
#include "gre_socket.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "seed.h"

#define POOL_SLOTS    128u      /* packets in disorder, of all calls together */
#define PAUSE_US      1000u     /* how long to wait when a queue in the kernel is full */
#define BUFFER_OCTETS (1 << 22) /* for bursts: some 20 ms at 1 Gbit/s */

/* ---- opening -------------------------------------------------------------------------------- */

#define GRE_KIND      0x0007FFFF /* version, protocol type */
#define GRE_KIND_PPTP (0x00010000 | PPTP_GRE_PROTOCOL)

/* Let GRE version 1 with Protocol Type 880B in (RFC 2637 4.1) and drop other users of GRE in the kernel. A
 * raw socket of IPv4 sees the IP header, one of IPv6 does not. */
static bool attach_filter(int fd, bool ipv6)
{
	struct sock_filter code[] = {
	        ipv6 ? (struct sock_filter)BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 0)
	             : (struct sock_filter)BPF_STMT(BPF_LDX | BPF_B | BPF_MSH,
	                                            0), /* X = what is before GRE */
	        BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0),
	        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, GRE_KIND),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, GRE_KIND_PPTP, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	        BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

static bool ask_for_errors(int fd, bool ipv6)
{
	const int on = 1;

	return ipv6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on) == 0
	            : setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on) == 0;
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

static int make_descriptor(bool ipv6)
{
	int fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, PPTP_IP_PROTOCOL);

	if (fd < 0 && (errno == EPERM || errno == EACCES)) {
		log_line("no permission to open a raw socket for GRE: run as root, or give the program "
		         "CAP_NET_RAW (setcap cap_net_raw,cap_net_admin+ep FILE)");
		return -1;
	}
	if (fd < 0) {
		if (!ipv6 || errno != EAFNOSUPPORT)
			log_errno("cannot open a raw socket for GRE");
		return -1;
	}
	if (!attach_filter(fd, ipv6) || !ask_for_errors(fd, ipv6)) {
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

static void close_descriptor(struct gre_descriptor *descriptor)
{
	if (descriptor->io.fd < 0)
		return;
	loop_remove(descriptor->socket->loop, &descriptor->io);
	close(descriptor->io.fd);
	descriptor->io.fd = -1;
}

static bool open_descriptor(struct gre_socket *socket, struct gre_descriptor *descriptor, bool ipv6)
{
	descriptor->socket = socket;
	descriptor->ipv6 = ipv6;
	descriptor->io = (struct loop_io){
	        .fd = make_descriptor(ipv6), .events = EPOLLIN, .ready = socket_ready, .user = descriptor};
	if (descriptor->io.fd < 0)
		return false;
	if (loop_add(socket->loop, &descriptor->io))
		return true;
	close(descriptor->io.fd);
	descriptor->io.fd = -1;
	return false;
}

/* A system without IPv6 still has PPTP, over IPv4. */
static bool open_descriptors(struct gre_socket *socket)
{
	socket->ipv6.io.fd = -1;
	if (!open_descriptor(socket, &socket->ipv4, false))
		return false;
	if (open_descriptor(socket, &socket->ipv6, true) || errno == EAFNOSUPPORT)
		return true;
	close_descriptor(&socket->ipv4);
	return false;
}

bool gre_socket_open(struct gre_socket *socket, struct loop *loop, uint32_t max_calls,
                     const struct gre_socket_handler *handler, void *user)
{
	memset(socket, 0, sizeof *socket);
	socket->loop = loop;
	socket->handler = handler;
	socket->user = user;
	if (!open_tables(socket, max_calls))
		return false;
	if (!loop_timer_add(loop, &socket->pause, pause_over, socket))
		goto close_tables;
	if (!open_descriptors(socket))
		goto remove_timer;
	return true;

remove_timer:
	loop_timer_remove(loop, &socket->pause);
close_tables:
	close_tables(socket);
	return false;
}

void gre_socket_close(struct gre_socket *socket)
{
	close_descriptor(&socket->ipv4);
	close_descriptor(&socket->ipv6);
	loop_timer_remove(socket->loop, &socket->pause);
	close_tables(socket);
}

static bool bind_interface(const struct gre_descriptor *descriptor, const char *interface)
{
	return descriptor->io.fd < 0 || setsockopt(descriptor->io.fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
	                                           (socklen_t)strlen(interface)) == 0;
}

bool gre_socket_bind_interface(struct gre_socket *socket, const char *interface)
{
	if (bind_interface(&socket->ipv4, interface) && bind_interface(&socket->ipv6, interface))
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

/* RFC 4443 3.1, 3.4. */
static const char *describe_icmp6(uint8_t type, uint8_t code, char *ret, size_t cap)
{
	static const char *const unreachable[] = {
	        [ICMP6_DST_UNREACH_NOROUTE] = "no route",
	        [ICMP6_DST_UNREACH_ADMIN] = "prohibited by a firewall",
	        [ICMP6_DST_UNREACH_BEYONDSCOPE] = "beyond the scope of the source address",
	        [ICMP6_DST_UNREACH_ADDR] = "address unreachable",
	        [ICMP6_DST_UNREACH_NOPORT] = "port unreachable: GRE is refused by a firewall",
	        [5] = "source address prohibited by a policy",
	        [6] = "route rejected",
	};

	if (type == ICMP6_DST_UNREACH && code < sizeof unreachable / sizeof unreachable[0])
		snprintf(ret, cap, "ICMPv6 %s", unreachable[code]);
	else if (type == ICMP6_PARAM_PROB && code == ICMP6_PARAMPROB_NEXTHEADER)
		snprintf(ret, cap,
		         "ICMPv6 unrecognized next header: IP protocol 47 (GRE) is not taken there");
	else
		snprintf(ret, cap, "ICMPv6 type %u code %u", type, code);
	return ret;
}

static void report_error(struct gre_socket *socket, const struct address *peer,
                         const struct sock_extended_err *error)
{
	char text[128], name[ADDRESS_TEXT_OCTETS];

	/* The kernel keeps the path MTU by itself and cuts larger packets into fragments. */
	if (error->ee_errno == EMSGSIZE)
		return;
	if (error->ee_origin == SO_EE_ORIGIN_ICMP)
		describe_icmp(error->ee_type, error->ee_code, text, sizeof text);
	else if (error->ee_origin == SO_EE_ORIGIN_ICMP6)
		describe_icmp6(error->ee_type, error->ee_code, text, sizeof text);
	else
		return;
	if (log_allowed(&socket->limit, socket->loop->now))
		log_line("GRE to %s came back: %s", address_text(peer, name), text);
	socket->handler->unreachable(socket->user, peer, text);
}

/* A control message that tells of an error, of either family. */
static bool take_error(const struct cmsghdr *part, struct sock_extended_err *ret)
{
	if (!(part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR) &&
	    !(part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR))
		return false;
	if (part->cmsg_len < CMSG_LEN(sizeof *ret))
		return false;
	memcpy(ret, CMSG_DATA(part), sizeof *ret);
	return true;
}

static void drain_errors(const struct gre_descriptor *descriptor)
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

		if (recvmsg(descriptor->io.fd, &message, MSG_ERRQUEUE) < 0)
			return;
		for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL;
		     part = CMSG_NXTHDR(&message, part)) {
			struct sock_extended_err error;
			struct address peer = address_from_socket(&to);

			if (take_error(part, &error))
				report_error(descriptor->socket, &peer, &error);
		}
	}
}

/* ---- receiving ------------------------------------------------------------------------------ */

static void dispatch(struct gre_socket *socket, bool ipv6, const struct sockaddr_storage *from,
                     const uint8_t *datagram, size_t len)
{
	struct address peer = address_from_socket(from);
	pptp_ssize header = ipv6 ? 0 : pptp_gre_ipv4_header(datagram, len);
	const uint8_t *gre = datagram + (header > 0 ? header : 0);
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

/* Returns how many there were; a full batch may not be all. */
static int receive_batch(const struct gre_descriptor *descriptor)
{
	struct gre_socket *socket = descriptor->socket;
	struct sockaddr_storage from[GRE_SOCKET_BATCH];
	struct iovec vectors[GRE_SOCKET_BATCH];
	struct mmsghdr messages[GRE_SOCKET_BATCH];
	int count;

	memset(messages, 0, sizeof messages);
	for (unsigned i = 0; i < GRE_SOCKET_BATCH; i++) {
		vectors[i] = (struct iovec){.iov_base = socket->datagrams[i], .iov_len = GRE_SOCKET_OCTETS};
		messages[i].msg_hdr.msg_name = &from[i];
		messages[i].msg_hdr.msg_namelen = sizeof from[i];
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	count = recvmmsg(descriptor->io.fd, messages, GRE_SOCKET_BATCH, 0, NULL);
	for (int i = 0; i < count; i++) {
		if ((messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0)
			socket->not_pptp++;
		else
			dispatch(socket, descriptor->ipv6, &from[i], socket->datagrams[i],
			         messages[i].msg_len);
	}
	return count;
}

/* An error is an ICMP error of some packet sent before; drain_errors reports it. */
static void receive(const struct gre_descriptor *descriptor)
{
	for (unsigned i = 0; i < LOOP_BATCH / GRE_SOCKET_BATCH; i++) {
		int count = receive_batch(descriptor);

		if (count < 0 ? errno == EAGAIN : count < (int)GRE_SOCKET_BATCH)
			return;
	}
}

static void unblock(struct gre_socket *socket)
{
	socket->blocked = false;
	for (int i = 0; i < 2; i++) {
		struct gre_descriptor *descriptor = i == 0 ? &socket->ipv4 : &socket->ipv6;

		if (descriptor->io.fd >= 0)
			loop_watch(socket->loop, &descriptor->io, EPOLLIN);
	}
	socket->handler->writable(socket->user);
}

static void socket_ready(void *user, uint32_t events)
{
	struct gre_descriptor *descriptor = user;

	if ((events & EPOLLERR) != 0)
		drain_errors(descriptor);
	if ((events & EPOLLIN) != 0)
		receive(descriptor);
	if ((events & EPOLLOUT) != 0)
		unblock(descriptor->socket);
}

/* ---- sending -------------------------------------------------------------------------------- */

static void pause_over(void *user)
{
	unblock(user);
}

/* Where one family waits, both do: it is mostly one cable. */
static void block(struct gre_socket *socket, struct gre_descriptor *descriptor, int error)
{
	socket->blocked = true;
	if (error == ENOBUFS) /* the interface's queue is full: no event tells when it is not */
		loop_timer_at(socket->loop, &socket->pause, socket->loop->now + PAUSE_US);
	else
		loop_watch(socket->loop, &descriptor->io, EPOLLIN | EPOLLOUT);
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
	ret->local = *local;
	ret->peer = *peer;
	ret->to_octets = address_to_socket(peer, 0, &ret->to);
	ret->ipv6 = !address_is_ipv4(peer);
	if (!ret->ipv6) {
		struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(address_to_ipv4(local))};

		put_source(ret, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
	} else {
		struct in6_pktinfo info = {.ipi6_ifindex = peer->scope != 0 ? peer->scope : local->scope};

		memcpy(&info.ipi6_addr, local->octets, sizeof info.ipi6_addr);
		put_source(ret, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
	}
}

bool gre_socket_send(struct gre_socket *socket, struct gre_path *path, uint8_t *packet, size_t len)
{
	struct gre_descriptor *descriptor = path->ipv6 ? &socket->ipv6 : &socket->ipv4;
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
		if (sendmsg(descriptor->io.fd, &message, 0) >= 0) {
			capture_gre(socket->capture, &path->local, &path->peer, packet, len);
			return true;
		}
		if (errno == EAGAIN || errno == ENOBUFS) {
			block(socket, descriptor, errno);
			return false;
		}
	}
	if (errno != EMSGSIZE && log_allowed(&socket->limit, socket->loop->now))
		log_errno("cannot send GRE");
	return true;
}
