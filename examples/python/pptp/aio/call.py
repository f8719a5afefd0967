"""One tunnel, with asyncio."""
from __future__ import annotations

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING, AsyncIterator

from ..call import Call as Handle
from ..channel import Channel
from ..constants import Code, EventType, Happened
from ..errors import Closed, Ended, StaleCall, WouldBlock
from ..events import Event
from ..messages import Message
from ..owner import clock

if TYPE_CHECKING:
    from .connection import Connection

QUEUE_FRAMES = 256  # received and not taken yet; PPTP cannot hold a peer back, so more are dropped


class Call:
    """One tunnel. Frames are PPP's, from FF 03 on. connection.call(), offer() and incoming() make them.

        async with await connection.call() as call:
            call.send(frame)
            async for frame in call: ...    # until the call has ended

    `call_id` is ours, `request` the peer's message where it placed the call, `happened` what the channel has noticed
    (Happened.NO_INBOUND: something on the path drops IP protocol 47)."""

    def __init__(self, owner: Connection, call_id: int) -> None:
        self._owner, self.call_id = owner, call_id
        self._handle: Handle | None = None
        self._channel: Channel | None = None
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._timer: asyncio.TimerHandle | None = None
        self._up: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._down: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self.request: Message | None = None
        self.happened = Happened(0)
        self.dropped = 0  # frames of the peer's that nobody took in time
        self.unsent = 0   # frames for which the peer's window had no room

    # ---- for the connection and the socket

    def _open(self, handle: Handle) -> None:
        """It has a handle: packets may come from now on."""
        self._handle = handle
        self._channel = Channel(handle, self._owner.pool, local_call_id=self.call_id)
        self._owner.gre.bind(self.call_id, self._owner.peer, self)

    def _event(self, event: Event) -> None:
        if event.type == EventType.CALL_UP and self._channel:
            self._channel.start(event.peer_call_id, event.peer_recv_window, event.peer_delay)
            if not self._up.done():
                self._up.set_result(event)
        elif event.type == EventType.CALL_DOWN:
            self._finish(event)

    def _finish(self, event: Event) -> None:
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

    def _packet(self, packet: bytes) -> None:
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
        self.happened |= self._channel.happened()
        if due is not None:
            self._timer = asyncio.get_running_loop().call_later(max(0, due - clock()) / 1e6, self._again)

    def _send(self, packet: bytes) -> None:
        self._owner.gre.send(self._owner.local, self._owner.peer, packet)

    # ---- for its user

    @property
    def handle(self) -> Handle:
        """The call as pptp.call knows it, for what is not here: set_link_info, info."""
        if not self._handle:
            raise Closed(Code.CLOSED, "this call is not placed")
        return self._handle

    @property
    def is_up(self) -> bool:
        """Whether frames can be sent."""
        return self._up.done() and not self._down.done()

    async def wait_up(self) -> Event:
        """Until the call is connected. Raises Ended when it comes to nothing."""
        event = await asyncio.shield(self._up)
        if event.type == EventType.CALL_UP:
            return event
        raise Ended(event.reason, event.why, event)

    async def _up_or_cleared(self) -> Event:
        """As wait_up(), but who is cancelled meanwhile wants no call any more."""
        try:
            return await self.wait_up()
        except asyncio.CancelledError:
            self._clear()
            raise

    async def wait_down(self) -> Event:
        """Until it has ended: why."""
        return await asyncio.shield(self._down)

    async def accept(self, **answer: int) -> Event:
        """Take a call of incoming(), with members of pptp_answer; then as wait_up()."""
        self.handle.accept(local_call_id=self.call_id, **answer)
        self._owner._pump()
        return await self._up_or_cleared()

    def reject(self, result_code: int | None = None, error_code: int = 0, cause_code: int = 0) -> None:
        """Refuse a call of incoming(), by default with "do not accept"; the codes are those of pptp.Call.reject."""
        self.handle.reject(result_code, error_code, cause_code)
        self._owner._pump()

    def send(self, frame: bytes) -> None:
        """A PPP frame for the peer, of 1 to 65,535 octets. Raises Closed when the call is not up. It may be lost."""
        if not self._channel or not self.is_up:
            raise Closed(Code.CLOSED, "this call has ended" if self._down.done() else "this call is not up yet")
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

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            try:
                frame = await self.recv()
            except Ended:
                return
            yield frame

    async def clear(self) -> Event:
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
        self._owner._pump()

    async def __aenter__(self) -> Call:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.clear()

    def __repr__(self) -> str:
        state = "ended" if self._down.done() else "up" if self._up.done() else "not up yet"
        return f"<Call {self.call_id} {state}>"
