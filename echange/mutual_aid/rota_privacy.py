"""What becomes of rotas when somebody leaves échange for good."""

from typing import Final

from echange.database import execute, fetch, fetch_value, in_transaction
from echange.i18n import ngettext
from echange.media import Store
from echange.mutual_aid import rota_notices
from echange.mutual_aid.models.shift import Shift, ShiftSignup
from echange.mutual_aid.rota_life import drop


class RotaBelongings:
    """Their places go to the next in line; those who would have come to them are told that it is over.

    Before their helps are erased.
    """

    async def told(self, member_id: int) -> list[str]:
        count: int = await fetch_value(
            """SELECT count(*) FROM shift_signup u JOIN shift t ON t.id = u.shift_id
               WHERE u.member_id = $1 AND u.ended_at IS NULL AND t.starts_at > now()""",
            member_id,
        )
        if not count:
            return []
        return [
            ngettext(
                "Votre créneau à venir est rendu : le voisin suivant prend la place.",
                "Vos {n} créneaux à venir sont rendus : les voisins suivants prennent les places.",
                count,
            ).format(n=count)
        ]

    async def forget(self, member_id: int, store: Store) -> None:
        """Their own signups and offers, the rotas of their helps, their places in groups of helpers."""
        async with in_transaction():
            await self._give_places_back(member_id)
            await self._tell_those_who_would_come(member_id)
            await execute("DELETE FROM shift_signup WHERE member_id = $1", member_id)
            await execute("DELETE FROM shift_offer WHERE member_id = $1 OR by_id = $1", member_id)
            await execute("DELETE FROM helper WHERE member_id = $1", member_id)

    async def _give_places_back(self, member_id: int) -> None:
        rows = await fetch(
            """SELECT u.id, u.shift_id FROM shift_signup u JOIN shift t ON t.id = u.shift_id
               WHERE u.member_id = $1 AND u.ended_at IS NULL AND t.starts_at > now() ORDER BY u.shift_id""",
            member_id,
        )
        for row in rows:
            await drop(row["id"], row["shift_id"])

    async def _tell_those_who_would_come(self, member_id: int) -> None:
        rows = await fetch(
            """SELECT t.id FROM shift t JOIN rota_slot s ON s.id = t.slot_id JOIN help h ON h.id = s.help_id
               WHERE h.person_id = $1 AND h.organisation_id IS NULL AND t.starts_at > now()
                 AND t.cancelled_at IS NULL ORDER BY t.id""",
            member_id,
        )
        for row in rows:
            shift = await Shift.get(id=row["id"])
            people = await ShiftSignup.all_of(shift.id)
            await rota_notices.tell_people(await shift.help_of(), shift, "shift_cancelled", people)


belongings: Final = RotaBelongings()
