/* capture: a file of whole packets, one for each control message, however its octets came and whatever the
 * disk does. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture.h"
#include "check.h"
#include "wire.h"

#define FILE_OCTETS   24u
#define RECORD_OCTETS 16u
#define HEADERS       40u /* IPv4 and TCP */

static char path[] = "/tmp/test_capture_XXXXXX";
static struct capture capture;
static struct loop loop;
static struct address ours, theirs;

/* ---- reading it again ----------------------------------------------------------------------- */

struct file {
	uint8_t octets[1 << 18];
	size_t len;
};

static struct file file;

static void read_file(void)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, file.octets, sizeof file.octets);

	CHECK(n >= 0);
	file.len = (size_t)n;
	close(fd);
}

/* The next packet; NULL at the end, which must be behind a whole one. */
static const uint8_t *next_packet(size_t *at, size_t *ret_len)
{
	const uint8_t *record = file.octets + *at;

	if (*at == file.len)
		return NULL;
	CHECK(file.len - *at >= RECORD_OCTETS);
	*ret_len = wire_load32(record + 8);
	CHECK(*ret_len <= wire_load32(record + 12));
	CHECK(file.len - *at - RECORD_OCTETS >= *ret_len);
	*at += RECORD_OCTETS + *ret_len;
	return record + RECORD_OCTETS;
}

/* ---- messages ------------------------------------------------------------------------------- */

/* What a stream is made of, each to be one packet. */
struct piece {
	size_t len;
	uint8_t first, second; /* what it says its length is, first octet high */
};

static size_t put_pieces(uint8_t *to, const struct piece *pieces, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < pieces[i].len; k++)
			to[len + k] = (uint8_t)(i * 31 + k);
		to[len] = pieces[i].first;
		to[len + 1] = pieces[i].second;
		len += pieces[i].len;
	}
	return len;
}

static void begin(void)
{
	memset(&loop, 0, sizeof loop);
	CHECK(loop_open(&loop));
	CHECK(capture_open(&capture, &loop, path));
}

static void end(void)
{
	capture_close(&capture);
	loop_close(&loop);
}

static struct capture_end end_of(const struct address *address, uint16_t port)
{
	return (struct capture_end){address, port};
}

static void feed(struct capture_tcp *tcp, bool sent, const uint8_t *data, size_t len)
{
	capture_control(&capture, tcp, sent, end_of(&ours, 1723), end_of(&theirs, 50000), data, len);
}

/* Both directions, in any split: a packet for each message, its sequence number where the one before ended.
 */
static void test_capture_splits(void **state)
{
	static const struct piece pieces[] = {
	        {156, 0, 156}, {16, 0, 16}, {168, 0, 168}, {3, 0, 3}, {256, 1, 0}};
	uint8_t stream[1024];
	size_t len = put_pieces(stream, pieces, LEN(pieces));
	check_random random = {3};

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct capture_tcp tcp = {0};
		size_t at = FILE_OCTETS, packet_len, octets = 0, largest = round == 0 ? 1 : round * 4;

		begin();
		for (size_t done = 0; done < len;) {
			size_t n = 1 + random_below(&random, (uint32_t)largest);

			n = n < len - done ? n : len - done;
			feed(&tcp, round % 2 != 0, stream + done, n);
			done += n;
		}
		end();
		read_file();
		CHECK_EQ(wire_load32(file.octets), 0xA1B2C3D4);
		CHECK_EQ(wire_load32(file.octets + 20), 101);
		for (size_t i = 0; i < LEN(pieces); i++) {
			const uint8_t *packet = next_packet(&at, &packet_len);

			check_row("round %u, message %u", round, (unsigned)i);
			CHECK(packet != NULL);
			CHECK_EQ(packet_len, HEADERS + pieces[i].len);
			CHECK_EQ(wire_load16(packet + 20), round % 2 != 0 ? 1723 : 50000);
			CHECK_EQ(wire_load32(packet + 24), 1 + octets);
			CHECK_OCTETS(packet + HEADERS, stream + octets, pieces[i].len);
			octets += pieces[i].len;
		}
		CHECK(next_packet(&at, &packet_len) == NULL);
	}
}

/* What cannot be a message is there as it came, and so is one that was cut off by the end. */
static void test_capture_no_message(void **state)
{
	static const uint8_t http[] = "HTTP/1.1 400 Bad Request\r\n\r\n", cut[] = {0, 156, 0, 1};
	struct capture_tcp tcp = {0};
	size_t at = FILE_OCTETS, len;
	const uint8_t *packet;

	(void)state;
	begin();
	feed(&tcp, false, http, sizeof http - 1);
	feed(&tcp, true, cut, sizeof cut);
	capture_control_end(&capture, &tcp, end_of(&ours, 1723), end_of(&theirs, 50000));
	end();
	read_file();
	packet = next_packet(&at, &len);
	CHECK_EQ(len, HEADERS + sizeof http - 1);
	CHECK_OCTETS(packet + HEADERS, http, sizeof http - 1);
	packet = next_packet(&at, &len);
	CHECK_EQ(len, HEADERS + sizeof cut);
	CHECK_OCTETS(packet + HEADERS, cut, sizeof cut);
	CHECK_EQ(wire_load32(packet + 28), 1 + sizeof http - 1); /* it acknowledges what was received */
	CHECK(next_packet(&at, &len) == NULL);
}

/* Without a capture nothing happens. */
static void test_capture_none(void **state)
{
	static const uint8_t octets[64];
	struct capture_tcp tcp = {0};

	(void)state;
	capture_control(NULL, &tcp, true, end_of(&ours, 1), end_of(&theirs, 2), octets, sizeof octets);
	capture_control_end(NULL, &tcp, end_of(&ours, 1), end_of(&theirs, 2));
	capture_gre(NULL, &ours, &theirs, octets, sizeof octets);
	CHECK_EQ(tcp.sent.octets, 0);
}

/* A disk that is full after so many octets: whole packets are in the file, as many as there is room for. */
static void test_capture_full_disk(void **state)
{
	static const uint8_t data[100];
	const size_t record = RECORD_OCTETS + 20 + sizeof data; /* with an IPv4 header */

	(void)state;
	CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	for (size_t room = 1; room < FILE_OCTETS + 4 * record; room++) {
		struct rlimit limit, old;
		size_t wanted = room < FILE_OCTETS ? 0 : FILE_OCTETS + (room - FILE_OCTETS) / record * record;

		check_row("%u octets of room", (unsigned)room);
		CHECK_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
		limit = old;
		limit.rlim_cur = room;
		CHECK_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
		begin();
		for (unsigned i = 0; i < 10; i++)
			capture_gre(&capture, &ours, &theirs, data, sizeof data);
		end();
		CHECK_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
		read_file();
		CHECK_EQ(file.len, wanted);
	}
}

/* More than the buffer holds: nothing is missing, and what is too long is cut and says so. */
static void test_capture_much(void **state)
{
	static uint8_t large[40000];
	size_t at = FILE_OCTETS, len, count = 0;

	(void)state;
	begin();
	for (unsigned i = 0; i < 10; i++)
		capture_gre(&capture, &ours, &theirs, large, i == 5 ? sizeof large : 9000);
	end();
	read_file();
	for (const uint8_t *packet; (packet = next_packet(&at, &len)) != NULL; count++) {
		CHECK_EQ(wire_load32(packet - 4), 20 + (count == 5 ? sizeof large : 9000));
		CHECK_EQ(len, count == 5 ? 16384 : 9020);
	}
	CHECK_EQ(count, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_capture_splits), cmocka_unit_test(test_capture_no_message),
	        cmocka_unit_test(test_capture_none),   cmocka_unit_test(test_capture_full_disk),
	        cmocka_unit_test(test_capture_much),
	};
	int fd = mkstemp(path), result;

	if (fd < 0)
		return 1;
	close(fd);
	ours = address_from_ipv4((struct in_addr){htonl(0x0A5B0001)});
	theirs = address_from_ipv4((struct in_addr){htonl(0x0A5B0002)});
	result = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return result;
}
