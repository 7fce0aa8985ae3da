"""What becomes of somebody's things when they leave for good."""

from datetime import timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from echange.http.dates import now
from echange.lending import Item, Lender, Unit
from echange.lending.privacy import belongings
from tests.lending.things import lent, posted, redoute
from tests.neighbours import Town


async def test_what_was_never_lent_is_erased_and_what_was_keeps_its_name_alone(
    app: Starlette, alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    await posted(alice, title="Tente", body="Au fond du jardin.")
    duvet: dict[str, Any] = await posted(alice, title="Duvet", body="Plume d’oie.", rules="Le laver.")
    start = now() + timedelta(days=2)
    wish = {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat()}
    assert (await bob.post(f"/api/v1/items/{duvet['id']}/reservations", json=wish)).status_code == 201
    await Lender.filter(member_id=town["alice"]).update(address="14 rue de Neuilly")
    assert [sentence for sentence in await belongings.told(town["alice"]) if "2 objets prêtés" in sentence]

    await belongings.forget(town["alice"], app.state.store)

    (left,) = await Item.all()
    assert (left.title, left.body, left.rules, left.state, left.by_id) == ("Duvet", "", "", "withdrawn", None)
    assert [unit.item_id for unit in await Unit.all()] == [left.id]
    assert (await Lender.get(member_id=town["alice"])).address == ""


async def test_an_associations_things_stay(app: Starlette, town: Town) -> None:
    await redoute(town)
    item = await lent(town, "Barnum", body="Trois sur six.")
    assert await belongings.told(town["redoute"]) == []
    await belongings.forget(town["redoute"], app.state.store)
    kept = await Item.get(id=item.id)
    assert (kept.body, kept.state, kept.by_id) == ("Trois sur six.", "published", None)
