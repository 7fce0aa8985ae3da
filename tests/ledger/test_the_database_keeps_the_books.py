"""Whoever writes, by hand too: entries stay, transfers balance, only entries move what an account holds."""

import asyncpg
import pytest

from echange import ledger
from tests.ledger.accounts import Raw, opened


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET minutes = minutes * 2",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "UPDATE ledger_transfer SET kind = 'solidarity'",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer CASCADE",
        "UPDATE ledger_seal SET hash = ''",
        "DELETE FROM ledger_seal",
        "TRUNCATE ledger_seal",
        "DELETE FROM ledger_account",
        "UPDATE ledger_account SET balance = balance + 60",
        "UPDATE ledger_account SET entries = 0",
        "INSERT INTO ledger_account (kind, balance) VALUES ('member', 60)",
    ],
)
async def test_what_is_written_stays(orm: None, connection: Raw, statement: str) -> None:
    one, other = await opened(connection, 2)
    await ledger.move("gift", {one: -5, other: 5}, key="a")
    await connection.execute("SELECT seal_transfers(10)")
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(statement)
    assert (await ledger.prove()).ok


@pytest.mark.parametrize("legs", [(-5, 6), (5, 5), (-5, 4)])
async def test_a_transfer_that_does_not_balance_is_refused_at_commit(
    orm: None, connection: Raw, legs: tuple[int, int]
) -> None:
    accounts = await opened(connection, 2)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await connection.execute(
            "SELECT move_minutes('gift', 'a', $1, $2, '', NULL, NULL)", accounts, list(legs)
        )
    assert refused.value.constraint_name == "ledger_transfer_balanced"
    assert await connection.fetchval("SELECT count(*) FROM ledger_transfer WHERE key = 'a'") == 0


async def test_a_transfer_without_entries_or_with_one_is_refused(orm: None, connection: Raw) -> None:
    [one] = await opened(connection, 1)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute("INSERT INTO ledger_transfer (kind, key) VALUES ('gift', 'none')")
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute("SELECT move_minutes('gift', 'one', $1, $2, '', NULL, NULL)", [one], [5])


async def test_entries_slipped_in_after_the_check_are_noticed(orm: None, connection: Raw) -> None:
    one, other, third = await opened(connection, 3)
    sly = connection.transaction()
    await sly.start()
    moved = await connection.fetchval(
        "SELECT id FROM move_minutes('gift', 'a', $1, $2, '', NULL, NULL)", [one, other], [-5, 5]
    )
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    await connection.execute("SET CONSTRAINTS ALL DEFERRED")
    await connection.execute(
        "INSERT INTO ledger_entry (transfer_id, account_id, minutes) VALUES ($1, $2, 5)", moved, third
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await sly.commit()


async def test_nothing_is_added_to_a_transfer_that_is_over(orm: None, connection: Raw) -> None:
    one, other, third, fourth = await opened(connection, 4)
    moved = await ledger.move("gift", {one: -5, other: 5}, key="a")
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(
            "INSERT INTO ledger_entry (transfer_id, account_id, minutes) VALUES ($1, $2, -5), ($1, $3, 5)",
            moved.id,
            third,
            fourth,
        )


async def test_a_reversal_that_is_no_mirror_is_refused(orm: None, connection: Raw) -> None:
    one, other, third = await opened(connection, 3)
    moved = await ledger.move("gift", {one: -5, other: 5}, key="a")
    for number, legs in enumerate(({one: 4, other: -4}, {one: 5, third: -5})):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await connection.execute(
                "SELECT move_minutes('reversal', $1, $2, $3, '', NULL, $4)",
                f"r{number}", list(legs), list(legs.values()), moved.id,
            )  # fmt: skip
        assert refused.value.constraint_name == "ledger_reversal_mirrors"
