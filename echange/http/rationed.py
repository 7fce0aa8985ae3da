"""Answers that cost: never worked out twice at once, and never all the time, however many ask."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, Generic, TypeVar

T = TypeVar("T")

# Of ten seconds at most one goes into it.
SERVES_TIMES_ITS_COST: Final = 10


class Rationed(Generic[T]):
    """What `work` gives, of one process."""

    def __init__(self, work: Callable[[], Awaitable[T]]) -> None:
        self._work = work
        self._turn = asyncio.Lock()
        self._last: T | None = None
        self._good_until = 0.0

    async def answer(self) -> T:
        """One just worked out, or so lately that it serves again."""
        async with self._turn:
            if self._last is None or monotonic() >= self._good_until:
                began = monotonic()
                self._last = await self._work()
                ended = monotonic()
                self._good_until = ended + SERVES_TIMES_ITS_COST * (ended - began)
            return self._last
