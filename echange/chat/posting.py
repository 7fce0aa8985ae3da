"""A message on its way: into the log, then to the sockets of all who take part."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any
from weakref import WeakValueDictionary

from tortoise.backends.base.client import TransactionalDBClient

from echange import live
from echange.chat import frames, log
from echange.database import after_commit, connection, in_transaction
from echange.http.viewer import Acting

_turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()


async def post(
    conversation_id: int, *, by: int, client_id: str, body: str, hat: Acting | None = None
) -> log.Event:
    """Write a message and tell every socket once it is committed; on return outside of a transaction it is.

    It carries the organisation for which `hat` lets its writer speak. The same `client_id` again gives the
    first event back and tells nobody. Raises NotFound, SentOtherwise, SenderAway, Unreachable.
    """
    posting = _post(conversation_id, by, client_id, _data(body, hat))
    if _in_transaction():
        return await posting
    # Whoever sent it may hang up meanwhile: what is committed must still be told to the others.
    return await asyncio.shield(asyncio.ensure_future(posting))


def _data(body: str, hat: Acting | None) -> dict[str, Any]:
    if hat is None or not hat.may_publish:
        return {"body": body}
    return {"body": body, "for": {"id": hat.id, "name": hat.name}}


async def _post(conversation_id: int, by: int, client_id: str, data: dict[str, Any]) -> log.Event:
    async with _turn(conversation_id), in_transaction():
        appended = await log.append(conversation_id, by=by, client_id=client_id, data=data)
        if appended.fresh:
            after_commit(lambda: _tell(appended))
        return appended.event


def _tell(appended: log.Appended) -> None:
    event = appended.event
    live.send(appended.members, frames.event(event), place=(event.conversation, event.seq))


def _turn(conversation_id: int) -> AbstractAsyncContextManager[None]:
    # One at a time here: sockets hear events in order, and those who wait hold no connection.
    # Inside a transaction only the row's own lock may be waited for.
    if _in_transaction():
        return nullcontext()
    return _turns.setdefault(conversation_id, asyncio.Lock())


def _in_transaction() -> bool:
    return isinstance(connection(), TransactionalDBClient)
