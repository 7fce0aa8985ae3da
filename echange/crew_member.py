"""One of the processes that serve a town together, started by `echange.crew`.

Its standard input is a socket to the one that started it: a first line brings its orders, a byte says back
that it is ready, any further line that the demo town is there. When the socket closes it stops, however the
other side went.
"""

import asyncio
import os
import socket
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson
import uvloop
from starlette.applications import Starlette

from echange.config import Settings
from echange.running import CannotStart
from echange.serving import answer, import_the_rest, prepare, stop_signals

# In seconds: whoever has not stopped by then hangs, and nobody is left to end it.
LAST_WORDS: Final = 5.0
READY: Final = b"\n"


@dataclass(frozen=True)
class Orders:
    """What a process is told when it starts; `listener` is the descriptor of the socket it was given."""

    settings: dict[str, Any]
    database_url: str
    town_loaded: bool
    listener: int = -1


def main() -> None:
    """Serve as ordered; the exit code is not 0 when that could not be."""
    import_the_rest()
    told = socket.socket(fileno=0)
    lines = iter(told.makefile("rb"))
    if not (first := next(lines, b"")):
        return
    orders = Orders(**orjson.loads(first))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(orders, told, lines))
    except CannotStart:
        # Its cause is written already, and the one that started us says the rest.
        sys.exit(1)


async def _serve(orders: Orders, told: socket.socket, lines: Iterable[bytes]) -> None:
    with socket.socket(fileno=orders.listener) as listener, stop_signals() as stop:
        app = await prepare(Settings(**orders.settings), orders.database_url)
        app.state.town_loaded = orders.town_loaded
        # A thread: it ends us even if the event loop hangs.
        listening = (lines, asyncio.get_running_loop(), app, stop)
        threading.Thread(target=_listen, args=listening, name="orders", daemon=True).start()

        async def ready() -> None:
            told.sendall(READY)

        await answer(app, listener, stop, ready)


def _listen(
    lines: Iterable[bytes], loop: asyncio.AbstractEventLoop, app: Starlette, stop: asyncio.Event
) -> None:
    with suppress(OSError):
        for _ in lines:
            app.state.town_loaded = True
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)
    time.sleep(LAST_WORDS)
    os._exit(1)


if __name__ == "__main__":
    main()
