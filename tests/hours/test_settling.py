"""An exchange is paid for: within limits, once, and what is too much goes where the giver wants it."""

import asyncio

import httpx
import pytest

from echange.database import in_transaction
from echange.hours import Settled, account_of, account_of_organisation, settle
from echange.hours.settle import Above
from echange.http import NotFound
from echange.ledger import AccountClosed, BelowFloor
from tests.hours.purse import account_id, adds_up, balance, balance_of_organisation, common, have
from tests.members.organisations import Home
from tests.neighbours import Town
from tests.sweeping import Connection


async def pay(town: Town, minutes: int, *, exchange: int = 1, above: Above = "fund") -> Settled:
    """Alice gave, Bob received."""
    return await settle(
        giver=await account_of(town["alice"]),
        receiver=await account_of(town["bob"]),
        minutes=minutes,
        key=f"exchange:{exchange}",
        about=("exchange", exchange),
        above=above,
    )


async def test_who_received_pays_who_gave(orm: None, town: Town, connection: Connection) -> None:
    done = await pay(town, 90)
    assert (done.to_fund, done.declined) == (0, 0)
    assert done.transfer_id is not None
    assert [await balance(connection, town[who]) for who in ("alice", "bob")] == [210, 30]
    about = await connection.fetchrow(
        "SELECT kind, about_kind, about_id FROM ledger_transfer WHERE id = $1", done.transfer_id
    )
    assert about is not None
    assert tuple(about) == ("exchange", "exchange", 1)


async def test_both_read_what_it_was_for(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    for _ in range(2):
        await settle(
            giver=await account_of(town["alice"]),
            receiver=await account_of(town["bob"]),
            minutes=30,
            key="exchange:1",
            about=("exchange", 1),
            above="fund",
            words="Changer une ampoule",
            by=town["bob"],
        )
    for client in (alice, bob):
        newest = (await client.get("/api/v1/ledger/entries")).json()["items"][0]
        assert newest["reason"] == "Changer une ampoule"


async def test_nothing_moves_for_a_favour(orm: None, town: Town, connection: Connection) -> None:
    assert await pay(town, 0) == Settled(None, 0, 0)
    assert await balance(connection, town["bob"]) == 120


async def test_whoever_has_not_enough_pays_nothing(orm: None, town: Town, connection: Connection) -> None:
    with pytest.raises(BelowFloor):
        await pay(town, 721)
    assert [await balance(connection, town[who]) for who in ("alice", "bob")] == [120, 120]
    await pay(town, 720)
    assert await balance(connection, town["bob"]) == -600


@pytest.mark.parametrize(
    ("above", "alice", "bob", "fund"), [("fund", 3_600, 30, 60), ("decline", 3_600, 90, 0)]
)
async def test_what_is_above_the_ceiling_goes_to_the_fund_or_is_declined(
    orm: None, town: Town, connection: Connection, above: Above, alice: int, bob: int, fund: int
) -> None:
    await have(connection, town["alice"], 3_570)
    done = await pay(town, 90, above=above)
    assert (done.to_fund, done.declined) == ((60, 0) if above == "fund" else (0, 60))
    assert [await balance(connection, town[who]) for who in ("alice", "bob")] == [alice, bob]
    assert await common(connection, "fund") == fund
    assert await adds_up(connection)


async def test_a_full_account_takes_nothing_more(orm: None, town: Town, connection: Connection) -> None:
    await have(connection, town["alice"], 3_600)
    assert await pay(town, 30, above="decline") == Settled(None, 0, 30)
    done = await pay(town, 30, exchange=2)
    assert (done.transfer_id is None, done.to_fund) == (False, 30)
    assert await balance(connection, town["bob"]) == 90


async def test_an_organisation_pays_and_is_paid(
    orm: None, town: Town, redoute: Home, connection: Connection
) -> None:
    await connection.execute("UPDATE organisation SET verified_at = now()")
    home = await account_of_organisation(redoute.id)
    me = await account_of(town["alice"])
    await settle(giver=me, receiver=home, minutes=600, key="a", about=("exchange", 1), above="fund")
    assert await balance_of_organisation(connection, redoute.id) == -600
    await settle(giver=home, receiver=me, minutes=90, key="b", about=("exchange", 2), above="fund")
    assert await balance_of_organisation(connection, redoute.id) == -510


async def test_a_closed_account_is_paid_nothing(orm: None, town: Town, connection: Connection) -> None:
    await have(connection, town["alice"], 0)
    await connection.execute(
        "UPDATE ledger_account SET closed_at = now() WHERE id = $1",
        await account_id(connection, town["alice"]),
    )
    with pytest.raises(AccountClosed):
        await pay(town, 30)


async def test_what_is_undone_moved_nothing(orm: None, town: Town, connection: Connection) -> None:
    async def interrupted() -> None:
        async with in_transaction():
            await pay(town, 30)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await interrupted()
    assert await balance(connection, town["alice"]) == 120


async def test_fifty_at_once_at_both_limits_pay_exactly_what_may_be_paid(
    orm: None, town: Town, connection: Connection
) -> None:
    await have(connection, town["bob"], -400)
    await have(connection, town["alice"], 3_550)
    answers = await asyncio.gather(*(pay(town, 10, exchange=n) for n in range(50)), return_exceptions=True)
    done = [answer for answer in answers if isinstance(answer, Settled)]
    assert len(done) == 20
    assert all(isinstance(answer, Settled | BelowFloor) for answer in answers)
    assert sum(one.to_fund for one in done) == await common(connection, "fund") == 150
    assert [await balance(connection, town[who]) for who in ("alice", "bob")] == [3_600, -600]
    assert await adds_up(connection)


async def test_exchanges_both_ways_at_once_never_wait_for_each_other(
    orm: None, town: Town, connection: Connection
) -> None:
    alice, bob = await account_of(town["alice"]), await account_of(town["bob"])
    await asyncio.gather(
        *(
            settle(
                giver=(alice, bob)[n % 2],
                receiver=(bob, alice)[n % 2],
                minutes=5,
                key=f"exchange:{n}",
                about=("exchange", n),
                above="fund",
            )
            for n in range(40)
        )
    )
    assert [await balance(connection, town[who]) for who in ("alice", "bob")] == [120, 120]


async def test_nobody_has_an_account_who_is_not_here(orm: None, town: Town) -> None:
    with pytest.raises(NotFound):
        await account_of(999_999)
    with pytest.raises(NotFound):
        await account_of_organisation(999_999)
