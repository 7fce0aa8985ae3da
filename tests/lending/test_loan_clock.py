"""What time does to loans: silences end, everybody is reminded once, who is late moves the next."""

from datetime import datetime, timedelta

import httpx
import pytest

from echange import booking
from echange.booking import Period
from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http.dates import now
from echange.lending.displacing import hold_loans, loans_displaced
from echange.lending.models import Loan
from echange.lending.schedule import ripple, tick
from tests.lending.asking import ask, in_days, window
from tests.lending.desk_things import act, kinds_told
from tests.lending.test_deciding import replay
from tests.lending.things import lent, units_of
from tests.neighbours import Town

Client = httpx.AsyncClient


async def told_times(kind: str) -> int:
    count: int = await fetch_value("SELECT count(*) FROM notice WHERE kind = $1", kind)
    return count


async def hand_out(loan_id: int) -> None:
    """Everything of it, as the desk does."""
    it = await Loan.get(id=loan_id)
    async with in_transaction():
        await it.lock()
        rows = await fetch("SELECT unit_id FROM booking_allocation WHERE booking_id = $1", it.booking_id)
        await booking.hand_out(it.booking_id or 0, [row["unit_id"] for row in rows], it.starts_at)
        await it.move("handed_over", None, out_at=it.starts_at)


async def days_earlier(loan_id: int, days: float) -> None:
    """Move a loan, its calendar and what is noted of it back in time."""
    it = await Loan.get(id=loan_id)
    await execute(
        """UPDATE booking_allocation SET during = tstzrange(lower(during) - $2 * interval '1 day',
               upper(during) - $2 * interval '1 day') WHERE booking_id = $1""",
        it.booking_id,
        days,
    )
    await execute("UPDATE booking_holding SET since = since - $2 * interval '1 day' WHERE booking_id = $1",
                  it.booking_id, days)  # fmt: skip
    await execute(
        """UPDATE loan SET starts_at = starts_at - $2 * interval '1 day',
               ends_at = ends_at - $2 * interval '1 day', at = at - $2 * interval '1 day',
               moved_at = moved_at - $2 * interval '1 day',
               out_at = out_at - $2 * interval '1 day' WHERE id = $1""",
        loan_id,
        days,
    )


async def state(loan_id: int) -> str:
    return (await Loan.get(id=loan_id)).state


async def test_a_hold_that_nobody_confirmed_ends(alice: Client, town: Town) -> None:
    item = await lent(town)
    it = await ask(alice, item.id, hold=True)
    await tick()
    assert await state(it["id"]) == "held"
    await execute("UPDATE loan SET held_until = now() - interval '1 second'")
    await tick()
    assert await state(it["id"]) == await replay(it["id"]) == "expired"
    assert await fetch_value("SELECT count(*) FROM booking_allocation") == 0
    assert await kinds_told(town["alice"]) == []


async def test_a_request_without_an_answer_is_reminded_then_ends(alice: Client, town: Town) -> None:
    item = await lent(town, approval="owner")
    it = await ask(alice, item.id, **window(30, 32))
    await execute("UPDATE loan SET moved_at = moved_at - interval '49 hours'")
    for _ in range(2):
        await tick()
    assert await told_times("loan_to_decide") == 1
    await execute("UPDATE loan SET moved_at = moved_at - interval '5 days'")
    await tick()
    assert await state(it["id"]) == await replay(it["id"]) == "expired"
    assert await told_times("loan_expired") == 2
    assert await fetch_value("SELECT count(*) FROM booking_allocation") == 0


async def test_a_request_ends_half_a_day_before_it_would_begin(alice: Client, town: Town) -> None:
    item = await lent(town, approval="owner")
    it = await ask(alice, item.id, **window(3, 5))
    await execute("UPDATE loan SET starts_at = now() + interval '11 hours'")
    await tick()
    assert await state(it["id"]) == "expired"


async def test_the_day_before_everybody_is_reminded_once(alice: Client, town: Town) -> None:
    item = await lent(town)
    it = await ask(alice, item.id, **window(4, 8))
    # Half a day is left, whatever hour it is now.
    await days_earlier(it["id"], (datetime.fromisoformat(it["start"]) - now()) / timedelta(days=1) - 0.5)
    for _ in range(2):
        await tick()
    assert await told_times("loan_pickup_soon") == 1
    await hand_out(it["id"])
    await days_earlier(it["id"], 4)
    for _ in range(2):
        await tick()
    assert await told_times("loan_return_soon") == 1
    assert await replay(it["id"]) == "out"


async def test_who_asks_for_tomorrow_needs_no_reminder(alice: Client, town: Town) -> None:
    item = await lent(town)
    await ask(alice, item.id, start=in_days(1, 0), end=in_days(2))
    await tick()
    assert await told_times("loan_pickup_soon") == 0


async def test_who_is_late_is_asked_for_three_times(alice: Client, town: Town) -> None:
    item = await lent(town)
    it = await ask(alice, item.id, **window(1, 2))
    await hand_out(it["id"])
    await days_earlier(it["id"], 2.5)
    for late, lender in ((1, 1), (2, 1), (3, 2)):
        for _ in range(2):
            await tick()
        assert (await told_times("loan_late"), await told_times("loan_late_lender")) == (late, lender)
        await days_earlier(it["id"], 3.5)
        # What was reminded goes back in time with it.
        await execute(
            """UPDATE loan_event SET data = jsonb_set(data, '{of}',
                   to_jsonb(((data ->> 'of')::timestamptz - interval '3.5 days')::text))
               WHERE kind = 'reminded' AND data ->> 'what' LIKE 'late%'"""
        )


async def test_what_nobody_collected_is_free_again_after_a_day(
    alice: Client, bob: Client, town: Town
) -> None:
    item = await lent(town)
    it = await ask(alice, item.id, **window(1, 9))
    await days_earlier(it["id"], 2)
    await tick()
    assert await state(it["id"]) == "approved"
    await days_earlier(it["id"], 2)
    await tick()
    assert await state(it["id"]) == await replay(it["id"]) == "no_show"
    assert await kinds_told(town["alice"]) == ["loan_no_show"]
    await ask(bob, item.id, **window(1, 3))


async def test_what_came_back_is_closed_by_itself(alice: Client, town: Town) -> None:
    item = await lent(town)
    it = await ask(alice, item.id)
    await execute("UPDATE loan SET state = 'returned', moved_at = now() - interval '3 days'")
    await tick()
    assert await state(it["id"]) == "closed"


async def test_a_late_unit_gives_the_next_borrower_another_one(
    alice: Client, bob: Client, town: Town
) -> None:
    item = await lent(town, units=2)
    late = await ask(alice, item.id, **window(1, 2))
    following = await ask(bob, item.id, **window(2, 4), quantity=1)
    await hand_out(late["id"])
    await days_earlier(late["id"], 2.5)
    await ripple()
    await ripple()
    now_standing = (await bob.get(f"/api/v1/reservations/{following['id']}")).json()
    assert now_standing["state"] == "approved"
    assert set(now_standing["units"]).isdisjoint(late["units"])
    assert "loan_at_risk" not in await kinds_told(town["bob"])


async def test_without_another_one_they_hear_of_three_dates_and_choose(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town)
    late = await ask(alice, item.id, **window(1, 2))
    following = await ask(bob, item.id, **window(2, 4))
    await hand_out(late["id"])
    await days_earlier(late["id"], 2.5)
    await ripple()
    await ripple()
    assert await state(following["id"]) == await replay(following["id"]) == "at_risk"
    assert await kinds_told(town["bob"]) == ["loan_at_risk"]
    told = (await bob.get("/avis")).text
    assert "Libre à la place" in told
    page = (await bob.get(following["url"])).text
    assert "Ces dates ne tiennent plus" in page
    assert "Compromis" in (await keeper.get("/prets/tableau")).text
    others = (await fetch("SELECT data ->> 'others' AS others FROM notice WHERE kind = 'loan_at_risk'"))[0][
        "others"
    ]
    assert others.count("[") == 4
    instead = await bob.get(
        f"/api/v1/items/{item.id}/availability", params={"from": in_days(2), "to": in_days(4)}
    )
    one = instead.json()["alternatives"][0]
    answer = await bob.patch(
        f"/api/v1/reservations/{following['id']}", json={"start": one["start"], "end": one["end"]}
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    assert len(answer.json()["units"]) == 1


async def test_a_withdrawn_unit_moves_or_endangers_its_loans(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, units=2)
    both = await ask(alice, item.id, **window(10, 12), quantity=2)
    one = await ask(bob, item.id, **window(3, 5))
    await act(keeper, one["id"], "preparation")
    unit = one["units"][0]
    async with in_transaction():
        await hold_loans([item.model_id or 0])
        await loans_displaced(await booking.withdraw(unit, at=now()))
    assert await state(both["id"]) == "at_risk"
    # Another piece is to be prepared for Bob.
    assert await state(one["id"]) == "approved"
    assert "loan_prepare_again" in await kinds_told(town["redoute"])
    # With fewer, Alice's loan stands again.
    answer = await alice.patch(f"/api/v1/reservations/{both['id']}", json={"quantity": 1})
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    assert len(await units_of(item)) == 2


async def test_a_risk_that_nobody_took_up_ends_when_it_would_begin(alice: Client, town: Town) -> None:
    item = await lent(town)
    it = await ask(alice, item.id)
    unit = it["units"][0]
    async with in_transaction():
        await loans_displaced(await booking.withdraw(unit, at=now()))
    assert await state(it["id"]) == "at_risk"
    await execute("UPDATE loan SET starts_at = now() - interval '1 minute'")
    await tick()
    assert await state(it["id"]) == "expired"


async def test_a_closure_deletes_nothing_and_proposes_the_next_opening(
    alice: Client, keeper: Client, town: Town
) -> None:
    from echange.booking import Opening
    from echange.lending.closing_then import listener
    from tests.lending.things import somebody

    item = await lent(town)
    it = await ask(alice, item.id, **window(7, 9))
    site = await fetch_value("SELECT site_id FROM lender")
    await booking.set_openings(site, [Opening(day, 8 * 60, 20 * 60) for day in range(7)])
    day = Period(now().fromisoformat(in_days(7, 0)), now().fromisoformat(in_days(8, 0)))
    async with in_transaction():
        closure = await booking.close_site(site, day)
        affected = await booking.affected(site, closure)
        await listener.closed_then(affected, by=somebody(town, "redoute"))
    assert "loan_closed_then" in await kinds_told(town["alice"])
    assert (await alice.get(f"/api/v1/reservations/{it['id']}")).json()["state"] == "approved"
    told = (await alice.get(f"/api/v1/reservations/{it['id']}")).json()["closed"]
    assert (told["what"], told["opens"] > in_days(7)) == ("start", True)
    for client, way in ((alice, f"{it['url']}/dates"), (keeper, f"/prets/tableau/{it['id']}/proposition")):
        page = (await client.get(it["url"])).text
        assert "Fermé à ce moment-là" in page
        assert "Prochaine ouverture" in page
        assert way in page
    board = (await keeper.get("/prets/tableau")).text
    assert "À l’heure d’une fermeture" in board
    start, end = (board.split(f'name="{name}" value="')[1].split('"')[0] for name in ("start", "end"))
    answer = await keeper.post(f"/prets/tableau/{it['id']}/proposition", data={"start": start, "end": end})
    assert answer.status_code == 303
    page = (await alice.get(it["url"])).text
    assert "D’autres dates vous sont proposées" in page
    assert (await listener.touched([one.booking_id for one in affected]))[affected[0].booking_id].url == it[
        "url"
    ]


@pytest.mark.parametrize("side", ["alice", "charlie"])
async def test_who_leaves_frees_what_had_not_begun(side: str, alice: Client, town: Town) -> None:
    from echange.lending.loan_privacy import belongings

    item = await lent(town, by="charlie")
    it = await ask(alice, item.id, purpose="Une fête chez moi")
    assert await belongings.told(town[side])
    async with in_transaction():
        await belongings.forget(town[side], None)
    assert await state(it["id"]) == await replay(it["id"]) == "cancelled"
    assert await fetch_value("SELECT count(*) FROM booking_allocation") == 0
    if side == "alice":
        assert await fetch_value("SELECT purpose FROM loan") == ""
    else:
        assert "loan_called_off" in await kinds_told(town["alice"])
