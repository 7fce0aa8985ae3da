"""Answering a message: only one that stands, and that the writer sees."""

from typing import ClassVar

from echange.chat.log import Turn
from echange.database import fetch_value
from echange.http import NotFound, Refusal
from echange.i18n import mark


class NothingToAnswer(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark(
        "Le message auquel vous répondez n’est plus là. Vous pouvez envoyer le vôtre sans le citer."
    )


async def checked(mine: Turn, seq: int) -> None:
    """Raises NothingToAnswer unless message number `seq` stands there for the writer; 0 answers none."""
    try:
        if seq:
            await author_of(mine, seq)
    except NotFound as error:
        raise NothingToAnswer from error


async def author_of(mine: Turn, seq: int) -> int:
    """Who wrote a message; raises NotFound where none stands for this member: deleted, kept from them, before
    they came."""
    by: int | None = await fetch_value(
        """SELECT e.by_id FROM event e
           JOIN participant p ON p.conversation_id = e.conversation_id AND p.member_id = $3
           WHERE e.conversation_id = $1 AND e.seq = $2 AND e.seq >= p.from_seq
             AND e.kind = 'message' AND NOT e.gone
             AND NOT ($4 AND EXISTS (
                 SELECT FROM block
                 WHERE (by_id = $3 AND member_id = e.by_id) OR (by_id = e.by_id AND member_id = $3)))""",
        mine.conversation,
        seq,
        mine.by,
        mine.is_group,
    )
    if by is None:
        raise NotFound
    return by
