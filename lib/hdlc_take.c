/* hdlc_take: octets of the line to octets of a frame, as fast as can be (RFC 1662 4.2). Octet by octet behind
 * frames of few octets, by words else (hdlc_unstuff.c). */
#include "hdlc_escape.h"

#if PPTP_HDLC_TABLES > 0

#define BRIEF_OCTETS 24u /* what frames have less of are brief */
#define STRETCH      48u /* octets taken one by one behind a brief frame */
#define BLOCK_WORDS  8   /* taken alike before asking whether there are still many escapes */
#define LAST_OCTET   (UINT64_C(0xFF) << 56)

static size_t whole_words(const pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end)
{
	size_t octets = (size_t)(end - from), room = hdlc->room - hdlc->at;
	return (octets < room ? octets : room) / WORD_OCTETS;
}

/* Write a word without its one escape, the marked one, which is not its last octet; or all of it, if none is
 * marked. Returns how many octets count. */
static inline size_t leave_out_one(uint8_t *to, uint64_t word, uint64_t mark)
{
	const uint64_t before = (mark >> 7) - 1;
	word_store(to, (word & before) | ((word >> 8 ^ mark >> 2) & ~before));
	return WORD_OCTETS - (mark != 0);
}

static const uint8_t *take_blocks(pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end)
{
	const uint8_t *start;
	size_t words, at;
	do {
		words = whole_words(hdlc, from, end);
		start = from;
		at = hdlc->at;
		from = pptp_hdlc_unstuff(hdlc, from, words < BLOCK_WORDS ? words : BLOCK_WORDS);
	} while ((size_t)(from - start) - (hdlc->at - at) > 2);
	return from;
}

/* Take a word with anything in it, up to its first flag. A word in which a control is to be dropped between
 * an escape and what that escapes is left. */
static const uint8_t *take_word(pptp_hdlc *hdlc, const uint8_t *from, uint64_t word, uint64_t named)
{
	uint64_t flags = word_flags(word), flag = flags & (0 - flags); /* the first, or 0 */
	uint64_t before = (flag >> 7) - 1;                             /* all bits in front of it */
	uint64_t escapes = escape_among(word_escapes(word) & before, hdlc->escaped);
	uint64_t toggle = escapes << 8 | (uint64_t)hdlc->escaped << 7;
	size_t octets = (size_t)(word_count(before & WORD_MARKS) >> 56);
	named &= before;
	if (named & toggle)
		return from;
	hdlc->at += escape_leave_out(hdlc->buffer + hdlc->at, word ^ toggle >> 2, escapes | named);
	hdlc->at -= WORD_OCTETS - octets;
	hdlc->escaped = flag ? (toggle & flag) != 0 : escapes >> 63 != 0;
	hdlc->counts[PPTP_HDLC_DROP_CONTROL] += (uint32_t)(word_count(named) >> 56);
	return from + octets;
}

/* Take a word of a kind that is frequent: with nothing but one escape, or nothing but controls to be dropped.
 */
static inline const uint8_t *take_frequent(pptp_hdlc *hdlc, const uint8_t *from, uint64_t word,
                                           uint64_t named)
{
	uint64_t specials = word_specials(word);
	if (hdlc->escaped)
		return from;
	if (named == WORD_MARKS) {
		hdlc->counts[PPTP_HDLC_DROP_CONTROL] += WORD_OCTETS;
		return from + WORD_OCTETS;
	}
	if ((specials & (specials - 1)) != 0 || (specials | named) != (word_escapes(word) & ~LAST_OCTET))
		return from;
	hdlc->at += leave_out_one(hdlc->buffer + hdlc->at, word, specials);
	return from + WORD_OCTETS;
}

static const uint8_t *copy_plain(pptp_hdlc *hdlc, const uint8_t *from, size_t words)
{
	uint8_t *to = hdlc->buffer + hdlc->at;
	size_t plain = 0;
	if (!hdlc->escaped) /* two calls: a constant makes a faster loop */
		plain = hdlc->recv_accm ? word_copy_plain(to, from, words, 1)
		                        : word_copy_plain(to, from, words, 0);
	hdlc->at += plain * WORD_OCTETS;
	return from + plain * WORD_OCTETS;
}

static const uint8_t *take_words(pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end)
{
	for (;;) {
		size_t words = whole_words(hdlc, from, end), at;
		const uint8_t *stop = from + words * WORD_OCTETS, *start;
		uint64_t word, named;
		from = copy_plain(hdlc, from, words);
		if (from == stop)
			return from;
		start = from;
		at = hdlc->at;
		word = word_load(from);
		named = word_named(word, hdlc->recv_accm);
		from = take_frequent(hdlc, from, word, named);
		if (from > start)
			continue;
		from = take_word(hdlc, from, word, named);
		if (from - start < (ptrdiff_t)WORD_OCTETS)
			return from;
		if (hdlc->at - at < WORD_OCTETS - 1)
			from = take_blocks(hdlc, from, end);
	}
}

/* Where there is not a whole word, or one that the words' loop does not take. */
static const uint8_t *take_octets(pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end)
{
	const uint8_t *stop = end - from < (ptrdiff_t)WORD_OCTETS ? end : from + WORD_OCTETS;
	while (from < stop && *from != HDLC_FLAG && hdlc->state == HDLC_IN_FRAME)
		pptp_hdlc_take_octet(hdlc, *from++);
	return from;
}

static const uint8_t *skip_fill(const uint8_t *from, const uint8_t *end)
{
	while (end - from >= (ptrdiff_t)WORD_OCTETS && word_load(from) == WORD_EACH * HDLC_FLAG)
		from += WORD_OCTETS;
	return from;
}

static const uint8_t *take_flag(pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end, int *ret_good)
{
	if (hdlc->at == 0 && !hdlc->escaped)
		return skip_fill(from + 1, end);
	hdlc->brief = hdlc->at < BRIEF_OCTETS;
	*ret_good = pptp_hdlc_take_flag(hdlc);
	return from + 1;
}

/* Outside a frame, or in one that is too long. */
static const uint8_t *await_flag(pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end)
{
	const uint8_t *flag = from;
	while (end - flag >= (ptrdiff_t)WORD_OCTETS && word_flags(word_load(flag)) == 0)
		flag += WORD_OCTETS;
	while (flag < end && *flag != HDLC_FLAG)
		flag++;
	if (hdlc->state == HDLC_OUTSIDE)
		hdlc->counts[PPTP_HDLC_DROP_OUTSIDE] += (uint32_t)(flag - from);
	if (flag < end)
		hdlc->state = HDLC_IN_FRAME;
	return flag;
}

const uint8_t *pptp_hdlc_take(pptp_hdlc *hdlc, const uint8_t *from, const uint8_t *end, int *ret_good)
{
	const uint8_t *next;
	if (hdlc->state != HDLC_IN_FRAME)
		return await_flag(hdlc, from, end);
	if (hdlc->brief && hdlc->at == 0) {
		size_t octets = (size_t)(end - from);
		return pptp_hdlc_take_brief(hdlc, from, octets < STRETCH ? octets : STRETCH, ret_good);
	}
	if (*from == HDLC_FLAG)
		return take_flag(hdlc, from, end, ret_good);
	next = take_words(hdlc, from, end);
	return next > from ? next : take_octets(hdlc, from, end);
}

#endif
