"""A quick look: python3 -m pptp dial HOST, python3 -m pptp serve. Shows control connection, call and PPP frames; its PPP
agrees to everything and carries nothing. As root, for IP protocol 47.

Exit codes: 0 as asked, 1 bad usage, 2 cannot set up here, 3 cannot reach the server, 4 refused or ended by the peer."""
from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from typing import Any, Coroutine

from . import aio
from .errors import Ended, LibraryNotFound, StaleCall
from .native import TCP_PORT, load
from .raw import open_raw

CONFIGURE_REQUEST = b"\xff\x03\xc0\x21\x01\x01\x00\x04"  # LCP, no options
LCP_CODES = {1: "Configure-Request", 2: "Configure-Ack", 3: "Configure-Nak", 4: "Configure-Reject", 5: "Terminate-Request",
             6: "Terminate-Ack", 7: "Code-Reject", 8: "Protocol-Reject", 9: "Echo-Request", 10: "Echo-Reply"}


def describe(frame: bytes) -> str:
    """A PPP frame in words."""
    body = frame[2:] if frame[:2] == b"\xff\x03" else frame
    if body[:2] == b"\xc0\x21" and len(body) > 2:
        return f"LCP {LCP_CODES.get(body[2], body[2])}, {len(frame)} octets"
    return f"PPP protocol 0x{body[:2].hex()}, {len(frame)} octets"


def answer(frame: bytes) -> bytes | None:
    """The Configure-Ack to a Configure-Request of LCP."""
    body = frame[2:] if frame[:2] == b"\xff\x03" else frame
    return b"\xff\x03\xc0\x21\x02" + body[3:] if body[:3] == b"\xc0\x21\x01" else None


async def talk(call: aio.Call, name: str) -> None:
    """Say Configure-Request, print and answer what comes, until the call ends."""
    call.send(CONFIGURE_REQUEST)
    while True:
        frame = await call.recv()
        print(f"{name}: {describe(frame)}", flush=True)
        if ack := answer(frame):
            call.send(ack)


async def dial(args: argparse.Namespace) -> int:
    """The client."""
    async with aio.connect(args.host, args.port, timeout=args.timeout) as connection:
        print(f"connected to {args.host}", flush=True)
        async with await connection.call(phone_number=args.phone) as call:
            print(f"the call is up: Call ID {call.call_id}", flush=True)
            try:
                await asyncio.wait_for(talk(call, args.host), args.seconds)
            except asyncio.TimeoutError:
                return 0
    return 0


async def serve(args: argparse.Namespace) -> int:
    """The server, until it is interrupted."""
    async def attend(connection: aio.Connection) -> None:
        name = str(connection.peer[0])
        print(f"{name}: connected", flush=True)
        tasks = set()
        async for call in connection.incoming():
            try:
                await call.accept()
            except (Ended, StaleCall) as error:
                print(f"{name}: {error}", flush=True)
                continue
            print(f"{name}: call {call.call_id} is up", flush=True)
            tasks.add(asyncio.create_task(talk(call, name)))
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            print(f"{name}: {ended}", flush=True)

    open_raw().close()  # before anybody calls: it takes privileges
    async with await aio.serve(attend, args.listen, args.port):
        print(f"listening on port {args.port}", flush=True)
        await asyncio.Event().wait()
    return 0


async def until_signalled(work: Coroutine[Any, Any, int]) -> int:
    """Do it; SIGINT and SIGTERM end it in order."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m pptp", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--port", type=int, default=TCP_PORT)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("dial")
    one.add_argument("host")
    one.add_argument("--phone", default="", help="phone number of the call")
    one.add_argument("--timeout", type=float, default=30, help="seconds to connect in")
    one.add_argument("--seconds", type=float, default=5, help="how long the call is kept up")
    one.set_defaults(run=dial)
    other = commands.add_parser("serve")
    other.add_argument("--listen", default=None, help="address; default all")
    other.set_defaults(run=serve)
    args = parser.parse_args()
    try:
        load()
        return asyncio.run(until_signalled(args.run(args)))
    except (LibraryNotFound, PermissionError) as error:
        print(f"pptp: {error}", file=sys.stderr)
        return 2
    except Ended as error:
        print(f"pptp: {error}", file=sys.stderr)
        return 4
    except asyncio.TimeoutError:
        print(f"pptp: {args.host} does not answer", file=sys.stderr)
        return 3
    except OSError as error:
        print(f"pptp: cannot reach {getattr(args, 'host', 'the network')}: {error}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
