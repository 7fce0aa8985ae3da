"""A loop that runs while something is asked of it: state machines and properties are not asynchronous."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from echange.database import open_pools
from tests.conftest import TOWN, on


def looping(postgres: str, forget: Callable[[], Awaitable[None]]) -> Iterator[asyncio.AbstractEventLoop]:
    """With the pools of the town, whose rows are forgotten before and after."""
    loop = asyncio.new_event_loop()
    pools = open_pools(on(postgres, TOWN), pool_size=2)
    loop.run_until_complete(pools.__aenter__())
    loop.run_until_complete(forget())
    yield loop
    loop.run_until_complete(forget())
    loop.run_until_complete(pools.__aexit__(None, None, None))
    loop.close()
