/* rc4: the stream cipher of MPPE. */
#include "rc4.h"

static void swap(uint8_t *a, uint8_t *b)
{
	uint8_t keep = *a;

	*a = *b;
	*b = keep;
}

void rc4_begin(struct rc4 *rc4, const uint8_t *key, size_t len)
{
	uint8_t j = 0;

	rc4->i = rc4->j = 0;
	for (unsigned i = 0; i < 256; i++)
		rc4->box[i] = (uint8_t)i;
	for (unsigned i = 0; i < 256; i++) {
		j = (uint8_t)(j + rc4->box[i] + key[i % len]);
		swap(&rc4->box[i], &rc4->box[j]);
	}
}

void rc4_apply(struct rc4 *rc4, uint8_t *data, size_t len)
{
	uint8_t *box = rc4->box, i = rc4->i, j = rc4->j;

	for (size_t at = 0; at < len; at++) {
		i++;
		j = (uint8_t)(j + box[i]);
		swap(&box[i], &box[j]);
		data[at] ^= box[(uint8_t)(box[i] + box[j])];
	}
	rc4->i = i;
	rc4->j = j;
}
