"""The codec against the vectors of tests/vectors, which tshark has verified."""
import json
import pathlib
import random
import unittest

from pptp import Code, MessageError, MessageType, messages
from pptp.constants import Allow
from pptp.messages import decode, size_of, split

VECTORS = json.loads((pathlib.Path(__file__).resolve().parents[3] / "tests/vectors/vectors.json").read_text())


def number(value):
    return int(value, 0) if isinstance(value, str) else value


class Vectors(unittest.TestCase):
    def test_every_message_is_decoded_field_by_field(self):
        for vector in VECTORS["control"]:
            with self.subTest(vector["id"]):
                message = decode(bytes.fromhex(vector["hex"]), Allow.LONGER)
                self.assertEqual(message.TYPE.name, vector["message"].upper())
                for name, value in vector["fields"].items():
                    if hasattr(message, name):
                        got = getattr(message, name)
                        wanted = number(value) if isinstance(got, int) else value
                        if isinstance(got, bytes):
                            self.assertIn(got, (str(value).encode(), bytes.fromhex(value) if is_hex(value) else b"?"))
                        else:
                            self.assertEqual(got, wanted, name)

    def test_every_message_gives_the_same_octets_again(self):
        for vector in VECTORS["control"]:
            octets = bytes.fromhex(vector["hex"])
            with self.subTest(vector["id"]):
                message = decode(octets, Allow.LONGER)
                self.assertEqual(message.encode(), octets[:len(message.encode())])
                self.assertEqual(decode(message.encode()), message)

    def test_streams_are_cut_into_their_messages(self):
        for vector in VECTORS["stream"]:
            stream, got = bytearray(), []
            for segment in vector["segments"]:
                stream += bytes.fromhex(segment)
                got += list(split(stream))
            with self.subTest(vector["id"]):
                whole = [bytes.fromhex(message) for message in vector["messages"]]
                self.assertEqual([message.encode() for message in got], [m for m in whole if len(m) == size_of(m)])

    def test_malformed_ones_say_where_and_what(self):
        malformed = [v for v in VECTORS["negative_control"] if v["strict"]["reaction"] == "malformed"]
        self.assertGreater(len(malformed), 4)
        for vector in malformed:
            with self.subTest(vector["id"]), self.assertRaises(MessageError) as caught:
                decode(bytes.fromhex(vector["hex"]))
            self.assertEqual(caught.exception.code, Code.MALFORMED)
            self.assertEqual((caught.exception.field, caught.exception.value),
                             (vector["strict"]["field"], number(vector["strict"]["value"])), vector["id"])


def is_hex(value):
    try:
        return bool(bytes.fromhex(value))
    except ValueError:
        return False


class Codec(unittest.TestCase):
    def test_there_are_15_of_the_lengths_of_chapter_2(self):
        lengths = {1: 156, 2: 156, 3: 16, 4: 16, 5: 16, 6: 20, 7: 168, 8: 32, 9: 220, 10: 24, 11: 28, 12: 16, 13: 148,
                   14: 40, 15: 24}
        self.assertEqual({int(kind): len(cls().encode()) for kind, cls in messages.MESSAGES.items()}, lengths)

    def test_a_dataclass_has_every_field_of_its_message(self):
        for kind, cls in messages.MESSAGES.items():
            with self.subTest(kind.name):
                named = {name for name, _, _ in cls.layout()}
                self.assertEqual(named, set(cls().__dict__))

    def test_random_messages_survive(self):
        source = random.Random(1)
        for _ in range(500):
            cls = source.choice(list(messages.MESSAGES.values()))
            values = {name: source.randbytes(source.randrange(size)).rstrip(b"\0") if size > 4
                      else source.getrandbits(8 * size) for name, _, size in cls.layout()}
            self.assertEqual(decode(cls(**values).encode()), cls(**values))

    def test_what_does_not_fit_is_named(self):
        for wrong, name in ((dict(call_id=65536), "call_id"), (dict(call_id=-1), "call_id"),
                            (dict(phone_number=b"1" * 65), "phone_number")):
            with self.subTest(name), self.assertRaisesRegex(ValueError, name):
                messages.OutgoingCallRequest(**wrong).encode()

    def test_too_few_octets_are_not_an_end(self):
        octets = messages.EchoRequest(identifier=7).encode()
        for length in range(len(octets)):
            with self.subTest(length), self.assertRaises(MessageError) as caught:
                decode(octets[:length])
            self.assertEqual(caught.exception.code, Code.SHORT)
        self.assertIsNone(size_of(octets[:1]))
        self.assertEqual(size_of(octets[:10]), 16)

    def test_garbage_is_never_waited_for(self):
        for octets in (b"GET / HTTP/1.0\r\n\r\n", bytes(12), b"\xff" * 20):
            with self.subTest(octets), self.assertRaises(MessageError):
                list(split(bytearray(octets)))

    def test_unknown_types_are_passed_over_where_that_is_allowed(self):
        unknown = bytearray(messages.EchoRequest().encode())
        unknown[9] = 99
        stream = bytearray(bytes(unknown) + messages.EchoReply(identifier=3).encode())
        self.assertEqual([m.identifier for m in split(stream, Allow.UNKNOWN_TYPE)], [3])
        with self.assertRaises(MessageError):
            list(split(bytearray(unknown)))

    def test_results_have_names(self):
        self.assertEqual(messages.OutgoingCallReply(result_code=4).result_name, "busy")
        self.assertEqual(messages.StopControlConnectionRequest(reason=3).result_name, "stop local shutdown")

    def test_unknown_numbers_stay_numbers(self):
        self.assertEqual(MessageType(99), 99)
        self.assertEqual(MessageType(99).name, "UNKNOWN_99")
