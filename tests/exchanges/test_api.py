"""The same by programs: each state is reached and left, strangers find nothing, no click counts twice."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from echange.database import execute, fetch_value
from echange.exchanges.clock import tick
from echange.http.dates import now
from tests.ads.annonces import published
from tests.conftest import Doors, let_in
from tests.neighbours import Town
from tests.sweeping import Janitor

Client = httpx.AsyncClient
PATHS = (
    "acceptance", "decline", "start", "declaration", "retraction", "confirmation", "dispute", "cancellation",
    "thanks",
)  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "declaration": {"minutes": 60}, "dispute": {"reason": "Non."}, "thanks": {"text": "Merci !"},
    "arbitration": {"minutes": 45, "reason": "Entre les deux."},
}  # fmt: skip


@pytest.fixture
async def moderator(app: Starlette, town: Town, janitor: Janitor) -> AsyncIterator[Client]:
    async with Doors(app).open() as somebody:
        await let_in(somebody, town["moderatrice"], janitor)
        yield somebody


async def propose(client: Client, other: int, **changes: Any) -> dict[str, Any]:
    body = {"with": other, "giving": True, "minutes": 60, "title": "Tailler une haie", **changes}
    answer = await client.post("/api/v1/exchanges", json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def act(client: Client, exchange_id: int, verb: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/exchanges/{exchange_id}/{verb}", json=body or BODIES.get(verb, {}))
    assert answer.status_code == status, (verb, answer.text)
    told: dict[str, Any] = answer.json()
    return told


async def test_a_whole_exchange_by_program(alice: Client, bob: Client, town: Town) -> None:
    skill = await fetch_value("SELECT name FROM skill ORDER BY id LIMIT 1")
    it = await propose(
        bob, town["alice"], words="Samedi ?", place="Au parc", starts_at=now().isoformat(), skill=skill,
        about={"kind": "member", "id": town["alice"]},
    )  # fmt: skip
    assert (it["state"], it["giver"]["handle"], it["receiver"]["handle"]) == ("proposed", "bob", "alice")
    assert (it["proposed_by"], it["next"], it["place"]) == (town["bob"], ["cancellation"], "Au parc")
    assert it["about"] == {"kind": "member", "id": town["alice"]}
    assert it["skill"] == await fetch_value("SELECT id FROM skill ORDER BY id LIMIT 1")
    assert it["events"][0] | {"at": ""} == {
        "kind": "proposed", "by": town["bob"], "helper": None, "at": "", "minutes": 60, "to_fund": 0,
        "declined": 0, "words": "Samedi ?", "why": None,
    }  # fmt: skip
    talk = (await alice.get(f"/api/v1/conversations/{it['conversation']}")).json()
    assert talk["about"] == {"kind": "exchange", "id": it["id"]}
    assert talk["last"]["body"] == "Samedi ?"
    await act(alice, it["id"], "acceptance")
    await act(bob, it["id"], "declaration", minutes=75)
    done = await act(alice, it["id"], "confirmation")
    assert (done["state"], done["settled_minutes"], done["next"]) == ("settled", 75, ["thanks"])
    assert done["transfer"] is not None
    await act(alice, it["id"], "thanks", 201)
    account = (await bob.get("/api/v1/ledger/account")).json()
    assert account["balance_minutes"] == 195
    listed = (await bob.get("/api/v1/exchanges?state=settled")).json()
    assert [one["id"] for one in listed["items"]] == [it["id"]]
    assert (await bob.get("/api/v1/exchanges?state=proposed")).json()["items"] == []
    assert (await bob.get("/api/v1/exchanges?state=none")).status_code == 422


async def test_the_list_goes_on_by_its_cursor(alice: Client, bob: Client, town: Town) -> None:
    made = [(await propose(bob, town["alice"], title=f"Haie {n}"))["id"] for n in range(5)]
    seen, cursor = [], ""
    while True:
        page = (await alice.get(f"/api/v1/exchanges?limit=2&cursor={cursor}")).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == sorted(made, reverse=True)


# From a proposal of Bob's to each state, and one step further: who does what.
ROADS: dict[str, tuple[list[tuple[str, str]], tuple[str, str], str]] = {
    "proposed": ([], ("alice", "acceptance"), "accepted"),
    "accepted": ([("alice", "acceptance")], ("bob", "start"), "under_way"),
    "under_way": ([("alice", "acceptance"), ("bob", "start")], ("alice", "cancellation"), "cancelled"),
    "declared": ([("alice", "acceptance"), ("bob", "declaration")], ("bob", "retraction"), "under_way"),
    "disputed": (
        [("alice", "acceptance"), ("bob", "declaration"), ("alice", "dispute")],
        ("moderator", "arbitration"),
        "settled",
    ),
    "settled": (
        [("alice", "acceptance"), ("bob", "declaration"), ("alice", "confirmation")],
        ("alice", "thanks"),
        "settled",
    ),
    "declined": ([("alice", "decline")], ("bob", "propose"), "proposed"),
    "cancelled": ([("bob", "cancellation")], ("bob", "propose"), "proposed"),
    "expired": ([("time", "expiry")], ("bob", "propose"), "proposed"),
}


@pytest.mark.parametrize("state", ROADS)
async def test_every_state_is_reached_and_left(
    state: str, alice: Client, bob: Client, moderator: Client, town: Town
) -> None:
    people = {"alice": alice, "bob": bob, "moderator": moderator}
    road, (who, verb), after = ROADS[state]
    it = await propose(bob, town["alice"])
    for person, step in road:
        if person == "time":
            await execute("UPDATE exchange SET moved_at = now() - interval '15 days'")
            await tick()
        else:
            await act(people[person], it["id"], step)
    reached = (await bob.get(f"/api/v1/exchanges/{it['id']}")).json()
    assert reached["state"] == state
    if verb == "propose":
        left = await propose(bob, town["alice"])
        assert left["id"] != it["id"]
    else:
        now_for_them = (await people[who].get(f"/api/v1/exchanges/{it['id']}")).json()
        assert verb in now_for_them["next"]
        left = await act(people[who], it["id"], verb, 201 if verb == "thanks" else 200)
    assert left["state"] == after


async def test_what_is_not_offered_next_is_refused_and_changes_nothing(
    alice: Client, bob: Client, moderator: Client, town: Town
) -> None:
    for road, _, _ in ROADS.values():
        it = await propose(bob, town["alice"])
        for who, step in road:
            if who != "time":
                await act({"alice": alice, "bob": bob}[who], it["id"], step)
        for person in (alice, bob):
            before = (await person.get(f"/api/v1/exchanges/{it['id']}")).json()
            for verb in PATHS:
                if verb in before["next"]:
                    continue
                answer = await person.post(f"/api/v1/exchanges/{it['id']}/{verb}", json=BODIES.get(verb, {}))
                # What was just done oneself may be said again.
                assert answer.status_code in {200, 409}, (verb, answer.text)
                assert (await person.get(f"/api/v1/exchanges/{it['id']}")).json() == before
        await execute(
            """UPDATE exchange SET state = 'cancelled', settled_at = NULL, settled_minutes = NULL,
                   transfer_id = NULL WHERE id = $1""",
            it["id"],
        )


async def test_a_strangers_exchange_does_not_exist(
    alice: Client, bob: Client, charlie: Client, client: Client, moderator: Client, town: Town
) -> None:
    it = await propose(bob, town["alice"])
    for exchange_id in (it["id"], 987654):
        place = f"/api/v1/exchanges/{exchange_id}"
        assert (await charlie.get(place)).status_code == 404
        assert (await moderator.get(place)).status_code == 404
        assert (await client.get(place)).status_code == 401
        for verb in PATHS:
            answer = await charlie.post(f"{place}/{verb}", json=BODIES.get(verb, {}))
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert (await charlie.post(f"{place}/arbitration", json=BODIES["arbitration"])).status_code == 403
        assert (await moderator.post(f"{place}/arbitration", json=BODIES["arbitration"])).status_code == 404
    assert (await charlie.get("/api/v1/exchanges")).json()["items"] == []
    assert (await charlie.get(f"/api/v1/conversations/{it['conversation']}")).status_code == 404


async def test_bad_input_is_422_and_names_the_field(alice: Client, bob: Client, town: Town) -> None:
    good = {"with": town["alice"], "giving": True, "minutes": 60, "title": "Haie"}
    for field, value in (
        ("with", "alice"), ("with", True), ("with", 0), ("minutes", -1), ("minutes", 1441), ("minutes", True),
        ("minutes", None), ("minutes", 1.5), ("title", ""), ("title", "a" * 121), ("giving", "peut-être"),
        ("starts_at", "demain"), ("starts_at", "1970-01-01T00:00:00Z"), ("starts_at", "9999-12-31T23:59:59Z"),
        ("starts_at", 12), ("place", "a" * 201), ("words", "a" * 2001), ("words", "\x00"), ("skill", "zzz"),
        ("skill", 987654), ("about", {"kind": "help", "id": 1}), ("about", {"kind": "ad"}), ("about", 3),
        ("organisation", "x"),
    ):  # fmt: skip
        answer = await bob.post("/api/v1/exchanges", json={**good, field: value})
        assert answer.status_code == 422, (field, value, answer.text)
        assert field in answer.json()["errors"], (field, value, answer.text)
    it = await propose(bob, town["alice"])
    await act(alice, it["id"], "acceptance")
    for verb, body in (
        ("declaration", {}), ("declaration", {"minutes": "x"}), ("declaration", {"minutes": 2000}),
        ("dispute", {}), ("dispute", {"reason": "  "}), ("thanks", {"text": ""}),
        ("thanks", {"text": "a" * 501}),
    ):  # fmt: skip
        answer = await bob.post(f"/api/v1/exchanges/{it['id']}/{verb}", json=body)
        assert answer.status_code == 422, (verb, body, answer.text)
    assert (await bob.post("/api/v1/exchanges", content=b"[")).status_code == 422
    to_oneself = await bob.post("/api/v1/exchanges", json={**good, "with": town["bob"]})
    assert to_oneself.status_code == 422
    absent = await bob.post("/api/v1/exchanges", json={**good, "with": 987654})
    assert absent.status_code == 404


async def test_an_exchange_may_come_from_an_annonce_that_one_sees(
    alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    ad_id = await published(alice, kind="service_offered", title="Je taille les haies", terms="hours")
    about = {"kind": "ad", "id": ad_id}
    it = await propose(bob, town["alice"], giving=False, about=about)
    assert it["about"] == about
    assert it["giver"]["id"] == town["alice"]
    # Her own annonce, proposed by herself to who answered.
    assert (await propose(alice, town["charlie"], about=about))["about"] == about
    body = {"with": town["bob"], "giving": True, "minutes": 60, "title": "Haie", "about": about}
    assert (await charlie.post("/api/v1/exchanges", json=body)).status_code == 404
    hidden = {**body, "with": town["alice"], "about": {"kind": "ad", "id": 987654}}
    assert (await bob.post("/api/v1/exchanges", json=hidden)).status_code == 404
    other_member = {**body, "about": {"kind": "member", "id": town["alice"]}}
    assert (await charlie.post("/api/v1/exchanges", json=other_member)).status_code == 404


async def test_under_one_key_a_proposal_is_made_once(bob: Client, town: Town) -> None:
    body = {"with": town["alice"], "giving": True, "minutes": 60, "title": "Haie"}
    headers = {"idempotency-key": "haie-de-samedi"}
    made = [await bob.post("/api/v1/exchanges", json=body, headers=headers) for _ in range(3)]
    assert {answer.json()["id"] for answer in made} == {made[0].json()["id"]}
    other = await bob.post("/api/v1/exchanges", json={**body, "title": "Arbre"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


async def test_twenty_clicks_at_once_propose_and_settle_once(alice: Client, bob: Client, town: Town) -> None:
    made = await asyncio.gather(*(propose(bob, town["alice"]) for _ in range(20)))
    assert len({it["id"] for it in made}) == 1
    exchange_id = made[0]["id"]
    await act(alice, exchange_id, "acceptance")
    await act(bob, exchange_id, "declaration")
    answers = await asyncio.gather(
        *(alice.post(f"/api/v1/exchanges/{exchange_id}/confirmation", json={}) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await fetch_value("SELECT count(*) FROM ledger_transfer WHERE kind = 'exchange'") == 1
    assert await fetch_value("SELECT count(*) FROM exchange_event WHERE kind = 'confirmed'") == 1


async def test_of_confirming_disputing_and_taking_back_at_once_one_wins(
    alice: Client, bob: Client, town: Town
) -> None:
    for turn in range(6):
        it = await propose(bob, town["alice"], title=f"Haie {turn}", minutes=5)
        await act(alice, it["id"], "acceptance")
        await act(bob, it["id"], "declaration", minutes=5)
        place = f"/api/v1/exchanges/{it['id']}"
        answers = await asyncio.gather(
            alice.post(f"{place}/confirmation", json={"minutes": 5}),
            bob.post(f"{place}/retraction"),
            alice.post(f"{place}/dispute", json={"reason": "Non."}),
            alice.post(f"{place}/confirmation", json={"minutes": 5}),
        )
        codes = [answer.status_code for answer in answers]
        assert set(codes) <= {200, 409}, [answer.text for answer in answers]
        told = (await bob.get(place)).json()
        settled = told["state"] == "settled"
        moved = await fetch_value(
            "SELECT count(*) FROM ledger_transfer WHERE about_id = $1 AND kind = 'exchange'", it["id"]
        )
        assert moved == int(settled)
        assert told["state"] in {"settled", "disputed", "under_way"}


async def test_both_declare_at_once_and_one_figure_stands(alice: Client, bob: Client, town: Town) -> None:
    it = await propose(bob, town["alice"])
    await act(alice, it["id"], "acceptance")
    place = f"/api/v1/exchanges/{it['id']}/declaration"
    answers = await asyncio.gather(
        alice.post(place, json={"minutes": 30}), bob.post(place, json={"minutes": 60})
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "figure_waits"


async def test_the_openapi_names_every_call(client: Client) -> None:
    paths = (await client.get("/api/v1/openapi.json")).json()["paths"]
    assert set(paths["/api/v1/exchanges"]) == {"get", "post"}
    for verb in (*PATHS, "arbitration"):
        assert "post" in paths[f"/api/v1/exchanges/{{id}}/{verb}"]
