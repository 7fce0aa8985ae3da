"""Who runs a rota, and who sees the names of those who come."""

from typing import TYPE_CHECKING

from echange.database import fetch, fetch_value
from echange.http import Viewer
from echange.mutual_aid.seeing import SCOPE

if TYPE_CHECKING:
    from echange.mutual_aid.models.help import Help


def myself(viewer: Viewer | None) -> int:
    """The member as whom they look: the person of a mandate for help, else themselves; 0 signed out."""
    if viewer is None:
        return 0
    if viewer.behalf is not None and SCOPE in viewer.behalf.scopes:
        return viewer.behalf.id
    return viewer.id


async def coordinates(viewer: Viewer | None, group_id: int | None) -> bool:
    """Whether they coordinate this group of helpers; never in somebody else's name."""
    if viewer is None or group_id is None or viewer.behalf is not None:
        return False
    does: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM helper_group
                          WHERE id = $1 AND coordinator_id = $2 AND closed_at IS NULL)""",
        group_id,
        viewer.id,
    )
    return does


async def may_run(aid: "Help", viewer: Viewer | None) -> bool:
    """Whether they say what this help's rota is: whoever may edit it, and its group's coordinator."""
    return aid.can_be_edited_by(viewer) or await coordinates(viewer, aid.group_id)


async def keepers(aid: "Help", but: int = 0) -> list[int]:
    """Who hears what happens to a rota: whose help it is, and the coordinator; none who is away."""
    rows = await fetch(
        """SELECT id FROM member WHERE NOT away AND id <> $3
           AND (id = $1 OR id = (SELECT coordinator_id FROM helper_group WHERE id = $2 AND closed_at IS NULL))
           ORDER BY id""",
        aid.person_id,
        aid.group_id,
        but,
    )
    return [row["id"] for row in rows]


async def belongs(help_id: int, group_id: int | None, member_id: int) -> bool:
    """Whether they are one of those who come, or came lately, or of the help's group."""
    does: bool = await fetch_value(
        """SELECT EXISTS (
               SELECT FROM shift_signup u JOIN shift t ON t.id = u.shift_id
                   JOIN rota_slot s ON s.id = t.slot_id
               WHERE s.help_id = $1 AND u.member_id = $3 AND u.ended_at IS NULL AND NOT u.waiting
                 AND t.ends_at > now() - interval '60 days'
               UNION ALL SELECT FROM helper
               WHERE group_id = $2 AND member_id = $3 AND accepted_at IS NOT NULL)""",
        help_id,
        group_id,
        member_id,
    )
    return does
