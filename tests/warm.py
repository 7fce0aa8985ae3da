"""Connections that outlive their test: opening one and teaching it its statements takes longer than a page.

Whoever closes a connection to the town's database leaves it here, as PostgreSQL's own RESET makes it; whoever
opens one takes it over as an object of its own. The closed object stays closed.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import asyncpg
from asyncpg import Connection, connect_utils

Raw: TypeAlias = "Connection[Any]"

# More at once were only a crowd's.
KEPT: Final = 30
PATIENCE_SECONDS: Final = 2

_open: Callable[..., Awaitable[Raw]] = connect_utils._connect_addr
_close = Connection.close
_terminate = Connection.terminate


class Warm:
    """The connections to one address which nobody uses now, in the event loop of the tests."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._place: object = None
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[object, list[Raw]] = defaultdict(list)
        self._coming: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep what is closed for the time of the block."""
        first = await asyncpg.connect(self._url)
        self._place = _place(first._addr, first._params)
        connect_utils._connect_addr = self._take
        # Methods of a class: they are given the connection.
        Connection.close = lambda raw, *, timeout=None: self._leave_or_close(raw, patience=timeout)
        Connection.terminate = lambda raw: self._leave_or_terminate(raw)
        await first.close()
        try:
            yield
        finally:
            connect_utils._connect_addr = _open
            Connection.close, Connection.terminate = _close, _terminate
            await self.settled()
            for raw in self._all():
                await raw.close()

    async def settled(self) -> list[int]:
        """The server's processes of those that wait, once all that were left are back."""
        while self._coming:
            await asyncio.wait(self._coming)
        return [raw.get_server_pid() for raw in self._all() if not raw.is_closed()]

    def _all(self) -> list[Raw]:
        return [raw for alike in self._waiting.values() for raw in alike]

    async def _take(self, **wanted: Any) -> Raw:
        asked_from = asyncio.get_running_loop()
        if asked_from is self._loop and _place(wanted["addr"], wanted["params"]) == self._place:
            alike = self._waiting[_kind(wanted["params"], wanted["config"])]
            while alike:
                raw = alike.pop()
                if not raw.is_closed():
                    return _handed_over(raw)
        return await _open(**wanted)

    async def _leave_or_close(self, raw: Raw, patience: float | None) -> None:
        if self._may_stay(raw):
            await self._receive(_handed_over(raw))
        else:
            await _close(raw, timeout=patience)

    def _leave_or_terminate(self, raw: Raw) -> None:
        if self._may_stay(raw):
            coming = self._loop.create_task(self._receive(_handed_over(raw)))
            self._coming.add(coming)
            coming.add_done_callback(self._coming.discard)
        else:
            _terminate(raw)

    def _may_stay(self, raw: Raw) -> bool:
        return (
            not raw.is_closed()
            and raw._loop is self._loop
            and self._loop.is_running()
            and _place(raw._addr, raw._params) == self._place
            and not raw.is_in_transaction()
            and not raw._protocol._is_cancelling()
            and len(self._all()) < KEPT
        )

    async def _receive(self, raw: Raw) -> None:
        try:
            await raw.reset(timeout=PATIENCE_SECONDS)
        except BaseException as trouble:
            # In the middle of a statement, or lost: then it ends as it would have.
            _terminate(raw)
            if not isinstance(trouble, Exception):
                raise
        else:
            self._waiting[_kind(raw._params, raw._config)].append(raw)


def _place(address: object, params: Any) -> object:
    return address, params.user, params.database


def _kind(params: Any, config: Any) -> object:
    return str(params.server_settings), config


def _handed_over(old: Raw) -> Raw:
    """The same line to the server, with the statements it knows, in a new object."""
    new: Raw = type(old)(old._protocol, old._transport, old._loop, old._addr, old._config, old._params)
    new._protocol.set_connection(new)
    known, none = old._stmt_cache, new._stmt_cache
    known._on_remove, none._on_remove = none._on_remove, known._on_remove
    new._stmt_cache, old._stmt_cache = known, none
    old._protocol, old._aborted = None, True
    old._cleanup()
    return new
