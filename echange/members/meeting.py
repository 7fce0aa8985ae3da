"""Who may meet whom: the same no for a block, a pause and a departure, so that nobody can tell which."""

from typing import ClassVar

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from echange.database import fetch_value
from echange.http import Refusal, Viewer
from echange.i18n import mark
from echange.members.models import Member


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


async def may_reach(sender_id: int, member_id: int) -> bool:
    """Whether something of the sender's may come to the member: no block either way, and not away."""
    reached: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM member m WHERE m.id = $2 AND NOT m.away AND NOT EXISTS (
               SELECT FROM block
               WHERE (by_id = $1 AND member_id = m.id) OR (by_id = m.id AND member_id = $1)))""",
        sender_id,
        member_id,
    )
    return reached
