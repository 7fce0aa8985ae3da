"""Minutes move between accounts: all or nothing, once, within limits."""

import asyncio
from itertools import pairwise

import pytest

from echange import ledger
from echange.database import in_transaction
from echange.http.refusals import KeyReused, NotFound, Refusal
from tests.ledger.accounts import Raw, balance, opened


async def test_minutes_leave_one_account_and_come_into_the_other(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2)
    moved = await ledger.move("gift", {one: -90, other: 90}, key="a", about=("exchange", 7))
    assert moved.fresh
    assert (await balance(connection, one), await balance(connection, other)) == (-90, 90)
    [line] = await ledger.entries(other, 10)
    assert (line.minutes, line.balance, line.others, line.about_kind, line.about_id) == (
        90, 90, [one], "exchange", 7,
    )  # fmt: skip


async def test_three_may_share_one_transfer(orm: None, connection: Raw) -> None:
    one, other, fund = await opened(connection, 3)
    await ledger.move("exchange", {one: -90, other: 60, fund: 30}, key="a")
    assert [await balance(connection, each) for each in (one, other, fund)] == [-90, 60, 30]


async def test_said_twice_under_one_key_it_moves_once(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2)
    first = await ledger.move("gift", {one: -5, other: 5}, key="same")
    again = await asyncio.gather(*(ledger.move("gift", {one: -5, other: 5}, key="same") for _ in range(50)))
    assert {each.id for each in again} == {first.id}
    assert not any(each.fresh for each in again)
    assert await balance(connection, one) == -5


async def test_fifty_at_once_under_one_new_key_move_once(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2)
    moved = await asyncio.gather(*(ledger.move("gift", {one: -5, other: 5}, key="new") for _ in range(50)))
    assert len({each.id for each in moved}) == 1
    assert sum(each.fresh for each in moved) == 1
    assert await balance(connection, other) == 5


async def test_another_transfer_under_the_same_key_is_refused(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2)
    await ledger.move("gift", {one: -5, other: 5}, key="same")
    with pytest.raises(KeyReused):
        await ledger.move("gift", {one: -6, other: 6}, key="same")
    assert await balance(connection, one) == -5


async def test_nothing_goes_below_the_floor_nor_above_the_ceiling(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2, floor=-60, ceiling=100)
    with pytest.raises(ledger.BelowFloor):
        await ledger.move("gift", {one: -61, other: 61}, key="a")
    await ledger.move("gift", {one: -60, other: 60}, key="a")
    giver, _spare = await opened(connection, 2)
    with pytest.raises(ledger.AboveCeiling):
        await ledger.move("gift", {giver: -41, other: 41}, key="b")
    await ledger.move("gift", {giver: -40, other: 40}, key="b")
    assert await balance(connection, other) == 100


async def test_who_is_below_a_raised_floor_may_still_receive(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2)
    await ledger.move("gift", {one: -100, other: 100}, key="a")
    await connection.execute("UPDATE ledger_account SET floor = 0 WHERE id = $1", one)
    await ledger.move("gift", {other: -10, one: 10}, key="b")
    with pytest.raises(ledger.BelowFloor):
        await ledger.move("gift", {other: 10, one: -10}, key="c")
    assert await balance(connection, one) == -90


async def test_fifty_at_once_at_the_limit_pass_exactly_as_many_as_there_is_room_for(
    orm: None, connection: Raw
) -> None:
    one, other = await opened(connection, 2, floor=-100)

    async def give(n: int) -> bool:
        try:
            await ledger.move("gift", {one: -7, other: 7}, key=f"gift {n}")
        except ledger.BelowFloor:
            return False
        return True

    passed = await asyncio.gather(*(give(n) for n in range(50)))
    assert sum(passed) == 14
    assert (await balance(connection, one), await balance(connection, other)) == (-98, 98)


async def test_crossing_transfers_never_wait_for_each_other(orm: None, connection: Raw) -> None:
    accounts = await opened(connection, 3)

    async def give(n: int) -> None:
        giver, taker = accounts[n % 3], accounts[(n + 1 + n % 2) % 3]
        await ledger.move("gift", {giver: -1, taker: 1}, key=f"cross {n}")

    await asyncio.gather(*(give(n) for n in range(90)))
    assert sum([await balance(connection, each) for each in accounts]) == 0


async def test_a_transaction_undone_moved_nothing_and_leaves_its_key_free(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2)

    async def change_my_mind() -> None:
        async with in_transaction():
            await ledger.move("gift", {one: -5, other: 5}, key="undone")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_my_mind()
    assert await balance(connection, one) == 0
    assert (await ledger.move("gift", {one: -5, other: 5}, key="undone")).fresh


async def test_a_transfer_is_undone_once_by_one_that_names_it(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2)
    moved = await ledger.move("gift", {one: -5, other: 5}, key="a")

    async def undo(n: int) -> bool:
        try:
            await ledger.reverse(moved.id, key=f"undo {n}")
        except ledger.AlreadyReversed:
            return False
        return True

    assert sum(await asyncio.gather(*(undo(n) for n in range(20)))) == 1
    assert await balance(connection, one) == 0
    undone, done = await ledger.entries(one, 10)
    assert (done.reversed_by_id, undone.reverses_id) == (undone.transfer_id, done.transfer_id)
    with pytest.raises(NotFound):
        await ledger.reverse(999_999, key="nothing there")


async def test_undoing_keeps_the_limits_too(orm: None, connection: Raw) -> None:
    one, other, third = await opened(connection, 3, floor=0)
    [rich] = await opened(connection, 1)
    await ledger.move("gift", {rich: -50, one: 50}, key="start")
    moved = await ledger.move("gift", {one: -50, other: 50}, key="a")
    await ledger.move("gift", {other: -50, third: 50}, key="spent")
    with pytest.raises(ledger.BelowFloor):
        await ledger.reverse(moved.id, key="undo")


async def test_a_closed_account_moves_nothing_and_only_an_empty_one_closes(
    orm: None, connection: Raw
) -> None:
    one, other = await opened(connection, 2)
    await ledger.move("gift", {one: -5, other: 5}, key="a")
    with pytest.raises(Refusal):
        await ledger.close(one)
    await ledger.move("gift", {one: 5, other: -5}, key="b")
    await ledger.close(one)
    await ledger.close(one)
    with pytest.raises(ledger.AccountClosed):
        await ledger.move("gift", {one: -5, other: 5}, key="c")


async def test_a_statement_goes_on_by_number_and_history_ends_with_today(orm: None, connection: Raw) -> None:
    one, other = await opened(connection, 2)
    for n in range(25):
        await ledger.move("gift", {one: -n - 1, other: n + 1}, key=f"{n}")
    first = await ledger.entries(other, 10)
    rest = await ledger.entries(other, 100, before=first[-1].number)
    assert [line.number for line in (*first, *rest)] == list(range(25, 0, -1))
    assert all(line.balance - line.minutes == earlier.balance for line, earlier in pairwise(rest))
    points = await ledger.history(other, 10)
    assert len(points) <= 10
    assert points[-1].balance == 325
    assert await ledger.history(999_999, 10) == []
