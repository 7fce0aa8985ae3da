"""Who may meet whom: the same no for a block, a pause and a departure, so that nobody can tell which."""

from typing import ClassVar, Final

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from echange.database import fetch_one, fetch_value
from echange.http import NotFound, Refusal, Viewer
from echange.http.dates import today
from echange.i18n import mark
from echange.members.models import Member

_REACH: Final = """
    SELECT m.away OR EXISTS (
               SELECT FROM block
               WHERE (by_id = $1 AND member_id = m.id) OR (by_id = m.id AND member_id = $1)) AS apart,
           m.minor_until IS NOT NULL AND m.minor_until > $3 AND NOT EXISTS (
               SELECT FROM member WHERE id = $1 AND minor_until > $3
               UNION ALL SELECT FROM staff_role WHERE member_id = $1
                   AND role IN ('concierge', 'moderator', 'admin')
               UNION ALL SELECT FROM membership mine JOIN membership theirs USING (organisation_id)
                   WHERE mine.member_id = $1 AND theirs.member_id = m.id) AS unknown
    FROM member m WHERE m.id = $2"""


class Unreachable(Refusal):
    code: ClassVar[str] = "unavailable"
    sentence: ClassVar[str] = mark("Cette personne ne peut pas recevoir de message en ce moment.")


def met_by(viewer: Viewer | None) -> QuerySet[Member]:
    """The members whom this viewer may meet, oneself included."""
    if viewer is None:
        return Member.filter(away=False)
    return Member.filter(Q(id=viewer.id) | (Q(away=False) & ~Q(id__in=list(viewer.unseen))))


async def blocked_between(one_id: int, other_id: int) -> bool:
    """Whether one of the two wants nothing to do with the other."""
    blocked: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM block WHERE by_id = $1 AND member_id = $2
                          UNION ALL SELECT FROM block WHERE by_id = $2 AND member_id = $1)""",
        one_id,
        other_id,
    )
    return blocked


async def check_reach(sender_id: int, member_id: int) -> None:
    """Raises NotFound unless something of the sender's may come to the member: no block either way, not away.

    Raises Unreachable where the member is under age and the sender an adult unknown to them: neither of the
    staff nor in one organisation with them.
    """
    row = await fetch_one(_REACH, sender_id, member_id, today())
    if row is None or row["apart"]:
        raise NotFound
    if row["unknown"]:
        raise Unreachable


async def may_reach(sender_id: int, member_id: int) -> bool:
    """The same as a yes or a no."""
    try:
        await check_reach(sender_id, member_id)
    except (NotFound, Unreachable):
        return False
    return True


async def is_newcomer(member_id: int) -> bool:
    """Whether nobody vouches for them yet: neither the desk nor two verified neighbours."""
    known: bool | None = await fetch_value(
        "SELECT verified_at IS NOT NULL FROM member WHERE id = $1", member_id
    )
    return not known
