"""Lists of annonces in hand-written SQL: one round trip each, newest first, along `ad_listed…`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from echange.ads.cards import AdCard, card_of
from echange.database import fetch, fetch_one, fetch_value
from echange.http import Viewer
from echange.http.pagination import Position
from echange.members import fold

COUNTED_UP_TO: Final = 1000
MOST_WORDS: Final = 12
# What PostgreSQL's French stop words forget, folded.
PASSING: Final = frozenset(
    {"les", "a", "sous", "sans", "chez", "leurs", "cet", "cette", "quoi", "plus", "tres", "si", "comme"}
)

COLUMNS: Final = """
    a.id, a.kind, a.title, left(a.body, 240), a.category, a.price_text, a.published_at, a.closed_at,
    q.name, m.id, m.name, m.handle, p.id, p.width, p.height, p.widths, p.alt"""
TABLES: Final = """ad a
    LEFT JOIN quartier q ON q.id = a.quartier_id
    LEFT JOIN member m ON m.id = a.owner_id
    LEFT JOIN LATERAL (
        SELECT id, width, height, widths, alt FROM ad_photo WHERE ad_id = a.id ORDER BY position LIMIT 1
    ) p ON true"""
CARD: Final = f"SELECT {COLUMNS} FROM {TABLES}"  # noqa: S608
OPEN: Final = "a.listed"
NEWEST: Final = "ORDER BY a.published_at DESC, a.id DESC"


@dataclass(frozen=True)
class Search:
    """What is looked for; empty means everything."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    quartiers: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.kinds or self.quartiers)

    def conditions(self) -> tuple[list[str], list[object]]:
        """SQL conditions and the values they number from $1."""
        conditions, values = [OPEN], list[object]()
        if self.words:
            asked = []
            for spellings in spellings_of(self.words):
                values.extend(spellings)
                places = range(len(values) - len(spellings) + 1, len(values) + 1)
                asked.append(" || ".join(f"websearch_to_tsquery('town', ${place})" for place in places))
            conditions.append(f"a.search @@ ({' && '.join(f'({one})' for one in asked)})")
        for column, chosen in (("a.kind", self.kinds), ("a.quartier_id", self.quartiers)):
            # A single value is compared by `=`: an index on it then gives the order for free.
            if len(chosen) == 1:
                values.append(chosen[0])
                conditions.append(f"{column} = ${len(values)}")
            elif chosen:
                values.append(list(chosen))
                conditions.append(f"{column} = ANY(${len(values)})")
        return conditions, values


def spellings_of(words: str) -> list[list[str]]:
    """Words to be found together, each in the spellings that count as the same.

    French stems (Snowball) keep the s of « vélos », « photos », « menus »: those words are asked both ways.
    What uses the signs of a search (quotes, minus, or) is left whole.
    """
    pieces = words.split()
    if len(pieces) > MOST_WORDS or any('"' in one or one[0] == "-" or one.lower() == "or" for one in pieces):
        return [[words]]
    telling = [one for one in pieces if fold(one) not in PASSING] or pieces
    return [[one, other] if (other := _other_number(one)) else [one] for one in telling]


def _other_number(word: str) -> str | None:
    folded = fold(word)
    if re.fullmatch("[a-z]{3,}[aiou]", folded):
        return word + "s"
    return word[:-1] if re.fullmatch("[a-z]{3,}[aiou]s", folded) else None


async def find(search: Search, limit: int, after: Position | None = None) -> Sequence[AdCard]:
    """At most `limit` open annonces, newest first, after a position of the list."""
    rest, values = _rest(search, limit, after)
    return [card_of(row) for row in await fetch(f"{CARD} {rest}", *values)]


async def find_ids(search: Search, limit: int, after: Position | None = None) -> list[Position]:
    """The same as places in the list: when each was published, and its id."""
    rest, values = _rest(search, limit, after)
    rows = await fetch(f"SELECT a.published_at, a.id FROM ad a {rest}", *values)  # noqa: S608
    return [(row[0], row[1]) for row in rows]


def _rest(search: Search, limit: int, after: Position | None) -> tuple[str, list[object]]:
    # Only fixed texts and numbered places are put together; every value travels apart.
    conditions, values = search.conditions()
    if after:
        values.extend(after)
        conditions.append(f"(a.published_at, a.id) < (${len(values) - 1}, ${len(values)})")
    return f"WHERE {' AND '.join(conditions)} {NEWEST} LIMIT {int(limit)}", values


def place_of(card: AdCard) -> Position:
    """Where an open annonce stands in the list."""
    if card.published_at is None:
        raise ValueError("a draft stands in no list")
    return card.published_at, card.id


async def count(search: Search) -> int:
    """How many `find` would go through, counted up to 1 001."""
    conditions, values = search.conditions()
    sql = f"SELECT 1 FROM ad a WHERE {' AND '.join(conditions)} LIMIT {COUNTED_UP_TO + 1}"  # noqa: S608
    return int(await fetch_value(f"SELECT count(*) FROM ({sql}) AS found", *values))  # noqa: S608


async def recent(limit: int, viewer: Viewer | None = None, quartier_id: int | None = None) -> list[AdCard]:
    """The newest open annonces, of one quartier when asked; a member does not see their own."""
    conditions, values = Search(quartiers=(quartier_id,) if quartier_id else ()).conditions()
    if viewer is not None:
        values.append(viewer.id)
        conditions.append(f"a.owner_id <> ${len(values)}")
    sql = f"{CARD} WHERE {' AND '.join(conditions)} {NEWEST} LIMIT {int(limit)}"
    return [card_of(row) for row in await fetch(sql, *values)]


async def near(ad_id: int, category: str, quartier_id: int | None, limit: int = 4) -> list[AdCard]:
    """Other open annonces of the same category or quartier, looked for among the newest."""
    sql = f"""{CARD} WHERE a.id IN (
            (SELECT id FROM ad a WHERE {OPEN} AND a.quartier_id = $3 {NEWEST} LIMIT $4 + 1)
            UNION
            (SELECT id FROM (SELECT id, category FROM ad a WHERE {OPEN} {NEWEST} LIMIT 400) a
             WHERE category = $2 LIMIT $4 + 1)
        ) AND a.id <> $1
        ORDER BY (a.category = $2) DESC, a.published_at DESC, a.id DESC LIMIT $4"""  # noqa: S608
    return [card_of(row) for row in await fetch(sql, ad_id, category, quartier_id, limit)]


@dataclass(frozen=True, slots=True)
class MyAd:
    """An annonce in its owner's list, with how many neighbours answered."""

    card: AdCard
    answers: int
    outcome: str | None


async def mine(member_id: int, draft_hash: bytes | None) -> list[MyAd]:
    """All annonces of a member, and the drafts this browser holds: drafts, open ones, closed ones."""
    rows = await fetch(
        f"""SELECT {COLUMNS},
                (SELECT count(*) FROM answer WHERE ad_id = a.id),
                (SELECT outcome FROM closure WHERE ad_id = a.id)
            FROM {TABLES}
            WHERE a.owner_id = $1 OR a.draft_hash = $2
            ORDER BY a.published_at IS NOT NULL, a.closed_at IS NOT NULL, a.created_at DESC, a.id DESC
            LIMIT 500""",  # noqa: S608
        member_id,
        draft_hash,
    )
    return [MyAd(card_of(row), row[17], row[18]) for row in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a member among their own annonces."""

    drafts: int
    open: int
    latest_draft: int | None


async def mine_waiting(member_id: int) -> Waiting:
    """Drafts to finish and annonces that are open."""
    row = await fetch_one(
        """SELECT count(*) FILTER (WHERE published_at IS NULL),
                  count(*) FILTER (WHERE listed),
                  max(id) FILTER (WHERE published_at IS NULL)
           FROM ad WHERE owner_id = $1""",
        member_id,
    )
    return Waiting(*row) if row else Waiting(0, 0, None)
