"""Who may borrow what, and how much of it at once, also when they ask for two things in the same instant."""

import asyncio

import httpx

from echange.database import execute, fetch_value
from echange.lending.models import Lender, Trained, Training
from tests.lending.asking import ask, in_days, window
from tests.lending.desk_things import act
from tests.lending.things import association_lender, belongs, lent, redoute
from tests.neighbours import Town

Client = httpx.AsyncClient


async def limit(running: int | None = None, of_category: int | None = None) -> None:
    await Lender.all().update(max_running=running, max_per_category=of_category)


async def test_only_who_is_verified_borrows(alice: Client, town: Town) -> None:
    item = await lent(town)
    await execute("DELETE FROM verification WHERE member_id = $1", town["alice"])
    assert (await ask(alice, item.id, 409))["code"] == "not_verified"
    assert await fetch_value("SELECT count(*) FROM booking_allocation") == 0


async def test_what_is_for_members_goes_to_members(alice: Client, bob: Client, town: Town) -> None:
    item = await lent(town, who="members")
    await belongs(town, "bob", await redoute(town))
    assert (await ask(alice, item.id, 409))["code"] == "members_only"
    assert (await ask(bob, item.id))["state"] == "approved"


async def test_a_machine_goes_to_who_was_trained_until_then(alice: Client, town: Town) -> None:
    lender = await association_lender(town)
    training = await Training.create(lender=lender, name="Découpe laser")
    item = await lent(town, "Laser", training_id=training.id)
    assert (await ask(alice, item.id, 409))["code"] == "training_needed"
    trained = await Trained.create(training=training, member_id=town["alice"], until=in_days(1))
    assert (await ask(alice, item.id, 409))["code"] == "training_needed"
    await Trained.filter(id=trained.id).update(until=None)
    assert (await ask(alice, item.id))["state"] == "approved"


async def test_nobody_borrows_from_themselves(charlie: Client, town: Town) -> None:
    item = await lent(town, by="charlie")
    assert (await ask(charlie, item.id, 422))["code"] == "own_item"


async def test_no_more_at_once_than_the_lender_says(alice: Client, town: Town) -> None:
    item = await lent(town, units=8, max_quantity=4)
    refused = await ask(alice, item.id, 409, quantity=5)
    assert (refused["code"], refused["title"]) == ("too_many_at_once", "On en emprunte 4 à la fois au plus.")
    assert len((await ask(alice, item.id, quantity=4))["units"]) == 4


async def test_so_many_running_loans_at_one_lender(alice: Client, town: Town) -> None:
    first, second = await lent(town, "Table"), await lent(town, "Banc")
    elsewhere = await lent(town, "Échelle", by="charlie")
    await limit(running=1)
    it = await ask(alice, first.id)
    refused = await ask(alice, second.id, 409)
    assert refused["code"] == "too_many_running"
    await ask(alice, elsewhere.id)
    await act(alice, it["id"], "cancellation")
    await ask(alice, second.id)


async def test_so_many_of_a_category(alice: Client, town: Town) -> None:
    first = await lent(town, "Table", category="fetes")
    second = await lent(town, "Barnum", category="fetes")
    drill = await lent(town, "Perceuse", category="bricolage")
    await limit(of_category=1)
    await ask(alice, first.id)
    assert (await ask(alice, second.id, 409))["code"] == "too_many_of_category"
    await ask(alice, drill.id)


async def test_a_hold_that_lapsed_counts_no_more(alice: Client, town: Town) -> None:
    first, second = await lent(town, "Table"), await lent(town, "Banc")
    await limit(running=1)
    await ask(alice, first.id, hold=True)
    assert (await ask(alice, second.id, 409))["code"] == "too_many_running"
    await execute("UPDATE loan SET held_until = now() - interval '1 minute'")
    await ask(alice, second.id)


async def test_who_is_late_borrows_nothing_new_anywhere(alice: Client, town: Town) -> None:
    late, other = await lent(town, "Table"), await lent(town, "Échelle", by="charlie")
    it = await ask(alice, late.id)
    await execute(
        """UPDATE loan SET state = 'out', starts_at = now() - interval '3 days',
               ends_at = now() - interval '1 day'"""
    )
    refused = await ask(alice, other.id, 409)
    assert refused["code"] == "overdue"
    assert "Table" in refused["title"]
    assert "alternatives" not in refused
    await execute("UPDATE loan SET state = 'returned' WHERE id = $1", it["id"])
    await ask(alice, other.id)


async def test_two_things_asked_for_in_one_instant_count_both(alice: Client, town: Town) -> None:
    items = [await lent(town, f"Table {n}") for n in range(6)]
    await limit(running=2)
    answers = await asyncio.gather(
        *(alice.post(f"/api/v1/items/{item.id}/reservations", json=window(3, 5)) for item in items)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
    assert await fetch_value("SELECT count(*) FROM loan") == 2
    assert await fetch_value("SELECT count(*) FROM booking_allocation") == 2
