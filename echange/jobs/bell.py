"""The workers of this process are woken when a job is committed; others find it at their next look.

PostgreSQL's NOTIFY is not used: inside the writing transaction it makes all commits wait for each other.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

_bells: set[asyncio.Event] = set()


def ring() -> None:
    """Wake the workers of this process."""
    for bell in _bells:
        bell.set()


@contextmanager
def hung_bell() -> Iterator[asyncio.Event]:
    """An event set by each ring, for the time of the block."""
    bell = asyncio.Event()
    _bells.add(bell)
    try:
        yield bell
    finally:
        _bells.discard(bell)
