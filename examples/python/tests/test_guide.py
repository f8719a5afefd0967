"""The code in docs/integration/python.md, piece by piece in one program, as a reader would type it."""
import asyncio
import pathlib
import re
import unittest

import pptp.aio
from pptp import arguments, native, structs
import test_aio

PAGE = pathlib.Path(__file__).resolve().parents[3] / "docs/integration/python.md"


def pieces_of(page):
    """The Python in a page; tests/interop/test_python.sh runs the one that begins with "# client.py" with real sockets."""
    return re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


class Guide(unittest.TestCase):
    def test_every_piece_runs(self):
        pieces = pieces_of(PAGE)
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
                with self.assertRaisesRegex(names["pptp"].Ended, "do not accept"):
                    await connection.offer()
                hasty = asyncio.create_task(connection.call())
                await asyncio.sleep(0)
                hasty.cancel()
                async with await self.another(connection) as call:
                    call.send(b"back")
                    self.assertEqual(await call.recv(), b"back")

    async def another(self, connection):
        """A call, when the one that was cancelled has gone."""
        while True:
            try:
                return await connection.call()
            except pptp.LimitReached:
                await asyncio.sleep(0.01)

    def test_the_tables_have_every_member_and_its_default(self):
        kinds = {"Config": ("config_options", structs.ConfigOptions), "dial": ("dial", structs.Dial),
                 "offer": ("offer", structs.Offer), "accept": ("answer", structs.Answer),
                 "Channel": ("gre_options", structs.GreOptions), "Line": ("hdlc_options", structs.HdlcOptions)}
        rows = dict(re.findall(r"^\| `(\w+)`[^|]*\| ((?:`\w+` [^`|]+)+)\|$", PAGE.read_text(), re.MULTILINE))
        self.assertEqual(set(rows), set(kinds))
        for name, (init, kind) in kinds.items():
            told = dict(re.findall(r"`(\w+)` ([^`, ]+)", rows[name]))
            wanted = arguments.members_of(native.load().begun(init, kind))
            with self.subTest(name):
                self.assertEqual(told, {member: repr(value) for member, value in wanted.items()})

    def test_the_tables_have_every_enum_and_class(self):
        text = PAGE.read_text()
        names = [name for name in pptp.__all__ if isinstance(getattr(pptp, name), type)]
        names += [f"aio.{name}" for name in pptp.aio.__all__ if isinstance(getattr(pptp.aio, name), type)]
        self.assertEqual([name for name in names if f"`{name}`" not in text], [])
