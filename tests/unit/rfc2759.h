/* rfc2759: the exchange of RFC 2759 9.2 as frames in hexadecimal. */
#ifndef RFC2759_H
#define RFC2759_H

#include <stdint.h>

/* RFC 2759 9.2, "User" with "clientPass", under Identifier 7 */
#define CHALLENGE "FF03C223 01070018 10 5B5D7C7D7B3F2F3E3C2C602132262628 737276"
#define RESPONSE                                                                                             \
	"FF03C223 0207003A 31 21402324255E262A28295F2B3A337C7E 0000000000000000"                             \
	"82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF 00 55736572"
#define SUCCESS                                                                                              \
	"FF03C223 0307002E "                                                                                 \
	"533D34303741353538393131354644304436323039463531304645394330343536363933324344413536"

static const uint8_t challenge[] = {0x5B, 0x5D, 0x7C, 0x7D, 0x7B, 0x3F, 0x2F, 0x3E,
                                    0x3C, 0x2C, 0x60, 0x21, 0x32, 0x26, 0x26, 0x28};

#endif
