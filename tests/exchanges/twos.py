"""Two neighbours and an exchange between them, at one moment of its life or another, for tests."""

from typing import Any

from echange.database import execute, fetch, fetch_value
from echange.exchanges.life import replayed
from echange.exchanges.models import Exchange, ExchangeEvent
from echange.http import Viewer
from echange.http.viewer import Acting, Behalf
from tests.neighbours import Town


def somebody(town: Town, handle: str, *roles: str, **more: Any) -> Viewer:
    return Viewer(id=town[handle], name=handle, handle=handle, confirmed=True, roles=frozenset(roles), **more)


async def for_another(town: Town, handle: str, person: str, *scopes: str) -> Viewer:
    """A neighbour who acts for somebody under a mandate."""
    mandate_id = await fetch_value(
        """INSERT INTO mandate (scopes, days, consent, ends_at, person_id, helper_id, made_by_id)
           VALUES ($1, 31, 'signed', now() + interval '31 days', $2, $3, $2) RETURNING id""",
        list(scopes or ("help",)),
        town[person],
        town[handle],
    )
    behalf = Behalf(town[person], person, mandate_id, frozenset(scopes or ("help",)))
    return somebody(town, handle, behalf=behalf)


async def association(town: Town, *handles: str, slug: str = "les-fetes") -> Acting:
    """An association whose owners these neighbours are."""
    organisation_id = await fetch_value(
        """WITH made AS (INSERT INTO organisation (slug, name, sort_key, about)
                         VALUES ($2, 'Les Fêtes', 'les fetes', '') RETURNING id),
           joined AS (INSERT INTO membership (organisation_id, member_id, role)
                      SELECT made.id, who, 'owner' FROM made, unnest($1::int[]) AS who)
           SELECT id FROM made""",
        [town[handle] for handle in handles],
        slug,
    )
    return Acting(organisation_id, "Les Fêtes", slug, "association", "owner")


def hatted(town: Town, handle: str, hat: Acting) -> Viewer:
    return somebody(town, handle, acting_for=hat, hats=((hat.id, hat.name),))


async def proposed(town: Town, **changes: Any) -> Exchange:
    """Bob proposes to give Alice an hour and a half of his time."""
    terms = {
        "by": somebody(town, "bob"),
        "giver_id": town["bob"],
        "receiver_id": town["alice"],
        "title": "Monter une armoire",
        "minutes": 90,
        "words": "Samedi matin, si cela vous va ?",
        **changes,
    }
    return await Exchange.propose(**terms)


async def accepted(town: Town, **changes: Any) -> Exchange:
    it = await proposed(town, **changes)
    await it.accept(by=somebody(town, "alice"))
    return it


async def declared(town: Town, minutes: int = 90) -> Exchange:
    """Bob has said how long it took."""
    it = await accepted(town)
    await it.declare(by=somebody(town, "bob"), minutes=minutes)
    return it


async def disputed(town: Town) -> Exchange:
    it = await declared(town)
    await it.dispute(by=somebody(town, "alice"), reason="C’était une heure.")
    return it


async def settled(town: Town, minutes: int = 90) -> Exchange:
    it = await declared(town, minutes)
    await it.confirm(by=somebody(town, "alice"))
    return it


async def kinds_of(it: Exchange) -> list[str]:
    """What happened, in order; it leads to the state that the row says."""
    kinds = [event.kind for event in await ExchangeEvent.filter(exchange_id=it.id).order_by("id")]
    assert replayed(kinds) == await state_of(it)  # type: ignore[arg-type]
    return kinds


async def state_of(it: Exchange) -> str:
    return str(await fetch_value("SELECT state FROM exchange WHERE id = $1", it.id))


async def balance(town: Town, handle: str) -> int:
    minutes: int = await fetch_value(
        "SELECT a.balance FROM ledger_account a JOIN member m ON m.account_id = a.id WHERE m.id = $1",
        town[handle],
    )
    return minutes


async def transfers(it: Exchange) -> int:
    n: int = await fetch_value(
        "SELECT count(*) FROM ledger_transfer WHERE about_kind = 'exchange' AND about_id = $1", it.id
    )
    return n


async def told(town: Town, handle: str) -> list[str]:
    """The kinds of what a neighbour was told, in order."""
    rows = await fetch("SELECT kind FROM notice WHERE member_id = $1 ORDER BY id", town[handle])
    return [row["kind"] for row in rows]


async def days_earlier(it: Exchange, days: float) -> None:
    """All about it happened that much earlier."""
    await execute(
        """UPDATE exchange SET at = at - $2 * interval '1 day', moved_at = moved_at - $2 * interval '1 day',
               reminded_at = reminded_at - $2 * interval '1 day',
               starts_at = starts_at - $2 * interval '1 day'
           WHERE id = $1""",
        it.id,
        days,
    )
