"""What becomes of a member's conversations when they leave."""

from typing import Any, Final

from echange.chat import attaching, grouping
from echange.database import execute, fetch, fetch_one
from echange.i18n import ngettext


class Belongings:
    """Messages stay with those who received them; how far somebody had read is nobody's business."""

    async def told(self, member_id: int) -> list[str]:
        """What is said before somebody leaves."""
        row = await fetch_one(
            """SELECT count(*) FILTER (WHERE NOT c.is_group) AS talks,
                      count(*) FILTER (WHERE c.is_group) AS groups
               FROM participant p JOIN conversation c ON c.id = p.conversation_id
               WHERE p.member_id = $1 AND c.head > 0""",
            member_id,
        )
        talks, groups = (row["talks"], row["groups"]) if row else (0, 0)
        told = []
        if talks:
            told.append(
                ngettext(
                    "Votre conversation reste chez votre voisin, sous le nom « Ancien membre ».",
                    "Vos {n} conversations restent chez vos voisins, sous le nom « Ancien membre ».",
                    talks,
                ).format(n=talks)
            )
        if groups:
            told.append(
                ngettext(
                    "Vous quittez votre groupe ; vos messages y restent, sous le nom « Ancien membre ». "
                    "Si vous seul vous en occupiez, le membre le plus ancien prend la suite.",
                    "Vous quittez vos {n} groupes ; vos messages y restent, sous le nom « Ancien membre ». "
                    "Là où vous seul vous en occupiez, le membre le plus ancien prend la suite.",
                    groups,
                ).format(n=groups)
            )
        return told

    async def forget(self, member_id: int, store: Any) -> None:  # noqa: ANN401 — files go by a job
        """Leave the groups, erase what was theirs alone, in the caller's transaction."""
        for row in await fetch(_GROUPS, member_id):
            await grouping.leave(row["id"], by=member_id)
        await attaching.remove_unsent(member_id)
        await execute(
            """UPDATE participant SET read_seq = 0, mailed_seq = 0, muted_at = NULL, archived_seq = NULL
               WHERE member_id = $1""",
            member_id,
        )
        await execute("DELETE FROM presence WHERE member_id = $1", member_id)


_GROUPS: Final = """
    SELECT c.id FROM participant p JOIN conversation c ON c.id = p.conversation_id
    WHERE p.member_id = $1 AND c.is_group ORDER BY c.id"""
belongings: Final = Belongings()
