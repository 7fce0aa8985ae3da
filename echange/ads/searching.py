"""Finding annonces: what is asked, page after page; a slip of the finger is forgiven."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import asyncpg

from echange.ads.cards import AdCard, card_of
from echange.ads.queries import CARD, COLUMNS, JOINS, NEWEST, OPEN, TABLES
from echange.ads.spelling import nearest_words
from echange.ads.words import question_of, respelled
from echange.database import fetch, fetch_value
from echange.http.pagination import Position, decode, encode

COUNTED_UP_TO: Final = 1000
# What costs nothing. Who seeks something names a budget, which is no price.
FREE: Final = """(a.kind IN ('give', 'lend') OR (a.kind = 'service_offered' AND a.terms = 'free')
    OR (a.kind IN ('sell', 'swap', 'service_offered') AND a.price_cents IS NOT DISTINCT FROM 0))"""
IN_TITLE: Final = "a.title_words @@ ${place}::tsquery"
ELSEWHERE: Final = "a.search @@ ${place}::tsquery AND NOT a.title_words @@ ${place}::tsquery"
_PLACE: Final = "SELECT a.id, a.published_at"
# The same order, but no index gives it: a rare word must be looked up, not waited for along all dates.
FOUND_NEWEST: Final = "ORDER BY a.published_at + interval '0' DESC, a.id DESC"


@dataclass(frozen=True)
class Search:
    """What is looked for; empty means everything. `price_max` is euros; nobody's annonces are of owner 0.

    Nothing of the members `unseen` is found; that alone does not make it a narrower search.
    """

    words: str = ""
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    quartiers: tuple[int, ...] = ()
    free: bool = False
    price_max: int | None = None
    with_photo: bool = False
    owner: int | None = None
    organisation: int | None = None
    unseen: frozenset[int] = field(default=frozenset())

    def __bool__(self) -> bool:
        return self != Search(unseen=self.unseen)

    async def asked(self) -> str | None:
        """The words as PostgreSQL asks for them, read once rather than for each row."""
        text = question_of(self.words).text if self.words else None
        return None if text is None else str(await fetch_value("SELECT asked_for($1)::text", text))

    def conditions(self, asked: str | None, values: list[object]) -> list[str]:
        """SQL conditions on an annonce `a`; what they compare with is added to `values`, as $1 and so on."""
        conditions = [OPEN]
        if asked is not None:
            values.append(asked)
            conditions.append(f"a.search @@ ${len(values)}::tsquery")
        conditions += self.narrowing(values)
        return conditions

    def narrowing(self, values: list[object]) -> list[str]:
        """The same without the words."""
        conditions: list[str] = []
        for column, chosen in (
            ("a.kind", self.kinds), ("a.category", self.categories), ("a.quartier_id", self.quartiers),
        ):  # fmt: skip
            # A single value is compared by `=`: an index on it then gives the order for free.
            if len(chosen) == 1:
                values.append(chosen[0])
                conditions.append(f"{column} = ${len(values)}")
            elif chosen:
                values.append(list(chosen))
                conditions.append(f"{column} = ANY(${len(values)})")
        if self.free:
            conditions.append(FREE)
        if self.price_max is not None:
            values.append(self.price_max * 100)
            conditions.append(f"({FREE} OR (a.kind = 'sell' AND a.price_cents <= ${len(values)}))")
        if self.with_photo:
            conditions.append("a.has_photo")
        if self.owner is not None:
            values.append(self.owner)
            conditions.append(f"a.owner_id = ${len(values)} AND a.organisation_id IS NULL")
        if self.organisation is not None:
            values.append(self.organisation)
            conditions.append(f"a.organisation_id = ${len(values)}")
        if self.unseen:
            values.append(sorted(self.unseen))
            conditions.append(f"a.owner_id <> ALL(${len(values)})")
        return conditions


class Place(NamedTuple):
    """Where an annonce stands: first those whose title says all the words, then the others; newest first."""

    elsewhere: bool
    position: Position


class Hit(NamedTuple):
    """A row that was found, and its place in the list."""

    row: asyncpg.Record
    place: Place


@dataclass(frozen=True)
class Found:
    """A page of annonces. `meant` is the question that found them: another one after a slip of the finger."""

    ads: Sequence[AdCard]
    next: str | None
    meant: str


async def find(search: Search, limit: int, cursor: str = "", *, exactly: bool = False) -> Found:
    """A page of open annonces. Without words the newest come first.

    Words that no title knows are read as the nearest known ones when nothing is found, unless `exactly`.
    Raises Invalid for a cursor that is not ours.
    """
    search, hits = await _look_again(CARD, search, limit + 1, cursor, exactly=exactly)
    return Found([card_of(hit.row) for hit in hits[:limit]], next_cursor(hits, limit), search.words)


async def find_ids(search: Search, limit: int, cursor: str = "") -> tuple[list[int], str | None]:
    """The same as ids, and the cursor that goes on after them."""
    _, hits = await _look_again(_PLACE, search, limit + 1, cursor)
    return [hit.row[0] for hit in hits[:limit]], next_cursor(hits, limit)


async def newest(search: Search, limit: int) -> list[asyncpg.Record]:
    """At most `limit` open annonces, newest first whatever the words: rows of CARD, and the last change."""
    values: list[object] = []
    where = " AND ".join(search.conditions(await search.asked(), values))
    select = f"SELECT {COLUMNS}, greatest(a.published_at, a.edited_at) FROM {TABLES}"  # noqa: S608
    return list(await fetch(f"{select} WHERE {where} {NEWEST} LIMIT {int(limit)}", *values))


def next_cursor(hits: Sequence[Hit], limit: int) -> str | None:
    """What goes on after `limit` hits, when there are more."""
    if len(hits) <= limit:
        return None
    place = hits[limit - 1].place
    # A cursor is base64 of a number, which never begins with « b ».
    return ("b" if place.elsewhere else "") + encode(place.position)


async def _look_again(
    select: str, search: Search, limit: int, cursor: str, *, exactly: bool = False
) -> tuple[Search, list[Hit]]:
    after = _place_in(cursor) if cursor else None
    hits = await _look(select, search, limit, after)
    if hits or not search.words or exactly:
        return search, hits
    spellings = await nearest_words(question_of(search.words).words)
    if not spellings:
        return search, hits
    other = replace(search, words=respelled(search.words, spellings))
    again = await _look(select, other, limit, after)
    return (other, again) if again else (search, hits)


async def _look(select: str, search: Search, limit: int, after: Place | None) -> list[Hit]:
    asked = await search.asked()
    if asked is None:
        return await _look_among(select, search, limit, after)
    hits: list[Hit] = []
    if not (after and after.elsewhere):
        hits = await _look_among(select, search, limit, after, asked)
        after = None
    if len(hits) < limit:
        hits += await _look_among(select, search, limit - len(hits), after, asked, elsewhere=True)
    return hits


async def _look_among(
    select: str, search: Search, limit: int, after: Place | None, asked: str | None = None,
    *, elsewhere: bool = False,
) -> list[Hit]:  # fmt: skip
    # Only fixed texts and numbered places are put together; every value travels apart.
    values: list[Any] = []
    conditions = [OPEN]
    if asked is not None:
        values.append(asked)
        conditions.append((ELSEWHERE if elsewhere else IN_TITLE).format(place=len(values)))
    conditions += search.narrowing(values)
    if after:
        values.extend(after.position)
        conditions.append(f"(a.published_at, a.id) < (${len(values) - 1}, ${len(values)})")
    order = NEWEST if asked is None else FOUND_NEWEST
    rest = f"FROM ad a WHERE {' AND '.join(conditions)} {order} LIMIT {int(limit)}"
    sql = f"{_PLACE} {rest}" if select is _PLACE else _cards_among(rest, search)
    return [Hit(row, Place(elsewhere, _position(row, select))) for row in await fetch(sql, *values)]


def _cards_among(rest: str, search: Search) -> str:
    """Cards of the annonces that are chosen by `rest`."""
    if not search:
        return f"{CARD} {rest.removeprefix('FROM ad a ')}"
    # Chosen first, joined afterwards: or else all that words find would be joined before it is sorted.
    return f"SELECT {COLUMNS} FROM (SELECT a.* {rest}) a {JOINS} {NEWEST}"  # noqa: S608


def _position(row: asyncpg.Record, select: str) -> Position:
    return (row[6], row[0]) if select is CARD else (row[1], row[0])


def _place_in(cursor: str) -> Place:
    elsewhere = cursor.startswith("b")
    return Place(elsewhere, decode(cursor.removeprefix("b")))
