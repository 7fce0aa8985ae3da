"""Kits: parts one must take and parts one may, of one lender, blocked kindly when a part is gone."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from echange.http.dates import now
from echange.lending import Item, KitPart
from tests.lending.things import kit, lent, posted, redoute
from tests.neighbours import Town
from tests.places.houses import forge


async def draft_kit(keeper: httpx.AsyncClient, town: Town) -> int:
    answer = await keeper.post(
        "/prets/publier",
        data={"title": "Repas de rue", "kind": "kit", "lender": f"o{(await redoute(town)).id}"},
    )
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].endswith("/lot")
    return int(re.findall(r"\d+", answer.headers["location"])[0])


async def test_a_kit_is_put_together_on_its_page(keeper: httpx.AsyncClient, town: Town) -> None:
    tables, benches = await lent(town, "Table", units=8), await lent(town, "Banc", units=16)
    number = await draft_kit(keeper, town)
    page = (await keeper.get(f"/prets/{number}/lot")).text
    assert "Table" in page
    assert "16 en rayon" in page.replace("\u00a0", " ")
    answer = await keeper.post(
        f"/prets/{number}/lot",
        data={f"many-{tables.id}": "4", f"many-{benches.id}": "8", f"optional-{benches.id}": "1"},
    )
    assert answer.headers["location"] == f"/prets/{number}/details"
    parts = await KitPart.filter(kit_id=number).order_by("item_id")
    assert [(part.item_id, part.quantity, part.optional) for part in parts] == [
        (tables.id, 4, False),
        (benches.id, 8, True),
    ]
    assert (await keeper.post(f"/prets/{number}/publication")).status_code == 303
    assert (await keeper.get(f"/api/v1/items/{number}")).json()["units"] == 2


@pytest.mark.parametrize("many", ["-1", "quatre", "1001", "1.5"])
async def test_numbers_that_make_no_sense_keep_the_words(
    keeper: httpx.AsyncClient, town: Town, many: str
) -> None:
    tables = await lent(town, "Table", units=8)
    number = await draft_kit(keeper, town)
    answer = await keeper.post(f"/prets/{number}/lot", data={f"many-{tables.id}": many})
    assert answer.status_code == 422
    assert f'value="{many}"' in answer.text
    assert await KitPart.all().count() == 0


async def test_an_empty_kit_is_not_published(keeper: httpx.AsyncClient, town: Town) -> None:
    await lent(town, "Table", units=8)
    number = await draft_kit(keeper, town)
    answer = await keeper.post(f"/prets/{number}/publication")
    assert answer.status_code == 422
    assert "Il n’y a encore rien à prêter" in answer.text


async def test_only_things_of_the_same_lender_can_be_in_it(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    foreign = (await posted(alice))["id"]
    number = await draft_kit(keeper, town)
    await keeper.post(f"/prets/{number}/lot", data={f"many-{foreign}": "1"})
    assert await KitPart.all().count() == 0, "on the page it is no field at all"
    refused = await keeper.patch(f"/api/v1/items/{number}", json={"parts": [{"item": foreign}]})
    assert (refused.status_code, refused.json()["code"]) == (409, "part_elsewhere")
    tables = await lent(town, "Table")
    nested = await kit(town, "Petit lot", (tables, 1))
    assert (
        await keeper.patch(f"/api/v1/items/{number}", json={"parts": [{"item": nested.id}]})
    ).status_code == 422
    assert (
        await keeper.patch(f"/api/v1/items/{number}", json={"parts": [{"item": number}]})
    ).status_code == 422


async def test_a_part_that_is_withdrawn_blocks_the_kit_and_says_so(
    bob: httpx.AsyncClient, keeper: httpx.AsyncClient, town: Town
) -> None:
    tables, lamps = await lent(town, "Table", units=2), await lent(town, "Guirlande")
    made = await kit(town, "Repas de rue", (tables, 2), optional=((lamps, 1),))
    start = now() + timedelta(days=2)
    wish: dict[str, Any] = {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat()}
    await keeper.patch(f"/api/v1/items/{lamps.id}", json={"withdrawn": True})
    reserve = f"/api/v1/items/{made.id}/reservations"
    assert (await bob.post(reserve, json={**wish, "parts": [lamps.id]})).status_code == 409
    await keeper.patch(f"/api/v1/items/{tables.id}", json={"withdrawn": True})
    refused = await bob.post(reserve, json=wish)
    assert refused.status_code == 409
    assert "Table" in refused.json()["title"]
    assert "retiré du catalogue" in (await keeper.get(f"/prets/{made.id}/lot")).text
    assert (await bob.get(made.url)).status_code == 200, "its page stays, and says why"


async def test_what_is_in_a_kit_is_not_erased(keeper: httpx.AsyncClient, town: Town) -> None:
    tables = await lent(town, "Table", units=2)
    made = await kit(town, "Repas de rue", (tables, 2))
    refused = await keeper.delete(f"/api/v1/items/{tables.id}")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_a_kit")
    assert "Repas de rue" in refused.json()["title"]
    assert (await keeper.delete(f"/api/v1/items/{made.id}")).status_code == 204
    assert (await keeper.delete(f"/api/v1/items/{tables.id}")).status_code == 204
    assert await Item.all().count() == 0


async def test_a_kit_and_its_parts_stay_at_one_place(keeper: httpx.AsyncClient, town: Town) -> None:
    place = await forge()
    tables, lamps = await lent(town, "Table", units=2), await lent(town, "Guirlande")
    made = await kit(town, "Repas de rue", (tables, 2))
    part = await keeper.patch(f"/api/v1/items/{tables.id}", json={"place": place.id})
    assert (part.status_code, part.json()["code"]) == (409, "in_a_kit")
    assert "Repas de rue" in part.json()["title"]
    whole = await keeper.patch(f"/api/v1/items/{made.id}", json={"place": place.id})
    assert (whole.status_code, whole.json()["code"]) == (409, "part_elsewhere")
    alone = await keeper.patch(f"/api/v1/items/{lamps.id}", json={"place": place.id})
    assert alone.json()["place"]["name"] == "La Forge"
