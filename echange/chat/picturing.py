"""The picture of a group. Its row goes in the verb's own transaction, its files by a job after it."""

from typing import Any, Final

from echange import jobs
from echange.chat.grouping import held
from echange.chat.identifiers import client_id
from echange.chat.models import GroupPicture
from echange.chat.posting import told
from echange.jobs import Handler
from echange.media import Store, take_photo

FORGET_PICTURE: Final = "chat.forget_picture"


async def put_picture(conversation_id: int, data: bytes, store: Store, *, by: int) -> None:
    """Take a picture in place of the one before; that one stays if this raises what `take_photo` does.

    Raises NotFound, NotAGroup, NotAllowed for who does not look after the group, SenderAway.
    """
    async with held(conversation_id, by=by) as mine:
        await mine.may_write()
    taken = await take_photo(data, store)
    try:
        async with held(conversation_id, by=by) as mine:
            await forget(conversation_id)
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


async def drop_picture(conversation_id: int, *, by: int) -> None:
    """Have none. Raises what `put_picture` does of the group."""
    async with held(conversation_id, by=by) as mine:
        await mine.may_write()
        if await forget(conversation_id):
            told(await mine.append(client_id(), "change", {"picture": False}))


async def forget(conversation_id: int) -> bool:
    """Its picture is gone, in the caller's transaction; whether there was one."""
    picture = await GroupPicture.get_or_none(conversation_id=conversation_id)
    if picture is None:
        return False
    await picture.delete()
    await jobs.enqueue(FORGET_PICTURE, {"name": picture.name})
    return True


def handlers(store: Store) -> dict[str, Handler]:
    """Jobs that are asked for."""

    async def forget_files(payload: dict[str, Any]) -> None:
        await store.delete(payload["name"])

    return {FORGET_PICTURE: forget_files}
