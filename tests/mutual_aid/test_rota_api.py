"""Rotas in JSON: the same verbs, with stable codes."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.mutual_aid.helps import Connection, told
from tests.mutual_aid.rotas import in_days
from tests.neighbours import Town

API = "/api/v1"


def slot(**changes: Any) -> dict[str, Any]:
    day = in_days(3)
    return {
        "weekday": day.weekday(), "starts": "18:00", "minutes": 60, "people": 1,
        "first_day": day.isoformat(), **changes,
    }  # fmt: skip


async def planned(client: httpx.AsyncClient, **changes: Any) -> tuple[int, int, list[int]]:
    """A help, its slot, its shifts."""
    help_id = await told(client)
    made = await client.post(f"{API}/helps/{help_id}/rota", json=slot(**changes))
    assert made.status_code == 201, made.text
    shifts = (await client.get(f"{API}/helps/{help_id}/shifts")).json()["items"]
    return help_id, made.json()["id"], [shift["id"] for shift in shifts]


async def read(client: httpx.AsyncClient, shift_id: int) -> dict[str, Any]:
    answer = await client.get(f"{API}/shifts/{shift_id}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_rota_is_made_and_read_back(alice: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    help_id, slot_id, shifts = await planned(alice, role="Calcul", people=2)
    listed = (await client.get(f"{API}/helps/{help_id}/rota")).json()
    assert [(one["id"], one["starts"], one["skipped"]) for one in listed["items"]] == [(slot_id, "18:00", [])]
    assert len(shifts) == 5
    one = await read(client, shifts[0])
    assert (one["state"], one["taken"], one["people"], one["role"], one["mine"]) == (
        "free",
        0,
        2,
        "Calcul",
        None,
    )
    assert datetime.fromisoformat(one["start"]).tzinfo is not None
    narrow = await client.get(
        f"{API}/helps/{help_id}/shifts", params={"from": str(in_days(9)), "to": str(in_days(11))}
    )
    assert [item["id"] for item in narrow.json()["items"]] == [shifts[1]]


@pytest.mark.parametrize(
    "query", ["from=hier", "from=2026-01-05&to=2026-01-01", "from=2026-01-01&to=2030-01-01"]
)
async def test_wrong_days_are_told(alice: httpx.AsyncClient, query: str) -> None:
    help_id, _slot, _shifts = await planned(alice)
    assert (await alice.get(f"{API}/helps/{help_id}/shifts?{query}")).status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"weekday": 7}, "weekday"),
        ({"weekday": "lundi"}, "weekday"),
        ({"starts": "24:00"}, "starts"),
        ({"minutes": 4}, "minutes"),
        ({"people": 51}, "people"),
        ({"first_day": "2026-13-01"}, "first_day"),
        ({"role": "x" * 61}, "role"),
        ({"coming": "perhaps"}, "coming"),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    alice: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    help_id = await told(alice)
    answer = await alice.post(f"{API}/helps/{help_id}/rota", json=slot(**change))
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


async def test_a_place_goes_round(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    _help, _slot, shifts = await planned(alice)
    place = f"{API}/shifts/{shifts[0]}"
    came = await bob.post(f"{place}/signup")
    assert (came.status_code, came.json()["mine"], came.json()["state"]) == (201, "coming", "full")
    assert came.json()["names"] == [{"id": town["bob"], "name": "Bob", "how": "coming"}]
    assert (await bob.post(f"{place}/signup")).status_code == 201
    waits = await charlie.post(f"{place}/signup")
    assert (waits.json()["mine"], waits.json()["waiting"], waits.json()["names"]) == ("waiting", 1, [])
    assert (await charlie.post(f"{place}/swap")).json()["code"] == "not_coming"
    swapped = await bob.post(f"{place}/swap")
    assert (swapped.status_code, swapped.json()["replaced"]) == (201, True)
    assert (await read(charlie, shifts[0]))["mine"] == "coming"
    assert (await charlie.post(f"{place}/swap")).json()["replaced"] is False
    assert (await charlie.delete(f"{place}/swap")).status_code == 204
    assert (await charlie.delete(f"{place}/signup")).status_code == 204
    assert (await charlie.delete(f"{place}/signup")).status_code == 204
    assert (await read(bob, shifts[0]))["state"] == "free"
    own = await alice.post(f"{place}/signup")
    assert (own.status_code, own.json()["code"]) == (409, "own_help")


async def test_its_keeper_calls_off_offers_and_takes_off(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    _help, _slot, shifts = await planned(alice)
    first, second = (f"{API}/shifts/{one}" for one in shifts[:2])
    await bob.post(f"{first}/signup")
    assert (await bob.post(f"{first}/cancellation", json={"reason": "Non"})).status_code == 403
    assert (await alice.post(f"{first}/cancellation", json={})).status_code == 422
    off = await alice.post(f"{first}/cancellation", json={"reason": "Férié"})
    assert (off.status_code, off.json()["state"], off.json()["cancelled_for"]) == (201, "cancelled", "Férié")
    late = await charlie.post(f"{first}/signup")
    assert (late.status_code, late.json()["code"]) == (409, "shift_cancelled")
    assert (await alice.delete(f"{first}/cancellation")).status_code == 204
    assert (await alice.post(f"{second}/offers", json={"member": town["bob"]})).status_code == 201
    assert (await alice.post(f"{second}/offers", json={"member": town["charlie"]})).status_code == 422
    assert (await charlie.post(f"{second}/offers/answer", json={"answer": "yes"})).json()[
        "code"
    ] == "no_offer"
    mine = (await bob.get(f"{API}/me/shifts")).json()["items"]
    assert [(one["id"], one["mine"]) for one in mine] == [(shifts[0], "coming"), (shifts[1], None)]
    assert (await bob.post(f"{second}/offers/answer", json={"answer": "yes"})).json()["mine"] == "coming"
    assert (await charlie.delete(f"{second}/signup/{town['bob']}")).status_code == 403
    assert (await alice.delete(f"{second}/signup/{town['bob']}")).status_code == 204
    assert (await read(alice, shifts[1]))["taken"] == 0


async def test_a_slot_changes_and_ends(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    help_id, slot_id, shifts = await planned(alice)
    await bob.post(f"{API}/shifts/{shifts[0]}/signup")
    place = f"{API}/rota-slots/{slot_id}"
    assert (await bob.put(place, json=slot(starts="19:00"))).status_code == 403
    asked = await alice.put(place, json=slot(starts="19:00"))
    assert (asked.status_code, asked.json()["code"]) == (409, "shifts_taken")
    changed = await alice.put(place, json=slot(starts="19:00", coming="keep"))
    assert (changed.status_code, changed.json()["starts"]) == (200, "19:00")
    assert (await alice.post(f"{place}/closure", json={"coming": "cancel"})).status_code == 422
    ended = await alice.post(f"{place}/closure", json={"coming": "cancel", "reason": "Merci à tous"})
    assert ended.status_code == 204
    assert (await alice.get(f"{API}/helps/{help_id}/rota")).json()["items"] == []
    assert (await alice.post(f"{place}/closure", json={})).status_code == 404
    assert await connection.fetchval("SELECT count(*) FROM shift") == 1


async def test_strangers_find_nothing(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection
) -> None:
    help_id, _slot, shifts = await planned(alice)
    assert (await client.post(f"{API}/shifts/{shifts[0]}/signup")).status_code == 401
    await connection.execute("UPDATE help SET hidden_at = now() WHERE id = $1", help_id)
    for method, path in (
        ("GET", f"/helps/{help_id}/rota"),
        ("GET", f"/helps/{help_id}/shifts"),
        ("GET", f"/shifts/{shifts[0]}"),
        ("POST", f"/shifts/{shifts[0]}/signup"),
        ("DELETE", f"/shifts/{shifts[0]}/signup"),
        ("POST", f"/shifts/{shifts[0]}/swap"),
    ):
        assert (await bob.request(method, API + path)).status_code == 404, path


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"from": "9999-12-31"}, 200),
        ({"from": "0001-01-01"}, 422),
        ({"from": "9999-12-31", "to": "9999-12-31"}, 200),
        ({"from": "0001-01-01", "to": "9999-12-31"}, 422),
        ({"to": "9999-12-31"}, 422),
        ({"to": "0001-01-01"}, 422),
    ],
)
async def test_days_at_the_ends_of_the_calendar_are_no_mishap(
    alice: httpx.AsyncClient, told: dict[str, str], status: int
) -> None:
    help_id, _slot, _shifts = await planned(alice)
    assert (await alice.get(f"{API}/helps/{help_id}/shifts", params=told)).status_code == status
