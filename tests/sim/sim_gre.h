/* sim_gre: two ends of many calls, a bad network between them, and a clock that the program turns. One seed
 * decides everything, so that what fails once fails again. */
#ifndef SIM_GRE_H
#define SIM_GRE_H

#include <pptp/pptp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND    UINT64_C(1000000)
#define FRAME_MAX 200u /* octets of a frame */

/* ---- chance ---------------------------------------------------------------------------------- */

struct sim_random {
	uint64_t state;
};

uint32_t sim_next(struct sim_random *random);
/** 0 .. below - 1 */
uint32_t sim_below(struct sim_random *random, uint32_t below);
/** Once in so many thousands. */
int sim_chance(struct sim_random *random, uint32_t per_mille);

/** End the program and say how to see it again. */
void sim_fail(const char *file, int line, const char *what);
extern uint64_t sim_seed;
#define SIM_CHECK(condition)                                                                                 \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			sim_fail(__FILE__, __LINE__, #condition);                                            \
	} while (0)

/* ---- network --------------------------------------------------------------------------------- */

struct sim_weather {
	uint32_t loss, twice, corrupt, late; /* per mille of the packets */
	uint32_t delay_us, jitter_us;        /* of every packet; the jitter makes disorder */
	uint32_t late_us;                    /* of those that are late, above that */
	uint32_t blocked;                    /* per mille: the socket takes nothing now */
};

struct sim_packet {
	pptp_usec at;
	uint32_t to; /* end */
	uint32_t len;
	uint64_t order; /* of two at the same time the first sent comes first */
	uint8_t data[PPTP_GRE_HEADER_MAX + FRAME_MAX];
};

/** A packet on its way; lost, doubled, damaged and delayed as the weather is. The octet `mark` of what is
 *  damaged is changed, too, so that the receiver of a frame can tell. */
void sim_net_send(struct sim_random *random, const struct sim_weather *weather, uint32_t to,
                  const uint8_t *data, size_t len, size_t mark, pptp_usec now);
/** When the next packet arrives; PPTP_NEVER: none is on its way. */
pptp_usec sim_net_next(void);
/** The next packet; good until the next call of these functions. */
const struct sim_packet *sim_net_take(void);
void sim_net_clear(void);

#endif
