"""Items through the API: the least one may say, all one may say, and who may say it."""

import asyncio

import httpx
import pytest

from echange.lending import Item, Lender
from tests.lending.things import belongs, kit, lent, posted, redoute
from tests.media.pictures import encoded, scene
from tests.neighbours import Town

API = "/api/v1/items"


async def test_a_title_is_enough_to_lend(alice: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    told = await posted(alice, title="Perceuse")
    assert (told["state"], told["units"], told["approval"], told["who"]) == (
        "published",
        1,
        "automatic",
        "verified",
    )
    assert told["category"] == "bricolage"
    assert told["lender"] == {
        "id": told["lender"]["id"],
        "kind": "member",
        "name": "Alice Morel",
        "handle": "alice",
    }
    seen = await client.get(f"{API}/{told['id']}")
    assert seen.status_code == 200
    assert seen.json()["lender"]["name"] == "Alice", "to those signed out the first name alone"


async def test_units_and_quantity_are_two_words_for_one_thing(alice: httpx.AsyncClient) -> None:
    assert (await posted(alice, title="Chaise pliante", units=3))["units"] == 3
    assert (await posted(alice, title="Chaise pliante", quantity=4))["units"] == 4


async def test_all_that_is_told_is_kept(alice: httpx.AsyncClient) -> None:
    said = {
        "title": "Vidéoprojecteur",
        "units": 3,
        "body": "Pour quarante personnes.",
        "category": "image",
        "manual": "Laissez-le refroidir.",
        "rules": "Rendu propre.",
        "value_cents": 45_000,
        "deposit_cents": 8_000,
        "approval": "owner",
        "renewals": 2,
        "max_quantity": 1,
        "before_minutes": 30,
        "after_minutes": 60,
        "min_minutes": 60,
        "max_minutes": 10_080,
        "lead_open_days": 1,
        "horizon_days": 90,
        "spans": False,
        "step_minutes": 30,
        "accessories": [{"name": "Télécommande"}, {"name": "Câble HDMI", "quantity": 2}],
    }
    told = await posted(alice, **said)
    terms = told.pop("terms")
    flat = {**told, **terms}
    for name, value in said.items():
        if name != "accessories":
            assert flat[name] == value, name
    assert told["accessories"] == [
        {"name": "Télécommande", "quantity": 1},
        {"name": "Câble HDMI", "quantity": 2},
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "x", "units": 0}, "units"),
        ({"title": "x", "units": True}, "units"),
        ({"title": "x", "units": 201}, "units"),
        ({"title": "x", "category": "tanks"}, "category"),
        ({"title": "x", "deposit_cents": -1}, "deposit_cents"),
        ({"title": "x", "approval": "never"}, "approval"),
        ({"title": "x", "step_minutes": 7}, "step_minutes"),
        ({"title": "x", "place": 987654}, "place"),
        ({"title": "x", "training": 987654}, "training"),
        ({"title": "x", "min_minutes": 60, "max_minutes": 30}, "max_minutes"),
        ({"title": "x", "accessories": [{"name": "Sac"}, {"name": "sac"}]}, "accessories"),
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused_by_its_field(
    alice: httpx.AsyncClient, body: dict[str, object], field: str
) -> None:
    answer = await alice.post(API, json=body)
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["errors"]) == [field]


async def test_a_room_is_one_of_a_kind(alice: httpx.AsyncClient) -> None:
    answer = await alice.post(API, json={"title": "Salle du haut", "kind": "room", "units": 2})
    assert (answer.status_code, answer.json()["code"]) == (409, "one_unit_only")


async def test_two_first_items_at_once_make_one_lender(alice: httpx.AsyncClient, town: Town) -> None:
    await asyncio.gather(*(posted(alice, title=f"Échelle {n}") for n in range(6)))
    assert await Lender.filter(member_id=town["alice"]).count() == 1


async def test_an_association_lends_by_its_keepers_alone(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    association = await redoute(town)
    told = await posted(keeper, title="Barnum", organisation=association.id)
    assert (told["lender"]["kind"], told["lender"]["name"]) == ("association", "Les Fêtes de la Redoute")
    await belongs(town, "alice", association)
    for answer in (
        await alice.post(API, json={"title": "Barnum", "organisation": association.id}),
        await alice.patch(f"{API}/{told['id']}", json={"title": "À moi"}),
        await alice.delete(f"{API}/{told['id']}"),
    ):
        assert answer.status_code == 403, answer.text


async def test_the_hat_one_wears_lends(keeper: httpx.AsyncClient, town: Town) -> None:
    association = await redoute(town)
    assert (await keeper.post("/moi/casquette", data={"organisation": association.id})).status_code == 303
    assert (await posted(keeper))["lender"]["kind"] == "association"


async def test_a_correction_changes_what_is_given_and_nothing_else(alice: httpx.AsyncClient) -> None:
    told = await posted(alice, body="Neuve.", deposit_cents=2_000, max_minutes=600, value_cents=9_000)
    answer = await alice.patch(
        f"{API}/{told['id']}",
        json={"title": "Perceuse à percussion", "value_cents": None, "max_minutes": None},
    )
    new = answer.json()
    assert (new["title"], new["body"], new["deposit_cents"]) == ("Perceuse à percussion", "Neuve.", 2_000)
    assert (new["value_cents"], new["terms"]["max_minutes"]) == (None, None)


async def test_withdrawn_is_out_of_sight_and_comes_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    told = await posted(alice)
    url = f"{API}/{told['id']}"
    assert (await alice.patch(url, json={"withdrawn": True})).json()["state"] == "withdrawn"
    assert (await bob.get(url)).status_code == 404
    assert (await alice.get(url)).status_code == 200
    assert (await bob.get(API)).json()["items"] == []
    assert (await alice.patch(url, json={"withdrawn": False})).json()["state"] == "published"
    assert (await bob.get(url)).status_code == 200


async def test_a_draft_is_its_lenders_alone_until_it_is_published(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    told = await posted(alice, draft=True)
    url = f"{API}/{told['id']}"
    assert told["state"] == "draft"
    assert (await bob.get(url)).status_code == 404
    assert (await alice.patch(url, json={"published": True})).json()["state"] == "published"


async def test_what_was_never_lent_can_be_erased(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    told = await posted(alice, units=2)
    url = f"{API}/{told['id']}"
    assert (await bob.delete(url)).status_code == 403
    assert (await alice.delete(url)).status_code == 204
    assert (await alice.get(url)).status_code == 404
    assert (await alice.delete(url)).status_code == 404


async def test_a_kit_has_as_many_as_its_scarcest_part_allows(keeper: httpx.AsyncClient, town: Town) -> None:
    tables, benches = await lent(town, "Table", units=8), await lent(town, "Banc", units=11)
    made = await kit(town, "Repas de rue", (tables, 1), (benches, 2))
    told = (await keeper.get(f"{API}/{made.id}")).json()
    assert (told["units"], told["terms"]) == (5, None)
    assert [(part["title"], part["quantity"], part["optional"]) for part in told["parts"]] == [
        ("Table", 1, False),
        ("Banc", 2, False),
    ]


async def test_a_kit_is_told_in_one_go(keeper: httpx.AsyncClient, town: Town) -> None:
    association = await redoute(town)
    tables = await lent(town, "Table", units=8)
    told = await posted(
        keeper,
        title="Repas",
        kind="kit",
        organisation=association.id,
        parts=[{"item": tables.id, "quantity": 4}],
    )
    assert (told["state"], told["units"]) == ("published", 2)
    empty = await keeper.post(API, json={"title": "Rien", "kind": "kit", "organisation": association.id})
    assert (empty.status_code, empty.json()["code"]) == (409, "nothing_to_lend")


async def test_a_kit_is_of_one_lenders_things(alice: httpx.AsyncClient, town: Town) -> None:
    foreign = await lent(town, "Table", units=8)
    answer = await alice.post(API, json={"title": "Lot", "kind": "kit", "parts": [{"item": foreign.id}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "part_elsewhere")
    assert await Item.filter(title="Lot").count() == 0, "all or nothing"


async def test_the_list_narrows_and_goes_on_after_its_cursor(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    for title in ("Perceuse", "Ponceuse", "Tente"):
        await posted(alice, title=title)
    barnum = await lent(town, "Barnum")
    first = (await client.get(API, params={"limit": 3})).json()
    second = (await client.get(API, params={"limit": 3, "cursor": first["next"]})).json()
    assert [one["title"] for one in first["items"] + second["items"]] == [
        "Barnum",
        "Tente",
        "Ponceuse",
        "Perceuse",
    ]
    assert second["next"] is None

    async def titles(**asked: object) -> list[str]:
        answer = await client.get(API, params=asked)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return [one["title"] for one in answer.json()["items"]]

    assert await titles(category="bricolage") == ["Ponceuse", "Perceuse"]
    assert await titles(lender=barnum.lender_id) == ["Barnum"]
    assert await titles(kind="room") == []
    assert await titles(q="perseuse") == ["Perceuse"]
    assert await titles(q="barnums") == ["Barnum"]
    assert await titles(quartier="les-larris", q="tente") in (["Tente"], [])
    assert (await client.get(API, params={"quartier": "nulle-part"})).status_code == 422
    assert (await client.get(API, params={"cursor": "x"})).status_code == 422


async def test_photos_are_added_told_and_removed_by_the_lender_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    url = f"{API}/{(await posted(alice))['id']}/photos"
    files = {"file": ("p.jpg", encoded(scene()), "image/jpeg")}
    assert (await bob.post(url, files=files)).status_code == 403
    assert (await alice.post(url, files={"file": ("p.jpg", b"no photo", "image/jpeg")})).status_code == 422
    photo = (await alice.post(url, files=files, data={"alt": "La perceuse"})).json()
    assert photo["alt"] == "La perceuse"
    assert (await bob.get(photo["url"])).status_code == 200
    changed = await alice.patch(f"{url}/{photo['id']}", json={"alt": "Vue de face", "first": True})
    assert changed.json()["alt"] == "Vue de face"
    for _ in range(5):
        assert (await alice.post(url, files=files)).status_code == 201
    assert (await alice.post(url, files=files)).json()["code"] == "too_many_photos"
    assert (await bob.delete(f"{url}/{photo['id']}")).status_code == 403
    assert (await alice.delete(f"{url}/{photo['id']}")).status_code == 204
    assert (await bob.get(photo["url"])).status_code == 404
