"""How the two of an exchange are called: by the organisation's name where one of them stands for it."""

from typing import TYPE_CHECKING

from echange.database import fetch_one
from echange.exchanges.life import Side

if TYPE_CHECKING:
    from echange.exchanges.models import Exchange
    from echange.exchanges.models.exchange_row import ExchangeRow


def name_at(it: "Exchange", side: Side) -> str:
    """The same of one side, of an exchange loaded with its people."""
    of_one = (it.giver_organisation, it.giver) if side == "giver" else (it.receiver_organisation, it.receiver)
    organisation, member = of_one
    return organisation.name if organisation else member.name


async def names_of(it: "ExchangeRow") -> dict[Side, str]:
    """Their names by side, in one look-up."""
    row = await fetch_one(
        """SELECT coalesce((SELECT name FROM organisation WHERE id = $3), g.name) AS giver,
                  coalesce((SELECT name FROM organisation WHERE id = $4), r.name) AS receiver
           FROM member g, member r WHERE g.id = $1 AND r.id = $2""",
        it.giver_id,
        it.receiver_id,
        it.giver_organisation_id,
        it.receiver_organisation_id,
    )
    return {"giver": row["giver"], "receiver": row["receiver"]} if row else {"giver": "", "receiver": ""}
