"""What a program does wrong: an exception in Python's words, which names the argument, its value and what may stand there;
and nothing is changed by it."""
import asyncio
import copy
import pickle
import unittest

from pptp import (Call, Channel, Closed, Code, Config, Connection, ConnectionFlag, Event, EventType, GeneralError,
                  IncomingResult, LimitReached, Message, MessageError, MessageType, Mux, OutgoingResult, Pool, Role,
                  StaleCall, Take, UsageError, aio, decode, messages, mtu, split)
from test_aio import Air
from test_connection import Pair


class Words(unittest.TestCase):
    """Each of these raises, with these words."""

    def check(self, kind, words, function, *arguments, **named):
        with self.subTest(f"{getattr(function, '__qualname__', function)}{arguments}{named}"):
            with self.assertRaisesRegex(kind, words) as caught:
                function(*arguments, **named)
            self.assertNotRegex(str(caught.exception), r"NULL|\bc_\w+|struct|\bconn\b|ctypes")

    def test_numbers_are_not_cut(self):
        with Channel(local_call_id=1) as channel, Mux(4) as mux, Pair() as pair:
            ours, theirs = pair.up()
            fits = "must be 0 to 65,535"
            self.check(UsageError, f"peer_call_id 70000: {fits}", channel.start, 70000)
            self.check(UsageError, f"peer_recv_window 65536: {fits}", channel.start, 1, 65536)
            self.check(UsageError, f"peer_delay -1: {fits}", channel.start, 1, 1, -1)
            self.check(UsageError, f"call_id 65537: {fits}", mux.bind, 65537, "192.0.2.1", object())
            self.check(UsageError, f"call_id -1: {fits}", mux.release, -1)
            self.check(UsageError, f"local_call_id 65536: {fits}", Channel, local_call_id=65536)
            self.check(UsageError, "send_accm 4294967296: must be 0 to 4,294,967,295", ours.set_link_info, 2**32, 0)
            self.check(UsageError, "recv_accm -1", ours.set_link_info, 0, -1)
            self.check(UsageError, "result_code 300: must be 0 to 255", theirs.clear, 300)
            self.check(UsageError, f"cause_code 65536: {fits}", theirs.clear, 3, 0, 65536)
            self.check(UsageError, "reason 257: must be 0 to 255", pair.client.stop, 257)
            self.check(UsageError, f"connect_speed|local_call_id 99999: {fits}", pair.client.dial, local_call_id=99999)
            self.check(UsageError, "max_calls 4294967296", Config, max_calls=2**32)
            self.check(UsageError, "path_mtu -1", mtu, -1)
            self.check(UsageError, "max_calls 0: must be 1 to 65,535", Mux, 0)
            self.check(UsageError, "slots 65535: must be 1 to 65,534", Pool, 65535)
            self.check(UsageError, "slot_octets 0: must be 1 to 65,535", Pool, 1, 0)
            self.check(UsageError, "now -5", pair.client.tick, -5)
            self.check(UsageError, "port 70000: must be 1 to 65,535", aio.connect, "127.0.0.1", 70000)

    def test_values_that_the_library_refuses_are_named(self):
        with Pair() as pair:
            pair.carry()
            pair.client.dial(now=pair.now)
            call = pair.carry()[0][1].call
            self.check(UsageError, "refuse .result_code 9, error_code 0.: a value is out of range", self.refuse_oddly)
            self.check(UsageError, "reject .*result_code 9, error_code 0.*out of range", call.reject, 9)
            self.check(UsageError, "reject .*result_code 4, error_code 3", call.reject, 4, 3)
            self.check(UsageError, r"Config\(max_calls=70000, tx_octets=1\): a value is out of range", Config,
                       max_calls=70000, tx_octets=1)
            self.check(UsageError, r"Connection\(role=7", Connection, pair.configs[0], 7)
            self.check(UsageError, "sent.5000.: a value is out of range", pair.client.sent, 5000)
            self.check(UsageError, "local_call_id 1 is another call's", self.dial_twice)
            self.assertEqual(call.info["state"].name, "OFFERED")

    @staticmethod
    def refuse_oddly():
        with Pair(flags=ConnectionFlag.ASK) as pair:
            pair.carry()
            pair.server.refuse(9)

    @staticmethod
    def dial_twice():
        with Pair(client={"max_calls": 2}, server={"max_calls": 2}) as pair:
            pair.carry()
            pair.client.dial(now=pair.now, local_call_id=1)
            pair.client.dial(now=pair.now, local_call_id=1)

    def test_kinds_are_told_apart(self):
        with Pair() as pair, Channel(local_call_id=1) as channel, Config() as config:
            pair.carry()
            channel.start(1)
            self.check(TypeError, "frame: bytes, not str", channel.send, "text")
            self.check(TypeError, "packet: bytes, not NoneType", channel.receive, None)
            self.check(TypeError, "data: bytes, not str", pair.client.receive, "text")
            self.check(TypeError, "now: an integer, not float", pair.client.tick, 1.5)
            self.check(TypeError, "peer_call_id: an integer, not str", channel.start, "7")
            self.check(TypeError, "phone_number: str or bytes, not int", pair.client.dial, phone_number=555)
            self.check(TypeError, "host_name: str or bytes, not NoneType", Config, host_name=None)
            self.check(TypeError, "max_calls: an integer, not str", Config, max_calls="4")
            self.check(TypeError, "config: a Config, not NoneType", Connection, None, Role.ORIGINATOR)
            self.check(TypeError, "call: a Call, not int", Channel, 7)
            self.check(TypeError, "pool: a Pool, not Config", Channel, pool=config, local_call_id=1)
            self.check(TypeError, "stream: a bytearray, not bytes", split, b"octets")
            self.check(TypeError, "data: bytes, not str", decode, "text")
            self.check(TypeError, "config: a Config, not dict", aio.connect, "127.0.0.1", config={})
            self.check(TypeError, "gre: a Gre, not Mux", aio.connect, "127.0.0.1", gre=Mux(1))
            self.check(TypeError, "identifier: an integer, not str", messages.EchoRequest(identifier="7").encode)
            self.check(TypeError, "there is no 'nonsense'; there are .*max_calls", Config, nonsense=1)
            self.assertEqual(pair.client.info["calls"], 0)

    def test_an_asyncio_server_says_it_at_once(self):
        for kind, words, arguments, named in (
                (TypeError, "handler: a coroutine function, not NoneType", (None,), {}),
                (UsageError, "port 70000: must be 0 to 65,535", (print, None, 70000), {}),
                (TypeError, "config: a Config, not dict", (print,), {"config": {}})):
            self.check(kind, words, lambda: asyncio.run(aio.serve(*arguments, **named)))

    def test_frames_that_cannot_be(self):
        with Channel(local_call_id=1) as channel:
            self.check(UsageError, "send: the channel has to be started first", channel.send, b"x")
            channel.start(1)
            self.check(UsageError, "send: a frame has 1 to 65,535 octets, not 0", channel.send, b"")
            self.check(UsageError, "send: a frame has 1 to 65,535 octets, not 70,000", channel.send, bytes(70000))
            self.assertEqual(len(channel.send(bytes(65535))), 65535 + 12)

    def test_a_channel_is_some_call_s(self):
        self.check(UsageError, r"whose\? Channel\(call\) or Channel\(local_call_id=...\)", Channel)

    def test_limits_say_which(self):
        with Pair() as pair, Mux(1) as mux:
            self.check(UsageError, "dial: the connection is WAIT_CTL_REPLY; wait for its event UP", pair.client.dial)
            for answer in (pair.client.accept, lambda: pair.client.refuse(4)):
                self.check(UsageError, "the connection is WAIT_CTL_REPLY; only START_OFFERED is answered", answer)
            pair.carry()
            pair.client.dial(now=pair.now)
            self.check(LimitReached, r"dial: max_calls is 1, .*Config\(max_calls=...\) allows more", pair.client.dial)
            mux.reserve()
            self.check(LimitReached, r"reserve: all 1 Call IDs are given out; Mux\(max_calls=...\) has more", mux.reserve)
            self.check(UsageError, "bind: Call ID 9999 is not reserved", mux.bind, 9999, bytes(4), object())
            self.check(UsageError, "peer: an address has 4 or 16 octets, not 5", mux.find, bytes(5), bytes.fromhex(
                "3001880b0004000200000000"))

    def test_states_say_which(self):
        with Pair() as pair, Channel(local_call_id=1) as channel:
            ours, theirs = pair.up()
            self.check(UsageError, "accept: the call is ESTABLISHED, and this end its PAC", theirs.accept)
            self.check(UsageError, "set link info: the call is ESTABLISHED, and this end its PAC", theirs.set_link_info, 0, 0)
            self.check(LimitReached, r"statistics: it takes Config\(line_statistics=1\)", theirs.statistics, "x")
            channel.start(1)
            self.check(UsageError, "start: the channel was started before", channel.start, 1)
            self.check(UsageError, "unsend: 5 packets are more than were sent", channel.unsend, 5)
            self.check(UsageError, "count -1: must be 0", pair.client.sent, -1)
            self.check(UsageError, r"clear \(result_code 99, .*\)", theirs.clear, 99)
            ours.clear(now=pair.now)
            pair.carry()
            for use in (ours.clear, theirs.reject, theirs.accept):
                self.check(StaleCall, "(clear|reject|accept): the call has ended", use)

    def test_objects_cannot_be_copied(self):
        with Config() as config, Mux(1) as mux:
            for one in (config, mux):
                for use in (copy.copy, copy.deepcopy, pickle.dumps):
                    self.check(TypeError, f"a {type(one).__name__} cannot be copied", use, one)

    def test_a_connection_may_be_closed_at_its_last_event(self):
        with Pair() as pair:
            pair.client.abort(now=pair.now)
            seen = []
            for event in pair.client.events(pair.now):
                seen.append((event.type, event.reason))
                pair.client.close()
            self.assertEqual(seen, [(EventType.DOWN, Code.LOCAL)])

    def test_the_end_is_the_end(self):
        pair = Pair()
        ours, _ = pair.up()
        pair.close()
        self.check(Closed, "this Connection has ended", pair.client.dial)
        self.check(Closed, "this Connection has ended", ours.clear)
        self.check(Closed, "this Config is closed", Connection, pair.configs[0], Role.RECEIVER)
        mux = Mux(1)
        mux.close()
        self.check(Closed, "this Mux is closed", mux.reserve)

    def test_octets_that_are_no_message_say_where(self):
        self.check(MessageError, "length at octet 0 is 0x4745", decode, b"GET / HTTP/1.0\r\n\r\n")
        self.check(MessageError, "magic_cookie at octet 4 is 0x0", decode, b"\0\x10\0\1" + bytes(12))
        self.check(MessageError, "4 octets are not a whole message yet", decode, b"\0\x10\0\1")


class Aio(unittest.IsolatedAsyncioTestCase):
    async def test_after_the_end(self):
        async def handler(connection):
            async for call in connection.incoming():
                await call.accept()
        config, air = Config(take_calls=Take.OUTGOING), Air()
        async with await aio.serve(handler, "127.0.0.1", 0, config=config, gre=air) as server:
            port = server.sockets[0].getsockname()[1]
            async with aio.connect("127.0.0.1", port, gre=air) as connection:
                call = await connection.call()
            air.close()
            for use in (connection.call, connection.offer):
                with self.assertRaisesRegex(Closed, "this connection has ended"):
                    await use()
            with self.assertRaisesRegex(Closed, "this call has ended"):
                call.send(b"x")
        config.close()

    async def test_what_is_closed_is_said_at_once(self):
        config, gre = Config(), aio.Gre(4)
        config.close()
        gre.close()
        listener = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        async with listener:
            port = listener.sockets[0].getsockname()[1]
            with self.assertRaisesRegex(Closed, "this Config is closed"):
                async with aio.connect("127.0.0.1", port, config=config, gre=Air()):
                    pass
            with self.assertRaisesRegex(Closed, "this Config is closed"):
                await aio.serve(print, "127.0.0.1", 0, config=config, gre=Air())
        with self.assertRaisesRegex(Closed, "this Gre is closed"):
            gre.reserve(("127.0.0.1", 0))
        with self.assertRaisesRegex(Closed, "this Gre is closed"):
            gre.send(("127.0.0.1", 0), ("127.0.0.1", 0), b"x")

    async def test_a_port_that_is_taken(self):
        listener = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        async with listener:
            with self.assertRaises(OSError):
                await aio.serve(print, "127.0.0.1", listener.sockets[0].getsockname()[1], gre=Air())


class Text(unittest.TestCase):
    """What people see of objects."""

    def test_enums_are_their_names(self):
        self.assertEqual(f"{EventType.CALL_UP} {Code.LOCAL} {EventType(99)}", "CALL_UP LOCAL UNKNOWN_99")
        self.assertEqual((str(Take.OUTGOING | Take.INCOMING), str(Take(0)), f"{Take.INCOMING}"),
                         ("OUTGOING|INCOMING", "0", "INCOMING"))
        self.assertEqual((f"{Code.ARG:d}", f"{EventType.UP:02}"), ("-1", "01"))

    def test_events_and_objects(self):
        with Pair(client={"max_calls": 3}) as pair, Channel(local_call_id=5) as channel, Pool(3) as pool:
            self.assertEqual(repr(pair.client), "<Connection ORIGINATOR WAIT_CTL_REPLY, 0 calls>")
            self.assertEqual(repr(pair.configs[0]), "<Config max_calls=3>")
            self.assertEqual((repr(channel), repr(pool)), ("<Channel of Call ID 5>", "<Pool 3 free>"))
            ours, _ = pair.up()
            self.assertRegex(repr(ours), "<Call 0x")
            ours.clear(now=pair.now)
            down = next(event for who, event in pair.carry() if who == "client")
            self.assertEqual(str(down), f"CALL_DOWN of call {down.local_call_id}: ended by this host, result 4 (request)")
            self.assertRegex(repr(down), r"^Event\(type=CALL_DOWN, call=<Call .*reason=LOCAL")
            self.assertNotRegex(repr(down), r"=0\b|octets")
        self.assertEqual(repr(pair.client), "<Connection closed>")

    def test_a_peer_that_breaks_the_rules_is_told_of_by_field_and_value(self):
        with Pair() as pair:
            pair.server.receive(b"GET / HTTP/1.0\r\n\r\n", pair.now)
            down, = pair.server.events(pair.now)
            self.assertEqual(down.why, "the peer sent a malformed message, length at octet 0 is 0x4745")

    def test_results(self):
        self.assertIsNone(messages.EchoRequest().result_name)
        self.assertEqual(messages.OutgoingCallReply(result_code=OutgoingResult.BUSY).result_name, "busy")
        self.assertEqual(messages.OutgoingCallReply(result_code=99).result_name, "unknown")


class Defaults(unittest.TestCase):
    def test_a_call_is_refused_as_its_kind_is(self):
        with Pair(server={"take_calls": Take.OUTGOING | Take.INCOMING}, client={"max_calls": 2}) as pair:
            pair.carry()
            for place, kind in ((pair.client.dial, OutgoingResult), (pair.client.offer, IncomingResult)):
                place(now=pair.now)
                pair.carry()[0][1].call.reject(now=pair.now)
                down = next(event for who, event in pair.carry() if who == "client")
                self.assertEqual((down.type, down.result_code), (EventType.CALL_DOWN, kind.DO_NOT_ACCEPT))

    def test_lengths_count_themselves(self):
        for number, length in ((b"5551234", 7), ("555", 3), (b"", 0)):
            with self.subTest(number):
                request = messages.OutgoingCallRequest(phone_number=number)
                self.assertEqual(request.phone_number_length, length)
                self.assertEqual(decode(request.encode()).phone_number_length, length)
        self.assertEqual(messages.OutgoingCallRequest(phone_number=b"1", phone_number_length=0).phone_number_length, 0)
        incoming = messages.IncomingCallRequest(dialed_number=b"100", dialing_number=b"5551")
        self.assertEqual((incoming.dialed_number_length, incoming.dialing_number_length), (3, 4))

    def test_what_there_is_to_set(self):
        usual = Config.defaults()
        self.assertEqual((usual["max_calls"], usual["take_calls"], usual["vendor_string"]), (1, Take.OUTGOING, b"libpptp"))
        self.assertEqual(Channel.defaults()["recv_window"], 64)
        self.assertFalse({"size", "reserved", "user", "pool"} & (set(usual) | set(Channel.defaults())))

    def test_roles_of_a_call(self):
        with Pair() as pair:
            ours, theirs = pair.up()
            self.assertEqual([f"{call.info['role']} {call.info['direction']}" for call in (ours, theirs)],
                             ["PNS OUTGOING", "PAC OUTGOING"])
            self.assertEqual(pair.server.info["role"], Role.RECEIVER)

    def test_codes_of_a_refusal(self):
        with Pair() as pair:
            pair.carry()
            pair.client.dial(now=pair.now)
            pair.carry()[0][1].call.reject(OutgoingResult.GENERAL_ERROR, GeneralError.NO_RESOURCE, now=pair.now)
            down = next(event for who, event in pair.carry() if who == "client")
            self.assertIn("result 2 (general error), error 4 (no resource)", down.why)
            self.assertIsInstance(down, Event)
            self.assertIsInstance(down.call, Call)
            self.assertIsInstance(down.message, Message)
            self.assertEqual(down.message_type, MessageType.OCRP)
