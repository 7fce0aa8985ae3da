"""Asking for a loan: what is taken, who hears of it, and what stands against it."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from starlette.applications import Starlette

from echange.database import fetch_value
from tests.conftest import Doors, let_in
from tests.lending.asking import Client, ask, in_days, window
from tests.lending.desk_things import kinds_told
from tests.lending.things import kit, lent
from tests.neighbours import Town
from tests.sweeping import Janitor


async def test_what_is_free_is_booked_at_once(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, units=3)
    it = await ask(alice, item.id, quantity=2)
    assert (it["state"], it["quantity"], len(it["units"]), it["item"]) == ("approved", 2, 2, item.id)
    assert it["next"] == ["change", "cancellation"]
    assert [one["kind"] for one in it["events"]] == ["agreed"]
    assert await kinds_told(town["redoute"]) == ["loan_booked"]
    seen = (await keeper.get(f"/api/v1/reservations/{it['id']}")).json()
    assert seen["borrower"]["handle"] == "alice"
    assert seen["next"][0] == "preparation"


async def test_what_needs_a_yes_waits_for_it_with_a_conversation(
    alice: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, "Sono", approval="owner")
    it = await ask(alice, item.id, purpose="Un anniversaire")
    assert (it["state"], it["next"]) == ("requested", ["change", "cancellation"])
    assert it["where"]["address"] == ""
    assert (await kinds_told(town["redoute"]))[0] == "loan_requested"
    talks = (await keeper.get("/api/v1/conversations")).json()["items"]
    assert talks[0]["about"] == {"kind": "loan", "id": it["id"]}
    assert talks[0]["last"]["body"] == "Un anniversaire"
    page = (await keeper.get(f"/messages/{talks[0]['id']}")).text
    assert "C’est d’accord" in page


async def test_as_many_as_there_are_and_no_more_by_different_members(
    app: Starlette, town: Town, janitor: Janitor
) -> None:
    item = await lent(town, units=2)
    handles = ["alice", "bob", "charlie", "concierge", "moderatrice", "admin"]
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Doors(app).open()) for _ in handles]
        for client, handle in zip(clients, handles, strict=True):
            await let_in(client, town[handle], janitor)
        answers = await asyncio.gather(
            *(one.post(f"/api/v1/items/{item.id}/reservations", json=window(3, 5)) for one in clients)
        )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["code"] == "not_free"
    assert len(refused["alternatives"]) == 3
    taken = [unit for answer in answers if answer.status_code == 201 for unit in answer.json()["units"]]
    assert len(set(taken)) == 2


async def test_each_alternative_can_really_be_booked(alice: Client, bob: Client, town: Town) -> None:
    item = await lent(town, "Barnum blanc", category="fetes")
    sister = await lent(town, "Barnum rouge", category="fetes")
    other = await lent(town, "Grand barnum", by="charlie", category="fetes")
    await lent(town, "Barnum des membres", category="fetes", who="members")
    await ask(bob, item.id)
    refused = await ask(alice, item.id, 409)
    offered = refused["alternatives"]
    assert {one["why"] for one in offered} == {"date", "item", "lender"}
    assert {one["item"] for one in offered} == {item.id, sister.id, other.id}
    for one in offered:
        await ask(alice, one["item"], start=one["start"], end=one["end"], quantity=one["quantity"])


async def test_the_same_key_is_the_same_loan(alice: Client, town: Town) -> None:
    item = await lent(town, units=5)
    headers = {"Idempotency-Key": "k1"}
    body = window(3, 5)
    answers = [
        await alice.post(f"/api/v1/items/{item.id}/reservations", json=body, headers=headers)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    other = await alice.post(
        f"/api/v1/items/{item.id}/reservations", json={**body, "quantity": 2}, headers=headers
    )
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert await fetch_value("SELECT count(*) FROM booking_allocation") == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"start": in_days(5), "end": in_days(3)}, "empty_period"),
        ({"start": in_days(-3), "end": in_days(3)}, "in_the_past"),
        ({"start": in_days(3), "end": in_days(3)}, "empty_period"),
        ({"quantity": 0}, "invalid"),
        ({"quantity": True}, "invalid"),
        ({"start": "2026-12-01T10:00:00"}, "invalid"),
        ({"start": "9999-12-31T23:59:59-12:00", "end": "9999-12-31T23:59:59-12:00"}, "invalid"),
        ({"parts": [1]}, "invalid"),
    ],
)
async def test_what_is_wrong_by_itself_says_so(
    alice: Client, town: Town, body: dict[str, Any], code: str
) -> None:
    item = await lent(town)
    answer = await alice.post(f"/api/v1/items/{item.id}/reservations", json={**window(3, 5), **body})
    assert answer.status_code in {409, 422}
    assert answer.json()["code"] == code
    assert await fetch_value("SELECT count(*) FROM loan") == 0


async def test_a_stranger_finds_no_loan_anywhere(
    alice: Client, charlie: Client, client: Client, town: Town
) -> None:
    item = await lent(town, approval="owner")
    it = await ask(alice, item.id)
    verbs = ("confirmation", "approval", "refusal", "cancellation", "preparation", "renewal", "proposal",
             "absence", "closing", "reinstatement")  # fmt: skip
    one = f"/api/v1/reservations/{it['id']}"
    assert (await charlie.get(one)).status_code == 404
    assert (await charlie.patch(one, json=window(4, 6))).status_code == 404
    for verb in verbs:
        assert (await charlie.post(f"{one}/{verb}", json={})).status_code == 404, verb
    pages = ("accord", "refus", "annulation", "preparation", "absence", "cloture", "dates", "proposition",
             "prolongation", "message", "confirmation", "erreur")  # fmt: skip
    way = f"/prets/demandes/{it['id']}"
    assert (await charlie.get(way)).status_code == 404
    for page in pages:
        assert (await charlie.post(f"{way}/{page}", data={})).status_code == 404, page
    assert (await charlie.post(f"/prets/tableau/{it['id']}/proposition", data={})).status_code == 404
    assert (await charlie.get(f"/api/v1/reservations?lender={it['lender']}")).status_code == 404
    assert (await charlie.get(f"/prets/tableau?preteur={it['lender']}")).status_code == 404
    assert (await client.get(one)).status_code == 401
    assert (await charlie.get("/api/v1/reservations")).json()["items"] == []


async def test_kits_are_all_or_nothing(alice: Client, bob: Client, town: Town) -> None:
    table, bench = await lent(town, "Table", units=1), await lent(town, "Banc", units=2)
    made = await kit(town, "Coin repas", (table, 1), optional=((bench, 2),))
    it = await ask(bob, made.id)
    assert len(it["units"]) == 1
    refused = await ask(alice, made.id, 409, parts=[bench.id])
    assert refused["code"] == "not_free"
    # Nothing of it was kept: the benches are still there.
    assert len((await ask(alice, bench.id, quantity=2))["units"]) == 2


async def test_availability_says_what_asking_would(
    alice: Client, bob: Client, client: Client, town: Town
) -> None:
    item = await lent(town, units=2)
    await ask(bob, item.id, quantity=2)
    days = (
        await client.get(f"/api/v1/items/{item.id}/availability?from={in_days(2)[:10]}&to={in_days(7)[:10]}")
    ).json()
    by_day = {day["date"]: day for day in days["days"]}
    assert by_day[in_days(4)[:10]]["state"] == "taken"
    assert (by_day[in_days(6)[:10]]["state"], by_day[in_days(6)[:10]]["free"]) == ("free", 2)
    exact = await alice.get(
        f"/api/v1/items/{item.id}/availability", params={"from": in_days(4), "to": in_days(6), "quantity": 1}
    )
    assert (exact.json()["bookable"], exact.json()["refusal"]) == (False, "not_free")
    for one in exact.json()["alternatives"]:
        await ask(alice, one["item"], start=one["start"], end=one["end"])
        break
    free = await alice.get(
        f"/api/v1/items/{item.id}/availability", params={"from": in_days(20), "to": in_days(21)}
    )
    assert free.json()["bookable"] is True
    for wrong in ({"from": "hier"}, {"from": in_days(9), "to": in_days(2)}, {"quantity": "0"},
                  {"from": "2026-01-01", "to": "2027-01-01"}):  # fmt: skip
        assert (await client.get(f"/api/v1/items/{item.id}/availability", params=wrong)).status_code == 422, (
            wrong
        )
