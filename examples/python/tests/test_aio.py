"""pptp.aio over TCP on loopback. IP protocol 47 takes privileges that a test has not: a stand-in carries the packets, and
tests/interop/test_python.sh has the real one."""
import asyncio
import contextlib
import unittest

from pptp import Channel, Closed, Code, Config, Ended, Happened, LimitReached, Mux, OutgoingResult, aio, messages


class Air(aio.Gre):
    """Carries packets between its calls, in memory; `lose` says which are lost."""

    def __init__(self, max_calls=100):
        super().__init__(max_calls)
        self.lose = lambda packet: False
        self.carried = 0

    def reserve(self, local):
        return self._mux.reserve()

    def send(self, local, peer, packet):
        self.carried += 1
        if self.lose(packet):
            return
        call = self._mux.find(local[0], packet)
        if call is not None:
            asyncio.get_running_loop().call_soon(call._packet, packet)


@contextlib.asynccontextmanager
async def served(handler, air=None, **settings):
    """A server on a port of its own: (port, air)."""
    air = air or Air()
    config = Config(**({"max_calls": 4, "take_calls": 3} | settings))
    async with await aio.serve(handler, "127.0.0.1", 0, config=config, gre=air) as server:
        yield server, server.sockets[0].getsockname()[1], air
    config.close()
    air.close()


async def echo(connection):
    """Takes calls and sends every frame back."""
    async def talk(call):
        await call.accept()
        with contextlib.suppress(Ended):
            while True:
                call.send(await call.recv())
    async with contextlib.AsyncExitStack():
        tasks = [asyncio.create_task(talk(call)) async for call in connection.incoming()]
        await asyncio.gather(*tasks)


class Both(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.trouble = []

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: self.trouble.append(context))

    def tearDown(self):
        self.assertEqual(self.trouble, [])

    async def test_frames_go_there_and_come_back(self):
        async with served(echo) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            async with await connection.call(phone_number="1") as call:
                for n in range(50):
                    call.send(b"frame %d" % n)
                self.assertEqual([await call.recv() for _ in range(50)], [b"frame %d" % n for n in range(50)])

    async def test_frames_until_the_end(self):
        async def handler(connection):
            async for call in connection.incoming():
                await call.accept()
                for n in range(3):
                    call.send(bytes([n + 1]))
                await call.wait_down()
        async with served(handler) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            call, got = await connection.call(), []
            self.assertRegex(repr(call), r"<Call \d+ up>")
            async for frame in call:
                got.append(frame)
                if len(got) == 3:
                    connection.abort()
            self.assertEqual(got, [b"\1", b"\2", b"\3"])
            self.assertRegex(repr(call), r"<Call \d+ ended>")

    async def test_silence_is_noticed(self):
        async def handler(connection):
            async for call in connection.incoming():
                await call.accept()
        async with served(handler) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            async with await connection.call() as call:
                self.assertEqual(call.happened, 0)
                call._channel.close()
                call._channel = Channel(call.handle, no_inbound_us=50_000)
                call._channel.start(1)
                call.send(b"anybody?")
                await asyncio.sleep(0.2)
                self.assertEqual(call.happened, Happened.NO_INBOUND)

    async def test_packets_may_be_lost_but_not_their_order(self):
        async with served(echo) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            async with await connection.call() as call:
                air.lose = lambda packet: air.carried % 7 == 0
                for n in range(100):
                    call.send(bytes([n]))
                    await asyncio.sleep(0)
                got = []
                with contextlib.suppress(asyncio.TimeoutError):
                    while True:
                        got.append((await asyncio.wait_for(call.recv(), 0.3))[0])
                self.assertEqual(got, sorted(set(got)))
                self.assertGreater(len(got), 50)

    async def test_several_calls_on_one_connection(self):
        config = Config(max_calls=4, take_calls=0)
        async with served(echo) as (_, port, air), aio.connect("127.0.0.1", port, gre=air, config=config) as connection:
            calls = [await connection.call() for _ in range(3)]
            self.assertEqual(len({call.call_id for call in calls}), 3)
            for n, call in enumerate(calls):
                call.send(bytes([n]))
            self.assertEqual([await call.recv() for call in calls], [b"\0", b"\1", b"\2"])
            await calls[0].clear()
            calls[1].send(b"still here")
            self.assertEqual(await calls[1].recv(), b"still here")
        config.close()

    async def test_a_close_that_is_cancelled_leaves_nothing_open(self):
        async def never_stops(reader, writer):
            await reader.readexactly(156)
            writer.write(messages.StartControlConnectionReply().encode())
            await reader.read()
            writer.close()
        listener = await asyncio.start_server(never_stops, "127.0.0.1", 0)
        async with listener:
            one = aio.connect("127.0.0.1", listener.sockets[0].getsockname()[1], calls=False)
            connection = await one.__aenter__()
            made = [one._own[0], one._own[1]._mux]  # settings, and what the sockets share
            leaving = asyncio.create_task(one.__aexit__(None, None, None))
            await asyncio.sleep(0.05)
            self.assertFalse(leaving.done())
            leaving.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await leaving
            self.assertTrue(connection._transport.is_closing())
            self.assertEqual((await connection.wait_down()).reason, Code.LOCAL)
            self.assertEqual([thing.closed for thing in made], [True, True])
            await asyncio.sleep(0.05)  # TCP's two ends see it

    async def test_an_incoming_call(self):
        async with served(echo) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            async with await connection.offer(dialed_number="100") as call:
                call.send(b"ring")
                self.assertEqual(await call.recv(), b"ring")

    async def test_the_server_ends_a_call(self):
        async def handler(connection):
            async for call in connection.incoming():
                await call.accept()
                self.assertEqual(call.request.phone_number, b"911")
                call.send(b"bye")
                await call.clear()
        async with served(handler) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            call = await connection.call(phone_number="911")
            self.assertEqual(await call.recv(), b"bye")
            for _ in range(2):
                with self.assertRaises(Ended) as caught:
                    await call.recv()
            self.assertEqual(caught.exception.code, Code.PEER)
            self.assertFalse(call.is_up)
            with self.assertRaises(Closed):
                call.send(b"x")
            await call.clear()  # harmless

    async def test_a_refusal(self):
        async def handler(connection):
            async for call in connection.incoming():
                call.reject(4, cause_code=17)
        async with served(handler) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            with self.assertRaises(Ended) as caught:
                await connection.call()
            self.assertIn("busy", caught.exception.text)
            self.assertEqual(caught.exception.event.result_code, 4)

    async def test_more_calls_than_the_options_allow(self):
        async with served(echo) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            async with await connection.call():
                with self.assertRaises(LimitReached):
                    await connection.call()

    async def test_a_frame_that_nobody_takes_is_dropped_and_counted(self):
        async with served(echo) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            async with await connection.call() as call:
                for n in range(aio.QUEUE_FRAMES + 50):
                    call.send(n.to_bytes(2, "big"))
                    await asyncio.sleep(0)
                while call.dropped < 50:
                    await asyncio.sleep(0.01)
                self.assertEqual(await call.recv(), b"\0\0")


class Trouble(unittest.IsolatedAsyncioTestCase):
    async def test_a_cancelled_dial_is_cleared(self):
        seen = asyncio.Queue()

        async def handler(connection):
            async for call in connection.incoming():  # and does not answer
                seen.put_nowait(call)
        async with served(handler) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(connection.call(), 0.1)
            call = await seen.get()
            self.assertEqual((await asyncio.wait_for(call.wait_down(), 2)).type.name, "CALL_DOWN")

    async def test_a_call_that_nobody_clears_is_left_after_some_seconds(self):
        self.addCleanup(setattr, aio.client, "CLEAR_US", aio.client.CLEAR_US)
        aio.client.CLEAR_US = 200_000

        async def deaf(reader, writer):  # answers a start and a call, and nothing else
            await reader.readexactly(156)
            writer.write(messages.StartControlConnectionReply().encode())
            request = messages.decode(await reader.readexactly(168))
            writer.write(messages.OutgoingCallReply(call_id=9, peer_call_id=request.call_id).encode())
            await reader.read()
            writer.close()
        async with await asyncio.start_server(deaf, "127.0.0.1", 0) as listener:
            air = Air()
            connection = aio.connect("127.0.0.1", listener.sockets[0].getsockname()[1], gre=air)
            async with connection as one:
                call = await one.call()
                event = await asyncio.wait_for(call.clear(), 5)
                self.assertEqual((event.reason, event.timer.name), (Code.LOCAL, "CLEAR"))
                one.abort()
            air.close()

    async def test_nobody_listens(self):
        with self.assertRaises(OSError):
            async with aio.connect("127.0.0.1", 1, gre=Air()):
                pass

    async def test_a_server_that_says_nothing(self):
        async def silent(reader, writer):
            await reader.read()
            writer.close()
        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with self.assertRaises(asyncio.TimeoutError):
                async with aio.connect("127.0.0.1", port, gre=Air(), timeout=0.2):
                    pass

    async def test_a_server_that_is_none(self):
        async def web(reader, writer):
            await reader.read(10)
            writer.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
            writer.close()
        async with await asyncio.start_server(web, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with self.assertRaises(Ended) as caught:
                async with aio.connect("127.0.0.1", port, gre=Air()):
                    pass
            self.assertEqual(caught.exception.code, Code.MALFORMED)

    async def test_nonsense_disturbs_nobody(self):
        async with served(echo) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            async with await connection.call() as call:
                for nonsense in (b"\0" * 500, b"GET / HTTP/1.0\r\n\r\n", messages.EchoRequest().encode() * 100,
                                 messages.OutgoingCallRequest().encode(), b""):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(nonsense)
                    if not nonsense:
                        writer.write_eof()
                    with contextlib.suppress(asyncio.TimeoutError, ConnectionError):
                        await asyncio.wait_for(reader.read(), 0.3)
                    writer.close()
                    call.send(b"still here")
                    self.assertEqual(await call.recv(), b"still here")

    async def test_a_handler_that_fails_ends_its_connection_alone(self):
        trouble = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: trouble.append(context["exception"]))

        async def handler(connection):
            async for call in connection.incoming():
                if call.request.phone_number == b"crash":
                    raise ZeroDivisionError("on purpose")
                await call.accept()
                call.send(b"hello")
        async with served(handler) as (_, port, air):
            async with aio.connect("127.0.0.1", port, gre=air) as one, aio.connect("127.0.0.1", port, gre=air) as other:
                good = await other.call()
                with self.assertRaises(Ended):
                    await one.call(phone_number="crash")
                self.assertEqual((await one.wait_down()).reason, Code.STOPPED)
                self.assertEqual(await good.recv(), b"hello")
        self.assertEqual([type(error) for error in trouble], [ZeroDivisionError])

    async def test_a_server_that_closes_takes_everything_along(self):
        async with contextlib.AsyncExitStack() as stack:
            async with served(echo) as (server, port, air):
                connection = await stack.enter_async_context(aio.connect("127.0.0.1", port, gre=air))
                call = await connection.call()
                await server.close()
                self.assertEqual((await call.wait_down()).reason, Code.STOPPED)
                self.assertEqual((await connection.wait_down()).reason, Code.STOPPED)
                with self.assertRaises(Closed):
                    await connection.call()
                self.assertEqual([call async for call in connection.incoming()], [])

    async def test_tcp_that_breaks(self):
        async with served(echo) as (_, port, air), aio.connect("127.0.0.1", port, gre=air) as connection:
            call = await connection.call()
            connection._transport.abort()
            self.assertEqual((await call.wait_down()).reason, Code.EOF)

    async def test_input_that_cannot_be_taken_waits_in_tcp(self):
        never = asyncio.Event()

        async def handler(connection):
            await never.wait()
        async with served(handler, max_calls=0) as (server, port, _):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(messages.StartControlConnectionRequest().encode())
            await reader.readexactly(156)
            request = messages.OutgoingCallRequest(call_id=1).encode()
            writer.write(request * 2000)  # and reads no refusals
            for _ in range(50):
                await asyncio.sleep(0.01)
                for peer in server.connections:
                    self.assertLess(peer.conn.waiting_input, 256 * 1024 + aio.INPUT_OCTETS)
            refusals = await reader.readexactly(32 * 2000)
            self.assertEqual(messages.decode(refusals).result_code, 2)
            writer.close()
            never.set()

    async def test_the_raw_socket_needs_privileges_and_says_so(self):
        gre = aio.Gre()
        with self.assertRaisesRegex(PermissionError, "CAP_NET_RAW") if not can_have_raw() else contextlib.nullcontext():
            gre.reserve(("127.0.0.1", 0))
        gre.close()


def can_have_raw():
    gre = aio.Gre()
    try:
        gre._socket(("127.0.0.1", 0))
        return True
    except PermissionError:
        return False
    finally:
        gre.close()


class Stand(unittest.TestCase):
    def test_the_stand_in_is_a_mux(self):
        self.assertIsInstance(Air()._mux, Mux)
