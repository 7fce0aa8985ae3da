"""Waiting for what happens elsewhere in this process."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], bool]) -> None:
    """Return once `condition` holds; TimeoutError after ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 — what is waited for knows no event
            await asyncio.sleep(0.005)
