"""PPTP with asyncio: control connections over TCP, calls over IP protocol 47.

    async with connect("vpn.example.org") as connection:
        async with await connection.call() as call:
            call.send(b"\\xff\\x03\\xc0\\x21\\x01\\x01\\x00\\x04")
            frame = await call.recv()

The raw socket for IP protocol 47 takes root or CAP_NET_RAW. Everything belongs to one event loop."""
from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, AsyncIterator, Awaitable, Callable

from . import channel, connection
from .connection import EventType, Role, clock
from .errors import Closed, Code, Ended, StaleCall, WouldBlock
from .messages import Message
from .native import TCP_PORT, load
from .raw import Gre, SocketAddress

QUEUE_FRAMES = 256        # of a call, received and not taken yet; PPTP cannot hold a peer back, so more are dropped
INPUT_OCTETS = 4096       # of TCP, received and not taken yet, before reading pauses
STOP_SECONDS = 5.0        # for the peer to answer a stop


class Call:
    """One tunnel. Frames are PPP's, from FF 03 on. `request` is the peer's message, where it placed the call."""

    def __init__(self, owner: Connection, call_id: int) -> None:
        self._owner, self.call_id = owner, call_id
        self._handle: connection.Call | None = None
        self._channel: channel.Channel | None = None
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._timer: asyncio.TimerHandle | None = None
        self._up: asyncio.Future[connection.Event] = asyncio.get_running_loop().create_future()
        self._down: asyncio.Future[connection.Event] = asyncio.get_running_loop().create_future()
        self.request: Message | None = None
        self.dropped = 0  # frames of the peer's that nobody took in time
        self.unsent = 0   # frames for which the peer's window had no room

    # ---- for the connection and the socket

    def open(self, handle: connection.Call, **options: int) -> None:
        """It has a handle: packets may come from now on."""
        self._handle = handle
        self._channel = channel.Channel(handle, self._owner.pool, local_call_id=self.call_id, **options)
        self._owner.gre.bind(self.call_id, self._owner.peer, self)

    def event(self, event: connection.Event) -> None:
        """What happened to it."""
        if event.type == EventType.CALL_UP and self._channel:
            self._channel.start(event.peer_call_id, event.peer_recv_window, event.peer_delay)
            if not self._up.done():
                self._up.set_result(event)
        elif event.type == EventType.CALL_DOWN:
            self.finish(event)

    def finish(self, event: connection.Event) -> None:
        """The end."""
        if self._timer:
            self._timer.cancel()
        if self._channel:
            self._channel.close()
            self._owner.gre.release(self.call_id)
        self._channel = None
        for future in (self._up, self._down):
            if not future.done():
                future.set_result(event)
        self._frames.put_nowait(None)

    def packet(self, packet: bytes) -> None:
        """A packet came, GRE header first."""
        if self._channel:
            self._take(self._channel.receive(packet))
            self._again()

    def _take(self, frames: list[bytes]) -> None:
        for frame in frames:
            if self._frames.qsize() >= QUEUE_FRAMES:
                self.dropped += 1
            else:
                self._frames.put_nowait(frame)

    def _again(self) -> None:
        """What is due, and when to look again."""
        if not self._channel:
            return
        if self._timer:
            self._timer.cancel()
        due = self._channel.deadline()
        if due is not None and due <= clock():
            self._channel.tick()
            self._take(list(self._channel.held()))
            if acknowledgment := self._channel.acknowledgment():
                self._send(acknowledgment)
            due = self._channel.deadline()
        if due is not None:
            self._timer = asyncio.get_running_loop().call_later(max(0, due - clock()) / 1e6, self._again)

    def _send(self, packet: bytes) -> None:
        self._owner.gre.send(self._owner.local, self._owner.peer, packet)

    # ---- for its user

    @property
    def handle(self) -> connection.Call:
        """The call as pptp.connection knows it, for what is not here: set_link_info, info."""
        if not self._handle:
            raise Closed(Code.CLOSED, "this call is not placed")
        return self._handle

    @property
    def is_up(self) -> bool:
        """Whether frames can be sent."""
        return self._up.done() and not self._down.done()

    async def wait_up(self) -> connection.Event:
        """Until the call is connected. Raises Ended when it comes to nothing."""
        event = await asyncio.shield(self._up)
        if event.type == EventType.CALL_UP:
            return event
        raise Ended(event.reason, event.why, event)

    async def up_or_cleared(self) -> connection.Event:
        """As wait_up(), but who is cancelled meanwhile wants no call any more."""
        try:
            return await self.wait_up()
        except asyncio.CancelledError:
            self._clear()
            raise

    async def wait_down(self) -> connection.Event:
        """Until it has ended: why."""
        return await asyncio.shield(self._down)

    async def accept(self, **answer: int) -> connection.Event:
        """Take a call of incoming(), with members of pptp_answer; then as wait_up()."""
        self.handle.accept(local_call_id=self.call_id, **answer)
        self._owner.pump()
        return await self.up_or_cleared()

    def reject(self, result_code: int = 2, error_code: int = 0, cause_code: int = 0) -> None:
        """Refuse a call of incoming()."""
        self.handle.reject(result_code, error_code, cause_code)
        self._owner.pump()

    def send(self, frame: bytes) -> None:
        """A PPP frame for the peer. Raises Closed when the call is not up. It may be lost."""
        if not self._channel or not self.is_up:
            raise Closed(Code.CLOSED, "this call is not up")
        try:
            packet = self._channel.send(frame)
        except WouldBlock:  # a window that the peer keeps shut
            self.unsent += 1
            return
        self._send(packet)
        self._again()

    async def recv(self) -> bytes:
        """The next PPP frame. Raises Ended once the call is down and every frame was taken."""
        frame = await self._frames.get()
        if frame is None:
            self._frames.put_nowait(None)
            event = self._down.result()
            raise Ended(event.reason, event.why, event)
        return frame

    async def clear(self) -> connection.Event:
        """End it, and wait until it has."""
        self._clear()
        return await self.wait_down()

    def _clear(self) -> None:
        if self._down.done():
            return
        try:
            self.handle.clear()
        except StaleCall:
            pass  # its end is on the way
        self._owner.pump()

    async def __aenter__(self) -> Call:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.clear()


class Connection(asyncio.Protocol):
    """A control connection. connect() and serve() make them."""

    def __init__(self, role: Role, config: connection.Config, gre: Gre, made: Callable[[Connection], None] | None = None):
        self.gre, self._config, self._role, self._made = gre, config, role, made
        self.pool = channel.Pool()
        self._conn: connection.Connection | None = None
        self._transport: asyncio.Transport | None = None
        self._calls: dict[connection.Call, Call] = {}
        self._offered: asyncio.Queue[Call | None] = asyncio.Queue()
        self._up: asyncio.Future[connection.Event] = asyncio.get_running_loop().create_future()
        self._down: asyncio.Future[connection.Event] = asyncio.get_running_loop().create_future()
        self._timer: asyncio.TimerHandle | None = None
        self._paused = self._pumping = False
        self.local: SocketAddress = ()
        self.peer: SocketAddress = ()

    # ---- for asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TCP is open."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.local, self.peer = transport.get_extra_info("sockname"), transport.get_extra_info("peername")
        self._conn = connection.Connection(self._config, self._role)
        self.pump()
        if self._made:
            self._made(self)

    def data_received(self, data: bytes) -> None:
        """Octets of TCP."""
        if self._conn:
            self._conn.receive(data)
            self.pump()

    def connection_lost(self, error: Exception | None) -> None:
        """TCP has ended."""
        if self._conn:
            self._conn.eof()
            self.pump()
        self.pool.close()

    def pause_writing(self) -> None:
        """asyncio holds enough."""
        self._paused = True

    def resume_writing(self) -> None:
        """asyncio takes more."""
        self._paused = False
        self.pump()

    # ---- work

    def pump(self) -> None:
        """Do all that can be done: events, octets, and the next deadline. After every request."""
        if self._pumping or not self._conn:
            return
        self._pumping = True
        try:
            moved = True
            while moved and self._conn:
                moved = self._events() + self._output() > 0
        finally:
            self._pumping = False
        self._wait_again()

    def _events(self) -> int:
        count = 0
        last: connection.Event | None = None
        for last in self._conn.events() if self._conn else ():
            count += 1
            self._event(last)
        if last and last.type == EventType.DOWN:
            self._finish(last)
        return count

    def _output(self) -> int:
        count = 0
        while self._conn and self._transport and not self._paused and (message := self._conn.output()):
            count += 1
            self._conn.sent(len(message))
            self._transport.write(message)
        return count

    def _wait_again(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._transport and self._conn:
            # What cannot be taken yet waits in TCP, not here.
            if self._conn.waiting_input > INPUT_OCTETS:
                self._transport.pause_reading()
            elif not self._transport.is_reading():
                self._transport.resume_reading()
        due = self._conn.deadline() if self._conn else None
        if due is not None:
            self._timer = asyncio.get_running_loop().call_later(max(0, due - clock()) / 1e6, self._tick)

    def _tick(self) -> None:
        if self._conn:
            self._conn.tick()
            self.pump()

    def _event(self, event: connection.Event) -> None:
        if event.type == EventType.UP:
            self._up.set_result(event)
        elif event.type == EventType.CALL_OFFERED:
            self._offer(event)
        elif event.type == EventType.CALL_ANSWER and event.call:
            event.call.connected()  # there is no telephone line here that somebody has to answer
        elif event.call in self._calls:
            self._calls[event.call].event(event)
            if event.type == EventType.CALL_DOWN:
                del self._calls[event.call]

    def _offer(self, event: connection.Event) -> None:
        assert event.call
        call: Call | None = None
        try:
            call = Call(self, self.gre.reserve(self.local))
            call.open(event.call)
        except Exception:
            if call:
                self.gre.release(call.call_id)
            event.call.reject(2, 4)  # general error, no resource
            raise
        call.request = event.message
        self._calls[event.call] = call
        self._offered.put_nowait(call)

    def _finish(self, event: connection.Event) -> None:
        for future in (self._up, self._down):
            if not future.done():
                future.set_result(event)
        self._offered.put_nowait(None)
        if self._conn:
            self._conn.close()
        self._conn = None
        if self._transport:
            self._transport.close()

    # ---- for its user

    @property
    def conn(self) -> connection.Connection:
        """The connection as pptp.connection has it, for info and counters. Raises Closed after its end."""
        if not self._conn:
            raise Closed(Code.CLOSED, "this connection has ended")
        return self._conn

    async def wait_up(self) -> connection.Event:
        """Until it is established. Raises Ended when it comes to nothing."""
        event = await asyncio.shield(self._up)
        if event.type == EventType.UP:
            return event
        raise Ended(event.reason, event.why, event)

    async def wait_down(self) -> connection.Event:
        """Until it has ended: why."""
        return await asyncio.shield(self._down)

    async def call(self, **request: Any) -> Call:
        """Dial, with members of pptp_dial, and wait until the call is up. Raises Ended, PermissionError, LimitReached."""
        return await self._place(lambda call_id: self.conn.dial(local_call_id=call_id, **request))

    async def offer(self, **request: Any) -> Call:
        """Offer an incoming call, as its PAC, with members of pptp_offer; otherwise as call()."""
        return await self._place(lambda call_id: self.conn.offer(local_call_id=call_id, **request))

    async def _place(self, place: Callable[[int], connection.Call]) -> Call:
        call = Call(self, self.gre.reserve(self.local))
        try:
            handle = place(call.call_id)
        except BaseException:
            self.gre.release(call.call_id)
            raise
        call.open(handle)
        self._calls[handle] = call
        self.pump()
        await call.up_or_cleared()
        return call

    async def incoming(self) -> AsyncIterator[Call]:
        """The peer's calls, as they are offered: accept() or reject() each. Ends with the connection."""
        while (call := await self._offered.get()) is not None:
            yield call

    def abort(self) -> None:
        """Close TCP without a word."""
        if self._conn:
            self._conn.abort()
            self.pump()

    async def close(self) -> connection.Event:
        """Stop it in order, and wait until that is done; a peer that does not answer is left after some seconds, and at
        once when this is cancelled."""
        if self._conn:
            self._conn.stop()
            self.pump()
        try:
            return await asyncio.wait_for(asyncio.shield(self._down), STOP_SECONDS)
        except asyncio.TimeoutError:
            self.abort()
            return await self.wait_down()
        except asyncio.CancelledError:
            self.abort()
            raise


class connect:  # pylint: disable=invalid-name # used as a function, like asyncio.timeout
    """async with connect(HOST) as connection: TCP and the control connection are up inside, and ended in order behind it.
    @param port      TCP port
    @param config    settings; by default a client's, which takes no calls
    @param gre       shared by connections; by default one of its own
    @param timeout   seconds for TCP and the control connection
    Raises OSError (cannot connect), asyncio.TimeoutError, Ended (refused)."""

    def __init__(self, host: str, port: int = TCP_PORT, *, config: connection.Config | None = None, gre: Gre | None = None,
                 timeout: float = 30.0) -> None:
        self._host, self._port, self._timeout = host, port, timeout
        self._config, self._gre = config, gre
        self._own: list[Any] = []
        self._connection: Connection | None = None

    async def __aenter__(self) -> Connection:
        config = self._config or self._mine(connection.Config(take_calls=0))
        gre = self._gre or self._mine(Gre())
        try:
            return await asyncio.wait_for(self._open(config, gre), self._timeout)
        except BaseException:
            await self._leave()
            raise

    async def _open(self, config: connection.Config, gre: Gre) -> Connection:
        loop = asyncio.get_running_loop()
        _, self._connection = await loop.create_connection(lambda: Connection(Role.ORIGINATOR, config, gre),
                                                           self._host, self._port)
        await self._connection.wait_up()
        return self._connection

    def _mine(self, thing: Any) -> Any:
        self._own.append(thing)
        return thing

    async def _leave(self) -> None:
        try:
            if self._connection:
                await self._connection.close()
        finally:  # also when this is cancelled
            for thing in reversed(self._own):
                thing.close()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self._leave()


class Server:
    """What serve() gives."""

    def __init__(self, gre: Gre, own_gre: bool, config: connection.Config, own_config: bool) -> None:
        self.gre, self._own_gre, self._config, self._own_config = gre, own_gre, config, own_config
        self.connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    @property
    def sockets(self) -> tuple[Any, ...]:
        """The listening sockets, for the port of a server on port 0."""
        return tuple(self._listener.sockets) if self._listener else ()

    async def close(self) -> None:
        """Listen no more, stop every connection in order, cancel the handlers."""
        if self._listener:
            self._listener.close()
        await asyncio.gather(*(each.close() for each in list(self.connections)))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._listener:
            await self._listener.wait_closed()
        if self._own_gre:
            self.gre.close()
        if self._own_config:
            self._config.close()

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.close()


async def serve(handler: Callable[[Connection], Awaitable[None]], host: str | None = None, port: int = TCP_PORT, *,
                config: connection.Config | None = None, gre: Gre | None = None) -> Server:
    """Take control connections; `handler(connection)` is a task for each that is established, and the connection is
    closed when it returns. What it raises goes to the loop's exception handler, and ends that connection alone.
    @param config  settings; by default 16 calls a connection, of both directions"""
    config_ = config or connection.Config(max_calls=16, maximum_channels=16,
                                          take_calls=connection.TAKE_OUTGOING | connection.TAKE_INCOMING)
    server = Server(gre or Gre(), gre is None, config_, config is None)
    loop = asyncio.get_running_loop()

    async def attend(peer: Connection) -> None:
        server.connections.add(peer)
        try:
            await peer.wait_up()
            await handler(peer)
        except Ended:
            pass  # the peer's business
        except Exception as error:  # pylint: disable=broad-except # whatever a handler does, the others go on
            loop.call_exception_handler({"message": "a handler failed", "exception": error})
        finally:
            await peer.close()
            server.connections.discard(peer)

    def made(peer: Connection) -> None:
        task = loop.create_task(attend(peer))
        server._tasks.add(task)
        task.add_done_callback(server._tasks.discard)

    load()  # a missing library is said here, not at the first client
    server._listener = await loop.create_server(lambda: Connection(Role.RECEIVER, config_, server.gre, made), host, port)
    return server
