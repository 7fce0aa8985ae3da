"""How much what is lent is used: by item, between two days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from echange.database import fetch
from echange.http.dates import local

# Days out are those of units in somebody's hands, not those that were booked. Who was refused and then stood
# in line for the same window is counted by what became of their waiting.
_FIGURES: Final = """
    WITH mine AS (
        SELECT i.id, i.title, i.model_id FROM item i
        WHERE i.lender_id = ANY($1::int[]) AND i.published_at IS NOT NULL),
    lent AS (
        SELECT n.item_id, count(*) AS loans,
               count(*) FILTER (WHERE coalesce(n.returned_at, now()) > n.ends_at) AS late
        FROM loan n WHERE n.lender_id = ANY($1::int[]) AND n.out_at >= $2 AND n.out_at < $3
        GROUP BY n.item_id),
    asked AS (
        SELECT n.item_id, count(*) AS asked,
               count(*) FILTER (WHERE n.state IN ('cancelled', 'expired') AND EXISTS (
                   SELECT FROM loan_event e WHERE e.loan_id = n.id AND e.kind = 'displaced')) AS displaced
        FROM loan n WHERE n.lender_id = ANY($1::int[]) AND n.at >= $2 AND n.at < $3 AND n.state <> 'held'
        GROUP BY n.item_id),
    waited AS (
        SELECT w.item_id, count(*) AS waited FROM waiter w JOIN mine ON mine.id = w.item_id
        WHERE w.at >= $2 AND w.at < $3 AND w.ending IN ('lapsed', 'left', 'over') GROUP BY w.item_id),
    refused AS (
        SELECT r.item_id, count(*) AS refused FROM refused_ask r JOIN mine ON mine.id = r.item_id
        WHERE r.day >= $4 AND r.day < $5 AND NOT EXISTS (
            SELECT FROM waiter w WHERE w.item_id = r.item_id AND w.member_id = r.member_id
                AND w.starts_at = r.starts_at)
        GROUP BY r.item_id),
    held AS (
        SELECT u.item_id, sum(extract(
                   epoch FROM least(coalesce(h.returned_at, now()), $3) - greatest(h.since, $2))) AS seconds
        FROM booking_holding h JOIN unit u ON u.id = h.unit_id JOIN mine ON mine.id = u.item_id
        WHERE h.since < $3 AND coalesce(h.returned_at, now()) > $2 GROUP BY u.item_id),
    stock AS (
        SELECT u.item_id, count(*) FILTER (WHERE b.retired_at IS NULL) AS units
        FROM unit u JOIN booking_unit b ON b.id = u.id JOIN mine ON mine.id = u.item_id GROUP BY u.item_id)
    SELECT mine.id, mine.title, coalesce(stock.units, 0) AS units, coalesce(lent.loans, 0) AS loans,
           coalesce(lent.late, 0) AS late, coalesce(asked.asked, 0) AS asked,
           coalesce(asked.displaced, 0) + coalesce(waited.waited, 0) + coalesce(refused.refused, 0)
               AS lacking,
           coalesce(held.seconds, 0)::float8 AS seconds
    FROM mine LEFT JOIN stock ON stock.item_id = mine.id LEFT JOIN lent ON lent.item_id = mine.id
    LEFT JOIN asked ON asked.item_id = mine.id LEFT JOIN waited ON waited.item_id = mine.id
    LEFT JOIN refused ON refused.item_id = mine.id
    LEFT JOIN held ON held.item_id = mine.id
    ORDER BY coalesce(asked.asked, 0) DESC, mine.title, mine.id LIMIT 1000"""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Of one item: how often it was `asked` for and lent (`loans`), how many of these came back `late`, how
    often it was wanted and `lacking`, how many days its units were out (`days_out`), and what part of their
    time (`use`, 0 to 1; 0 for a kit, which is counted where its parts are).
    """

    id: int
    title: str
    units: int
    asked: int
    loans: int
    late: int
    lacking: int
    days_out: float
    use: float

    @property
    def late_share(self) -> float:
        return self.late / self.loans if self.loans else 0.0


async def figures_of(lender_ids: Collection[int], start: datetime, end: datetime) -> list[ItemFigures]:
    """Of all they publish, the most asked for first."""
    rows = await fetch(_FIGURES, list(lender_ids), start, end, local(start).date(), _day_after(end))
    span = max((end - start).total_seconds(), 1.0)
    return [
        ItemFigures(
            row["id"], row["title"], row["units"], row["asked"], row["loans"], row["late"], row["lacking"],
            row["seconds"] / 86_400,
            min(row["seconds"] / (span * row["units"]), 1.0) if row["units"] else 0.0,
        )
        for row in rows
    ]  # fmt: skip


def _day_after(end: datetime) -> date:
    """The first day of which nothing is asked about; a day that has begun counts whole."""
    return local(end - timedelta(microseconds=1)).date() + timedelta(days=1)


def total_of(figures: Collection[ItemFigures]) -> ItemFigures:
    """Of all of them together."""
    units = sum(one.units for one in figures)
    use = sum(one.use * one.units for one in figures) / units if units else 0.0
    return ItemFigures(
        0, "", units, sum(one.asked for one in figures), sum(one.loans for one in figures),
        sum(one.late for one in figures), sum(one.lacking for one in figures),
        sum(one.days_out for one in figures), use,
    )  # fmt: skip
