"""Shifts are made five weeks ahead: one a week for each slot, each once."""

from datetime import date, timedelta
from typing import Any

from echange.database import execute, fetch, in_transaction
from echange.http.dates import now, today
from echange.mutual_aid.rota_terms import Terms


async def make_all(_: dict[str, Any] | None = None) -> None:
    """For every rota that goes on, from today."""
    await make_since(today())


async def make_since(since: date) -> None:
    """The same from another day on."""
    rows = await fetch(
        """SELECT DISTINCT h.id FROM help h JOIN rota_slot s ON s.help_id = h.id
           WHERE h.ended_at IS NULL AND h.hidden_at IS NULL AND s.ended_at IS NULL ORDER BY h.id"""
    )
    for row in rows:
        async with in_transaction():
            # Held as by whoever changes the rota just now.
            await execute("SELECT id FROM help WHERE id = $1 FOR NO KEY UPDATE", row["id"])
            await make_shifts(row["id"], since)


async def make_shifts(help_id: int, since: date) -> None:
    """The shifts of a rota that are not there yet, in the caller's transaction, the help being locked.

    A week keeps the shift it has, also one that is called off or kept from before a change.
    """
    for slot in await fetch(
        "SELECT * FROM rota_slot WHERE help_id = $1 AND ended_at IS NULL ORDER BY id", help_id
    ):
        await _make(slot["id"], _terms(slot), since)
    # A rota keeps its help open.
    await execute(
        """UPDATE help SET expires_at = greatest(expires_at, last.at + interval '14 days')
           FROM (SELECT max(t.ends_at) AS at FROM shift t JOIN rota_slot s ON s.id = t.slot_id
                 WHERE s.help_id = $1) last
           WHERE id = $1 AND ended_at IS NULL AND expires_at IS NOT NULL AND last.at IS NOT NULL""",
        help_id,
    )


async def _make(slot_id: int, terms: Terms, since: date) -> None:
    moments = [(day, starts_at) for day in terms.days(since) if (starts_at := terms.begins(day))]
    moments = [(day, starts_at) for day, starts_at in moments if starts_at > now()]
    lasts = timedelta(minutes=terms.minutes)
    await execute(
        """INSERT INTO shift (slot_id, day, starts_at, ends_at, people, role)
           SELECT $1, new.day, new.starts_at, new.ends_at, $5, $6
           FROM unnest($2::date[], $3::timestamptz[], $4::timestamptz[]) new (day, starts_at, ends_at)
           WHERE NOT EXISTS (SELECT FROM shift WHERE slot_id = $1
                             AND date_trunc('week', day::timestamp) = date_trunc('week', new.day::timestamp))
           ON CONFLICT (slot_id, day) DO NOTHING""",
        slot_id,
        [day for day, _ in moments],
        [starts_at for _, starts_at in moments],
        [starts_at + lasts for _, starts_at in moments],
        terms.people,
        terms.role,
    )


def _terms(slot: Any) -> Terms:  # noqa: ANN401 — a row
    return Terms(**{name: slot[name] for name in Terms.__dataclass_fields__})
