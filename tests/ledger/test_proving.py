"""The chain over all transfers, and who changes rows behind the database's back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from echange import ledger
from echange.cli import WRONG
from echange.database import execute, fetch
from echange.ledger.sealing import seal
from tests.ledger.accounts import Raw, chain, moved, opened
from tests.ledger.tampering import TAMPERED, tamper


async def test_the_chain_is_what_anybody_can_work_out_from_the_rows(orm: None, connection: Raw) -> None:
    await moved(connection, 12)
    await sealed_all()
    links = await chain(connection)
    proof = await ledger.prove()
    assert proof.ok
    assert (proof.sealed, proof.sealed_to, proof.head) == (len(links), *links[-1])
    assert proof.transfers == proof.sealed == 12
    assert proof.sum_minutes == 0


async def test_nothing_sealed_yet_is_a_proof_too(orm: None) -> None:
    proof = await ledger.prove()
    assert proof.ok
    assert (proof.sealed, proof.sealed_to, proof.head) == (0, None, "")


async def test_a_transaction_still_open_holds_the_seal_and_is_sealed_in_its_turn(
    orm: None, connection: Raw
) -> None:
    one, other = await opened(connection, 2)
    late = connection.transaction()
    await late.start()
    await connection.execute(
        "SELECT move_minutes('gift', 'late', $1, $2, '', NULL, NULL)", [one, other], [-1, 1]
    )
    third, fourth = await elsewhere()
    quick = await ledger.move("gift", {third: -1, fourth: 1}, key="quick")
    assert await seal() == 0
    await late.commit()
    assert await seal() == 2
    proof = await ledger.prove()
    assert proof.ok
    assert proof.sealed_to == quick.id


async def elsewhere() -> list[int]:
    rows = await fetch("INSERT INTO ledger_account (kind) VALUES ('member'), ('member') RETURNING id")
    return sorted(row["id"] for row in rows)


async def test_many_who_seal_at_once_make_one_chain(orm: None, connection: Raw) -> None:
    await moved(connection, 20)

    async def seal_too() -> None:
        await execute("SELECT seal_transfers(3)")

    await asyncio.gather(*(seal_too() for _ in range(12)))
    await sealed_all()
    assert (await ledger.prove()).ok
    assert await connection.fetchval("SELECT max(position) = count(*) FROM ledger_seal")


async def test_what_somebody_else_writes_is_sealed_too_while_the_town_is_open(
    orm: None, connection: Raw
) -> None:
    one, other = await opened(connection, 2)
    async with ledger.Sealer().running():
        await ledger.move("gift", {one: -1, other: 1}, key="here")
        await connection.execute(
            "SELECT move_minutes('gift', 'elsewhere', $1, $2, '', NULL, NULL)", [one, other], [-1, 1]
        )
        async with asyncio.timeout(10):
            while await connection.fetchval("SELECT count(*) FROM ledger_seal") < 2:  # noqa: ASYNC110 — rows tell nobody
                await asyncio.sleep(0.05)
    assert (await ledger.prove()).ok


async def test_who_comes_long_after_those_with_later_numbers_is_sealed_in_its_turn(
    orm: None, connection: Raw, database_url: str
) -> None:
    one, other = await opened(connection, 2)
    first, second = await opened(connection, 2, floor=None, ceiling=None)
    async with elsewhere_in_transaction(database_url) as bulk, elsewhere_in_transaction(database_url) as slow:
        # Numbered first; but of the two transfers written first the slow one’s comes before all others.
        await bulk.execute("SELECT pg_current_xact_id()")
        await slow.execute(
            "SELECT move_minutes('gift', 'slow', $1, $2, '', NULL, NULL)", [one, other], [-1, 1]
        )
        await bulk.execute(
            """SELECT move_minutes('gift', 'bulk ' || n, $1, $2, '', NULL, NULL)
               FROM generate_series(1, 1500) n""",
            [first, second],
            [-1, 1],
        )
        await bulk.execute("COMMIT")
        assert await sealed_all() == 1500
        await slow.execute("COMMIT")
    assert await sealed_all() == 1
    proof = await ledger.prove()
    assert proof.ok
    assert proof.sealed == proof.transfers == 1501


async def test_books_written_in_another_cluster_go_on_in_this_one(orm: None, connection: Raw) -> None:
    one, other = await moved(connection, 3)
    await sealed_all()
    await ledger.move("gift", {one: -9, other: 9}, key="not sealed there")
    # Restored, rows keep the numbers of transactions that here are far in the future.
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE ledger_transfer SET xid = (xid::text::bigint + 1000000)::text::xid8")
    await connection.execute(
        "UPDATE ledger_sealing SET next_xid = (next_xid::text::bigint + 1000000)::text::xid8"
    )
    await connection.execute("SET session_replication_role = origin")
    await ledger.move("gift", {one: -9, other: 9}, key="written here")
    assert await sealed_all() == 2
    last = await ledger.move("gift", {one: -9, other: 9}, key="and on")
    assert await sealed_all() == 1
    proof = await ledger.prove()
    assert proof.ok
    assert (proof.sealed, proof.sealed_to) == (6, last.id)
    assert await connection.fetchval("SELECT whole_to FROM ledger_sealing") == last.id


@asynccontextmanager
async def elsewhere_in_transaction(url: str) -> AsyncIterator[Raw]:
    """A connection of its own, in a transaction that whoever uses it ends."""
    raw = await asyncpg.connect(url)
    try:
        await raw.execute("BEGIN")
        yield raw
    finally:
        await raw.close()


async def sealed_all() -> int:
    """Seal what can be; how many."""
    done = 0
    # Empty-handed twice: once to see how far the chain is whole, once to find it so.
    for _ in range(2):
        while sealed := await seal():
            done += sealed
    return done


async def test_whoever_writes_meanwhile_no_proof_is_ever_wrong(orm: None, connection: Raw) -> None:
    accounts = await opened(connection, 12, floor=None, ceiling=None)
    over = asyncio.Event()

    async def write(writer: int) -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            legs = {accounts[(writer + turn) % 12]: -3, accounts[(writer * 5 + turn * 7 + 1) % 12]: 3}
            if len(legs) == 2:
                await ledger.move("gift", legs, key=f"{writer} {turn}")

    async with ledger.Sealer().running():
        writers = [asyncio.create_task(write(n)) for n in range(32)]
        proofs = [await ledger.prove() for _ in range(25)]
        over.set()
        await asyncio.gather(*writers)
    assert all(proof.ok for proof in proofs), proofs
    counts = [(proof.transfers, proof.sealed) for proof in proofs]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0], "nothing moved meanwhile"
    assert all(sealed <= transfers for transfers, sealed in counts)


@pytest.mark.parametrize("how", TAMPERED)
async def test_a_row_changed_behind_the_database_s_back_is_found_and_named(
    orm: None, connection: Raw, how: str
) -> None:
    await moved(connection, 10)
    await sealed_all()
    table, transfer = await tamper(connection, how)
    proof = await ledger.prove()
    assert not proof.ok
    assert proof.first_wrong is not None
    assert (proof.first_wrong.table, proof.first_wrong.transfer) == (table, transfer)
    assert proof.first_wrong.what in WRONG


async def test_an_account_that_holds_what_it_never_got_is_named(orm: None, connection: Raw) -> None:
    one, _other = await moved(connection, 3)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE ledger_account SET balance = balance + 60 WHERE id = $1", one)
    proof = await ledger.prove()
    assert (proof.ok, proof.sum_minutes) == (False, 60)
    assert proof.first_wrong is not None
    assert (proof.first_wrong.table, proof.first_wrong.account) == ("ledger_account", one)
