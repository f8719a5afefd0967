"""Connections and calls: two ends in one process, octets carried by hand."""
import gc
import unittest

from pptp import (CallState, Closed, Code, Config, Connection, ConnectionFlag, ConnectionState, EventType, LimitReached,
                  MessageType, Role, StaleCall, Take, Timer, UsageError, WouldBlock, collision, messages)

SECOND = 1_000_000


class Pair:
    """A client and a server on a clock of their own."""

    def __init__(self, client=None, server=None, flags=0):
        self.now = SECOND
        self.configs = Config(**(client or {"take_calls": 0})), Config(**(server or {}))
        self.client = Connection(self.configs[0], Role.ORIGINATOR, seed=1, now=self.now)
        self.server = Connection(self.configs[1], Role.RECEIVER, flags, seed=2, now=self.now)

    def carry(self, piece=10_000):
        """Until nothing moves. Returns [(who, event)]."""
        told, moved = [], True
        while moved:
            moved = False
            for who, one, other in (("client", self.client, self.server), ("server", self.server, self.client)):
                for message in one.take_output(self.now):
                    moved = True
                    for at in range(0, len(message), piece):
                        other.receive(message[at:at + piece], self.now)
                told += [(who, event) for event in one.events(self.now)]
        return told

    def close(self):
        self.client.close()
        self.server.close()
        for config in self.configs:
            config.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def up(self, **request):
        """Both ends of a call that is up."""
        self.carry()
        ours = self.client.dial(now=self.now, **request)
        theirs = next(event.call for _, event in self.carry() if event.type == EventType.CALL_OFFERED)
        theirs.accept(now=self.now)
        self.carry()
        return ours, theirs


def types(told, who):
    return [event.type.name for name, event in told if name == who]


class Life(unittest.TestCase):
    def test_a_call_comes_and_goes(self):
        with Pair() as pair:
            self.assertEqual(types(pair.carry(), "client"), ["UP"])
            call = pair.client.dial(now=pair.now, phone_number="5551234", maximum_bps=64000)
            told = pair.carry()
            self.assertEqual(types(told, "server"), ["CALL_OFFERED"])
            offered = told[0][1]
            self.assertEqual((offered.message.phone_number, offered.message.phone_number_length), (b"5551234", 7))
            self.assertEqual(offered.message.maximum_bps, 64000)
            offered.call.accept(now=pair.now, connect_speed=33600)
            told = pair.carry()
            up = next(event for who, event in told if who == "client")
            self.assertEqual((up.type, up.call, up.connect_speed), (EventType.CALL_UP, call, 33600))
            self.assertEqual(up.message.peer_call_id, up.local_call_id)
            self.assertEqual(call.info["state"], CallState.ESTABLISHED)
            self.assertEqual(list(pair.client.calls()), [call])
            call.clear(now=pair.now)
            told = pair.carry()
            self.assertEqual((types(told, "client"), types(told, "server")), (["CALL_DOWN"], ["CALL_DOWN"]))
            pair.client.stop(now=pair.now)
            told = pair.carry()
            self.assertEqual((types(told, "client"), types(told, "server")), (["DOWN"], ["DOWN"]))
            self.assertTrue(pair.client.finished and pair.server.finished)
            self.assertEqual(pair.client.info["state"], ConnectionState.CLOSED)

    def test_octets_one_by_one_tell_the_same(self):
        for piece in (1, 7, 10_000):
            with self.subTest(piece), Pair() as pair:
                told = pair.carry(piece)
                pair.client.dial(now=pair.now)
                told += pair.carry(piece)
                self.assertEqual(types(told, "server"), ["UP", "CALL_OFFERED"])

    def test_an_incoming_call(self):
        with Pair(server={"take_calls": Take.OUTGOING | Take.INCOMING}) as pair:
            pair.carry()
            call = pair.client.offer(now=pair.now, dialed_number="100", dialing_number="5551234", physical_channel_id=3)
            offered = pair.carry()[0][1]
            self.assertEqual(offered.message_type, MessageType.ICRQ)
            self.assertEqual((offered.message.dialed_number, offered.message.dialing_number_length), (b"100", 7))
            offered.call.accept(now=pair.now)
            self.assertEqual(types(pair.carry(), "client"), ["CALL_ANSWER"])
            call.connected(now=pair.now, connect_speed=64000)
            told = pair.carry()
            self.assertEqual((types(told, "client"), types(told, "server")), (["CALL_UP"], ["CALL_UP"]))

    def test_the_host_is_asked_before_a_start(self):
        with Pair(flags=ConnectionFlag.ASK) as pair:
            told = pair.carry()
            self.assertEqual(types(told, "server"), ["START_OFFERED"])
            pair.server.refuse(4, now=pair.now)
            told = pair.carry()
            down = next(event for who, event in told if who == "client")
            self.assertEqual((down.type, down.reason, down.result_code), (EventType.DOWN, Code.REFUSED, 4))
            self.assertIn("result 4 (", down.why)

    def test_link_info_and_line_errors(self):
        with Pair(server={"line_statistics": 1}) as pair:
            ours, theirs = pair.up()
            ours.set_link_info(0, 0xA0000, now=pair.now)
            info = pair.carry()[0][1]
            self.assertEqual((info.type, info.send_accm, info.recv_accm), (EventType.CALL_LINK_INFO, 0, 0xA0000))
            theirs.wan_errors(now=pair.now, crc_errors=3)
            told = pair.carry()[0][1]
            self.assertEqual((told.type, told.message.crc_errors), (EventType.CALL_WAN_ERROR, 3))
            theirs.statistics("3 errors")
            theirs.clear(now=pair.now)
            self.assertEqual(next(e for w, e in pair.carry() if w == "client").message.call_statistics, b"3 errors")


class Ends(unittest.TestCase):
    def test_a_refusal_says_why(self):
        with Pair() as pair:
            pair.carry()
            pair.client.dial(now=pair.now)
            pair.carry()[0][1].call.reject(4, cause_code=17, now=pair.now)
            down = next(event for who, event in pair.carry() if who == "client")
            self.assertEqual((down.reason, down.result_type), (Code.REFUSED, MessageType.OCRP))
            self.assertIn("result 4 (busy), cause 17 (user busy)", down.why)

    def test_a_silent_peer_runs_into_a_timer(self):
        with Config(start_timeout_us=5 * SECOND) as config, Connection(config, Role.ORIGINATOR, now=0) as connection:
            self.assertEqual(connection.deadline(), 5 * SECOND)
            connection.tick(5 * SECOND)
            event, = connection.events(5 * SECOND)
            self.assertEqual((event.reason, event.timer), (Code.TIMEOUT, Timer.START))
            self.assertIn("start timer", event.why)
            self.assertIsNone(connection.deadline())

    def test_garbage_is_an_event_and_no_exception(self):
        with Pair() as pair:
            pair.server.receive(b"GET / HTTP/1.0\r\n\r\n", pair.now)
            down, = pair.server.events(pair.now)
            self.assertEqual((down.type, down.reason, down.field), (EventType.DOWN, Code.MALFORMED, 0))
            self.assertIsNone(down.message)
            pair.server.receive(b"more", pair.now)
            self.assertEqual(pair.server.waiting_input, 0)

    def test_the_end_of_tcp(self):
        with Pair() as pair:
            ours, _ = pair.up()
            pair.client.eof(pair.now)
            told = list(pair.client.events(pair.now))
            self.assertEqual([event.type for event in told], [EventType.CALL_DOWN, EventType.DOWN])
            self.assertEqual(told[0].reason, Code.EOF)
            with self.assertRaises(StaleCall):
                ours.clear(now=pair.now)

    def test_an_abort_says_nothing(self):
        with Pair() as pair:
            pair.carry()
            pair.client.abort(Code.SEND, pair.now)
            self.assertEqual([e.reason for e in pair.client.events(pair.now)], [Code.SEND])
            self.assertEqual(pair.client.output(pair.now), b"")


class Misuse(unittest.TestCase):
    def test_too_early(self):
        with Pair() as pair, self.assertRaises(UsageError) as caught:
            pair.client.dial(now=pair.now)
        self.assertEqual(caught.exception.code, Code.STATE)
        self.assertIn("dial", str(caught.exception))

    def test_more_than_the_options_allow(self):
        with Pair() as pair:
            pair.carry()
            pair.client.dial(now=pair.now)
            with self.assertRaises(LimitReached):
                pair.client.dial(now=pair.now)

    def test_no_room_is_said_and_then_there_is(self):
        with Pair(client={"max_calls": 8, "tx_octets": 220}, server={"max_calls": 8}) as pair:
            pair.carry()
            pair.client.dial(now=pair.now)
            with self.assertRaises(WouldBlock):
                pair.client.dial(now=pair.now)
            self.assertIn("WRITABLE", types(pair.carry(), "client"))
            pair.client.dial(now=pair.now)

    def test_numbers_and_texts_that_do_not_fit(self):
        for wrong in (dict(max_calls=70000), dict(max_calls=-1), dict(host_name="h" * 65), dict(maximum_channels=65536)):
            with self.subTest(wrong), self.assertRaises(ValueError):
                Config(**wrong)
        with self.assertRaisesRegex(TypeError, "nonsense.*max_calls"):
            Config(nonsense=1)

    def test_whatever_is_closed_says_so(self):
        pair = Pair()
        pair.close()
        for use in (lambda: pair.client.dial(), lambda: pair.client.output(), lambda: list(pair.client.events()),
                    lambda: Connection(pair.configs[0], Role.ORIGINATOR), lambda: pair.client.want):
            with self.assertRaises(Closed):
                use()
        pair.close()  # again

    def test_an_answer_twice(self):
        with Pair() as pair:
            pair.carry()
            pair.client.dial(now=pair.now)
            call = pair.carry()[0][1].call
            call.accept(now=pair.now)
            with self.assertRaises(UsageError):
                call.accept(now=pair.now)

    def test_a_config_lives_as_long_as_its_connections(self):
        config = Config()
        connection = Connection(config, Role.ORIGINATOR)
        config.close()
        del config
        gc.collect()
        self.assertTrue(connection.output())
        connection.close()

    def test_errors_are_exceptions_of_their_family(self):
        self.assertTrue(issubclass(UsageError, ValueError) and issubclass(WouldBlock, BlockingIOError))
        self.assertNotIsInstance(Closed(Code.CLOSED, "x"), UsageError)


class Knowledge(unittest.TestCase):
    def test_counters_have_names(self):
        with Pair() as pair:
            pair.carry()
            counters = pair.server.counters()
            self.assertEqual((counters["messages received"], counters["messages sent"]), (1, 1))
            pair.server.receive(messages.EchoReply(identifier=9).encode(), pair.now)
            self.assertEqual(pair.server.counters()["echo mismatch"], 1)

    def test_collision_is_the_higher_address(self):
        self.assertEqual(collision(b"\x0a\0\0\2", b"\x0a\0\0\1", 1, 2), 1)
        self.assertEqual(collision(b"\x0a\0\0\1", b"\x0a\0\0\2", 2, 1), -1)
        self.assertEqual(collision(b"\x0a\0\0\1", b"\x0a\0\0\1", 7, 7), 0)
        with self.assertRaises(ValueError):
            collision(bytes(4), bytes(16), 1, 1)
