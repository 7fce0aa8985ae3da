"""Transactions, and what is to happen once the outermost one is committed."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.exceptions import TransactionManagementError
from tortoise.transactions import in_transaction as begin

_waiting: ContextVar[list[Callable[[], None]] | None] = ContextVar("waiting_for_commit", default=None)


@asynccontextmanager
async def in_transaction() -> AsyncIterator[TransactionalDBClient]:
    """All or nothing. Inside another one: a savepoint, whose `after_commit` calls wait for the outermost."""
    outer = _waiting.get()
    if outer is not None:
        async with _savepoint(outer) as client:
            yield client
        return
    calls: list[Callable[[], None]] = []
    token = _waiting.set(calls)
    try:
        async with _begun() as client:
            yield client
    finally:
        _waiting.reset(token)
    for call in calls:
        call()


@asynccontextmanager
async def _begun() -> AsyncIterator[TransactionalDBClient]:
    context = begin()
    try:
        client = await context.__aenter__()
    except BaseException:
        # PostgreSQL went away, or nobody waits any more. The ORM would keep the connection, one less in the
        # pool each time, and this task would use no other from then on.
        if hasattr(context, "token"):
            await context.__aexit__(TransactionManagementError, None, None)
        raise
    async with AsyncExitStack() as stack:
        stack.push_async_exit(context.__aexit__)
        yield client


@asynccontextmanager
async def _savepoint(calls: list[Callable[[], None]]) -> AsyncIterator[TransactionalDBClient]:
    before = len(calls)
    try:
        async with begin() as client:
            yield client
    except BaseException:
        del calls[before:]
        raise


def after_commit(call: Callable[[], None]) -> None:
    """Have `call` (quick, not awaited) made once what is being written is committed; never if it is undone.

    Outside of a transaction it is made at once.
    """
    calls = _waiting.get()
    if calls is None:
        call()
    else:
        calls.append(call)
