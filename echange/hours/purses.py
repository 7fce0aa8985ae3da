"""The accounts somebody may look into: their own, and those of organisations they speak for."""

from dataclasses import dataclass

from echange.database import fetch
from echange.hours.accounts import account_of, account_of_organisation
from echange.http import NotFound, Viewer


@dataclass(frozen=True, slots=True)
class Purse:
    """An account with its holder's name; `organisation` is None for one's own."""

    account: int
    name: str
    organisation: int | None = None

    @property
    def query(self) -> str:
        return f"organisation={self.organisation}" if self.organisation else ""

    @property
    def url(self) -> str:
        return f"/temps?{self.query}" if self.query else "/temps"


async def purse_of(viewer: Viewer, organisation_id: int | None = None) -> Purse:
    """One's own account, or that of an organisation one speaks for; raises NotFound."""
    if organisation_id is None:
        return Purse(await account_of(viewer.id), viewer.name)
    name = dict(viewer.hats).get(organisation_id)
    if name is None:
        raise NotFound
    return Purse(await account_of_organisation(organisation_id), name, organisation_id)


async def balances_of_hats(viewer: Viewer) -> list[tuple[Purse, int]]:
    """The accounts of the organisations one speaks for, and what they hold in minutes."""
    rows = await fetch(
        """SELECT o.id, o.account_id, a.balance FROM organisation o
           JOIN ledger_account a ON a.id = o.account_id WHERE o.id = ANY($1::int[])""",
        [number for number, _name in viewer.hats],
    )
    found = {row["id"]: row for row in rows}
    return [
        (Purse(found[number]["account_id"], name, number), found[number]["balance"])
        for number, name in viewer.hats
        if number in found
    ]
