"""What those do slowly whom nobody vouches for yet: turn to many people, and send links."""

import re
from typing import ClassVar, Final

from echange.database import execute, fetch_value
from echange.http import Refusal
from echange.i18n import mark
from echange.members import is_newcomer

PEOPLE_A_DAY: Final = 20
MOST_LINKS: Final = 2
_LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
# In a group everybody counts whom they asked into it, gone again or not: those who were there when it was
# opened (whose first step in its log is not a coming) count for who opened it, others for who took them in.
_TURNED_TO: Final = """
    WITH opened AS (
        SELECT id FROM conversation WHERE opener_id = $1 AND created_at > now() - interval '1 day'
    )
    SELECT count(*) FROM (
        SELECT conversation_id, member_id FROM participant
        WHERE conversation_id IN (SELECT id FROM opened) AND from_seq = 1
        UNION
        SELECT conversation_id, (data ->> 'member')::integer FROM event gone
        WHERE conversation_id IN (SELECT id FROM opened) AND kind = 'leave' AND NOT EXISTS (
            SELECT FROM event came
            WHERE came.conversation_id = gone.conversation_id AND came.seq < gone.seq
              AND came.kind = 'join' AND came.data -> 'member' = gone.data -> 'member')
        UNION
        SELECT conversation_id, (data ->> 'member')::integer FROM event
        WHERE by_id = $1 AND kind = 'join' AND at > now() - interval '1 day'
    ) AS turned_to
    WHERE member_id <> $1"""


class TooManyPeople(Refusal):
    code: ClassVar[str] = "too_many_people"
    sentence: ClassVar[str] = mark(
        "Vous venez d’arriver : vingt nouvelles personnes par jour, pas plus. Reprenez demain, "
        "ou passez à l’accueil vous faire connaître."
    )


class TooManyLinks(Refusal):
    code: ClassVar[str] = "too_many_links"
    sentence: ClassVar[str] = mark(
        "Vous venez d’arriver : deux liens par message, pas plus. Retirez-en, puis renvoyez."
    )


def has_many_links(body: str) -> bool:
    """Whether it has more links than a newcomer may send at once."""
    return len(_LINK.findall(body)) > MOST_LINKS


async def check_links(member_id: int) -> None:
    """Raises TooManyLinks for a newcomer."""
    if await is_newcomer(member_id):
        raise TooManyLinks


async def check_people(member_id: int) -> None:
    """In the transaction that turns to one more: raises TooManyPeople for a newcomer beyond their twenty."""
    if not await is_newcomer(member_id):
        return
    # Of two at once, the second counts what the first did.
    await execute("SELECT pg_advisory_xact_lock(hashtext('people of a newcomer'), $1)", member_id)
    if await fetch_value(_TURNED_TO, member_id) > PEOPLE_A_DAY:
        raise TooManyPeople
