/* lwipopts: lwIP for dial.c. The first part is what a tunnel needs anywhere; the rest is this machine's. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define LWIP_RAW      1
#define LWIP_TCP      1
#define PPP_SUPPORT   1
#define PPPOS_SUPPORT 1 /* lwIP wants one link of its own to be there */
#define VJ_SUPPORT    0
#define PAP_SUPPORT   1
#define CHAP_SUPPORT  1
#define MPPE_SUPPORT  1 /* and with it MS-CHAPv2 and CCP */

/* PPP of lwIP 2.1.3 moves an option that it rejects onto itself. */
#include <string.h>
#define MEMCPY(to, from, octets) memmove(to, from, octets)

/* Room in front of what TCP and UDP send, so that a frame is not split: 16 of GRE, 4 of PPP, 20 of the outer IPv4. */
#define PBUF_LINK_ENCAPSULATION_HLEN 40

/* One for the tunnel, beside lwIP's own and PPP's. */
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 1)

/* ---- a program of one thread, with an Ethernet that is a TAP device -------------------------------- */

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define LWIP_IPV6            1
#define LWIP_DNS             1
#define IPV6_FRAG_COPYHEADER 1 /* pointers have 64 bits */
#define MEM_ALIGNMENT        8
#define MEM_SIZE             16384
#define PBUF_POOL_SIZE       16
#define MEMP_NUM_RAW_PCB     2
#define MEMP_NUM_TCP_PCB     2
#define TCP_MSS              1460
#define TCP_WND              (2 * TCP_MSS)
#define TCP_SND_BUF          (2 * TCP_MSS)
#define TCP_MSL              250 /* ms: so that the program can see TIME-WAIT end */
#define LWIP_STATS           1
#define LWIP_STATS_DISPLAY   0

#endif
