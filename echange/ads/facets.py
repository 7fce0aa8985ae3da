"""How many annonces each choice beside the list would show.

Of the whole list from a kept table, counted anew by the clock; of a narrower one on the spot, looking at a
bounded number of annonces. Choices of one facet widen each other, so a facet is counted without itself.
"""

import time
from dataclasses import dataclass, field, replace
from typing import Any, Final

from starlette.requests import Request

from echange.ads.searching import COUNTED_UP_TO, FREE, Search
from echange.database import execute, fetch, fetch_value, in_transaction

FACETS: Final = ("kind", "category", "quartier", "free", "photo")
# How many annonces are looked at for the numbers of a narrower list.
LOOKED_AT: Final = 2000
# Kept by a process for so long; with the clock's turn the numbers are never a minute old.
KEPT_SECONDS: Final = 20.0
KEPT: Final = "SELECT facet, value, n FROM facet_count"
# Any number of our own: who counts waits for who is counting.
COUNTING: Final = 94_120_034

_COUNT: Final = {
    "kind": "SELECT 'kind', kind, count(*) FROM {rows} GROUP BY kind",
    "category": "SELECT 'category', category, count(*) FROM {rows} GROUP BY category",
    "quartier": "SELECT 'quartier', quartier_id::text, count(*) FROM {rows} GROUP BY quartier_id",
    "free": "SELECT 'free', 'yes', count(*) FROM {rows} WHERE free",
    "photo": "SELECT 'photo', 'yes', count(*) FROM {rows} WHERE has_photo",
}
_ROWS: Final = (
    f"SELECT a.kind, a.category, a.quartier_id, a.has_photo, {FREE} AS free FROM ad a WHERE {{where}}"  # noqa: S608 — our own texts
)
_RECOUNT: Final = f"""
    WITH counted AS (
        SELECT CASE WHEN grouping(kind) = 0 THEN 'kind' WHEN grouping(category) = 0 THEN 'category'
                    WHEN grouping(quartier_id) = 0 THEN 'quartier' WHEN grouping(free) = 0 THEN 'free'
                    WHEN grouping(has_photo) = 0 THEN 'photo' ELSE 'all' END AS facet,
               coalesce(kind, category, quartier_id::text, 'yes') AS value, count(*)::int AS n
        FROM ({_ROWS.format(where="a.listed")}) AS listed
        GROUP BY GROUPING SETS ((kind), (category), (quartier_id), (free), (has_photo), ())
        HAVING free IS NOT false AND has_photo IS NOT false),
    gone AS (
        DELETE FROM facet_count f
        WHERE NOT EXISTS (SELECT FROM counted c WHERE c.facet = f.facet AND c.value = f.value))
    INSERT INTO facet_count AS f (facet, value, n) SELECT facet, value, n FROM counted
    ON CONFLICT (facet, value) DO UPDATE SET n = excluded.n WHERE f.n <> excluded.n
"""  # noqa: S608 — our own texts
_WRITTEN: Final = """
    SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relid = 'ad'::regclass
"""


@dataclass(frozen=True)
class Counts:
    """Numbers by facet and value. `total` counts up to 1 001; a facet in `cut` has at least its numbers."""

    total: int
    numbers: dict[str, dict[str, int]]
    cut: frozenset[str] = field(default=frozenset())

    def of(self, facet: str, value: str = "yes") -> int:
        return self.numbers.get(facet, {}).get(value, 0)


class Recount:
    """The clock's work: count when something was written since the last time."""

    def __init__(self) -> None:
        self._written: int | None = None

    async def __call__(self, _: dict[str, Any] | None = None) -> None:
        written = await fetch_value(_WRITTEN)
        if written is None or written != self._written:
            await recount()
            self._written = written


async def recount() -> None:
    """Count the whole list anew."""
    async with in_transaction():
        await fetch_value("SELECT pg_advisory_xact_lock($1)", COUNTING)
        await execute(_RECOUNT)


async def counts_of(search: Search, request: Request) -> Counts:
    """The numbers beside this list."""
    if not search and not search.unseen:
        return await everything(request)
    return await _among(search, request)


async def everything(request: Request) -> Counts:
    """Those of the whole list, at most a minute old; counted at first need."""
    state = request.app.state
    kept: tuple[float, Counts] | None = getattr(state, "ads_counts", None)
    if kept is None or kept[0] < time.monotonic():
        kept = (time.monotonic() + KEPT_SECONDS, await _kept())
        state.ads_counts = kept
    return kept[1]


async def _kept() -> Counts:
    rows = await fetch(KEPT)
    if not rows:
        await recount()
        rows = await fetch(KEPT)
    return counts_in(rows)


def counts_in(rows: Any) -> Counts:  # noqa: ANN401 — asyncpg's rows
    """The whole list's numbers out of the rows of the kept table."""
    numbers = _numbers(rows)
    return Counts(min(numbers.pop("all", {}).get("yes", 0), COUNTED_UP_TO + 1), numbers)


async def _among(search: Search, request: Request) -> Counts:
    whole: dict[str, dict[str, int]] = {}
    asked = await search.asked()
    values: list[object] = []
    parts: list[str] = []
    counts: list[str] = ["SELECT 'all', 'yes', count(*) FROM looked"]
    parts.append(f"looked AS MATERIALIZED ({_looked(search, asked, values)})")
    for facet in FACETS:
        other = _without(facet, search)
        if other == search:
            counts.append(_COUNT[facet].format(rows="looked"))
        elif not other and not other.unseen:
            whole[facet] = (await everything(request)).numbers.get(facet, {})
        else:
            parts.append(f"but_{facet} AS MATERIALIZED ({_looked(other, asked, values)})")
            counts.append(_COUNT[facet].format(rows=f"but_{facet}"))
            counts.append(f"SELECT 'all', '{facet}', count(*) FROM but_{facet}")  # noqa: S608
    sql = f"WITH {', '.join(parts)} {' UNION ALL '.join(counts)}"
    rows = await fetch(sql, *values)
    numbers = _numbers(rows)
    looked = numbers.pop("all")
    cut = {facet for facet in FACETS if facet not in whole and looked.get(facet, looked["yes"]) >= LOOKED_AT}
    return Counts(min(looked["yes"], COUNTED_UP_TO + 1), numbers | whole, frozenset(cut))


def _looked(search: Search, asked: str | None, values: list[object]) -> str:
    return _ROWS.format(where=" AND ".join(search.conditions(asked, values))) + f" LIMIT {LOOKED_AT}"


def _without(facet: str, search: Search) -> Search:
    match facet:
        case "kind":
            return replace(search, kinds=())
        case "category":
            return replace(search, categories=())
        case "quartier":
            return replace(search, quartiers=())
        case "free":
            return replace(search, free=False, price_max=None)
        case _:
            return replace(search, with_photo=False)


def _numbers(rows: Any) -> dict[str, dict[str, int]]:  # noqa: ANN401 — asyncpg's rows
    numbers: dict[str, dict[str, int]] = {}
    for facet, value, n in rows:
        numbers.setdefault(facet, {})[value] = n
    return numbers
