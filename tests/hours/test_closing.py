"""Hours of an organisation that has closed: they go after a month; open again, it begins at zero."""

from datetime import timedelta

import httpx
import pytest

from echange.hours.closing import end_accounts
from echange.http.dates import now
from tests.hours.purse import adds_up, balance_of_organisation, common, given
from tests.members.newcomers import plain
from tests.members.organisations import Home
from tests.neighbours import Town
from tests.sweeping import Connection


async def hold(connection: Connection, minutes: int) -> None:
    await connection.execute(
        """SELECT move_minutes('solidarity', 'test:' || gen_random_uuid(), ARRAY[a.id, o.account_id],
                               ARRAY[-$1::int, $1::int], '', NULL, NULL)
           FROM ledger_account a, organisation o WHERE a.kind = 'town'""",
        minutes,
    )


async def close(connection: Connection, days: int) -> None:
    await connection.execute("UPDATE organisation SET closed_at = $1", now() - timedelta(days=days))


async def is_open(connection: Connection) -> bool:
    answer: bool = await connection.fetchval(
        "SELECT a.closed_at IS NULL FROM ledger_account a JOIN organisation o ON o.account_id = a.id"
    )
    return answer


async def test_for_a_month_its_hours_stay(orm: None, redoute: Home, connection: Connection) -> None:
    await hold(connection, 90)
    await close(connection, 29)
    await end_accounts()
    assert (await is_open(connection), await balance_of_organisation(connection, redoute.id)) == (True, 90)


async def test_then_what_is_left_goes_to_the_fund_and_its_owner_is_told_once(
    keeper: httpx.AsyncClient, redoute: Home, connection: Connection
) -> None:
    await hold(connection, 90)
    await close(connection, 30)
    for _ in range(2):
        await end_accounts()
    assert (await is_open(connection), await common(connection, "fund")) == (False, 90)
    assert await adds_up(connection)
    assert "ce qui lui restait (1 h 30) va au fonds de solidarité" in plain((await keeper.get("/avis")).text)
    assert await connection.fetchval("SELECT count(*) FROM notice WHERE kind = 'hours_ended'") == 1
    assert (await keeper.get(redoute.url)).status_code == 200, "where the notice leads"


async def test_what_it_owes_is_written_off_by_the_town(
    keeper: httpx.AsyncClient, redoute: Home, connection: Connection
) -> None:
    await connection.execute("UPDATE organisation SET verified_at = now()")
    await hold(connection, -45)
    await close(connection, 31)
    before = await common(connection, "town")
    await end_accounts()
    assert (await is_open(connection), await common(connection, "town")) == (False, before - 45)
    assert "sa dette (45 min) est effacée" in plain((await keeper.get("/avis")).text)


async def test_nobody_is_told_of_an_empty_one(orm: None, redoute: Home, connection: Connection) -> None:
    await close(connection, 31)
    await end_accounts()
    assert not await is_open(connection)
    assert await connection.fetchval("SELECT count(*) FROM notice") == 0


async def test_open_again_it_has_an_account_again_as_often_as_it_likes(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, redoute: Home, connection: Connection
) -> None:
    for n in (1, 2):
        await given(alice, {"organisation": redoute.id}, 15)
        await close(connection, 31)
        await end_accounts()
        assert not await is_open(connection)
        assert await common(connection, "fund") == 15 * n
        assert (await keeper.post(f"{redoute.url}/reouverture")).status_code == 303
        assert await is_open(connection)
        assert await balance_of_organisation(connection, redoute.id) == 0


async def test_one_that_fails_holds_no_other_up(
    orm: None, redoute: Home, town: Town, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    await hold(connection, 30)
    await connection.execute(
        "INSERT INTO organisation (slug, name, sort_key, about) VALUES ('autre', 'Autre', 'autre', '')"
    )
    await close(connection, 31)
    # A key that was used for something else: this one cannot move.
    await connection.execute(
        """SELECT move_minutes('gift', 'leaving:' || o.account_id || ':1', ARRAY[a.id, m.account_id],
                               ARRAY[-1, 1], '', NULL, NULL)
           FROM ledger_account a, organisation o, member m
           WHERE a.kind = 'town' AND o.id = $1 AND m.id = $2""",
        redoute.id,
        town["alice"],
    )
    await end_accounts()
    rows = await connection.fetch(
        """SELECT o.slug, a.closed_at IS NULL AS is_open FROM organisation o
           JOIN ledger_account a ON a.id = o.account_id ORDER BY o.id"""
    )
    assert [(row["slug"], row["is_open"]) for row in rows] == [(redoute.slug, True), ("autre", False)]


async def test_the_page_that_closes_it_says_so(keeper: httpx.AsyncClient, redoute: Home) -> None:
    page = plain((await keeper.get(f"{redoute.url}/fermeture")).text)
    assert "Au bout d’un mois, les heures qui lui restent vont au fonds de solidarité" in page
