"""What becomes of a member's conversations when they leave."""

from typing import Any, Final

from echange.database import execute, fetch_value
from echange.i18n import ngettext


class Belongings:
    """Messages stay with those who received them; how far somebody had read is nobody's business."""

    async def told(self, member_id: int) -> list[str]:
        """What is said before somebody leaves."""
        count = await fetch_value(
            """SELECT count(*) FROM participant p JOIN conversation c ON c.id = p.conversation_id
               WHERE p.member_id = $1 AND c.head > 0""",
            member_id,
        )
        if not count:
            return []
        return [
            ngettext(
                "Votre conversation reste chez votre voisin, sous le nom « Ancien membre ».",
                "Vos {n} conversations restent chez vos voisins, sous le nom « Ancien membre ».",
                count,
            ).format(n=count)
        ]

    async def forget(self, member_id: int, store: Any) -> None:  # noqa: ANN401 — no files here
        """Erase what was theirs alone, in the caller's transaction."""
        await execute("UPDATE participant SET read_seq = 0 WHERE member_id = $1", member_id)


belongings: Final = Belongings()
