"""What becomes of reports and decisions when somebody leaves for good."""

from typing import Final

from echange.database import execute, fetch_value
from echange.i18n import gettext as _
from echange.media import Store


class Belongings:
    """Reports stay, without their author's name: they are about somebody else. Decisions stay."""

    async def told(self, member_id: int) -> list[str]:
        made = await fetch_value("SELECT EXISTS (SELECT FROM report WHERE by_id = $1)", member_id)
        return [_("Vos signalements restent, sans votre nom.")] if made else []

    async def forget(self, member_id: int, store: Store) -> None:
        """What reports of their own page had kept of it goes; so does their name on what they reported."""
        await execute("UPDATE report SET by_id = NULL WHERE by_id = $1", member_id)
        await execute(
            """UPDATE report SET evidence = jsonb_build_object('title', '', 'text', '')
               WHERE about_kind = 'member' AND about_id = $1 AND decision_id IS NOT NULL""",
            member_id,
        )


belongings: Final = Belongings()
