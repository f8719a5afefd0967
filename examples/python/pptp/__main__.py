"""A quick look at PPTP: dial a server, or be one. Shows control connection, calls and PPP frames; its PPP agrees to
everything and carries nothing. As root, for IP protocol 47."""
from __future__ import annotations

import argparse
import asyncio
import errno
import os
import signal
import sys
from typing import Any, Callable, Coroutine

from . import aio
from .constants import TCP_PORT, Code
from .errors import Ended, LibraryNotFound, StaleCall
from .native import load

EXIT_CODES = """exit codes:
  0    as asked; serve: ended by SIGINT or SIGTERM
  1    bad usage
  2    cannot be set up here: library, privileges, port
  3    the server cannot be reached, or does not answer
  4    refused or ended by the peer
  130  dial: interrupted by SIGINT; 143: by SIGTERM"""
CONFIGURE_REQUEST = b"\xff\x03\xc0\x21\x01\x01\x00\x04"  # LCP, no options
LCP_CODES = {1: "Configure-Request", 2: "Configure-Ack", 3: "Configure-Nak", 4: "Configure-Reject", 5: "Terminate-Request",
             6: "Terminate-Ack", 7: "Code-Reject", 8: "Protocol-Reject", 9: "Echo-Request", 10: "Echo-Reply"}


# ---- frames ---------------------------------------------------------------------------------------------------------

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


def say(text: str) -> None:
    """A line, at once."""
    print(text, flush=True)


async def talk(call: aio.Call, name: str) -> int:
    """Say Configure-Request, print and answer what comes, until the call ends. Returns how many frames came."""
    frames = 0
    call.send(CONFIGURE_REQUEST)
    async for frame in call:
        frames += 1
        say(f"{name}: {describe(frame)}")
        if ack := answer(frame):
            call.send(ack)
    return frames


# ---- the two commands -----------------------------------------------------------------------------------------------

async def dial(args: argparse.Namespace) -> int:
    """The client."""
    async with aio.connect(args.host, args.port, timeout=args.timeout) as connection:
        say(f"connected to {args.host}")
        try:
            call = await asyncio.wait_for(connection.call(phone_number=args.phone), args.timeout)
        except asyncio.TimeoutError:
            raise Ended(Code.TIMEOUT, f"{args.host} does not answer the call") from None
        async with call:
            say(f"the call is up: Call ID {call.call_id}")
            talking = asyncio.create_task(talk(call, args.host))
            done, _ = await asyncio.wait([talking], timeout=args.seconds)
            if done:
                event = await call.wait_down()
                raise Ended(event.reason, event.why, event)
        if await talking == 0:
            say("no frame came back: a firewall or a NAT on the path may drop IP protocol 47 (GRE)")
    return 0


async def serve(args: argparse.Namespace) -> int:
    """The server, until it is interrupted."""
    async def attend(connection: aio.Connection) -> None:
        name = str(connection.peer[0])
        say(f"{name}: connected")
        tasks = set()
        async for call in connection.incoming():
            try:
                await call.accept()
            except (Ended, StaleCall) as error:
                say(f"{name}: {error}")
                continue
            say(f"{name}: call {call.call_id} is up")
            tasks.add(asyncio.create_task(attend_call(call, name)))
        await asyncio.gather(*tasks)

    async def attend_call(call: aio.Call, name: str) -> None:
        await talk(call, name)
        say(f"{name}: {(await call.wait_down()).why}")

    async with await aio.serve(attend, args.listen, args.port) as server:
        say("listening on " + ", ".join("{0} port {1}".format(*each.getsockname()) for each in server.sockets))
        await asyncio.Event().wait()
    return 0


async def until_signalled(work: Coroutine[Any, Any, int], signals: list[int]) -> int:
    """Do it; SIGINT and SIGTERM end it in order, and are noted."""
    task = asyncio.ensure_future(work)

    def stop(number: int) -> None:
        signals.append(number)
        task.cancel()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        return 0


# ---- the command line -----------------------------------------------------------------------------------------------

def between(kind: Callable[[str], Any], low: float, high: float) -> Callable[[str], Any]:
    """An argument that is a number in a range."""
    def read(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {low} to {high}")
        return value
    return read


def phone(text: str) -> str:
    """A phone number that fits."""
    if len(text.encode()) > 64:
        raise argparse.ArgumentTypeError(f"a phone number has 64 octets at most, not {len(text.encode())}")
    return text


class Parser(argparse.ArgumentParser):
    """Bad usage is 1, as with pptp-client."""

    def error(self, message: str) -> Any:
        self.print_usage(sys.stderr)
        self.exit(1, f"{self.prog}: {message}\n")


def parse(words: list[str] | None) -> argparse.Namespace:
    """The command line."""
    kinds: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter, "epilog": EXIT_CODES}
    parser = Parser(prog="python3 -m pptp", description=__doc__, **kinds)
    commands = parser.add_subparsers(required=True, metavar="dial | serve")
    one = commands.add_parser("dial", help="call a server, say LCP's Configure-Request and show what comes", **kinds)
    one.add_argument("host", metavar="HOST", help="name or address of the server")
    one.add_argument("--port", type=between(int, 1, 65535), default=TCP_PORT, help="TCP port, default %(default)s")
    one.add_argument("--phone", type=phone, default="", help="phone number of the call, default none")
    one.add_argument("--timeout", type=between(float, 0.1, 3600), default=30.0,
                     help="seconds to connect in, and for the call to come up, default %(default)g")
    one.add_argument("--seconds", type=between(float, 0, 86400), default=5.0,
                     help="how long the call is kept up, default %(default)g")
    one.set_defaults(run=dial)
    other = commands.add_parser("serve", help="take calls until SIGINT or SIGTERM", **kinds)
    other.add_argument("--listen", metavar="ADDRESS", default=None, help="take them at this address only, default all")
    other.add_argument("--port", type=between(int, 0, 65535), default=TCP_PORT, help="TCP port, default %(default)s")
    other.set_defaults(run=serve, host=None)
    return parser.parse_args(words)


def plain(error: OSError) -> str:
    """Without "[Errno 98]" and the like in front."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)


def failed(args: argparse.Namespace, error: OSError) -> tuple[str, int]:
    """What to say of a network that does not do what it should, and the exit code."""
    if isinstance(error, PermissionError) and error.errno is None:  # ours, of the raw socket
        return str(error), 2
    if args.host is not None:
        return f"cannot reach {args.host} port {args.port}: {plain(error)}", 3
    place = f"{args.listen or 'any address'} port {args.port}"
    hint = "; is another server running?" if error.errno == errno.EADDRINUSE else ""
    return f"cannot listen on {place}: {plain(error)}{hint}", 2


def main(words: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    args = parse(words)
    signals: list[int] = []
    try:
        load()
        code = asyncio.run(until_signalled(args.run(args), signals))
        if not signals or args.host is None:
            return code
        text, code = "interrupted", 128 + signals[0]
    except LibraryNotFound as error:
        text, code = str(error), 2
    except Ended as error:
        text, code = str(error), 4
    except asyncio.TimeoutError:
        text, code = f"{args.host} does not answer", 3
    except OSError as error:
        text, code = failed(args, error)
    print(f"pptp: {text}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
