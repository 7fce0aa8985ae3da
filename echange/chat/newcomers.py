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
# In a group everybody counts whom they asked into it.
_TURNED_TO: Final = """
    SELECT count(*) FROM conversation c JOIN participant p ON p.conversation_id = c.id AND p.member_id <> $1
    WHERE c.opener_id = $1 AND (c.created_at > now() - interval '1 day'
                                OR c.is_group AND p.joined_at > now() - interval '1 day')"""


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
