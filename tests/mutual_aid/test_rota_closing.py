"""After a shift: an exchange with each who came, once, whatever happens in between."""

from dataclasses import replace

import pytest

from echange.database import execute, fetch, fetch_value, in_transaction
from echange.exchanges import Exchange
from echange.http.viewer import Acting
from echange.mutual_aid import Help
from echange.mutual_aid.details import Details
from echange.mutual_aid.models import RotaSlot, Shift
from echange.mutual_aid.rota_closing import close, close_over
from tests.members.organisations import settle_redoute
from tests.mutual_aid.helps import Connection, somebody
from tests.mutual_aid.rotas import crowd, is_over, on_rota, shifts_of, told, weekly
from tests.neighbours import Town


async def test_each_who_came_has_an_exchange_agreed_already(orm: None, town: Town) -> None:
    aid, _slot, shifts = await on_rota(town, minutes=90, role="Calcul")
    bob, charlie = somebody(town, "bob"), somebody(town, "charlie")
    await shifts[0].come(by=bob)
    await shifts[0].come(by=charlie)
    late = (await crowd(1))[0]
    await shifts[0].come(by=late)
    await close_over()
    assert await Exchange.all().count() == 0, "not before it is over"
    await is_over(shifts[0])
    await close_over()
    await close_over()
    rows = await fetch("SELECT * FROM exchange ORDER BY giver_id")
    assert [row["giver_id"] for row in rows] == sorted([town["bob"], town["charlie"]]), (
        "who waited did not come"
    )
    assert {(row["state"], row["minutes"], row["role"], row["receiver_id"]) for row in rows} == {
        ("accepted", 90, "Calcul", town["alice"])
    }
    assert (await Shift.get(id=shifts[0].id)).closed_at is not None
    assert (await Help.get(id=aid.id)).state == "open", "a rota is never full"
    exchange = await Exchange.get(giver_id=town["bob"])
    await exchange.declare(by=bob, minutes=90)
    await exchange.confirm(by=somebody(town, "alice"))
    assert (await Exchange.get(id=exchange.id)).state == "settled"


async def test_the_next_week_makes_exchanges_of_its_own(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    for shift in shifts[:2]:
        await shift.come(by=somebody(town, "bob"))
    await is_over(shifts[0])
    await close_over()
    await execute(
        """UPDATE shift SET starts_at = now() - interval '90 minutes', ends_at = now() - interval '30 minutes'
           WHERE id = $1""",
        shifts[1].id,
    )
    await close_over()
    assert await Exchange.filter(giver_id=town["bob"], state="accepted").count() == 2


async def test_help_that_is_given_ends_with_thanks(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, counted=False)
    await shifts[0].come(by=somebody(town, "bob"))
    await is_over(shifts[0])
    await close_over()
    await close_over()
    assert await Exchange.all().count() == 0
    assert await told("shift_thanks") == [town["bob"]]


async def test_a_closing_broken_off_leaves_nothing_and_is_done_again(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    people = await crowd(2)
    for one in people:
        await shifts[0].come(by=one)
    await is_over(shifts[0])

    class Killed(Exception):
        pass

    async def close_and_die() -> None:
        async with in_transaction():
            await close(shifts[0].id)
            raise Killed

    with pytest.raises(Killed):
        await close_and_die()
    assert await Exchange.all().count() == 0
    assert (await Shift.get(id=shifts[0].id)).closed_at is None
    await close_over()
    assert await Exchange.all().count() == 2


async def test_a_connection_cut_in_the_middle_leaves_nothing(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    for one in await crowd(2):
        await shifts[0].come(by=one)
    await is_over(shifts[0])
    # The second exchange is never written: its connection is gone before.
    await execute(
        """CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               IF (SELECT count(*) FROM exchange) = 1 THEN
                   PERFORM pg_terminate_backend(pg_backend_pid());
               END IF;
               RETURN NEW; END $$"""
    )
    await execute("CREATE TRIGGER cut_off BEFORE INSERT ON exchange FOR EACH ROW EXECUTE FUNCTION cut_off()")
    try:
        with pytest.raises(Exception):  # noqa: B017, PT011 — whatever the driver says of it
            await close_over()
    finally:
        await execute("DROP FUNCTION cut_off CASCADE")
    assert await fetch_value("SELECT count(*) FROM exchange") == 0
    await close_over()
    assert await fetch_value("SELECT count(*) FROM exchange") == 2


async def test_a_block_since_opens_no_exchange_and_the_helper_knows(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    await shifts[0].come(by=somebody(town, "bob"))
    await shifts[0].come(by=somebody(town, "charlie"))
    await is_over(shifts[0])
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["bob"], town["alice"])
    await close_over()
    assert [one.giver_id for one in await Exchange.all()] == [town["charlie"]]
    assert await told("shift_unsettled") == [town["bob"]]


async def test_a_shift_called_off_opens_nothing(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    await shifts[0].come(by=somebody(town, "bob"))
    await shifts[0].cancel(by=somebody(town, "alice"), reason="Malade")
    await is_over(shifts[0])
    await close_over()
    assert await Exchange.all().count() == 0


async def test_an_organisation_receives_what_is_done_for_it(
    orm: None, town: Town, connection: Connection
) -> None:
    home = await settle_redoute(connection, town)
    keeper = replace(
        somebody(town, "redoute"),
        acting_for=Acting(home.id, "Les Fêtes de la Redoute", home.slug, "association", "owner"),
    )
    aid = await Help.publish("ask", Details(title="Buvette", minutes=60, quartier="les-larris"), by=keeper)
    await RotaSlot.add(aid, weekly(), by=keeper)
    shift = (await shifts_of(aid))[0]
    await shift.come(by=somebody(town, "bob"))
    await is_over(shift)
    await close_over()
    exchange = await Exchange.get()
    assert (exchange.giver_id, exchange.receiver_organisation_id) == (town["bob"], home.id)
