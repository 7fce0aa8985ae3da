"""A lender's settings: where, when, how much; told after a loan is agreed and not before."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from echange import booking
from echange.lending import Item, Lender, lenders_of, managers_of, may_manage
from echange.lending.managing import places_kept, spoken_for
from echange.places import Place
from tests.lending.desk_things import kinds_told
from tests.lending.things import association_lender, belongs, lent, posted, redoute, somebody
from tests.neighbours import Town

SAID = {
    "address": "14 rue de Neuilly",
    "directions": "Au fond de la cour",
    "max_running": "3",
    "max_per_category": "1",
}


async def test_settings_are_written_and_shown_again(alice: httpx.AsyncClient, town: Town) -> None:
    item = await Item.get(id=(await posted(alice))["id"])
    url = f"/prets/preteur/{item.lender_id}"
    assert (await alice.post(url, data=SAID)).headers["location"] == url
    lender = await Lender.get(id=item.lender_id)
    assert (lender.address, lender.max_running, lender.max_per_category) == ("14 rue de Neuilly", 3, 1)
    assert "Au fond de la cour" in (await alice.get(url)).text
    assert (await alice.post(url, data={**SAID, "max_running": ""})).status_code == 303
    assert (await Lender.get(id=item.lender_id)).max_running is None


@pytest.mark.parametrize(
    ("field", "value"), [("max_running", "0"), ("max_running", "trois"), ("address", "x" * 201)]
)
async def test_a_mistake_keeps_the_words(alice: httpx.AsyncClient, field: str, value: str) -> None:
    item = await Item.get(id=(await posted(alice))["id"])
    answer = await alice.post(f"/prets/preteur/{item.lender_id}", data={**SAID, field: value})
    assert answer.status_code == 422
    assert "Au fond de la cour" in answer.text
    assert (await Lender.get(id=item.lender_id)).address == ""


async def test_nobody_else_reads_or_writes_them(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    told = await posted(alice)
    item = await Item.get(id=told["id"])
    url = f"/prets/preteur/{item.lender_id}"
    await alice.post(url, data=SAID)
    for path in (url, f"{url}/horaires"):
        assert (await bob.get(path)).status_code == 404
        assert (await client.get(path)).status_code == 303
    assert (await bob.post(url, data=SAID)).status_code == 404
    for path in (told["url"], f"/api/v1/items/{told['id']}", "/prets", "/api/v1/items"):
        assert "Neuilly" not in (await bob.get(path, follow_redirects=True)).text


async def test_hours_of_ones_own_rule_when_things_can_be_had(alice: httpx.AsyncClient) -> None:
    item = await Item.get(id=(await posted(alice))["id"])
    lender = await Lender.get(id=item.lender_id)
    answer = await alice.post(
        f"{lender.url}/horaires/semaine", data={"who": "desk", "monday": "9 h – 12 h, 14 h – 18 h"}
    )
    assert answer.status_code == 303, answer.text
    assert [(one.weekday, one.opens) for one in await booking.openings(lender.site_id)] == [
        (0, 540),
        (0, 840),
    ]
    assert "Vos heures sont écrites" in (await alice.get(lender.url)).text


async def test_programs_read_and_write_the_hours_of_whom_they_manage(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    told = await posted(alice)
    lender = await Lender.get(id=(await Item.get(id=told["id"])).lender_id)
    path = f"/api/v1/lenders/{lender.id}/hours"
    week = {"openings": [{"weekday": day, "opens": 540, "closes": 720} for day in range(7)]}
    assert (await alice.put(path, json=week)).status_code == 200
    assert [one.weekday for one in await booking.openings(lender.site_id)] == list(range(7))
    assert (await alice.get(path)).json()["by_appointment"] is False
    start = (datetime.now(UTC) + timedelta(days=2)).replace(hour=9, minute=30)
    window = {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat()}
    loan = (await bob.post(f"/api/v1/items/{told['id']}/reservations", json=window)).json()
    closing = {
        "start": (start - timedelta(hours=9)).isoformat(),
        "end": (start + timedelta(hours=9)).isoformat(),
        "label": "Absent",
    }
    closed = await alice.post(f"{path}/closures", json=closing)
    assert closed.status_code == 201
    assert [one["what"] for one in closed.json()["touched"]] == ["start"]
    assert "loan_closed_then" in await kinds_told(loan["borrower"]["id"])
    # Nobody else reads or writes them, nor learns whose they are.
    for answer in (
        await bob.get(path),
        await bob.put(path, json={"openings": []}),
        await bob.post(f"{path}/closures", json=closing),
        await bob.delete(f"{path}/closures/{closed.json()['id']}"),
    ):
        assert answer.status_code == 404
    assert (await client.get(path)).status_code == 401
    assert (await alice.delete(f"{path}/closures/{closed.json()['id']}")).status_code == 204
    assert (await alice.get(path)).json()["closures"] == []


async def test_who_manages_what(app: object, town: Town) -> None:
    association = await redoute(town, "bob")
    await belongs(town, "charlie", association)
    theirs, hers = await association_lender(town), await Lender.of(member_id=town["alice"])
    for lender, handles in ((theirs, {"redoute", "bob"}), (hers, {"alice"})):
        allowed = {one for one in town.ids if await may_manage(somebody(town, one), lender)}
        assert allowed == handles
        assert set(await managers_of(lender)) == {town[one] for one in handles}
        assert not await may_manage(None, lender)
    assert [one.id for one in await lenders_of(somebody(town, "bob"))] == [theirs.id]
    assert list(await spoken_for(somebody(town, "charlie"))) == []


async def test_a_place_that_is_nobodys_is_kept_by_the_desk(app: object, town: Town) -> None:
    place = await Place.create(
        slug="la-forge",
        name="La Forge",
        sort_key="la forge",
        address="12 rue X",
        site_id=await booking.make_site(),
    )
    lender = await Lender.of(place_id=place.id)
    assert lender.site_id == place.site_id
    desk, alice = somebody(town, "concierge", "concierge"), somebody(town, "alice")
    assert await may_manage(desk, lender)
    assert not await may_manage(alice, lender)
    assert [one.id for one in await places_kept(desk)] == [place.id]
    assert town["concierge"] in await managers_of(lender)
    association = await redoute(town)
    await Place.filter(id=place.id).update(organisation_id=association.id)
    assert not await may_manage(desk, lender)
    assert await may_manage(somebody(town, "redoute"), lender)


async def test_what_is_collected_at_a_place_follows_its_hours(keeper: httpx.AsyncClient, town: Town) -> None:
    place = await Place.create(
        slug="la-forge",
        name="La Forge",
        sort_key="la forge",
        address="12 rue X",
        site_id=await booking.make_site(),
    )
    item = await lent(town, "Barnum")
    told = (await keeper.patch(f"/api/v1/items/{item.id}", json={"place": place.id})).json()
    assert told["place"]["slug"] == "la-forge"
    assert "Barnum" in (await keeper.get("/api/v1/items", params={"place": place.id})).text
    assert "Barnum" in (await keeper.get("/prets?lieu=la-forge")).text
    back = (await keeper.patch(f"/api/v1/items/{item.id}", json={"place": None})).json()
    assert back["place"] is None
