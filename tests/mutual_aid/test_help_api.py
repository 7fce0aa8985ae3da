"""Helps in JSON: the same verbs, with stable codes."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from echange.http.dates import now
from tests.mutual_aid.helps import Connection, days, proposed, told
from tests.neighbours import Town


def at(moment: datetime) -> str:
    return moment.isoformat()


FULL: dict[str, Any] = {
    "kind": "ask",
    "title": "Déménager un piano",
    "body": "Droit, lourd.",
    "minutes": 120,
    "people": 3,
    "roles": [{"name": "Porter", "people": 2}, {"name": "Conduire", "people": 1}],
    "skills": ["Déménagement"],
    "quartier": "les-larris",
    "effort": 3,
    "access": "De plain-pied",
    "urgency": "week",
    "counted": True,
    "when_text": "plutôt le matin",
}


async def test_a_help_is_told_and_read_back(alice: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    start = days(2).replace(microsecond=0)
    slots = [{"start": at(start), "end": at(start + timedelta(hours=2))}]
    made = await alice.post("/api/v1/helps", json={**FULL, "slots": slots})
    assert made.status_code == 201, made.text
    read = (await client.get(f"/api/v1/helps/{made.json()['id']}")).json()
    assert {name: read[name] for name in FULL if name not in {"roles"}} == {
        name: value for name, value in FULL.items() if name != "roles"
    }
    assert read["roles"] == [
        {"name": "Porter", "people": 2, "left": 2},
        {"name": "Conduire", "people": 1, "left": 1},
    ]
    assert [datetime.fromisoformat(slot["start"]) for slot in read["slots"]] == [start]
    assert (read["state"], read["taken"], read["organisation"]) == ("open", 0, None)
    assert " " not in read["person"]["name"], "signed out the first name is enough"
    known = (await alice.get(f"/api/v1/helps/{read['id']}")).json()
    assert " " in known["person"]["name"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "wish"}, "kind"),
        ({"title": "  "}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"minutes": "bientôt"}, "minutes"),
        ({"people": 51}, "people"),
        ({"effort": 4}, "effort"),
        ({"urgency": "yesterday"}, "urgency"),
        ({"quartier": "nulle-part"}, "quartier"),
        ({"roles": [{"name": "Porter"}, {"name": "porter"}]}, "roles"),
        ({"slots": [{"start": "2020-01-01T10:00:00+01:00", "end": "2020-01-01T11:00:00+01:00"}]}, "slots"),
        ({"slots": [{"start": "demain", "end": "après"}]}, "slots"),
        ({"skills": ["x"]}, "skills"),
        ({"skills": ["Vélo"] * 6}, "skills"),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    alice: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    answer = await alice.post("/api/v1/helps", json={**FULL, **change})
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]


async def test_nobody_publishes_signed_out(client: httpx.AsyncClient, town: Town) -> None:
    assert (await client.post("/api/v1/helps", json=FULL)).status_code == 401


async def test_only_what_is_given_changes(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    help_id = (await alice.post("/api/v1/helps", json=FULL)).json()["id"]
    changed = await alice.patch(f"/api/v1/helps/{help_id}", json={"title": "Déménager un buffet"})
    assert changed.status_code == 200, changed.text
    read = changed.json()
    assert read["title"] == "Déménager un buffet"
    assert read["skills"] == ["Déménagement"]
    assert len(read["roles"]) == 2
    assert (await bob.patch(f"/api/v1/helps/{help_id}", json={"title": "Volé"})).status_code == 403


async def test_the_list_narrows_and_goes_on(alice: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    for number in range(3):
        await told(alice, title=f"Demande {number}")
    await told(alice, kind="offer", title="Offre", quartier="le-village", skills=["Arrosage"])
    first = (await client.get("/api/v1/helps?limit=2")).json()
    second = (await client.get(f"/api/v1/helps?limit=2&cursor={first['next']}")).json()
    titles = [item["title"] for item in first["items"] + second["items"]]
    assert titles == ["Demande 0", "Demande 1", "Demande 2", "Offre"]
    assert second["next"] is None

    async def found(query: str) -> list[str]:
        answer = await client.get(f"/api/v1/helps?{query}")
        assert answer.status_code == 200, answer.text
        return [item["title"] for item in answer.json()["items"]]

    assert await found("kind=offer") == ["Offre"]
    assert await found("quartier=le-village") == ["Offre"]
    assert await found("skill=arrosage") == ["Offre"]
    assert await found("urgency=today") == []
    assert (await client.get("/api/v1/helps?kind=wish")).status_code == 422
    assert (await client.get("/api/v1/helps?cursor=???")).status_code == 422


async def test_a_proposal_becomes_an_exchange_with_its_conversation(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    help_id = (await alice.post("/api/v1/helps", json=FULL)).json()["id"]
    answer = await bob.post(
        f"/api/v1/helps/{help_id}/proposals",
        json={"words": "J’ai des sangles.", "role": "Porter", "minutes": 60, "starts_at": at(days(1))},
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["state"], made["minutes"], made["role"]) == ("proposed", 60, "Porter")
    assert (made["giver"], made["receiver"]) == (town["bob"], town["alice"])
    assert made["conversation"] is not None
    again = await bob.post(f"/api/v1/helps/{help_id}/proposals", json={"words": "Oui ?", "role": "Porter"})
    assert again.json()["id"] == made["id"]
    own = await alice.post(f"/api/v1/helps/{help_id}/proposals", json={"words": "Moi."})
    assert (own.status_code, own.json()["code"]) == (409, "own_help")
    none = await bob.post(f"/api/v1/helps/{help_id}/proposals", json={})
    assert (none.status_code, list(none.json()["errors"])) == (422, ["words"])


async def test_a_full_ask_refuses_kindly(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    help_id = await told(alice)
    exchange = await proposed(bob, help_id)
    late = await proposed(charlie, help_id)
    assert (await alice.post(f"/api/v1/exchanges/{exchange}/acceptance")).status_code in {200, 201}
    assert (await charlie.get(f"/api/v1/helps/{help_id}")).json()["state"] == "full"
    refused = await alice.post(f"/api/v1/exchanges/{late}/acceptance")
    assert (refused.status_code, refused.json()["code"]) == (409, "full")
    await alice.post(f"/api/v1/exchanges/{late}/decline", json={})
    again = await charlie.post(f"/api/v1/helps/{help_id}/proposals", json={"words": "Encore moi."})
    assert (again.status_code, again.json()["code"]) == (409, "full")


async def test_it_ends_reopens_and_is_renewed(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    help_id = await told(alice)
    place = f"/api/v1/helps/{help_id}"
    ended = await alice.post(f"{place}/closure", json={"outcome": "done"})
    assert (ended.status_code, ended.json()["state"]) == (201, "done")
    assert (await alice.post(f"{place}/closure", json={"outcome": "done"})).status_code == 201
    other = await alice.post(f"{place}/closure", json={"outcome": "cancelled"})
    assert (other.status_code, other.json()["code"]) == (409, "over")
    late = await bob.post(f"{place}/proposals", json={"words": "Moi ?"})
    assert (late.status_code, late.json()["code"]) == (409, "over")
    assert (await bob.delete(f"{place}/closure")).status_code == 403
    assert (await alice.delete(f"{place}/closure")).status_code == 204
    assert (await alice.get(place)).json()["state"] == "open"
    await connection.execute("UPDATE help SET vouched_at = now() - interval '1 hour'")
    early = await alice.post(f"{place}/renewal")
    assert (early.status_code, early.json()["code"]) == (409, "too_early")
    await connection.execute("UPDATE help SET expires_at = now() + interval '1 day'")
    renewed = await alice.post(f"{place}/renewal")
    assert renewed.status_code == 201
    assert datetime.fromisoformat(renewed.json()["expires_at"]) > now() + timedelta(days=29)
    assert (await alice.post(f"{place}/renewal")).status_code == 201, "said twice"
    assert await connection.fetchval("SELECT count(*) FROM help_event WHERE kind = 'renewed'") == 1


async def test_the_same_key_publishes_once(alice: httpx.AsyncClient, connection: Connection) -> None:
    key = {"idempotency-key": "une-fois"}
    first = await alice.post("/api/v1/helps", json=FULL, headers=key)
    second = await alice.post("/api/v1/helps", json=FULL, headers=key)
    assert first.json() == second.json()
    other = await alice.post("/api/v1/helps", json={**FULL, "title": "Autre"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert await connection.fetchval("SELECT count(*) FROM help") == 1
