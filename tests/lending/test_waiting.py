"""The waiting line: who comes first is offered first, for a while; whom it does not fit holds nobody up."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from echange.booking import Period
from echange.database import execute, fetch_value
from echange.http.dates import now
from echange.lending import Item
from echange.lending.models import Loan, Waiter
from echange.lending.models.waiter import offered_until
from echange.lending.unit_life import give_back_unit, withdraw_unit
from echange.lending.waiting import somebody_waits
from echange.lending.waiting_schedule import tick
from echange.members import Block
from tests.lending.asking import ask, window
from tests.lending.desk_things import act, kinds_told
from tests.lending.things import kit, lent, somebody, units_of
from tests.neighbours import Town

Client = httpx.AsyncClient


async def wait(client: Client, item_id: int, status: int = 201, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/items/{item_id}/waiting", json={**window(3, 5), **body})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def mine(client: Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/api/v1/me/waiting")).json()["items"]
    return items


@pytest.fixture
async def taken(alice: Client, town: Town) -> tuple[Item, dict[str, Any]]:
    """Something that Alice has in three days."""
    item = await lent(town)
    return item, await ask(alice, item.id)


async def test_the_first_in_line_is_offered_what_becomes_free(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    item, loan = taken
    assert (await wait(bob, item.id))["place"] == 1
    assert (await wait(charlie, item.id))["place"] == 2
    await act(alice, loan["id"], "cancellation")
    (offered,) = await mine(bob)
    assert offered["reservation"] is not None
    assert await kinds_told(town["bob"]) == ["loan_offered"]
    assert (await mine(charlie))[0]["reservation"] is None
    held = (await bob.get(f"/api/v1/reservations/{offered['reservation']}")).json()
    assert held["state"] == "held"
    assert (await act(bob, held["id"], "confirmation"))["state"] == "approved"
    assert await mine(bob) == []


async def test_who_says_no_makes_room_for_the_next(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client, charlie: Client
) -> None:
    item, loan = taken
    await wait(bob, item.id)
    await wait(charlie, item.id)
    await act(alice, loan["id"], "cancellation")
    assert (await bob.delete(f"/api/v1/items/{item.id}/waiting")).status_code == 204
    assert await mine(bob) == []
    assert (await mine(charlie))[0]["reservation"] is not None


async def test_an_offer_that_lapses_passes_on(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    item, loan = taken
    await wait(bob, item.id)
    await wait(charlie, item.id)
    await act(alice, loan["id"], "cancellation")
    held = (await mine(bob))[0]["reservation"]
    await execute("UPDATE loan SET held_until = now() - interval '1 minute' WHERE id = $1", held)
    await execute(
        "UPDATE booking_allocation SET expires_at = now() - interval '1 minute' WHERE kind = 'held'"
    )
    await tick()
    assert await mine(bob) == []
    assert (await Waiter.get(member_id=town["bob"])).ending == "lapsed"
    assert (await kinds_told(town["bob"]))[-1] == "loan_offer_lapsed"
    assert (await mine(charlie))[0]["reservation"] is not None
    await act(bob, held, "confirmation", status=409)


async def test_a_later_one_whose_window_is_free_need_not_wait_for_the_first(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    item, loan = taken
    other = await ask(alice, item.id, **window(6, 8))
    await wait(bob, item.id, **window(3, 8))
    await wait(charlie, item.id)
    await act(alice, loan["id"], "cancellation")
    assert (await mine(bob))[0]["reservation"] is None
    assert (await mine(charlie))[0]["reservation"] is not None
    assert other["state"] == "approved"


async def test_what_is_free_is_not_waited_for(alice: Client, town: Town) -> None:
    item = await lent(town)
    assert (await wait(alice, item.id, status=409))["code"] == "free_now"


async def test_the_same_window_twice_keeps_ones_place(
    taken: tuple[Item, dict[str, Any]], bob: Client
) -> None:
    item, _loan = taken
    first = await wait(bob, item.id)
    assert (await wait(bob, item.id))["id"] == first["id"]
    assert len(await mine(bob)) == 1


async def test_somebody_who_waits_holds_a_renewal_up(
    taken: tuple[Item, dict[str, Any]], bob: Client, town: Town
) -> None:
    item, loan = taken
    await ask(bob, item.id, **window(8, 9))
    it = await Loan.get(id=loan["id"])
    await Waiter.create(
        item_id=item.id,
        member_id=town["charlie"],
        starts_at=it.ends_at,
        ends_at=it.ends_at + timedelta(days=2),
    )
    assert await somebody_waits(item.id, Period(it.ends_at, it.ends_at + timedelta(days=1)))
    assert not await somebody_waits(item.id, Period(it.starts_at, it.ends_at))


async def test_a_kit_is_offered_when_its_part_is_free(alice: Client, bob: Client, town: Town) -> None:
    speaker, lamp = await lent(town, "Enceinte"), await lent(town, "Projecteur")
    party = await kit(town, "Lot fête", (speaker, 1), (lamp, 1))
    loan = await ask(alice, lamp.id)
    await wait(bob, party.id)
    await act(alice, loan["id"], "cancellation")
    assert (await mine(bob))[0]["reservation"] is not None


async def test_two_pieces_freed_at_once_are_offered_to_two(
    alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    item = await lent(town, units=2)
    first, second = await ask(alice, item.id), await ask(alice, item.id)
    await wait(bob, item.id)
    await wait(charlie, item.id)
    await asyncio.gather(*(act(alice, one["id"], "cancellation") for one in (first, second)))
    await tick()
    offers = [(await mine(one))[0]["reservation"] for one in (bob, charlie)]
    assert None not in offers
    assert len(set(offers)) == 2


async def test_taking_it_and_its_lapse_at_once_leave_one_outcome(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client
) -> None:
    item, loan = taken
    await wait(bob, item.id)
    await act(alice, loan["id"], "cancellation")
    held = (await mine(bob))[0]["reservation"]
    await execute("UPDATE loan SET held_until = now() + interval '20 milliseconds' WHERE id = $1", held)
    path = f"/api/v1/reservations/{held}/confirmation"
    answer, _none = await asyncio.gather(bob.post(path, json={}), tick())
    state = await fetch_value("SELECT state FROM loan WHERE id = $1", held)
    await tick()
    ending = await fetch_value("SELECT ending FROM waiter")
    assert (answer.status_code, state, ending) in {
        (200, "approved", "taken"), (409, "expired", "lapsed"), (409, "held", "lapsed"),
    }  # fmt: skip


async def test_a_window_that_has_begun_is_waited_for_no_more(
    taken: tuple[Item, dict[str, Any]], bob: Client, town: Town
) -> None:
    item, _loan = taken
    await wait(bob, item.id)
    await execute("UPDATE waiter SET starts_at = now() - interval '1 minute'")
    await tick()
    assert (await Waiter.get(member_id=town["bob"])).ending == "over"


async def test_who_may_not_borrow_it_does_not_wait_for_it(
    taken: tuple[Item, dict[str, Any]], keeper: Client, bob: Client, town: Town
) -> None:
    item, _loan = taken
    await execute("UPDATE member SET verified_at = NULL WHERE id = $1", town["bob"])
    assert (await wait(bob, item.id, status=409))["code"] == "not_verified"


async def test_who_lost_the_right_is_passed_over(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    item, loan = taken
    await wait(bob, item.id)
    await wait(charlie, item.id)
    await execute("UPDATE member SET verified_at = NULL WHERE id = $1", town["bob"])
    await act(alice, loan["id"], "cancellation")
    assert (await mine(charlie))[0]["reservation"] is not None


async def test_a_strangers_line_is_nobody_elses(
    taken: tuple[Item, dict[str, Any]], bob: Client, charlie: Client, client: Client
) -> None:
    item, _loan = taken
    await wait(bob, item.id)
    assert await mine(charlie) == []
    assert (await charlie.delete(f"/api/v1/items/{item.id}/waiting")).status_code == 204
    assert len(await mine(bob)) == 1
    assert (await client.get("/api/v1/me/waiting")).status_code == 401
    assert (await bob.post("/api/v1/items/999/waiting", json=window(3, 5))).status_code == 404


def test_it_is_kept_for_a_day_and_less_when_it_begins_soon() -> None:
    moment = now()

    def kept(start: timedelta) -> float:
        return round((offered_until(moment + start) - moment) / timedelta(minutes=1))

    assert kept(timedelta(days=9)) == 24 * 60
    assert kept(timedelta(hours=10)) == 8 * 60
    assert kept(timedelta(hours=3)) == 90


async def test_the_page_puts_in_line_and_takes_out_of_it(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client, charlie: Client
) -> None:
    item, loan = taken
    chosen = await bob.get(f"{item.url}?du={loan['start'][:10]}&au={loan['end'][:10]}")
    assert "Me mettre sur la liste" in chosen.text
    answer = await bob.post(f"/prets/{item.id}/liste", data={**window(3, 5), "quantity": "1"})
    assert answer.status_code == 303
    assert "Vous êtes sur la liste" in (await bob.get(item.url)).text
    assert "Ce que j’attends" in (await bob.get("/moi/prets")).text
    number = (await mine(bob))[0]["id"]
    assert (await charlie.post(f"/prets/listes/{number}/depart")).status_code == 404
    await act(alice, loan["id"], "cancellation")
    assert "Le prendre" in (await bob.get("/moi/prets")).text
    assert (await bob.post(f"/prets/listes/{number}/depart")).status_code == 303
    assert "Ce que j’attends" not in (await bob.get("/moi/prets")).text
    refused = await bob.post(f"/prets/{item.id}/liste", data={"start": "hier"})
    assert refused.status_code == 303


async def test_whose_offer_had_to_give_way_stands_where_they_stood(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    item, loan = taken
    first = await wait(bob, item.id)
    await wait(charlie, item.id)
    await act(alice, loan["id"], "cancellation")
    assert (await mine(bob))[0]["reservation"] is not None
    (unit,) = await units_of(item)
    await withdraw_unit(unit, by=somebody(town, "redoute"))
    (still,) = await mine(bob)
    assert (still["id"], still["place"], still["reservation"]) == (first["id"], 1, None)
    assert (await mine(charlie))[0]["place"] == 2
    await give_back_unit(unit, by=somebody(town, "redoute"))
    await tick()
    assert (await mine(bob))[0]["reservation"] is not None
    assert (await mine(charlie))[0]["reservation"] is None


async def test_nothing_is_offered_of_a_lender_who_is_away(
    taken: tuple[Item, dict[str, Any]], alice: Client, bob: Client
) -> None:
    item, loan = taken
    await wait(bob, item.id)
    await execute("UPDATE organisation SET closed_at = now()")
    await act(alice, loan["id"], "cancellation")
    assert (await mine(bob))[0]["reservation"] is None
    await execute("UPDATE organisation SET closed_at = NULL")
    await tick()
    assert (await mine(bob))[0]["reservation"] is not None


async def test_who_may_not_meet_the_lender_any_more_is_passed_over(
    alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    item = await lent(town, "Tente", by="concierge")
    loan = await ask(alice, item.id)
    await wait(bob, item.id)
    await wait(charlie, item.id)
    await Block.create(by_id=town["concierge"], member_id=town["bob"])
    await act(alice, loan["id"], "cancellation")
    assert (await mine(bob))[0]["reservation"] is None
    assert (await mine(charlie))[0]["reservation"] is not None


@pytest.mark.parametrize("year", ["0001", "1000", "9999"])
async def test_a_window_of_another_age_is_refused(alice: Client, town: Town, year: str) -> None:
    item = await lent(town)
    told = {"start": f"{year}-01-01T00:00:00+14:00", "end": f"{year}-12-31T23:59:59-11:00"}
    await wait(alice, item.id, 422, **told)
    for first, last in (("start", "end"), ("end", "start")):
        days = {"from": told[first], "to": told[last]}
        url = f"/api/v1/items/{item.id}/availability"
        assert (await alice.get(url, params=days)).status_code == 422
