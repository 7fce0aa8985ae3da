"""A doorbell over any wire: what gathers goes out together, and a wire that is lost is replaced."""

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from typing import Final, Protocol

import structlog

from echange.live.doorbell.parcels import NAME, OVERHEAD, Outbox, encode, unpack

# In seconds.
CONNECTING: Final = 2.0
FIRST_ANSWER: Final = 1.0
BEAT: Final = 2.0
INSISTING: Final = 0.1
# More than hanging up may take: said again meanwhile, it would leave the connection half closed.
LEAVING: Final = 3.0
SHORTEST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 2.0
# Two: a process held up for a while has not read yet what came back.
BEATS_UNHEARD: Final = 2

log = structlog.get_logger("echange.live")


class Wire(Protocol):
    """An open connection on which everybody hears everything, themselves included."""

    async def send(self, payloads: list[bytes]) -> None:
        """Return once the server has them: what gathers meanwhile is the next batch."""

    async def lost(self) -> None:
        """Wait until the connection is lost."""


OpenWire = Callable[[Callable[[bytes], None]], AbstractAsyncContextManager[Wire]]


class Silence(Exception):
    """What we rang did not come back to us."""


class Bell:
    """A Doorbell. It counts as there once its own ring came back, and as lost when two in a row did not."""

    def __init__(
        self,
        open_wire: OpenWire,
        longest_payload: int,
        heard: Callable[[str], None],
        back: Callable[[], None],
    ) -> None:
        self.largest = longest_payload - OVERHEAD
        self._open_wire = open_wire
        self._heard = heard
        self._back = back
        self._name = secrets.token_hex(NAME // 2).encode()
        self._outbox = Outbox(self._name, longest_payload)
        self._in_use = False
        self._echoed = False
        self._there = False
        self._told_away = False
        self._answered = asyncio.Event()
        self._open = False

    def ring(self, text: str) -> bool:
        encoded = encode(text)
        if len(encoded) > self.largest:
            return False
        if self._there:
            self._outbox.add(encoded)
        return True

    @asynccontextmanager
    async def hung(self) -> AsyncIterator[None]:
        """Keep a connection for the time of the block; wait for the first one a second at most."""
        keeping = asyncio.create_task(self._keep(), name="doorbell")
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_ANSWER):
                    await self._answered.wait()
            self._open = True
            yield
        finally:
            await _end(LEAVING, keeping)

    async def _keep(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            since = time.monotonic()
            try:
                await self._connect_and_use()
            except Exception as error:  # noqa: BLE001 — whatever ended this connection, another is made
                self._lose(error)
            steady = time.monotonic() - since > 2 * (CONNECTING + LONGEST_PAUSE)
            pause = SHORTEST_PAUSE if steady else min(2 * pause, LONGEST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 — only so that not all come at once

    async def _connect_and_use(self) -> None:
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(CONNECTING):
                wire = await stack.enter_async_context(self._open_wire(self._hear))
            await self._use(wire)

    async def _use(self, wire: Wire) -> None:
        self._in_use = True
        works = [asyncio.create_task(work) for work in (wire.lost(), self._send(wire), self._beat())]
        try:
            await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(INSISTING, *works)
        endings = await asyncio.gather(*works, return_exceptions=True)
        raise next((each for each in endings if isinstance(each, Exception)), ConnectionResetError())

    async def _send(self, wire: Wire) -> None:
        while True:
            await wire.send(await self._outbox.take())

    async def _beat(self) -> None:
        # A server that hangs keeps its connections open: only what comes back tells.
        unheard = 0
        while unheard < BEATS_UNHEARD:
            self._echoed = False
            self._outbox.beat()
            await asyncio.sleep(BEAT)
            unheard = 0 if self._echoed else unheard + 1
        raise Silence

    def _hear(self, payload: bytes) -> None:
        if not self._in_use:
            # The last words of a connection already given up.
            return
        if payload.startswith(self._name):
            self._echoed = True
            if not self._there:
                self._arrive()
            return
        try:
            texts = unpack(payload)
        except ValueError:
            # Whoever may ring may also ring nonsense.
            return
        for text in texts:
            _safely(self._heard, text)

    def _arrive(self) -> None:
        self._there = True
        self._answered.set()
        if self._told_away:
            log.info("doorbell_back")
        self._told_away = False
        if self._open:
            _safely(self._back)

    def _lose(self, error: Exception) -> None:
        self._in_use = self._there = False
        self._outbox.clear()
        self._answered.set()
        if not self._told_away:
            log.warning("doorbell_away", why=type(error).__name__)
        self._told_away = True


async def _end(patience: float, *tasks: asyncio.Task[None]) -> None:
    # Said again until heard: the clients' own time limits swallow a cancellation that comes with them.
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=patience)


def _safely(call: Callable[..., None], *words: str) -> None:
    """One accident of a listener must not cost the others their rings."""
    try:
        call(*words)
    except Exception:
        log.exception("doorbell_accident")
