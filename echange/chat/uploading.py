"""What somebody chose to send: taken in, described, put aside again, and forgotten when it is never sent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final

import orjson

from echange.chat import attaching
from echange.chat.attaching import FORGET_FILES
from echange.chat.pieces import COLUMNS, Piece, piece_of
from echange.database import execute, fetch, fetch_one, fetch_value, in_transaction
from echange.http import NotFound, Rate, Refusal
from echange.http.refusals import NoRoom
from echange.i18n import mark
from echange.jobs import Handler
from echange.media import StorageFull, Store, is_photo, take_file, take_photo

UPLOADING: Final = Rate("attachments", burst=60, per=3600)
MOST_BYTES_A_DAY: Final = 200 * 1024 * 1024
UNSENT_FOR: Final = timedelta(days=1)
CLEAR_EVERY: Final = timedelta(hours=1)
AT_ONCE: Final = 500
_ADD: Final = f"""
    INSERT INTO attachment AS a (conversation_id, member_id, name, kind, filename, media_type, bytes,
                                 width, height, widths, alt)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING {COLUMNS}"""  # noqa: S608 — our own columns
_OWN: Final = "a.id = $1 AND a.conversation_id = $2 AND a.member_id = $3 AND a.seq IS NULL"


class TooMuchToday(Refusal):
    code: ClassVar[str] = "too_much_today"
    sentence: ClassVar[str] = mark(
        "Vous avez envoyé 200 Mo en un jour : c’est le plus possible. Réessayez demain."
    )


async def take(
    conversation_id: int, *, by: int, data: bytes, filename: str, store: Store, alt: str = ""
) -> Piece:
    """Keep a photo or a file of a member who takes part, until they send it.

    Raises PhotoRefused, FileRefused, NoRoom, TooMuchToday.
    """
    await _check_day(by, len(data))
    try:
        name, fields = await _stored(data, filename, store, alt)
    except StorageFull as error:
        raise NoRoom from error
    try:
        async with in_transaction():
            # Held, so that many sent at once are counted one after the other.
            await execute("SELECT FROM member WHERE id = $1 FOR NO KEY UPDATE", by)
            await _check_day(by, len(data))
            row = await fetch_one(_ADD, conversation_id, by, name, *fields)
    except BaseException:
        await store.delete(name)
        raise
    if row is None:
        raise NotFound
    return piece_of(row)


async def _check_day(member_id: int, more: int) -> None:
    today: int = await fetch_value(
        """SELECT coalesce(sum(bytes), 0) FROM attachment
           WHERE member_id = $1 AND at > now() - interval '1 day'""",
        member_id,
    )
    if today + more > MOST_BYTES_A_DAY:
        raise TooMuchToday


async def _stored(data: bytes, filename: str, store: Store, alt: str) -> tuple[str, tuple[object, ...]]:
    """The name of what is kept, and what its row says after it. A photo's own name stays with its sender."""
    if is_photo(data):
        photo = await take_photo(data, store)
        widths = orjson.dumps(photo.widths).decode()
        size = (photo.width, photo.height, widths, alt)
        return photo.name, ("photo", "photo.webp", "image/webp", len(data), *size)
    file = await take_file(data, filename, store)
    return file.name, ("file", file.filename, file.media_type, len(data), 0, 0, "[]", "")


async def waiting(conversation_id: int, by: int, ids: Sequence[int]) -> list[Piece]:
    """Those of these that the member chose here and has not sent, in the order in which they were chosen."""
    rows = await fetch(
        f"""SELECT {COLUMNS} FROM attachment a
            WHERE a.id = ANY($1::int[]) AND a.conversation_id = $2 AND a.member_id = $3 AND a.seq IS NULL
            ORDER BY a.id""",  # noqa: S608 — our own column names
        list(ids),
        conversation_id,
        by,
    )
    return [piece_of(row) for row in rows]


async def sent_with(conversation_id: int, by: int, client_id: str) -> list[Piece]:
    """What went with the message that this client id names already; nothing when there is none."""
    rows = await fetch(
        f"""SELECT {COLUMNS} FROM attachment a JOIN event e USING (conversation_id, seq)
            WHERE conversation_id = $1 AND e.by_id = $2 AND e.client_id = $3 ORDER BY a.id""",  # noqa: S608
        conversation_id,
        by,
        client_id,
    )
    return [piece_of(row) for row in rows]


async def describe(attachment_id: int, alt: str, *, conversation_id: int, by: int) -> Piece:
    """Say what one sees on a photo that is not sent yet. Raises NotFound for any other."""
    row = await fetch_one(
        f"UPDATE attachment a SET alt = $4 WHERE {_OWN} AND a.kind = 'photo' RETURNING {COLUMNS}",  # noqa: S608
        attachment_id,
        conversation_id,
        by,
        alt,
    )
    if row is None:
        raise NotFound
    return piece_of(row)


async def put_aside(attachment_id: int, *, conversation_id: int, by: int) -> None:
    """Not to be sent after all. Raises NotFound for what is not the member's, not here, or sent."""
    async with in_transaction():
        if not await attaching.remove_where(_OWN, attachment_id, conversation_id, by):
            raise NotFound


def handlers(store: Store) -> dict[str, Handler]:
    """Jobs that are asked for."""

    async def forget_files(payload: dict[str, Any]) -> None:
        for name in payload["names"]:
            await store.delete(name)

    return {FORGET_FILES: forget_files}


def schedules(store: Store) -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what."""

    async def clear(_: dict[str, Any]) -> None:
        await forget_unsent()

    async def clear_strays(_: dict[str, Any]) -> None:
        await forget_strays(store)

    return {
        "chat.clear_attachments": (CLEAR_EVERY, clear),
        "chat.clear_strays": (timedelta(days=1), clear_strays),
    }


async def forget_unsent() -> None:
    """What nobody sent within a day is gone."""
    async with in_transaction():
        await attaching.remove_where("a.seq IS NULL AND a.at < now() - $1::interval", UNSENT_FOR)


async def forget_strays(store: Store) -> None:
    """Files of a day ago that no row tells of: left when the power went between the two."""
    names = sorted(await store.older_than(UNSENT_FOR))
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        rows = await fetch("SELECT name FROM attachment WHERE name = ANY($1::text[])", some)
        for name in set(some) - {row["name"] for row in rows}:
            await store.delete(name)
