"""A client, with asyncio."""
from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any

from .. import arguments
from ..connection import Config
from ..constants import TCP_PORT, Code, Role
from ..errors import UsageError
from ..owner import is_open
from .connection import Connection
from .gre import Gre

CLEAR_US = 5_000_000  # for a server to confirm the end of a call; the RFC's minute is long for who wants to leave


class connect:  # pylint: disable=invalid-name # used as a function, like asyncio.timeout
    """async with connect(HOST) as connection: TCP and the control connection are up inside, and ended in order behind it.
    @param port      TCP port
    @param config    settings; by default a client's, which takes no calls and waits 5 s for a call to be cleared
    @param gre       shared by connections; by default one of its own
    @param timeout   seconds for TCP and the control connection
    @param calls     False: none will be placed, so no privileges are asked for
    Raises PermissionError (calls need a raw socket), OSError (cannot connect), asyncio.TimeoutError, Ended (refused)."""

    def __init__(self, host: str, port: int = TCP_PORT, *, config: Config | None = None, gre: Gre | None = None,
                 timeout: float = 30.0, calls: bool = True) -> None:
        arguments.instance("host", host, str)
        arguments.number("port", port, 1, 65535)
        if not isinstance(timeout, (int, float)) or not timeout > 0:
            raise UsageError(Code.ARG, f"timeout {timeout!r}: must be a number of seconds above 0")
        if config is not None:
            is_open("config", config, Config)
        if gre is not None:
            arguments.instance("gre", gre, Gre)
        self._asks = calls and gre is None
        self._host, self._port, self._timeout = host, port, timeout
        self._config, self._gre = config, gre
        self._own: list[Any] = []
        self._connection: Connection | None = None

    async def __aenter__(self) -> Connection:
        config = self._config or self._mine(Config(take_calls=0, clear_timeout_us=CLEAR_US))
        gre = self._gre or self._mine(Gre())
        try:
            if self._asks:
                Gre.ask()
            return await asyncio.wait_for(self._open(config, gre), self._timeout)
        except BaseException:
            await self._leave()
            raise

    async def _open(self, config: Config, gre: Gre) -> Connection:
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
