"""Whoever writes past our code is refused by the database itself."""

from datetime import UTC, datetime

import asyncpg
import pytest

from echange import booking
from echange.booking import Rules
from tests.booking.calendars import Raw, pool, room, soon

INSERT = """INSERT INTO booking_allocation (booking_id, model_id, unit_id, kind, during, expires_at)
            VALUES (nextval('booking_number'), $1, $2, $3, tstzrange($4, $5, $6), $7)"""


async def write(
    raw: Raw,
    model: int,
    unit: int,
    *,
    hours: float = 0,
    lasts: float = 1,
    kind: str = "booked",
    bounds: str = "[)",
) -> None:
    period = soon(hours, lasts)
    expires = datetime.now(UTC) if kind == "held" else None
    await raw.execute(INSERT, model, unit, kind, period.start, period.end, bounds, expires)


async def test_no_two_stand_on_a_unit_at_once_with_the_minutes_around(orm: None, connection: Raw) -> None:
    model, [unit] = await pool(1, Rules(after=30))
    await write(connection, model, unit)
    for hours in (0, 0.5, 1, 1.4, -0.5, -1):
        with pytest.raises(asyncpg.ExclusionViolationError):
            await write(connection, model, unit, hours=hours)
    await write(connection, model, unit, hours=1.5)
    await write(connection, model, unit, hours=-1.5)


async def test_an_empty_or_endless_time_is_no_time(orm: None, connection: Raw) -> None:
    model, [unit] = await pool(1)
    for lasts, bounds in ((0, "[)"), (0, "()"), (1, "[]"), (1, "()")):
        with pytest.raises(asyncpg.CheckViolationError):
            await write(connection, model, unit, lasts=lasts, bounds=bounds)
    with pytest.raises(asyncpg.DataError):
        await write(connection, model, unit, lasts=-1)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(INSERT, model, unit, "booked", soon().start, None, "[)", None)


async def test_a_unit_belongs_to_its_model(orm: None, connection: Raw) -> None:
    (one, _), (_, [unit]) = await pool(1), await pool(1)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await write(connection, one, unit)


async def test_nothing_is_promised_on_a_withdrawn_unit(orm: None, connection: Raw) -> None:
    model, [unit] = await pool(1)
    await write(connection, model, unit)
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("UPDATE booking_unit SET retired_at = now() WHERE id = $1", unit)
    await connection.execute("DELETE FROM booking_allocation")
    await connection.execute("UPDATE booking_unit SET retired_at = now() WHERE id = $1", unit)
    with pytest.raises(asyncpg.RestrictViolationError):
        await write(connection, model, unit)


async def test_only_a_hold_lapses_and_every_hold_does(orm: None, connection: Raw) -> None:
    model, [unit] = await pool(1)
    for kind, expires in (("held", None), ("booked", datetime.now(UTC)), ("lent", None)):
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(INSERT, model, unit, kind, soon().start, soon().end, "[)", expires)


async def test_a_unit_is_in_one_hand_and_a_room_has_one_unit(orm: None, connection: Raw) -> None:
    _model, [unit] = await pool(1)
    hold = "INSERT INTO booking_holding (booking_id, unit_id, since) VALUES ($1, $2, now())"
    await connection.execute(hold, 1, unit)
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute(hold, 2, unit)
    hall, _unit = await room()
    with pytest.raises(asyncpg.UniqueViolationError):
        await booking.add_units(hall, 1)


async def test_what_happened_is_written_down_and_stays(orm: None, connection: Raw) -> None:
    model, [unit] = await pool(1)
    await write(connection, model, unit)
    await connection.execute("UPDATE booking_allocation SET pinned = true")
    await connection.execute("DELETE FROM booking_allocation")
    acts = await connection.fetch("SELECT act FROM booking_event ORDER BY id")
    assert [row["act"] for row in acts] == ["taken", "changed", "freed"]
    for statement in (
        "UPDATE booking_event SET act = 'freed'",
        "DELETE FROM booking_event",
        "TRUNCATE booking_event",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(statement)
