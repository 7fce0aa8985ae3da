"""Sites: their clock, when they open every week, when they are closed all the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import asyncpg
import orjson

from echange.booking.breaches import EmptyPeriod
from echange.booking.hours import AHEAD, DESK, Hours, Opening
from echange.booking.periods import Period
from echange.booking.rules import FURTHEST, Rules
from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http.dates import now
from echange.http.promises import kept
from echange.http.refusals import NotFound

# Closures that went by say nothing any more, but to whoever looks at last month.
_HOURS: Final = """
    s.zone, s.by_appointment,
    (SELECT jsonb_agg(jsonb_build_array(o.weekday, o.opens, o.closes, o.who, o.from_day, o.until_day)
                      ORDER BY o.id)
     FROM booking_opening o WHERE o.site_id = s.id)::text AS openings,
    (SELECT jsonb_agg(jsonb_build_array(lower(c.during), upper(c.during)) ORDER BY lower(c.during), c.id)
     FROM booking_closure c WHERE c.site_id = s.id AND c.during && tstzrange({0}, {1}))::text AS closures"""
_OF_SITES: Final = f"""
    SELECT s.id, {_HOURS.format("$2", "$3")} FROM booking_site s WHERE s.id = ANY($1::int[])"""  # noqa: S608
_OF_MODELS: Final = f"""
    SELECT m.id, m.site_id, m.named, m.before, m.after, m.min_minutes, m.max_minutes, m.lead_open_days,
           m.horizon_days, m.spans, m.step, s.told_at, {_HOURS.format("$2", "$3")}
    FROM booking_model m JOIN booking_site s ON s.id = m.site_id WHERE m.id = ANY($1::int[])"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Terms:
    """Of a model: its rules, the hours of its site, and since when all this is so."""

    rules: Rules
    hours: Hours
    named: bool
    site_id: int
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed all the same; `imported` from a calendar, which may change it again."""

    id: int
    period: Period
    label: str
    imported: bool


async def make_site(zone: str = "Europe/Paris") -> int:
    """A new site on this clock, by appointment until it has hours."""
    site_id: int = await fetch_value(
        "INSERT INTO booking_site (zone) VALUES ($1) RETURNING id", ZoneInfo(zone).key
    )
    return site_id


async def openings(site_id: int) -> list[Opening]:
    """Its weekly hours, from Monday on."""
    rows = await fetch(
        """SELECT weekday, opens, closes, who, from_day, until_day FROM booking_opening WHERE site_id = $1
           ORDER BY weekday, opens, from_day, id""",
        site_id,
    )
    return [Opening(**row) for row in rows]


async def set_openings(site_id: int, wanted: Sequence[Opening]) -> None:
    """Open in these hours from now on, all others forgotten; without any, by appointment. Raises NotFound."""
    async with in_transaction():
        found = await execute(
            "UPDATE booking_site SET by_appointment = $2 WHERE id = $1", site_id, not wanted
        )
        if not found:
            raise NotFound
        await execute("DELETE FROM booking_opening WHERE site_id = $1", site_id)
        columns = zip(
            *((o.weekday, o.opens, o.closes, o.who, o.from_day, o.until_day) for o in wanted), strict=True
        )
        if wanted:
            await execute(
                """INSERT INTO booking_opening (site_id, weekday, opens, closes, who, from_day, until_day)
                   SELECT $1, * FROM unnest($2::smallint[], $3::smallint[], $4::smallint[], $5::varchar[],
                                            $6::date[], $7::date[])""",
                site_id,
                *map(list, columns),
            )


async def close_site(site_id: int, period: Period, label: str = "") -> int:
    """Close it for a while, whatever was promised: `affected` says what that touches. The closure's id.

    Raises EmptyPeriod, NotFound.
    """
    if period.start >= period.end:
        raise EmptyPeriod
    with kept({"booking_closure_site_id_fkey": NotFound}):
        closure_id: int = await fetch_value(
            """INSERT INTO booking_closure (site_id, during, label) VALUES ($1, tstzrange($2, $3), $4)
               RETURNING id""",
            site_id,
            period.start,
            period.end,
            label,
        )
    return closure_id


async def reopen_site(site_id: int, closure_id: int) -> None:
    """Take a closure back; said twice, it counts once."""
    await execute("DELETE FROM booking_closure WHERE site_id = $1 AND id = $2", site_id, closure_id)


async def closures(site_id: int, span: Period) -> list[Closure]:
    """What closes it in this span, in order."""
    rows = await fetch(
        """SELECT id, lower(during) AS start, upper(during) AS end, label, uid <> '' AS imported
           FROM booking_closure WHERE site_id = $1 AND during && tstzrange($2, $3)
           ORDER BY lower(during), id""",
        site_id,
        span.start,
        span.end,
    )
    return [
        Closure(row["id"], Period(row["start"], row["end"]), row["label"], row["imported"]) for row in rows
    ]


async def opening_times(site_id: int, span: Period, who: Sequence[str] = DESK) -> list[Period]:
    """When it is open in this span, closures cut out; what goes on over midnight is one. Raises NotFound."""
    return (await hours_of(site_id, span)).between(span, tuple(who))


async def next_opening(site_id: int, after: datetime, who: Sequence[str] = DESK) -> Period | None:
    """The opening that holds this instant, or the next within a year. Raises NotFound."""
    return (await hours_of(site_id, Period(after, after + AHEAD))).after(after, tuple(who))


async def is_open(site_id: int, at: datetime, who: Sequence[str] = DESK) -> bool:
    """Whether it is open at this instant. Raises NotFound."""
    hours = await hours_of(site_id, Period(at, at + timedelta(minutes=1)))
    return any(at < period.end for period in hours.around(at, tuple(who)))


async def hours_of(site_id: int, span: Period) -> Hours:
    """Its hours with the closures that matter for this span. Raises NotFound."""
    found = await hours_of_sites([site_id], span)
    if site_id not in found:
        raise NotFound
    return found[site_id]


async def hours_of_sites(site_ids: Iterable[int], span: Period) -> dict[int, Hours]:
    """The same of several, in one look; a site that is not there is not among them."""
    rows = await fetch(_OF_SITES, list(site_ids), *_with_margin(span))
    return {
        row["id"]: _hours(row["zone"], row["by_appointment"], row["openings"], row["closures"])
        for row in rows
    }


async def terms_of(model_ids: Iterable[int], period: Period) -> dict[int, Terms]:
    """Rules and hours of these models, with the closures from now until the period ends; one look."""
    at = now()
    # What is further than anybody may ask for is refused before its closures are looked at.
    span = Period(at, max(at, min(period.end, at + 2 * FURTHEST)))
    rows = await fetch(_OF_MODELS, list(model_ids), *_with_margin(span))
    return {row["id"]: _terms(row) for row in rows}


def _terms(row: asyncpg.Record) -> Terms:
    rules = Rules(
        before=row["before"],
        after=row["after"],
        min_minutes=row["min_minutes"],
        max_minutes=row["max_minutes"],
        lead_open_days=row["lead_open_days"],
        horizon_days=row["horizon_days"],
        spans=row["spans"],
        step=row["step"],
    )
    hours = _hours(row["zone"], row["by_appointment"], row["openings"], row["closures"])
    return Terms(rules, hours, row["named"], row["site_id"], row["told_at"])


def _with_margin(span: Period) -> tuple[datetime, datetime]:
    """Days are looked at whole, in whatever zone they lie."""
    return span.start - timedelta(days=2), span.end + timedelta(days=2)


@lru_cache(maxsize=256)
def _hours(zone: str, by_appointment: bool, opening_rows: str | None, closure_rows: str | None) -> Hours:
    """Kept by what it says, so never out of date: what a site opens on a day is worked out once."""
    return Hours(
        ZoneInfo(zone),
        [_opening(*row) for row in orjson.loads(opening_rows or "[]")],
        [Period(*map(datetime.fromisoformat, row)) for row in orjson.loads(closure_rows or "[]")],
        by_appointment=by_appointment,
    )


def _opening(weekday: int, opens: int, closes: int, who: str, *days: Any) -> Opening:  # noqa: ANN401 — JSON
    from_day, until_day = (date.fromisoformat(day) if day else None for day in days)
    return Opening(weekday, opens, closes, who, from_day, until_day)
