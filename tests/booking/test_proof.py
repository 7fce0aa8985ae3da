"""The events give what stands; whoever changes rows behind the database's back is found."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest

from echange import booking
from echange.booking import Rules
from echange.cli import WRONG_BOOKING
from tests.booking.calendars import Raw, pool, room, soon
from tests.starting.commands import Echange

# What is done, and the table and what is said to be wrong then. {1} and {2}: the first two allocations.
TAMPERED: Final = {
    "another unit": (
        "UPDATE booking_allocation SET unit_id = (SELECT max(id) FROM booking_unit WHERE model_id = {m}) "
        "WHERE id = {1}",
        ("booking_allocation", "differs"),
    ),
    "another time": (
        """UPDATE booking_allocation
           SET during = tstzrange(lower(during), upper(during) - interval '1 minute') WHERE id = {2}""",
        ("booking_allocation", "differs"),
    ),
    "smaller margins": (
        "UPDATE booking_allocation SET padded = during WHERE id = {2}",
        ("booking_allocation", "differs"),
    ),
    "a row gone": ("DELETE FROM booking_allocation WHERE id = {1}", ("booking_allocation", "gone")),
    "a row of one's own": (
        """INSERT INTO booking_allocation (booking_id, model_id, unit_id, kind, during, padded)
           SELECT 999, model_id, unit_id, 'booked', later, later
           FROM booking_allocation, tstzrange(now() + interval '90 days', now() + interval '91 days') later
           WHERE id = {1}""",
        ("booking_allocation", "unwritten"),
    ),
    "an event gone": (
        "DELETE FROM booking_event WHERE allocation_id = {1}",
        ("booking_allocation", "unwritten"),
    ),
    "the first event of two gone": (
        "DELETE FROM booking_event WHERE allocation_id = {3} AND act = 'taken'",
        ("booking_event", "order"),
    ),
    "an event changed": (
        "UPDATE booking_event SET kind = 'held' WHERE allocation_id = {1}",
        ("booking_allocation", "differs"),
    ),
    "margins that cover nothing": (
        "UPDATE booking_event SET padded = tstzrange(upper(during), upper(during) + interval '1 h') "
        "WHERE allocation_id = {1}",
        ("booking_event", "margins"),
    ),
    "a unit withdrawn under a promise": (
        "UPDATE booking_unit SET retired_at = now() "
        "WHERE id = (SELECT unit_id FROM booking_allocation WHERE id = {1})",
        ("booking_allocation", "withdrawn"),
    ),
    "back without being back": (
        "UPDATE booking_holding SET returned_at = now() + interval '1 day'",
        ("booking_allocation", "not_held"),
    ),
    "out without being out": (
        "INSERT INTO booking_holding (booking_id, unit_id, since) SELECT 999, min(unit_id), now() "
        "FROM booking_allocation WHERE id = {1}",
        ("booking_holding", "not_out"),
    ),
}


async def history() -> tuple[int, list[int]]:
    """Two booked, one out, one freed, one held, one moved; the model, and the numbers of the first three."""
    model, _units = await pool(5, Rules(after=30))
    booked = [await booking.take({model: 1}, soon(n, 2)) for n in range(3)]
    await booking.hand_out(booked[2].id, booked[2].units[model], datetime.now(UTC))
    await booking.free((await booking.take({model: 1}, soon(1, 1))).id)
    await booking.take({model: 1}, soon(1, 1), kind="held", hold_for=timedelta(minutes=10))
    await booking.retime(booked[1].id, soon(30, 2))
    return model, [one.id for one in booked]


async def test_what_happened_gives_what_stands(orm: None, connection: Raw) -> None:
    model, _bookings = await history()
    unit = (await room())[1]
    await booking.maintain(unit, soon())
    proof = await booking.prove()
    assert proof.ok, proof
    assert (proof.sites, proof.units, proof.allocations, proof.holdings) == (2, 6, 5, 1)
    assert proof.events == await connection.fetchval("SELECT count(*) FROM booking_event")
    assert proof.sealed_to == await connection.fetchval("SELECT max(id) FROM booking_event")
    again = await booking.prove()
    assert again == proof
    await booking.take({model: 1}, soon(50))
    assert (await booking.prove()).head != proof.head


async def test_nothing_that_happened_is_a_proof_too(orm: None) -> None:
    proof = await booking.prove()
    assert proof.ok
    assert (proof.events, proof.head, proof.sealed_to) == (0, "", None)


@pytest.mark.parametrize("how", TAMPERED)
async def test_a_row_changed_behind_the_database_s_back_is_found_and_named(
    orm: None, connection: Raw, how: str
) -> None:
    expected = await tampered(connection, how)
    proof = await booking.prove()
    assert proof.first_wrong is not None
    assert (proof.first_wrong.table, proof.first_wrong.what) == expected
    assert proof.first_wrong.what in WRONG_BOOKING


async def tampered(raw: Raw, how: str) -> tuple[str, str]:
    model, bookings = await history()
    lines = [
        await raw.fetchval("SELECT id FROM booking_allocation WHERE booking_id = $1", number)
        for number in bookings
    ]
    statement, expected = TAMPERED[how]
    for place, line in enumerate(lines, 1):
        statement = statement.replace(f"{{{place}}}", str(line))
    await raw.execute("SET session_replication_role = replica")
    await raw.execute(statement.replace("{m}", str(model)))
    return expected


async def test_a_unit_promised_twice_is_found_though_every_event_says_so(orm: None, connection: Raw) -> None:
    model, _units = await pool(1)
    first = await booking.take({model: 1}, soon(0, 2))
    second = await booking.take({model: 1}, soon(5, 2))
    # Without the constraint that forbids it, and with events as if it had been done.
    await connection.execute(
        "ALTER TABLE booking_allocation DROP CONSTRAINT booking_allocation_never_overlaps"
    )
    try:
        await connection.execute(
            """UPDATE booking_allocation SET during = first.during
               FROM booking_allocation first
               WHERE first.booking_id = $1 AND booking_allocation.booking_id = $2""",
            first.id,
            second.id,
        )
        proof = await booking.prove()
    finally:
        await connection.execute("DELETE FROM booking_allocation WHERE booking_id = $1", second.id)
        await connection.execute(
            """ALTER TABLE booking_allocation ADD CONSTRAINT booking_allocation_never_overlaps
               EXCLUDE USING gist (unit_id WITH =, padded WITH &&)"""
        )
    assert proof.first_wrong is not None
    assert (proof.first_wrong.booking, proof.first_wrong.what) in {(first.id, "many"), (second.id, "twice")}


async def test_while_others_book_no_proof_is_ever_wrong(orm: None) -> None:
    models = [(await pool(3))[0] for _ in range(3)]
    over = asyncio.Event()

    async def book(writer: int) -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            try:
                booked = await booking.take(
                    {models[writer % 3]: 1, models[(writer + 1) % 3]: 1}, soon(turn % 40, 2)
                )
            except booking.NotFree:
                continue
            if turn % 3:
                await booking.free(booked.id)

    writers = [asyncio.create_task(book(n)) for n in range(5)]
    proofs = [await booking.prove() for _ in range(8)]
    over.set()
    await asyncio.gather(*writers)
    assert all(proof.ok for proof in proofs), proofs
    assert proofs[-1].events > proofs[0].events, "nothing was booked meanwhile"


async def test_anybody_reads_the_proof_signed_out(client: httpx.AsyncClient, connection: Raw) -> None:
    await history()
    answer = await client.get("/api/v1/booking/proof")
    proof = answer.json()
    assert (answer.status_code, proof["ok"], proof["first_wrong"]) == (200, True, None)
    assert proof["head"] == (await booking.prove()).head


async def test_the_command_says_what_it_counted(orm: None, tmp_path: Path, database_url: str) -> None:
    await history()
    echange = Echange(tmp_path / "var", {"ECHANGE_DATABASE_URL": database_url})
    done = await asyncio.to_thread(echange, "booking", "verify")
    proof = await booking.prove()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"Tout est juste : 5 exemplaires, 4 réservations, {proof.events} événements rejoués.",
        f"Empreinte : {proof.head}",
    ]


async def test_the_command_names_the_first_wrong_row(
    orm: None, connection: Raw, tmp_path: Path, database_url: str
) -> None:
    await tampered(connection, "a row gone")
    wrong = (await booking.prove()).first_wrong
    assert wrong
    done = await asyncio.to_thread(
        Echange(tmp_path / "var", {"ECHANGE_DATABASE_URL": database_url}), "booking", "verify"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Ligne {wrong.row} fausse dans booking_allocation, réservation {wrong.booking}, "
        f"exemplaire {wrong.unit} : {WRONG_BOOKING['gone']}.\n"
    )
