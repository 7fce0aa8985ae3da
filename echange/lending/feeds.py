"""Loans as calendars to subscribe to.

Nobody's name stands in one, nor what for, nor at whose home something is collected.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from echange import booking
from echange.database import fetch
from echange.http import Viewer
from echange.http.dates import hour, local, long_day, now
from echange.http.icalendar import Appointment
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.lending.kinds import ON_THE_SPOT
from echange.lending.models.item import Item
from echange.lending.queries import usable_units
from echange.lending.unit_codes import codes_of

PAST: Final = timedelta(days=90)
CALLED_OFF_FOR: Final = timedelta(days=30)
# As long as `booking` keeps what is late from others.
LATE_FOR: Final = timedelta(days=3)
_CALLED_OFF: Final = frozenset({"refused", "cancelled", "expired", "no_show"})
# What was only held was never told to anybody.
_LOANS: Final = """
    SELECT n.id, n.item_id, n.state, n.quantity, n.starts_at, n.ends_at, n.returned_at, n.version,
           n.booking_id, i.title, i.kind, p.name AS place, p.address, heard.at AS changed_at
    FROM loan n JOIN item i ON i.id = n.item_id JOIN lender l ON l.id = n.lender_id
    LEFT JOIN place p
        ON p.id = coalesce(i.place_id, l.place_id) AND p.closed_at IS NULL AND p.hidden_at IS NULL
    JOIN LATERAL (SELECT max(e.at) AS at, bool_or(e.kind IN ('requested', 'agreed')) AS asked
                  FROM loan_event e WHERE e.loan_id = n.id AND e.kind <> 'reminded') heard ON heard.asked
    WHERE {0} AND n.state <> 'held' AND (n.state = 'out' OR n.ends_at > $2)
        AND (n.state NOT IN ('refused', 'cancelled', 'expired', 'no_show') OR n.moved_at > $3)
    ORDER BY n.ends_at DESC, n.id DESC LIMIT 2000"""
_WITH_ITEM: Final = """(n.item_id = $1 OR EXISTS (
    SELECT FROM kit_part k WHERE k.kit_id = n.item_id AND k.item_id = $1
        AND (NOT k.optional OR k.item_id = ANY(n.parts))))"""
_MAINTENANCES: Final = """
    SELECT m.id, m.starts_at, m.ends_at, m.ended_at, u.created_at
    FROM maintenance m JOIN unit u ON u.id = m.unit_id
    WHERE u.item_id = $1 AND coalesce(m.ended_at, m.ends_at) > $2 ORDER BY m.id DESC LIMIT 2000"""


async def borrowed(reader: Viewer) -> list[Appointment]:
    """What they borrow, have borrowed lately or have called off."""
    return [_borrowed(row) for row in await _loans("n.borrower_id = $1", reader.id)]


async def lent(lender_ids: Sequence[int]) -> list[Appointment]:
    """What these lenders lend, with the codes of what goes out: for who manages them."""
    rows = await _loans("n.lender_id = ANY($1)", list(lender_ids))
    codes = await codes_of(row["booking_id"] for row in rows)
    return [_lent(row, codes.get(row["booking_id"], [])) for row in rows]


async def taken(item: Item) -> list[Appointment]:
    """When a thing, or how many of it, cannot be had: for everybody."""
    rows = await _loans("n.item_id = $1" if item.is_kit else _WITH_ITEM, item.id)
    counts = await _counts(item, rows)
    units = (await usable_units([item.id]))[item.id]
    repairs = await fetch(_MAINTENANCES, item.id, now() - PAST)
    loans = [_taken(item, row, counts[row["id"]], units) for row in rows]
    return loans + [_in_repair(item, row, units) for row in repairs]


async def _loans(whose: str, who: int | list[int]) -> list[Any]:
    at = now()
    return list(await fetch(_LOANS.format(whose), who, at - PAST, at - CALLED_OFF_FOR))


async def _counts(item: Item, rows: Sequence[Any]) -> Mapping[int, int]:
    """How many of it each loan takes; nothing once it is called off, or has lost what it was promised."""
    if item.model_id is None:
        gone = {*_CALLED_OFF, "at_risk"}
        return {row["id"]: 0 if row["state"] in gone else row["quantity"] for row in rows}
    standing = await booking.units_of([row["booking_id"] for row in rows if row["booking_id"]])
    return {row["id"]: len(standing.get(row["booking_id"], {}).get(item.model_id, ())) for row in rows}


def _borrowed(row: Any) -> Appointment:  # noqa: ANN401 — a record of asyncpg
    titles = {
        "requested": _("Emprunt à confirmer : {title}"),
        "at_risk": _("Emprunt compromis : {title}"),
    }
    return _appointment(row, titles.get(row["state"], _("Emprunt : {title}")), _when(row))


def _lent(row: Any, codes: Sequence[str]) -> Appointment:  # noqa: ANN401 — a record of asyncpg
    titles = {
        "requested": _("Prêt à confirmer : {title}"),
        "at_risk": _("Prêt compromis : {title}"),
    }
    text = _when(row)
    if codes:
        text += "\n" + _("Exemplaires : {codes}").format(codes=", ".join(codes))
    return _appointment(row, titles.get(row["state"], _("Prêt : {title}")), text)


def _appointment(row: Any, title: str, text: str) -> Appointment:  # noqa: ANN401 — a record of asyncpg
    named = row["title"] if row["quantity"] == 1 else f"{row['quantity']} × {row['title']}"
    return Appointment(
        key=f"loan-{row['id']}",
        start=row["starts_at"],
        end=_end(row),
        title=title.format(title=named),
        # A place is known to all; a lender's own address is somebody's home.
        place=", ".join(filter(None, (row["place"], row["address"]))),
        text=text,
        path=f"/prets/demandes/{row['id']}",
        agreed=row["state"] not in {"requested", "at_risk"},
        version=row["version"],
        changed_at=row["changed_at"],
        cancelled=row["state"] in _CALLED_OFF,
        busy=row["kind"] in ON_THE_SPOT,
    )


def _when(row: Any) -> str:  # noqa: ANN401 — a record of asyncpg
    if row["kind"] in ON_THE_SPOT:
        return ""
    said = _("Retrait : {day}, {hour}").format(day=long_day(row["starts_at"]), hour=hour(row["starts_at"]))
    back = _("Retour : {day}, {hour}").format(day=long_day(row["ends_at"]), hour=hour(row["ends_at"]))
    return f"{said}\n{back}"


def _taken(item: Item, row: Any, count: int, units: int) -> Appointment:  # noqa: ANN401 — a record of asyncpg
    late = row["state"] == "out" and row["ends_at"] < now()
    days_late = (now() - row["ends_at"]).days + 1 if late else 0
    return Appointment(
        # Another than the borrower's own: they may have both calendars.
        key=f"loan-{row['id']}-item-{item.id}",
        start=row["starts_at"],
        end=_end_of_day(now() + LATE_FOR) if late else _end(row),
        title=_taken_title(item, max(count, 1), units),
        place="",
        text=_("Ce qui est libre se voit, et se réserve, sur échange."),
        path=item.url,
        agreed=True,
        # It is longer with every day that it is late, which no row says.
        version=row["version"] * 1000 + min(days_late, 999),
        changed_at=row["changed_at"],
        cancelled=count == 0,
        busy=False,
    )


def _in_repair(item: Item, row: Any, units: int) -> Appointment:  # noqa: ANN401 — a record of asyncpg
    ended: datetime | None = row["ended_at"]
    begun = ended is None or ended > row["starts_at"]
    return Appointment(
        key=f"maintenance-{row['id']}-item-{item.id}",
        start=row["starts_at"],
        end=min(row["ends_at"], ended) if ended and begun else row["ends_at"],
        title=_taken_title(item, 1, units),
        place="",
        text=_("Ce qui est libre se voit, et se réserve, sur échange."),
        path=item.url,
        agreed=True,
        version=1 if ended else 0,
        changed_at=ended or row["created_at"],
        cancelled=not begun,
        busy=False,
    )


def _taken_title(item: Item, count: int, units: int) -> str:
    if units <= 1 or count >= units:
        return _("Pris : {title}").format(title=item.title)
    said = ngettext("{title} : {n} sur {all} pris", "{title} : {n} sur {all} pris", count)
    return said.format(title=item.title, n=count, all=units)


def _end(row: Any) -> datetime:  # noqa: ANN401 — a record of asyncpg
    """When it came back, where that was sooner."""
    end: datetime = row["ends_at"]
    back: datetime | None = row["returned_at"]
    return back if back is not None and row["starts_at"] < back < end else end


def _end_of_day(at: datetime) -> datetime:
    return (local(at) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
