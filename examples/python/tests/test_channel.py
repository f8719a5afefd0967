"""Channels, pools and the mux."""
import gc
import itertools
import random
import unittest

from pptp import (Channel, Closed, Happened, LimitReached, Mtu, Mux, Pool, UsageError, Verdict, Window, WouldBlock, channel,
                  mtu)

SECOND = 1_000_000


def pair(pool=None, **options):
    """Two channels that talk to each other."""
    one, other = Channel(local_call_id=1, **options), Channel(pool=pool, local_call_id=2)
    one.start(2, now=0)
    other.start(1, now=0)
    return one, other


class Frames(unittest.TestCase):
    def test_a_frame_is_a_header_and_itself(self):
        one, other = pair()
        packet = one.send(b"\xff\x03\xc0\x21", 0)
        self.assertEqual(packet, bytes.fromhex("3001880b 0004 0002 00000000 ff03c021"))
        self.assertEqual(other.receive(packet, 0), [b"\xff\x03\xc0\x21"])
        self.assertEqual(other.verdict, Verdict.DELIVER)

    def test_acknowledgments_ride_or_go_alone(self):
        one, other = pair()
        other.receive(one.send(b"x", 0), 0)
        self.assertEqual(other.acknowledgment(0), b"")
        due = other.deadline()
        self.assertEqual(due, 100_000)
        self.assertEqual(other.acknowledgment(due), bytes.fromhex("2081880b 0000 0001 00000000"))
        other.receive(one.send(b"y", 0), 0)
        self.assertEqual(len(other.send(b"z", 0)), 16 + 1)

    def test_what_is_late_twice_or_foreign_never_reaches_ppp(self):
        one, other = pair()
        self.assertEqual(other.receive(one.send(b"0", 0), 0), [b"0"])
        first, second = one.send(b"1", 0), one.send(b"2", 0)
        self.assertEqual(other.receive(second, 0), [b"2"])
        self.assertEqual((other.receive(first, 0), other.verdict), ([], Verdict.DROP_LATE))
        self.assertEqual((other.receive(second, 0), other.verdict), ([], Verdict.DROP_DUPLICATE))
        self.assertEqual((one.receive(second, 0), one.verdict), ([], Verdict.DROP_CALL_ID))
        self.assertEqual(other.receive(b"", 0), [])
        counters = other.counters()
        self.assertEqual((counters["late"], counters["duplicate"], counters["lost"]), (1, 1, 1))

    def test_a_pool_puts_them_in_order(self):
        with Pool(8) as pool:
            one, other = pair(pool)
            packets = [one.send(bytes([n]), 0) for n in range(4)]
            self.assertEqual(other.receive(packets[0], 0), [b"\0"])
            self.assertEqual((other.receive(packets[2], 0), other.verdict), ([], Verdict.HELD))
            self.assertEqual(pool.available, 7)
            self.assertEqual(other.receive(packets[1], 0), [b"\1", b"\2"])
            self.assertEqual(other.receive(packets[3], 0), [b"\3"])
            one.close()
            other.close()

    def test_time_gives_up_what_is_lost(self):
        pool = Pool(8)
        one, other = pair(pool)
        one.send(b"lost", 0)
        self.assertEqual(other.receive(one.send(b"held", 0), 0), [b"held"])  # the first packet begins the numbers
        one.send(b"lost", 0)
        self.assertEqual(other.receive(one.send(b"later", 0), 0), [])
        other.tick(20_000)
        self.assertEqual(list(other.held()), [b"later"])

    def test_random_weather_delivers_in_order_and_once(self):
        source, pool = random.Random(7), Pool(32)
        one, other = pair(pool)
        packets = [(n + source.random() * 6, one.send(n.to_bytes(2, "big"), 0)) for n in range(500)]
        weather = sorted(each for each in packets if source.random() > 0.05)
        got = list(itertools.chain.from_iterable(other.receive(packet, int(at)) for at, packet in weather))
        other.tick(SECOND)
        got += list(other.held())
        numbers = [int.from_bytes(frame, "big") for frame in got]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertGreater(len(numbers), 440)

    def test_unsend_takes_the_number_back(self):
        one, other = pair()
        one.send(b"not sent", 0)
        one.unsend(1, 0)
        self.assertEqual(other.receive(one.send(b"sent", 0), 0), [b"sent"])
        self.assertEqual(one.info["next_sequence"], 1)

    def test_a_window_that_is_kept(self):
        one = Channel(local_call_id=1, window_mode=Window.ENFORCED)
        one.start(2, peer_recv_window=2, now=0)
        for _ in range(one.room):
            one.send(b"x", 0)
        with self.assertRaises(WouldBlock):
            one.send(b"x", 0)
        self.assertEqual(one.room, 0)

    def test_silence_is_noticed(self):
        one = Channel(local_call_id=1, no_inbound_us=SECOND)
        one.start(2, now=0)
        one.send(b"x", 0)
        one.tick(2 * SECOND)
        self.assertTrue(one.happened() & Happened.NO_INBOUND)


class Misuse(unittest.TestCase):
    def test_before_the_start_it_only_receives(self):
        one = Channel(local_call_id=1)
        with self.assertRaises(UsageError):
            one.send(b"x", 0)

    def test_started_twice(self):
        one, _ = pair()
        with self.assertRaises(UsageError):
            one.start(2)

    def test_a_pool_lives_as_long_as_its_channels(self):
        pool = Pool(4)
        one, other = pair(pool)
        pool.close()
        del pool
        gc.collect()
        first, second = one.send(b"1", 0), one.send(b"2", 0)
        third = one.send(b"3", 0)
        self.assertEqual(other.receive(first, 0), [b"1"])
        self.assertEqual(other.receive(third, 0), [])
        self.assertEqual(other.receive(second, 0), [b"2", b"3"])

    def test_a_pool_without_copies_is_refused(self):
        with self.assertRaises(ValueError):
            Pool(4, 0)

    def test_closed(self):
        one, _ = pair()
        one.close()
        with self.assertRaises(Closed):
            one.send(b"x")


class Many(unittest.TestCase):
    def test_a_mux_finds_by_address_and_call(self):
        with Mux(4) as mux:
            call_id, target = mux.reserve(), object()
            mux.bind(call_id, b"\x0a\0\0\1", target)
            packet = bytes.fromhex("3001880b 0001") + call_id.to_bytes(2, "big") + bytes(4) + b"x"
            self.assertIs(mux.find(b"\x0a\0\0\1", packet), target)
            self.assertIsNone(mux.find(b"\x0a\0\0\2", packet))
            self.assertIsNone(mux.find(b"\x0a\0\0\1", b"nonsense"))
            self.assertEqual(mux.counters(), {"found": 1, "unknown call": 0, "foreign source": 1})
            mux.release(call_id)
            self.assertIsNone(mux.find(b"\x0a\0\0\1", packet))

    def test_ids_are_unique_and_run_out(self):
        with Mux(3) as mux:
            ids = {mux.reserve() for _ in range(3)}
            self.assertEqual((len(ids), 0 in ids), (3, False))
            with self.assertRaises(LimitReached):
                mux.reserve()
            with self.assertRaises(UsageError):
                mux.bind(next(n for n in range(1, 9) if n not in ids), bytes(4), self)

    def test_mtu(self):
        self.assertEqual((mtu(1500), mtu(1500, Mtu.MPPE)), (1460, 1456))

    def test_an_ip_header_is_taken_off(self):
        self.assertEqual(channel.without_ip_header(b"\x45" + bytes(19) + b"gre"), b"gre")
        self.assertEqual(channel.without_ip_header(b"nonsense"), b"")
