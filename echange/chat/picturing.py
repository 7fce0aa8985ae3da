"""The picture of a group."""

import asyncio
from typing import Final

from echange.chat.grouping import held
from echange.chat.identifiers import client_id
from echange.chat.models import GroupPicture
from echange.chat.posting import told
from echange.database import after_commit
from echange.media import Store, take_photo

_going: Final[set[asyncio.Task[None]]] = set()


async def put_picture(conversation_id: int, data: bytes, store: Store, *, by: int) -> None:
    """Take a picture in place of the one before; that one stays if this raises what `take_photo` does.

    Raises NotFound, NotAGroup, NotAllowed for who does not look after the group, SenderAway.
    """
    async with held(conversation_id, by=by) as mine:
        await mine.may_write()
    taken = await take_photo(data, store)
    try:
        async with held(conversation_id, by=by) as mine:
            await _forget(conversation_id, store)
            await GroupPicture.create(
                conversation_id=conversation_id,
                name=taken.name,
                width=taken.width,
                height=taken.height,
                widths=list(taken.widths),
            )
            told(await mine.append(client_id(), "change", {"picture": True}))
    except BaseException:
        await store.delete(taken.name)
        raise


async def drop_picture(conversation_id: int, store: Store, *, by: int) -> None:
    """Have none; its files go once that is committed. Raises what `put_picture` does of the group."""
    async with held(conversation_id, by=by) as mine:
        await mine.may_write()
        if await _forget(conversation_id, store):
            told(await mine.append(client_id(), "change", {"picture": False}))


async def _forget(conversation_id: int, store: Store) -> bool:
    picture = await GroupPicture.get_or_none(conversation_id=conversation_id)
    if picture is None:
        return False
    name = picture.name
    await picture.delete()
    after_commit(lambda: _delete_files(name, store))
    return True


def _delete_files(name: str, store: Store) -> None:
    task = asyncio.get_running_loop().create_task(store.delete(name))
    _going.add(task)
    task.add_done_callback(_going.discard)
