"""Whose accounts they are. The ledger knows nobody: here accounts have names, and people have accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from echange.database import fetch, fetch_value
from echange.http import NotFound, Viewer
from echange.i18n import gettext as _

Kind = Literal["member", "organisation", "town", "fund", "former"]

_OWNERS: Final = """
    SELECT a.id, a.kind, m.id AS member_id, m.name AS member, m.handle, coalesce(m.away, true) AS member_away,
           m.left_at IS NULL AS is_here, o.id AS organisation_id, o.name AS organisation, o.slug,
           o.away AS organisation_away
    FROM ledger_account a LEFT JOIN member m ON m.account_id = a.id
    LEFT JOIN organisation o ON o.account_id = a.id WHERE a.id = ANY($1::int[])"""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds an account: their `name`, and the page (`url`) where the reader may meet them, or "".

    `id` is the member's or the organisation's, None for the town, the fund and whoever has left.
    """

    kind: Kind
    name: str
    id: int | None = None
    url: str = ""


async def account_of(member_id: int) -> int:
    """The account of a member; raises NotFound."""
    return await _found("SELECT account_id FROM member WHERE id = $1", member_id)


async def account_of_organisation(organisation_id: int) -> int:
    """The account of an organisation; raises NotFound."""
    return await _found("SELECT account_id FROM organisation WHERE id = $1", organisation_id)


async def _found(sql: str, owner_id: int) -> int:
    account_id: int | None = await fetch_value(sql, owner_id)
    if account_id is None:
        raise NotFound
    return account_id


async def owners(
    account_ids: Iterable[int], viewer: Viewer | None, *, at_desk: bool = False
) -> dict[int, Owner]:
    """Who holds these accounts, as the viewer may know them.

    Whoever is not to be met has no page, and whom the viewer has nothing to do with no name either; to the
    staff at their desk everybody has both.
    """
    unseen = viewer.unseen if viewer and not at_desk else frozenset()
    me = viewer.id if viewer else None
    return {
        row["id"]: _owner(row, unseen, met=at_desk or row["member_id"] == me)
        for row in await fetch(_OWNERS, list(account_ids))
    }


def _owner(row: dict[str, object], unseen: frozenset[int], *, met: bool) -> Owner:
    match row["kind"]:
        case "town":
            return Owner("town", _("La ville"))
        case "fund":
            return Owner("fund", _("Fonds de solidarité"))
        case "organisation":
            url = "" if row["organisation_away"] and not met else f"/associations/{row['slug']}"
            return Owner("organisation", str(row["organisation"]), _number(row["organisation_id"]), url)
    if row["member_id"] is None or not row["is_here"]:
        return Owner("former", _("Ancien membre"))
    if row["member_id"] in unseen:
        return Owner("member", _("Un voisin"))
    url = "" if row["member_away"] and not met else f"/membres/{row['handle']}"
    return Owner("member", str(row["member"]), _number(row["member_id"]), url)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
