/* bench_conn: setting up a connection, and a call on it, as a server does. Instructions are counted by
 * count.sh. Usage: bench_conn [start|call ROUNDS] */
#include "bench.h"

#define CALLS      PPTP_CALLS_MAX
#define AT_CALL_ID 12u /* in an Outgoing-Call-Request */

struct server {
	const pptp_config *config;
	void *mem;
	size_t size;
	pptp_conn *conn;
	uint8_t start[PPTP_MSG_MAX_OCTETS], call[PPTP_MSG_MAX_OCTETS];
	size_t start_len, call_len;
};

static size_t encode(const pptp_msg *msg, uint8_t *ret)
{
	pptp_ssize len = pptp_msg_encode(msg, ret, PPTP_MSG_MAX_OCTETS);
	bench_check(len > 0, "a message cannot be encoded");
	return (size_t)len;
}

static void prepare(struct server *s, uint32_t calls)
{
	pptp_config_options o;
	pptp_msg msg;
	bench_check(pptp_config_options_init(&o, sizeof o) == PPTP_OK, "options");
	o.max_calls = calls;
	bench_check(pptp_config_new(&o, &s->config) == PPTP_OK, "config");
	s->size = pptp_conn_size(s->config);
	s->mem = bench_memory(s->size);
	pptp_msg_init(&msg, PPTP_SCCRQ);
	msg.sccrq.protocol_version = PPTP_PROTOCOL_VERSION;
	s->start_len = encode(&msg, s->start);
	pptp_msg_init(&msg, PPTP_OCRQ);
	msg.ocrq.bearer_type = msg.ocrq.framing_type = 3;
	s->call_len = encode(&msg, s->call);
}

/* Send what there is, and forget it. */
static void drain(struct server *s)
{
	size_t len;
	while (pptp_conn_tx_buf(s->conn, &len, 0) != NULL)
		bench_check(pptp_conn_tx_done(s->conn, len, 0) == PPTP_OK, "tx_done");
}

static void begin(struct server *s)
{
	pptp_conn_options o;
	pptp_event event;
	bench_check(pptp_conn_options_init(&o, sizeof o) == PPTP_OK, "options");
	o.role = PPTP_RECEIVER;
	o.seed = 1;
	bench_check(pptp_conn_init(s->mem, s->size, s->config, &o, 0, &s->conn) == PPTP_OK, "conn");
	bench_check(pptp_conn_recv(s->conn, s->start, s->start_len, 0) > 0, "recv");
	bench_check(pptp_conn_poll(s->conn, &event) == PPTP_OK && event.type == PPTP_EV_UP, "up");
	drain(s);
}

static void take_call(struct server *s, unsigned call_id, const pptp_answer *answer)
{
	pptp_event event;
	s->call[AT_CALL_ID] = (uint8_t)(call_id >> 8);
	s->call[AT_CALL_ID + 1] = (uint8_t)call_id;
	bench_check(pptp_conn_recv(s->conn, s->call, s->call_len, 0) > 0, "recv");
	bench_check(pptp_conn_poll(s->conn, &event) == PPTP_OK, "offered");
	bench_check(pptp_call_accept(s->conn, event.call, answer, 0) == PPTP_OK, "accept");
	drain(s);
	bench_check(pptp_conn_poll(s->conn, &event) == PPTP_OK && event.type == PPTP_EV_CALL_UP, "call up");
}

static void run_start(struct server *s, unsigned rounds)
{
	while (rounds-- > 0)
		begin(s);
}

static void run_call(struct server *s, unsigned rounds)
{
	pptp_answer answer;
	bench_check(pptp_answer_init(&answer, sizeof answer) == PPTP_OK, "answer");
	begin(s);
	while (rounds-- > 0)
		take_call(s, rounds, &answer);
}

static void time_it(const char *what, void (*run)(struct server *, unsigned), struct server *s)
{
	const unsigned rounds = 60000;
	double began = bench_seconds();
	run(s, rounds);
	printf("%-58s %10.1f ns\n", what, (bench_seconds() - began) * 1e9 / rounds);
}

int main(int argc, char **argv)
{
	struct server s = {0};
	if (argc == 3 && strcmp(argv[1], "start") == 0) {
		prepare(&s, 1);
		run_start(&s, (unsigned)atoi(argv[2]));
	} else if (argc == 3 && strcmp(argv[1], "call") == 0) {
		prepare(&s, CALLS);
		run_call(&s, (unsigned)atoi(argv[2]));
	} else {
		prepare(&s, 1);
		time_it("connection set up, with init", run_start, &s);
		pptp_config_free(s.config);
		prepare(&s, CALLS);
		time_it("call set up", run_call, &s);
	}
	pptp_config_free(s.config);
	return 0;
}
