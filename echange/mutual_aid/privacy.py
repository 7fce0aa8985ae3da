"""What becomes of somebody's helps when they leave échange for good."""

from typing import Final

from echange.database import execute, fetch_value
from echange.i18n import ngettext
from echange.media import Store


class HelpBelongings:
    """Helps asked for and offered, with what belongs to them; exchanges that came of them stay."""

    async def told(self, member_id: int) -> list[str]:
        count: int = await fetch_value(
            "SELECT count(*) FROM help WHERE person_id = $1 AND organisation_id IS NULL", member_id
        )
        if not count:
            return []
        return [
            ngettext(
                "Votre coup de main demandé ou proposé est effacé.",
                "Vos {n} coups de main demandés ou proposés sont effacés.",
                count,
            ).format(n=count)
        ]

    async def forget(self, member_id: int, store: Store) -> None:
        """Their organisations' helps pass to somebody who speaks for them; all else is erased."""
        await execute(
            """UPDATE help SET person_id = heir.member_id, by_id = heir.member_id
               FROM (SELECT DISTINCT ON (organisation_id) organisation_id, member_id FROM membership
                     WHERE role IN ('owner', 'manager') AND member_id <> $1
                     ORDER BY organisation_id, role = 'owner' DESC, id) heir
               WHERE help.person_id = $1 AND help.organisation_id = heir.organisation_id""",
            member_id,
        )
        await execute("DELETE FROM help WHERE person_id = $1", member_id)
        await execute("UPDATE help SET by_id = person_id WHERE by_id = $1", member_id)
        await execute("UPDATE help_event SET by_id = NULL WHERE by_id = $1", member_id)
        await execute("DELETE FROM help_match WHERE member_id = $1", member_id)
        await execute("DELETE FROM help_telling WHERE member_id = $1", member_id)
        await execute("DELETE FROM skill_match WHERE member_id = $1 OR other_id = $1", member_id)


belongings: Final = HelpBelongings()
