"""Pieces of a thing: codes, their life, repairs, taken out of use and given back, labels."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from echange.http.dates import now, today
from echange.lending import Item, Unit
from echange.lending.models import Loan, Maintenance
from tests.lending.things import lent, posted, units_of
from tests.neighbours import Town


def window(ahead: float, days: float = 1) -> dict[str, str]:
    start = now() + timedelta(days=ahead)
    return {"start": start.isoformat(), "end": (start + timedelta(days=days)).isoformat()}


async def test_each_unit_has_a_code_of_its_own(alice: httpx.AsyncClient, town: Town) -> None:
    await lent(town, "Table", units=2)
    await lent(town, "Banc", units=2)
    assert [unit.code for unit in await Unit.all().order_by("id")] == [
        "FRE-001",
        "FRE-002",
        "FRE-003",
        "FRE-004",
    ]
    told = await posted(alice, title="Perceuse")
    (unit,) = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    assert (unit["code"], unit["state"], unit["loans"]) == ("AMO-001", "there", 0)


async def test_units_numbered_at_once_never_share_a_code(alice: httpx.AsyncClient) -> None:
    told = await posted(alice)
    url = f"/api/v1/items/{told['id']}/units"
    answers = await asyncio.gather(*(alice.post(url, json={"count": 3}) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [201] * 5
    codes = [unit["code"] for unit in (await alice.get(url)).json()["items"]]
    assert len(codes) == len(set(codes)) == 16
    assert (await alice.get(f"/api/v1/items/{told['id']}")).json()["units"] == 16


async def test_a_code_can_be_typed_when_nobody_has_it(alice: httpx.AsyncClient, town: Town) -> None:
    first, second = (await posted(alice, units=2))["id"], await lent(town, "Table")
    mine, other = (await alice.get(f"/api/v1/items/{first}/units")).json()["items"]
    (foreign,) = await units_of(second)
    url = f"/api/v1/units/{mine['id']}"
    assert (await alice.patch(url, json={"code": " outil 7 "})).json()["code"] == "OUTIL-7"
    taken = await alice.patch(url, json={"code": other["code"]})
    assert (taken.status_code, taken.json()["code"]) == (409, "code_taken")
    assert (await alice.patch(url, json={"code": foreign.code})).status_code == 409
    for wrong in ("-", "a", "x" * 30, "é"):
        assert (await alice.patch(url, json={"code": wrong})).status_code == 422, wrong
    page = await alice.post(
        f"/prets/exemplaires/{mine['id']}", data={"code": other["code"], "condition": "good"}
    )
    assert page.status_code == 422
    assert "Un autre objet porte déjà ce code" in page.text


async def test_units_are_their_managers_business(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    told = await posted(alice)
    (unit,) = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    assert (await bob.get(f"/api/v1/items/{told['id']}/units")).status_code == 403
    for answer in (
        await bob.get(f"/prets/exemplaires/{unit['id']}"),
        await bob.post(f"/prets/exemplaires/{unit['id']}", data={"code": "BOB-1"}),
        await bob.post(f"/prets/exemplaires/{unit['id']}/retrait", data={"why": "lost"}),
        await bob.post(f"/prets/exemplaires/{unit['id']}/remise"),
        await bob.post(f"/prets/exemplaires/{unit['id']}/entretien", data={"first_day": "2030-01-01"}),
        await bob.patch(f"/api/v1/units/{unit['id']}", json={"note": "à moi"}),
        await bob.get(f"/prets/u/{unit['code']}/qr.svg"),
    ):
        assert answer.status_code == 404
    assert (await Unit.get(id=unit["id"])).note == ""


async def test_a_label_leads_each_to_where_they_belong(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    told = await posted(alice, title="Perceuse")
    (unit,) = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    for typed in (unit["code"], unit["code"].lower()):
        assert (await bob.get(f"/prets/u/{typed}")).headers["location"] == told["url"]
        assert (await client.get(f"/prets/u/{typed}")).headers["location"] == told["url"]
        there = (await alice.get(f"/prets/u/{typed}")).headers["location"]
        assert there == f"/prets/comptoir/exemplaires/{unit['id']}"
    assert (await bob.get("/prets/u/XXX-999")).status_code == 404
    await alice.patch(f"/api/v1/items/{told['id']}", json={"withdrawn": True})
    assert (await bob.get(f"/prets/u/{unit['code']}")).status_code == 404


async def test_labels_are_drawn_for_the_units_that_are_chosen(alice: httpx.AsyncClient) -> None:
    told = await posted(alice, units=3)
    units = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    sheet = (await alice.get(f"/prets/{told['id']}/etiquettes")).text
    assert sheet.count('class="label"') == 3
    chosen = (await alice.get(f"/prets/{told['id']}/etiquettes?choix={units[1]['id']}")).text
    assert chosen.count('class="label"') == 1
    assert f"/prets/u/{units[1]['code']}/qr.svg" in chosen
    drawn = await alice.get(f"/prets/u/{units[1]['code']}/qr.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<?xml") or drawn.text.startswith("<svg")


async def test_a_unit_taken_out_of_use_is_lent_no_more_and_comes_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    told = await posted(alice, units=2)
    first, second = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    for unit in (first, second):
        answer = await alice.post(f"/prets/exemplaires/{unit['id']}/retrait", data={"why": "lost"})
        assert answer.status_code == 303
    assert (await alice.get(f"/api/v1/items/{told['id']}")).json()["units"] == 0
    refused = await bob.post(f"/api/v1/items/{told['id']}/reservations", json=window(2))
    assert refused.status_code == 409
    assert (await alice.post(f"/prets/exemplaires/{first['id']}/remise")).status_code == 303
    again = await alice.patch(f"/api/v1/units/{second['id']}", json={"withdrawn": False})
    assert (again.json()["state"], again.json()["condition"]) == ("there", "good")
    assert (await bob.post(f"/api/v1/items/{told['id']}/reservations", json=window(2))).status_code == 201


async def test_the_loan_of_a_unit_that_is_lost_moves_to_another_or_is_at_risk(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    told = await posted(alice, units=2)
    loan = (await bob.post(f"/api/v1/items/{told['id']}/reservations", json=window(2))).json()
    units = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    for n, unit in enumerate(units):
        await alice.patch(f"/api/v1/units/{unit['id']}", json={"withdrawn": True})
        assert (await Loan.get(id=loan["id"])).state == ("approved" if n == 0 else "at_risk")


async def test_repairs_keep_a_unit_from_being_lent(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    told = await posted(alice)
    (unit,) = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    url = f"/prets/exemplaires/{unit['id']}"
    first, last = today() + timedelta(days=3), today() + timedelta(days=5)
    answer = await alice.post(
        f"{url}/entretien", data={"words": "Lame à changer", "first_day": str(first), "last_day": str(last)}
    )
    assert answer.status_code == 303, answer.text
    assert "Lame à changer" in (await alice.get(url)).text
    reserve = f"/api/v1/items/{told['id']}/reservations"
    assert (await bob.post(reserve, json=window(4))).status_code == 409
    repair = await Maintenance.get(unit_id=unit["id"])
    for _ in range(2):
        assert (await alice.post(f"{url}/entretien/{repair.id}/fin")).status_code == 303
    assert (await bob.post(reserve, json=window(4))).status_code == 201
    assert (await bob.post(f"{url}/entretien/{repair.id}/fin")).status_code == 404


@pytest.mark.parametrize(
    ("first", "last"), [(3, 1), (-9, -8), (1, 900), (None, 2)], ids=["reversed", "over", "for ever", "no day"]
)
async def test_repairs_that_make_no_sense(alice: httpx.AsyncClient, first: int | None, last: int) -> None:
    told = await posted(alice)
    (unit,) = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    days = {"last_day": str(today() + timedelta(days=last))}
    if first is not None:
        days["first_day"] = str(today() + timedelta(days=first))
    answer = await alice.post(f"/prets/exemplaires/{unit['id']}/entretien", data={"words": "Lame", **days})
    assert answer.status_code == 422
    assert 'value="Lame"' in answer.text
    assert await Maintenance.all().count() == 0


async def test_only_so_many_and_none_for_a_room(alice: httpx.AsyncClient) -> None:
    told, room = await posted(alice), await posted(alice, title="Salle", kind="room")
    many = await alice.post(f"/api/v1/items/{told['id']}/units", json={"count": 200})
    assert (many.status_code, many.json()["code"]) == (409, "too_many_units")
    one = await alice.post(f"/api/v1/items/{room['id']}/units", json={"count": 1})
    assert (one.status_code, one.json()["code"]) == (409, "one_unit_only")
    page = await alice.post(f"/prets/{told['id']}/exemplaires", data={"count": "0"})
    assert page.status_code == 422


async def test_a_units_page_tells_its_life(alice: httpx.AsyncClient, town: Town) -> None:
    told = await posted(alice)
    (unit,) = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    assert "il n’est jamais sorti" in (await alice.get(f"/prets/exemplaires/{unit['id']}")).text
    answer = await alice.post(
        f"/prets/exemplaires/{unit['id']}",
        data={"code": unit["code"], "condition": "worn", "serial": "SN 12", "note": "La noire"},
    )
    assert answer.status_code == 303
    page = (await alice.get(f"/prets/exemplaires/{unit['id']}")).text
    assert 'value="SN 12"' in page
    assert 'value="worn" selected' in page
    assert (await Item.get(id=told["id"])).state == "published"


@pytest.mark.parametrize(
    "said",
    [
        {"first_day": "0001-01-01"},
        {"first_day": "9999-12-31"},
        {"first_day": "2027-01-05", "last_day": "9999-12-31"},
        {"first_day": "2027-01-05", "last_day": "9000-12-31"},
        {"first_day": "1000-01-01", "last_day": "1000-01-02"},
    ],
)
async def test_a_repair_of_another_age_is_refused(alice: httpx.AsyncClient, said: dict[str, str]) -> None:
    told = await posted(alice)
    (unit,) = (await alice.get(f"/api/v1/items/{told['id']}/units")).json()["items"]
    answer = await alice.post(f"/prets/exemplaires/{unit['id']}/entretien", data={**said, "words": "Lames"})
    assert answer.status_code == 422
    assert 'value="Lames"' in answer.text
    assert not await Maintenance.all().exists()
