"""Photos and files that go with a message: from waiting to sent, and gone with it.

The rows go in the verb's own transaction, the files by a job after it: nothing is lost that is not gone.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from echange import jobs
from echange.chat.pieces import COLUMNS, piece_of
from echange.database import execute, fetch
from echange.http import Refusal
from echange.i18n import mark

MOST: Final = 6
FORGET_FILES: Final = "chat.forget_files"


class NothingToAttach(Refusal):
    """An attachment that is not there, not the sender's, of another conversation, or sent already."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark(
        "Une des pièces jointes n’est plus là, ou est déjà partie. Joignez-la à nouveau, puis renvoyez."
    )


async def named(conversation_id: int, by: int, ids: Sequence[int]) -> dict[str, Any]:
    """What a message says of its attachments.

    Sent ones are named again, so that a replay says the same; what is not the sender's is only numbered:
    `attach` refuses it.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = await fetch(
        f"SELECT {COLUMNS} FROM attachment a WHERE conversation_id = $1 AND member_id = $2 AND id = ANY($3)",  # noqa: S608
        conversation_id,
        by,
        wanted,
    )
    told = {row["id"]: piece_of(row).told() for row in rows}
    return {"attachments": [told.get(one, {"id": one}) for one in wanted]}


async def attach(conversation_id: int, by: int, ids: Sequence[int], seq: int) -> None:
    """They belong to the message number `seq` from now on.

    Raises NothingToAttach unless every one of them waits, in this conversation, for this sender.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return
    if len(wanted) > MOST:
        raise NothingToAttach
    sent = await execute(
        """UPDATE attachment SET seq = $4
           WHERE conversation_id = $1 AND member_id = $2 AND id = ANY($3) AND seq IS NULL""",
        conversation_id,
        by,
        wanted,
        seq,
    )
    if sent != len(wanted):
        raise NothingToAttach


async def remove(conversation_id: int, seq: int) -> None:
    """What went with the message number `seq` is gone, in the caller's transaction."""
    await remove_where("a.conversation_id = $1 AND a.seq = $2", conversation_id, seq)


async def remove_before(conversation_id: int, seq: int) -> None:
    """What went with messages before number `seq` is gone, in the caller's transaction."""
    await remove_where("a.conversation_id = $1 AND a.seq < $2", conversation_id, seq)


async def remove_unsent(member_id: int) -> None:
    """What a member chose and never sent is gone, in the caller's transaction."""
    await remove_where("a.member_id = $1 AND a.seq IS NULL", member_id)


async def remove_where(condition: str, *values: object) -> int:
    """Rows of `attachment a` go now, their files once that is committed. Gives how many."""
    rows = await fetch(f"DELETE FROM attachment a WHERE {condition} RETURNING name", *values)  # noqa: S608 — our own words
    if rows:
        await jobs.enqueue(FORGET_FILES, {"names": [row["name"] for row in rows]})
    return len(rows)
