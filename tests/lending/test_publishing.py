"""Lending something in three screens, correcting it, taking it off the catalogue, erasing it."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from echange.http.dates import now
from echange.lending import Item
from echange.lending.acts import subjects
from echange.lending.models import Loan, Training
from echange.members import Block
from echange.places import Place
from tests.lending.things import association_lender, lent, posted, redoute, somebody
from tests.media.pictures import encoded, scene
from tests.neighbours import Town
from tests.places.houses import forge

START = {"title": "Perceuse à percussion", "kind": "thing", "units": "2", "lender": "me"}
DETAILS = {
    "title": "Perceuse à percussion",
    "body": "Avec ses forets.",
    "category": "bricolage",
    "accessories": "Mallette\n2 mandrins\n",
    "longest": "7 jours",
    "deposit": "80 €",
    "value": "129,90",
    "approval": "owner",
    "renewals": "1",
    "spans": "true",
    "after": "1 h",
}


async def begun(client: httpx.AsyncClient, **changes: Any) -> int:
    """A draft of the first screen."""
    answer = await client.post("/prets/publier", data={**START, **changes})
    assert answer.status_code == 303, answer.text
    return int(re.findall(r"\d+", answer.headers["location"])[0])


async def test_three_screens_lead_to_the_catalogue(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    first = await alice.get("/prets/publier")
    assert "Écran 1 sur 3" in first.text
    number = await begun(alice)
    second = await alice.get(f"/prets/{number}/details")
    assert "Écran 2 sur 3" in second.text
    assert f"/prets/{number}-" not in (await client.get("/prets")).text, "a draft is nobody's business"
    answer = await alice.post(f"/prets/{number}/details", data=DETAILS)
    assert answer.headers["location"] == f"/prets/{number}/apercu"
    third = await alice.get(f"/prets/{number}/apercu")
    assert "Écran 3 sur 3" in third.text
    assert "7 jours au plus." in third.text.replace("\u00a0", " ")
    answer = await alice.post(f"/prets/{number}/publication")
    assert answer.headers["location"] == f"/prets/{number}-perceuse-a-percussion"
    assert f"/prets/{number}-" in (await client.get("/prets")).text


async def test_what_is_told_is_kept_and_shown_again(alice: httpx.AsyncClient) -> None:
    number = await begun(alice)
    await alice.post(f"/prets/{number}/details", data=DETAILS)
    item = await Item.get(id=number)
    assert (item.deposit_cents, item.value_cents, item.approval, item.renewals) == (8_000, 12_990, "owner", 1)
    told = (await alice.get(f"/api/v1/items/{number}")).json()
    assert (told["terms"]["max_minutes"], told["terms"]["after_minutes"]) == (7 * 1440, 60)
    assert [(one["name"], one["quantity"]) for one in told["accessories"]] == [
        ("Mallette", 1),
        ("mandrins", 2),
    ]
    page = (await alice.get(f"/prets/{number}/details")).text.replace("\u00a0", " ")
    for words in ('value="7 jours"', 'value="80"', 'value="129,90"', "2 mandrins", 'value="1 h"'):
        assert words in page, words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("longest", "bientôt"),
        ("deposit", "beaucoup"),
        ("renewals", "vingt"),
        ("max_quantity", "0"),
        ("category", "chars"),
        ("place", "987654"),
        ("training", "987654"),
        ("accessories", "x" * 90),
    ],
)
async def test_a_mistake_keeps_the_words(alice: httpx.AsyncClient, field: str, value: str) -> None:
    number = await begun(alice)
    answer = await alice.post(f"/prets/{number}/details", data={**DETAILS, field: value})
    assert answer.status_code == 422
    assert "<title>Erreur" in answer.text
    assert "Avec ses forets." in answer.text
    assert (await Item.get(id=number)).body == "", "nothing is half kept"


@pytest.mark.parametrize(
    "changes", [{"title": " "}, {"units": "0"}, {"units": "900"}, {"kind": "tank"}, {"lender": "o0"}], ids=str
)
async def test_a_first_screen_that_makes_no_sense(alice: httpx.AsyncClient, changes: dict[str, str]) -> None:
    answer = await alice.post("/prets/publier", data={**START, **changes})
    assert answer.status_code == 422
    assert await Item.all().count() == 0


async def test_nobody_lends_in_the_name_of_others(alice: httpx.AsyncClient, town: Town) -> None:
    association = await redoute(town)
    assert (
        await alice.post("/prets/publier", data={**START, "lender": f"o{association.id}"})
    ).status_code == 422
    assert (await alice.post("/prets/publier", data={**START, "lender": "p987654"})).status_code == 422
    assert await Item.all().count() == 0


async def test_a_keeper_lends_for_the_association(keeper: httpx.AsyncClient, town: Town) -> None:
    association = await redoute(town)
    page = await keeper.get("/prets/publier")
    assert "Les Fêtes de la Redoute" in page.text
    number = await begun(keeper, lender=f"o{association.id}")
    assert (await Item.get(id=number)).lender_id == (await association_lender(town)).id


async def test_photos_are_kept_moved_and_removed(alice: httpx.AsyncClient) -> None:
    files = [("photos", (f"{n}.jpg", encoded(scene()), "image/jpeg")) for n in range(2)]
    answer = await alice.post("/prets/publier", data=START, files=files)
    number = int(re.findall(r"\d+", answer.headers["location"])[0])
    first, second = (await alice.get(f"/api/v1/items/{number}")).json()["photos"]
    assert (await alice.get(first["url"])).headers["content-type"] == "image/webp"
    await alice.post(f"/prets/{number}/details", data={**DETAILS, "photo": f"first-{second['id']}"})
    after = (await alice.get(f"/api/v1/items/{number}")).json()["photos"]
    assert [one["id"] for one in after] == [second["id"], first["id"]]
    await alice.post(
        f"/prets/{number}/details",
        data={**DETAILS, "remove": str(first["id"]), f"alt-{second['id']}": "Vue de face"},
    )
    (left,) = (await alice.get(f"/api/v1/items/{number}")).json()["photos"]
    assert (left["id"], left["alt"]) == (second["id"], "Vue de face")


async def test_a_draft_and_its_photos_are_its_lenders_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    files = [("photos", ("a.jpg", encoded(scene()), "image/jpeg"))]
    answer = await alice.post("/prets/publier", data=START, files=files)
    number = int(re.findall(r"\d+", answer.headers["location"])[0])
    photo = (await alice.get(f"/api/v1/items/{number}")).json()["photos"][0]["url"]
    for stranger in (bob, client):
        assert (await stranger.get(photo)).status_code == 404
    for path in ("details", "apercu", "retrait", "effacement", "exemplaires", "etiquettes", "lot"):
        assert (await bob.get(f"/prets/{number}/{path}")).status_code == 404, path


async def test_others_cannot_change_what_is_published(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    number = (await posted(alice))["id"]
    for path in ("details", "apercu", "retrait", "effacement", "exemplaires", "etiquettes", "lot"):
        assert (await bob.get(f"/prets/{number}/{path}")).status_code == 403, path
    for path in ("details", "publication", "retrait", "effacement", "exemplaires", "lot"):
        assert (await bob.post(f"/prets/{number}/{path}", data=DETAILS)).status_code == 403, path


async def test_taking_it_off_the_catalogue_and_back(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    number = (await posted(alice, title="Tente"))["id"]
    assert "Retirer du catalogue" in (await alice.get(f"/prets/{number}/retrait")).text
    answer = await alice.post(f"/prets/{number}/retrait", data={})
    assert answer.headers["location"] == "/moi/materiel"
    assert "Tente" not in (await client.get("/prets")).text
    assert "Retiré du catalogue" in (await alice.get("/moi/materiel")).text
    # « Annuler » of the message, and the button of the preview.
    assert (await alice.post(f"/prets/{number}/publication")).status_code == 303
    assert "Tente" in (await client.get("/prets")).text


async def test_erasing_asks_first_and_spares_what_was_lent(
    alice: httpx.AsyncClient, town: Town, bob: httpx.AsyncClient
) -> None:
    number = (await posted(alice, title="Tente"))["id"]
    assert "Effacer pour toujours" in (await alice.get(f"/prets/{number}/effacement")).text
    other = (await posted(alice, title="Duvet"))["id"]
    asked = await bob.post(f"/api/v1/items/{other}/reservations", json=_soon())
    assert asked.status_code == 201, asked.text
    refused = await alice.post(f"/prets/{other}/effacement")
    assert refused.status_code == 422
    assert "déjà été emprunté" in refused.text
    assert (await alice.post(f"/prets/{number}/effacement")).headers["location"] == "/moi/materiel"
    assert [one.title for one in await Item.all()] == ["Duvet"]


@pytest.mark.parametrize(("future", "state"), [("keep", "approved"), ("cancel", "cancelled")])
async def test_loans_to_come_stay_or_are_called_off_as_the_lender_says(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, future: str, state: str
) -> None:
    number = (await posted(alice, title="Tente"))["id"]
    asked = (await bob.post(f"/api/v1/items/{number}/reservations", json=_soon())).json()
    assert "1 prêt est déjà prévu" in (await alice.get(f"/prets/{number}/retrait")).text.replace(
        "\u00a0", " "
    )
    await alice.post(f"/prets/{number}/retrait", data={"future": future, "words": "Elle est déchirée."})
    assert (await Loan.get(id=asked["id"])).state == state
    assert (await bob.get(f"/api/v1/items/{number}")).status_code == 200, "who borrows it goes on seeing it"


def _soon() -> dict[str, str]:
    start = now() + timedelta(days=2)
    return {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat()}


async def test_my_things_stand_by_lender(keeper: httpx.AsyncClient, town: Town) -> None:
    assert "Vous ne prêtez rien" in (await keeper.get("/moi/materiel")).text
    await lent(town, "Barnum")
    await posted(keeper, title="Ma perceuse")
    page = (await keeper.get("/moi/materiel")).text
    assert page.index("Les Fêtes de la Redoute") < page.index("Barnum")
    assert "Ma perceuse" in page


async def test_what_a_moderator_hid_is_neither_seen_nor_published_again(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    number = (await posted(alice))["id"]
    await (await Item.get(id=number)).hide(by=somebody(town, "moderatrice", "moderator"))
    assert (await bob.get(f"/api/v1/items/{number}")).status_code == 404
    assert (await alice.get(f"/api/v1/items/{number}")).json()["state"] == "hidden"
    answer = await alice.patch(f"/api/v1/items/{number}", json={"published": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "hidden")


async def test_acts_under_a_mandate_name_the_thing(
    app: object, alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    number = (await posted(alice, title="Perceuse"))["id"]
    draft = (await posted(alice, title="Secret", draft=True))["id"]
    (named,) = [one.named for one in subjects if one.kind == "item"]
    assert set(await named([number, draft], somebody(town, "alice"))) == {number, draft}
    assert {
        one: title for one, (title, _url) in (await named([number, draft], somebody(town, "bob"))).items()
    } == {number: "Perceuse"}


async def test_a_training_that_is_closed_stays_with_its_machine(
    keeper: httpx.AsyncClient, town: Town
) -> None:
    lender = await association_lender(town)
    by = somebody(town, "redoute")
    mine = await Training.define(lender, by=by, name="Découpe laser")
    other = await Training.define(lender, by=by, name="Tour à bois")
    item = await lent(town, "Découpeuse", kind="machine", training_id=mine.id)
    for one in (mine, other):
        await one.close(by=by)
    url = f"/prets/{item.id}/details"
    page = (await keeper.get(url)).text
    assert f'<option value="{mine.id}" selected' in page
    assert "Tour à bois" not in page
    said = {"title": "Découpeuse", "approval": "automatic", "renewals": "0", "step": "30"}
    assert (await keeper.post(url, data={**said, "training": str(mine.id)})).status_code == 303
    assert (await Item.get(id=item.id)).training_id == mine.id
    assert (await keeper.post(url, data={**said, "training": str(other.id)})).status_code == 422
    kept = await keeper.patch(f"/api/v1/items/{item.id}", json={"training": mine.id})
    assert kept.json()["training"] == mine.id


async def test_a_place_that_is_closed_stays_with_its_thing_and_is_named_to_nobody(
    keeper: httpx.AsyncClient, client: httpx.AsyncClient, town: Town
) -> None:
    place = await forge(name="La Fonderie")
    item = await lent(town, "Perceuse", place_id=place.id)
    assert "La Fonderie" in (await client.get("/prets")).text
    await Place.filter(id=place.id).update(hidden_at=now())
    for url in ("/prets", item.url, f"/api/v1/items/{item.id}"):
        answer = await client.get(url)
        assert answer.status_code == 200, url
        assert "Perceuse" in answer.text
        assert "La Fonderie" not in answer.text, url
    url = f"/prets/{item.id}/details"
    assert f'<option value="{place.id}" selected' in (await keeper.get(url)).text
    said = {"title": "Perceuse", "approval": "automatic", "renewals": "0", "place": str(place.id)}
    assert (await keeper.post(url, data=said)).status_code == 303
    assert (await Item.get(id=item.id)).place_id == place.id


async def test_a_room_stands_only_where_one_keeps_the_place(
    alice: httpx.AsyncClient, keeper: httpx.AsyncClient, nadia: httpx.AsyncClient, town: Town
) -> None:
    theirs = await forge(name="La Maison", organisation_id=(await redoute(town)).id)
    room = {"title": "Salle du haut", "kind": "room", "place": theirs.id}
    refused = await alice.post("/api/v1/items", json=room)
    assert refused.status_code == 422
    assert "place" in refused.json()["errors"]
    number = (await posted(alice, title="Établi", kind="desk"))["id"]
    assert (await alice.patch(f"/api/v1/items/{number}", json={"place": theirs.id})).status_code == 422
    assert "La Maison" not in (await alice.get(f"/prets/{number}/details")).text
    assert (await alice.post("/api/v1/items", json={"title": "Table", "place": theirs.id})).status_code == 201
    assert (await keeper.post("/api/v1/items", json=room)).status_code == 201
    town_hall = await forge(name="La Mairie annexe")
    by_place = {**room, "place": town_hall.id, "lent_by_place": town_hall.id}
    assert (await nadia.post("/api/v1/items", json=by_place)).status_code == 201


async def test_what_is_only_held_does_not_keep_the_others_from_being_called_off(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    number = (await posted(alice, title="Tente", units=3))["id"]
    url = f"/api/v1/items/{number}/reservations"
    held = (await bob.post(url, json={**_soon(), "hold": True})).json()["id"]
    agreed = (await bob.post(url, json=_soon())).json()["id"]
    await Item.filter(id=number).update(approval="owner")
    asked = (await bob.post(url, json=_soon())).json()["id"]
    await alice.post(f"/prets/{number}/retrait", data={"future": "cancel", "words": "Elle est déchirée."})
    states = {one.id: one.state for one in await Loan.filter(item_id=number)}
    assert states == {held: "held", agreed: "cancelled", asked: "refused"}


async def test_after_a_block_what_one_once_borrowed_is_seen_no_more(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    number = (await posted(alice, title="Tente"))["id"]
    loan = (await bob.post(f"/api/v1/items/{number}/reservations", json=_soon())).json()["id"]
    await Block.create(by_id=town["alice"], member_id=town["bob"])
    assert (await bob.get(f"/api/v1/items/{number}")).status_code == 200, "it is still to be collected"
    await bob.post(f"/api/v1/reservations/{loan}/cancellation", json={})
    assert (await bob.get(f"/api/v1/items/{number}")).status_code == 404
