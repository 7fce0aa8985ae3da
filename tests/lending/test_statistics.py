"""What is counted of lending: loans, days out, use, lateness, what lacked."""

import asyncio
from datetime import timedelta

import asyncpg

from echange.booking import Period
from echange.database import execute, fetch_value
from echange.http.dates import now
from echange.lending.loan_privacy import LoansBelongings
from echange.lending.models import RefusedAsk
from echange.lending.schedule import schedules
from echange.lending.statistics import figures_of, total_of
from echange.lending.wishing import Wish
from tests.lending.asking import ask, in_days, window
from tests.lending.desk_things import Client, act, asked, long_ago, out
from tests.lending.things import association_lender, lent
from tests.neighbours import Town


async def test_loans_days_and_lateness_are_counted(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, "Barnum", units=2)
    lender = await association_lender(town)
    first = await out(alice, keeper, item, end=20)
    await long_ago(first["id"], 48)
    await act(keeper, first["id"], "return")
    second = await out(bob, keeper, item, end=20)
    await act(keeper, second["id"], "return")
    await asked(bob, await lent(town, "Banc"), start=30, end=40)
    end = now()
    figures = {one.title: one for one in await figures_of([lender.id], end - timedelta(days=4), end)}
    one = figures["Barnum"]
    assert (one.asked, one.loans, one.late, one.units) == (2, 2, 1, 2)
    assert 1.9 < one.days_out < 2.2
    assert 0.2 < one.use < 0.3
    assert one.late_share == 0.5
    assert (figures["Banc"].asked, figures["Banc"].loans, figures["Banc"].use) == (1, 0, 0)
    total = total_of(figures.values())
    assert (total.asked, total.loans, total.units) == (3, 2, 3)
    before = await figures_of([lender.id], end - timedelta(days=40), end - timedelta(days=30))
    assert {one.loans for one in before} == {0}


async def test_who_waited_in_vain_is_counted_as_lacking(alice: Client, town: Town) -> None:
    item = await lent(town, "Barnum")
    await execute(
        """INSERT INTO waiter (item_id, member_id, starts_at, ends_at, ended_at, ending)
           VALUES ($1, $2, now(), now() + interval '1 day', now(), 'over')""",
        item.id,
        town["alice"],
    )
    (one,) = await figures_of([item.lender_id], now() - timedelta(days=1), now() + timedelta(minutes=1))
    assert one.lacking == 1


async def test_who_was_refused_is_counted_once_a_day_for_one_window(
    alice: Client, bob: Client, charlie: Client, town: Town
) -> None:
    item = await lent(town, "Barnum")
    await ask(alice, item.id)

    async def lacking() -> int:
        (one,) = await figures_of([item.lender_id], now() - timedelta(days=1), now() + timedelta(minutes=1))
        return one.lacking

    for _again in range(3):
        await ask(bob, item.id, 409)
    assert await lacking() == 1
    await ask(charlie, item.id, 409)
    await ask(bob, item.id, 409, **window(4, 6))
    assert await lacking() == 3
    # What is refused for other reasons lacks nothing.
    await ask(bob, item.id, 409, start=in_days(-3))
    await ask(bob, item.id, 422, quantity=0)
    assert await lacking() == 3
    # Who then waits for it is counted by what becomes of that.
    answer = await bob.post(f"/api/v1/items/{item.id}/waiting", json=window(4, 6))
    assert answer.status_code == 201, answer.text
    assert await lacking() == 2
    before = now() - timedelta(days=9)
    assert [one.lacking for one in await figures_of([item.lender_id], before, before)] == [0]


async def test_whoever_tries_all_windows_is_counted_ten_times_at_most(
    alice: Client, bob: Client, town: Town
) -> None:
    item = await lent(town, "Barnum")
    await ask(alice, item.id, **window(3, 30))
    for day in range(4, 18):
        await ask(bob, item.id, 409, **window(day, day + 1))
    assert await fetch_value("SELECT count(*) FROM refused_ask") == 10
    await LoansBelongings().forget(town["bob"], None)
    assert await fetch_value("SELECT count(*) FROM refused_ask") == 0


async def test_a_thing_erased_in_this_moment_is_no_mistake_of_ours(
    town: Town, connection: "asyncpg.Connection[asyncpg.Record]", orm: None
) -> None:
    item = await lent(town, "Barnum")
    wish = Wish(item, Period(now(), now() + timedelta(days=1)))
    async with connection.transaction():
        for thing in ("unit WHERE item_id", "item WHERE id"):
            await connection.execute(f"DELETE FROM {thing} = $1", item.id)
        noting = asyncio.create_task(RefusedAsk.note(wish, town["alice"]))
        await eventually_waits(connection)
    await noting
    await RefusedAsk.note(wish, town["alice"])
    assert await fetch_value("SELECT count(*) FROM refused_ask") == 0


async def eventually_waits(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Until somebody waits for a row that this connection holds."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    async with asyncio.timeout(20):
        while not await connection.fetchval(waiting):  # noqa: ASYNC110 — only PostgreSQL knows it
            await asyncio.sleep(0.01)


async def test_who_was_refused_is_forgotten_after_a_year(alice: Client, bob: Client, town: Town) -> None:
    item = await lent(town, "Barnum")
    await ask(alice, item.id, **window(3, 30))
    for day in (4, 5):
        await ask(bob, item.id, 409, **window(day, day + 1))
    await execute(
        """UPDATE refused_ask SET day = day - 401
           WHERE starts_at = (SELECT min(starts_at) FROM refused_ask)"""
    )
    do = schedules()["lending.refusals"][1]
    for _again in range(2):
        await do({})
        assert await fetch_value("SELECT count(*) FROM refused_ask") == 1


async def test_the_page_and_the_sheet_say_the_same(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, "=Barnum")
    gone = await out(alice, keeper, item)
    await act(keeper, gone["id"], "return")
    page = await keeper.get("/prets/chiffres")
    assert "=Barnum" in page.text
    rows = (await keeper.get("/prets/chiffres.csv")).content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("'=Barnum;1;1;1;")
    for odd in ("?du=2030-01-01", "?du=x&au=y", "?du=2026-05-01&au=2020-01-01"):
        assert (await keeper.get(f"/prets/chiffres{odd}")).status_code == 200, odd
    assert "=Barnum" not in (await bob.get("/prets/chiffres")).text
