"""Another try for whom PostgreSQL picked to untie a deadlock."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

import asyncpg
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connections

P = ParamSpec("P")
T = TypeVar("T")

# 40P01 and 40001: nothing of what was done stands.
_UNDONE: Final = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_PAUSES: Final = (0.01, 0.05, 0.2)


def again(verb: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Try a verb a few times more where the database undid it for somebody else's sake.

    Only outside of a transaction: inside, it is the verb that opened it which must begin anew.
    """

    @wraps(verb)
    async def tried(*args: P.args, **named: P.kwargs) -> T:
        for pause in () if inside_transaction() else _PAUSES:
            with suppress(*_UNDONE):
                return await verb(*args, **named)
            await asyncio.sleep(pause)
        return await verb(*args, **named)

    return tried


def inside_transaction() -> bool:
    """Whether one is open here."""
    return isinstance(get_connections().get("default"), TransactionalDBClient)
