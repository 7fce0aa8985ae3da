"""What becomes of somebody's exchanges when they leave échange for good."""

from typing import Any

from echange.database import execute, fetch_one
from echange.exchanges.clock import part_from
from echange.i18n import gettext as _
from echange.i18n import ngettext


class ExchangesBelongings:
    """What happened stays with the other one; words, places and thanks go."""

    async def told(self, member_id: int) -> list[str]:
        """What is said before."""
        row = await fetch_one(
            """SELECT count(*) FILTER (WHERE state IN ('proposed', 'accepted', 'under_way')) AS open,
                      count(*) FILTER (WHERE state IN ('declared', 'disputed')) AS figures,
                      (SELECT count(*) FROM thanks WHERE by_id = $1 OR member_id = $1) AS thanks
               FROM exchange WHERE giver_id = $1 OR receiver_id = $1""",
            member_id,
        )
        called_off, figures, thanks = row or (0, 0, 0)
        sentences = []
        if called_off:
            sentences.append(
                ngettext(
                    "Votre échange en cours est annulé, et l’autre personne prévenue.",
                    "Vos {n} échanges en cours sont annulés, et les autres personnes prévenues.",
                    called_off,
                ).format(n=called_off)
            )
        if figures:
            sentences.append(
                ngettext(
                    "Un échange attend encore que son temps soit confirmé : "
                    "sans accord entre vous d’ici là, la modération tranche.",
                    "{n} échanges attendent encore que leur temps soit confirmé : "
                    "sans accord entre vous d’ici là, la modération tranche.",
                    figures,
                ).format(n=figures)
            )
        if thanks:
            sentences.append(_("Les mercis que vous avez reçus et écrits sont effacés."))
        return sentences

    async def forget(self, member_id: int, store: Any) -> None:  # noqa: ANN401 — nothing of it is a file
        """In the caller's transaction, while the account of hours is still open."""
        await part_from(member_id)
        await execute("DELETE FROM thanks WHERE by_id = $1 OR member_id = $1", member_id)
        await execute(
            """UPDATE exchange_event SET data = data - 'words'
               WHERE coalesce(person_id, by_id) = $1 AND data ? 'words'""",
            member_id,
        )
        # It may be their home.
        await execute("UPDATE exchange SET place = '' WHERE giver_id = $1 OR receiver_id = $1", member_id)


belongings = ExchangesBelongings()
