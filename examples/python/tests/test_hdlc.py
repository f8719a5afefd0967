"""Lines of HDLC, against the vectors of tests/vectors."""
import json
import pathlib
import random
import unittest

from pptp import Closed, Line, LineFlag, UsageError

VECTORS = json.loads((pathlib.Path(__file__).resolve().parents[3] / "tests/vectors/vectors.json").read_text())["hdlc_fcs16"]


class Vectors(unittest.TestCase):
    def test_every_frame_both_ways(self):
        self.assertGreater(len(VECTORS), 2)
        for vector in VECTORS:
            frame = bytes.fromhex(vector["data"])
            for accm in ("ffffffff", "00000000"):
                wanted = bytes.fromhex(vector[f"async_frame_accm_{accm}"])
                with self.subTest(vector["id"], accm=accm), Line(
                        send_accm=int(accm, 16), flags=LineFlag.LCP_AS_IS) as one, Line() as other:
                    self.assertEqual(one.encode(frame), wanted)
                    self.assertEqual(other.decode(wanted), [frame] if len(frame) >= 2 else [])  # RFC 1662 4.3


class Lines(unittest.TestCase):
    def test_any_frames_in_any_split(self):
        source = random.Random(3)
        with Line(1500) as one, Line(1500) as other:
            frames = [source.randbytes(source.randrange(2, 1500)) for _ in range(50)]
            octets = b"".join(map(one.encode, frames))
            got = []
            while octets:
                size = source.randrange(1, 4000)
                got += other.decode(octets[:size])
                octets = octets[size:]
            self.assertEqual(got, frames)
            self.assertEqual((one.counters()["sent"], other.counters()["received"]), (50, 50))

    def test_damage_is_passed_over_and_counted(self):
        with Line(100) as line:
            good, long = line.encode(b"good frame"), line.encode(bytes(200))
            bad = good.replace(b"o", b"0", 1)
            self.assertEqual(line.decode(bad + long + good), [b"good frame"])
            counters = line.counters()
            self.assertEqual([name for name, count in counters.items() if count == 1 and name != "received"],
                             ["bad FCS", "long"])

    def test_maps(self):
        with Line() as line:
            self.assertIn(b"\x7d\x21", line.encode(b"\xff\x03\x00\x21\x01"))
            line.set_accm(0, 0)
            self.assertNotIn(b"\x7d", line.encode(b"\xff\x03\x00\x21\x01"))

    def test_misuse(self):
        line = Line()
        for kind, words, use in ((TypeError, "frame: bytes, not str", lambda: line.encode("text")),
                                 (TypeError, "data: bytes, not int", lambda: line.decode(7)),
                                 (UsageError, "send_accm 4294967296", lambda: line.set_accm(2**32, 0)),
                                 (UsageError, "longest 1: must be 2", lambda: Line(1)),
                                 (UsageError, r"Line\(flags=4096\): a value is out of range", lambda: Line(flags=4096)),
                                 (TypeError, "there is no 'buffer'", lambda: Line(buffer=1))):
            with self.subTest(words), self.assertRaisesRegex(kind, words):
                use()
        line.close()
        with self.assertRaises(Closed):
            line.encode(b"xx")
