"""A control connection, with asyncio."""
from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator, Callable

from .. import connection
from ..call import Call as Handle
from ..channel import Pool
from ..constants import Code, EventType, GeneralError, OutgoingResult, Role
from ..errors import Closed, Ended
from ..events import Event
from ..owner import clock
from .call import Call
from .gre import Gre, SocketAddress

INPUT_OCTETS = 4096  # of TCP, received and not taken yet, before reading pauses
STOP_SECONDS = 5.0   # for the peer to answer a stop


class Connection(asyncio.Protocol):
    """A control connection. connect() and serve() make them. `local` and `peer` are its addresses, `pool` is where packets of
    its calls wait for missing ones."""

    def __init__(self, role: Role, config: connection.Config, gre: Gre, made: Callable[[Connection], None] | None = None):
        # TCP is open: that is when asyncio makes its protocols. An error here is raised to who connects.
        self._conn: connection.Connection | None = connection.Connection(config, role)
        self.gre, self._made = gre, made
        self.pool = Pool()
        self._transport: asyncio.Transport | None = None
        self._calls: dict[Handle, Call] = {}
        self._offered: asyncio.Queue[Call | None] = asyncio.Queue()
        self._up: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._down: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
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
        self._pump()
        if self._made:
            self._made(self)

    def data_received(self, data: bytes) -> None:
        """Octets of TCP."""
        if self._conn:
            self._conn.receive(data)
            self._pump()

    def connection_lost(self, error: Exception | None) -> None:
        """TCP has ended."""
        if self._conn:
            self._conn.eof()
            self._pump()
        self.pool.close()

    def pause_writing(self) -> None:
        """asyncio holds enough."""
        self._paused = True

    def resume_writing(self) -> None:
        """asyncio takes more."""
        self._paused = False
        self._pump()

    # ---- work

    def _pump(self) -> None:
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
        last: Event | None = None
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
            self._pump()

    def _event(self, event: Event) -> None:
        if event.type == EventType.UP:
            self._up.set_result(event)
        elif event.type == EventType.CALL_OFFERED:
            self._offer(event)
        elif event.type == EventType.CALL_ANSWER and event.call:
            event.call.connected()  # there is no telephone line here that somebody has to answer
        elif event.call in self._calls:
            self._calls[event.call]._event(event)
            if event.type == EventType.CALL_DOWN:
                del self._calls[event.call]

    def _offer(self, event: Event) -> None:
        assert event.call
        call: Call | None = None
        try:
            call = Call(self, self.gre.reserve(self.local))
            call._open(event.call)
        except Exception:
            if call:
                self.gre.release(call.call_id)
            event.call.reject(OutgoingResult.GENERAL_ERROR, GeneralError.NO_RESOURCE)  # the same numbers for both kinds
            raise
        call.request = event.message
        self._calls[event.call] = call
        self._offered.put_nowait(call)

    def _finish(self, event: Event) -> None:
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

    async def wait_up(self) -> Event:
        """Until it is established. Raises Ended when it comes to nothing."""
        event = await asyncio.shield(self._up)
        if event.type == EventType.UP:
            return event
        raise Ended(event.reason, event.why, event)

    async def wait_down(self) -> Event:
        """Until it has ended: why."""
        return await asyncio.shield(self._down)

    async def call(self, **request: Any) -> Call:
        """Dial, with members of pptp_dial, and wait until the call is up. Raises Ended, PermissionError, LimitReached."""
        return await self._place(lambda call_id: self.conn.dial(local_call_id=call_id, **request))

    async def offer(self, **request: Any) -> Call:
        """Offer an incoming call, as its PAC, with members of pptp_offer; otherwise as call()."""
        return await self._place(lambda call_id: self.conn.offer(local_call_id=call_id, **request))

    async def _place(self, place: Callable[[int], Handle]) -> Call:
        if not self._conn:
            raise Closed(Code.CLOSED, "this connection has ended")
        call = Call(self, self.gre.reserve(self.local))
        try:
            handle = place(call.call_id)
        except BaseException:
            self.gre.release(call.call_id)
            raise
        call._open(handle)
        self._calls[handle] = call
        self._pump()
        await call._up_or_cleared()
        return call

    async def incoming(self) -> AsyncIterator[Call]:
        """The peer's calls, as they are offered: accept() or reject() each. Ends with the connection."""
        while (call := await self._offered.get()) is not None:
            yield call

    def abort(self) -> None:
        """Close TCP without a word."""
        if self._conn:
            self._conn.abort()
            self._pump()

    async def close(self) -> Event:
        """Stop it in order, and wait until that is done; a peer that does not answer is left after some seconds, and at
        once when this is cancelled."""
        if self._conn:
            self._conn.stop()
            self._pump()
        try:
            return await asyncio.wait_for(asyncio.shield(self._down), STOP_SECONDS)
        except asyncio.TimeoutError:
            self.abort()
            return await self.wait_down()
        except asyncio.CancelledError:
            self.abort()
            raise
