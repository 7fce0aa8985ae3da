"""What becomes of somebody's hours when they leave échange for good."""

from typing import Final

from echange.database import execute, fetch_one
from echange.hours.accounts import account_of
from echange.hours.emptying import end_account
from echange.hours.preferences import preferences_of
from echange.http.durations import said
from echange.i18n import gettext as _
from echange.ledger import account
from echange.media import Store


class HoursBelongings:
    """The account, and the words written with gifts."""

    async def told(self, member_id: int) -> list[str]:
        """What becomes of the balance, and where one may choose."""
        balance = (await account(await account_of(member_id))).balance
        if balance > 0:
            left_to = (await preferences_of(member_id)).left_to
            heir = _("à « {name} »").format(name=left_to[1]) if left_to else _("au fonds de solidarité")
            return [
                _(
                    "Les heures qui vous restent ({duration}) iront {heir}. Pour choisir une association : "
                    "« Mes heures », puis « Si je pars »."
                ).format(duration=said(balance), heir=heir)
            ]
        if balance < 0:
            return [
                _(
                    "Les heures que vous devez ({duration}) sont effacées : la ville les prend sur elle."
                ).format(duration=said(-balance))
            ]
        return []

    async def forget(self, member_id: int, store: Store) -> None:
        """Give what is left, or write off what is owed; then close the account. What moved stays written."""
        heir = await _heir(member_id)
        await end_account(await account_of(member_id), ("member", member_id), heir=heir)
        await execute("UPDATE hours_note SET words = '' WHERE by_id = $1", member_id)
        await execute(
            "UPDATE member SET hours_left_to_id = NULL, above_ceiling = 'fund' WHERE id = $1", member_id
        )


async def _heir(member_id: int) -> int | None:
    """The account of the association chosen, while it is open."""
    row = await fetch_one(
        """SELECT o.account_id FROM member m
           JOIN organisation o ON o.id = m.hours_left_to_id AND NOT o.away
           JOIN ledger_account a ON a.id = o.account_id AND a.closed_at IS NULL WHERE m.id = $1""",
        member_id,
    )
    return row["account_id"] if row else None


belongings: Final = HoursBelongings()
