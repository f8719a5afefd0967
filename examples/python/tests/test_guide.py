"""The code in docs/integration/python.md, piece by piece in one program, as a reader would type it."""
import asyncio
import pathlib
import re
import unittest

import test_aio

PAGE = pathlib.Path(__file__).resolve().parents[3] / "docs/integration/python.md"


class Guide(unittest.TestCase):
    def test_every_piece_runs(self):
        pieces = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
        self.assertGreater(len(pieces), 5)
        names = {"asyncio": asyncio}
        for piece in pieces:
            exec(compile(piece, PAGE.name, "exec"), names)  # pylint: disable=exec-used
        names["asyncio"].run(self.talk(names))

    async def talk(self, names):
        """The server of the page and a client, over TCP; the packets go through the stand-in."""
        async with test_aio.served(names["attend"]) as (_, port, air):
            async with names["aio"].connect("127.0.0.1", port, gre=air) as connection:
                with self.assertRaisesRegex(names["pptp"].Ended, "do not accept"):
                    await connection.call(phone_number="1")
                async with await connection.call() as call:
                    call.send(b"back")
                    self.assertEqual(await call.recv(), b"back")
