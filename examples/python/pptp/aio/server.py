"""A server, with asyncio."""
from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Awaitable, Callable

from .. import arguments
from ..connection import Config
from ..constants import TCP_PORT, Role, Take
from ..errors import Ended
from ..owner import is_open
from .connection import Connection
from .gre import Gre


class Server:
    """What serve() gives."""

    def __init__(self, gre: Gre, own_gre: bool, config: Config, own_config: bool) -> None:
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
                config: Config | None = None, gre: Gre | None = None) -> Server:
    """Take control connections; `handler(connection)` is a task for each that is established, and the connection is
    closed when it returns. What it raises goes to the loop's exception handler, and ends that connection alone.
    @param host    address to listen at; None: all
    @param port    0: one that is free, which Server.sockets tells
    @param config  settings; by default 16 calls a connection, of both directions
    @param gre     shared with others; by default one of its own
    Raises PermissionError (calls need a raw socket), OSError (cannot listen)."""
    if not callable(handler):
        raise TypeError(f"handler: a coroutine function, not {type(handler).__name__}")
    arguments.number("port", port, 0, 65535)
    if config is not None:
        is_open("config", config, Config)
    if gre is None:
        Gre.ask()
    else:
        arguments.instance("gre", gre, Gre)
    config_ = config or Config(max_calls=16, maximum_channels=16, take_calls=Take.OUTGOING | Take.INCOMING)
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

    try:
        server._listener = await loop.create_server(lambda: Connection(Role.RECEIVER, config_, server.gre, made), host, port)
    except BaseException:
        await server.close()
        raise
    return server
