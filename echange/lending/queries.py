"""Lists of things lent in hand-written SQL, one round trip each."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from echange import ads
from echange.database import fetch, fetch_value
from echange.http import Page, Viewer, cut
from echange.http.pagination import Position
from echange.lending.addresses import item_url
from echange.lending.cards import ItemCard, card_of
from echange.lending.spelling import nearest_words

# In the order of `Item.state`.
STATE: Final = """CASE WHEN i.published_at IS NULL THEN 'draft' WHEN i.hidden_at IS NOT NULL THEN 'hidden'
        WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn' ELSE 'published' END"""
# A kit can be lent as often as its scarcest part.
UNITS: Final = """CASE WHEN i.model_id IS NULL THEN
            (SELECT coalesce(min((SELECT count(*) FROM booking_unit b JOIN item one
                                      ON one.model_id = b.model_id
                                  WHERE one.id = k.item_id AND b.retired_at IS NULL) / k.quantity), 0)
             FROM kit_part k WHERE k.kit_id = i.id AND NOT k.optional)
        ELSE (SELECT count(*) FROM booking_unit b
              WHERE b.model_id = i.model_id AND b.retired_at IS NULL) END"""
COLUMNS: Final = f"""i.id, i.kind, i.title, left(i.body, 240) AS body, i.category, i.who, i.approval,
        i.deposit_cents, i.published_at, i.created_at, {STATE} AS state, {UNITS} AS units,
        CASE WHEN i.place_id IS NULL THEN p.name ELSE here.name END AS place,
        q.name AS quartier, l.id AS lender_id,
        m.id AS member_id, m.name, m.handle, m.verified_at IS NOT NULL AS verified,
        o.id AS organisation_id, o.name AS called, o.slug, o.kind AS sort,
        o.verified_at IS NOT NULL AS proven,
        p.id AS lending_place_id, p.name AS lending_place, p.slug AS lending_slug,
        shot.id AS photo_id, shot.width, shot.height, shot.widths, shot.alt"""
TABLES: Final = """item i JOIN lender l ON l.id = i.lender_id
    LEFT JOIN member m ON m.id = l.member_id
    LEFT JOIN organisation o ON o.id = l.organisation_id
    LEFT JOIN place p ON p.id = l.place_id
    LEFT JOIN place here ON here.id = i.place_id AND here.closed_at IS NULL AND here.hidden_at IS NULL
    LEFT JOIN quartier q
        ON q.id = coalesce(here.quartier_id, p.quartier_id, o.quartier_id, m.quartier_id)
    LEFT JOIN LATERAL (SELECT id, width, height, widths, alt FROM item_photo
                       WHERE item_id = i.id ORDER BY position LIMIT 1) shot ON true"""
LISTED: Final = """i.published_at IS NOT NULL AND i.withdrawn_at IS NULL AND i.hidden_at IS NULL
        AND coalesce(NOT m.away, true) AND coalesce(NOT o.away, true)
        AND (p.id IS NULL OR (p.closed_at IS NULL AND p.hidden_at IS NULL))"""
# Those whose title says the words come first: as if they had been published in another age.
IN_TITLE: Final = "CASE WHEN i.search @@ {asked} THEN interval '1000 years' ELSE interval '0' END"


@dataclass(frozen=True)
class ItemSearch:
    """What is looked for; empty means everything. Several categories, kinds or quartiers widen each other.

    `borrowable_by`: a member, to leave out what is for members of associations that are not theirs.
    """

    words: str = ""
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    quartiers: tuple[int, ...] = ()
    lender_kinds: tuple[str, ...] = ()
    lender: int | None = None
    member: int | None = None
    organisation: int | None = None
    place: int | None = None
    borrowable_by: int | None = None
    only: tuple[int, ...] | None = None
    unseen: frozenset[int] = field(default=frozenset())

    def __bool__(self) -> bool:
        return self != ItemSearch(unseen=self.unseen)

    async def asked(self) -> str | None:
        """The words as PostgreSQL asks for them."""
        text = ads.question_of(self.words).text if self.words else None
        return None if text is None else str(await fetch_value("SELECT asked_for($1)::text", text))

    def conditions(self, asked: str | None) -> tuple[str, str, list[Any]]:
        """SQL of what is found, of where each stands in the list, and what they compare with."""
        told, values, order = [LISTED], list[Any](), "i.published_at"

        def ask(condition: str, value: object) -> None:
            values.append(value)
            told.append(condition.format(n=len(values)))

        if asked is not None:
            values.append(asked)
            told.append("i.search @@ $1::tsquery")
            values.append(weighed(asked))
            order += " + " + IN_TITLE.format(asked="$2::tsquery")
        for column, chosen in (
            ("i.category", self.categories), ("i.kind", self.kinds), ("q.id", self.quartiers),
        ):  # fmt: skip
            if chosen:
                ask(f"{column} = ANY(${{n}})", list(chosen))
        if self.lender_kinds:
            ask(f"{LENDER_KIND} = ANY(${{n}})", list(self.lender_kinds))
        for column, wanted in (
            ("l.id", self.lender), ("l.member_id", self.member), ("l.organisation_id", self.organisation),
        ):  # fmt: skip
            if wanted is not None:
                ask(f"{column} = ${{n}}", wanted)
        if self.place is not None:
            ask("coalesce(i.place_id, l.place_id) = ${n}", self.place)
        if self.borrowable_by is not None:
            ask(FOR_THEM, self.borrowable_by)
        if self.only is not None:
            ask("i.id = ANY(${n})", list(self.only))
        if self.unseen:
            ask("(m.id IS NULL OR m.id <> ALL(${n}))", sorted(self.unseen))
        return " AND ".join(told), order, values


LENDER_KIND: Final = """CASE WHEN l.member_id IS NOT NULL THEN 'member'
        WHEN l.place_id IS NOT NULL THEN 'place' ELSE 'organisation' END"""
FOR_THEM: Final = """(i.who = 'verified' OR EXISTS (
        SELECT FROM membership s WHERE s.member_id = ${n} AND s.organisation_id = coalesce(l.organisation_id, p.organisation_id)))"""  # noqa: E501


ITS_WORDS: Final = re.compile(r"('(?:[^']|'')*')")


def weighed(asked: str) -> str:
    """The same question of titles alone, which carry weight A (PostgreSQL, 12.4.1)."""
    return ITS_WORDS.sub(r"\1:A", asked)


@dataclass(frozen=True)
class FoundItems:
    """A page of items. `meant` is the question that found them: another one after a slip of the finger."""

    page: Page[ItemCard]
    meant: str


async def find_items(
    search: ItemSearch, limit: int, after: Position | None, viewer: Viewer | None, *, exactly: bool = False
) -> FoundItems:
    """A page of what is lent: what has the words in its title first, then the newest.

    Words that nothing knows are read as the nearest known ones when nothing is found, unless `exactly`.
    """
    page = await _look(search, limit, after, viewer)
    if page.items or not search.words or exactly:
        return FoundItems(page, search.words)
    spellings = await nearest_words(ads.question_of(search.words).words)
    if not spellings:
        return FoundItems(page, search.words)
    other = replace(search, words=ads.respelled(search.words, spellings))
    again = await _look(other, limit, after, viewer)
    return FoundItems(again, other.words) if again.items else FoundItems(page, search.words)


async def _look(
    search: ItemSearch, limit: int, after: Position | None, viewer: Viewer | None
) -> Page[ItemCard]:
    # Only fixed texts and numbered places are put together; every value travels apart.
    where, order, values = search.conditions(await search.asked())
    if after is not None:
        values += after
        where += f" AND ({order}, i.id) < (${len(values) - 1}, ${len(values)})"
    rows = await fetch(
        f"""SELECT {COLUMNS}, {order} AS place_in_list FROM {TABLES}
            WHERE {where} ORDER BY place_in_list DESC, i.id DESC LIMIT {int(limit) + 1}""",  # noqa: S608
        *values,
    )
    return cut([card_of(row, viewer) for row in rows], limit, lambda card: (card.order, card.id))


async def count_items(search: ItemSearch, most: int = 1000) -> int:
    """How many are found, counted up to `most` + 1."""
    where, order, values = search.conditions(await search.asked())
    sql = f"SELECT count(*) FROM (SELECT {order} FROM {TABLES} WHERE {where} LIMIT {most + 1}) few"  # noqa: S608
    count: int = await fetch_value(sql, *values)
    return count


async def lent_by(
    viewer: Viewer | None,
    *,
    member: int | None = None,
    organisation: int | None = None,
    place: int | None = None,
    limit: int = 12,
) -> list[ItemCard]:
    """What a member, an organisation or a place lends, the newest first: for their pages."""
    unseen = viewer.unseen if viewer else frozenset[int]()
    search = ItemSearch(member=member, organisation=organisation, place=place, unseen=unseen)
    return list((await find_items(search, limit, None, viewer)).page.items)


async def recent_items(viewer: Viewer | None, limit: int) -> list[ItemCard]:
    """The newest, for the front page."""
    return await lent_by(viewer, limit=limit)


async def count_listed() -> int:
    """How many things the town may borrow, counted up to 1 000."""
    return await count_items(ItemSearch(), 999)


async def indexable_items(most: int) -> list[tuple[str, datetime]]:
    """Path and publication of the newest things that search engines may read: no neighbour's own."""
    rows = await fetch(
        f"""SELECT i.id, i.title, i.published_at FROM {TABLES}
            WHERE {LISTED} AND l.member_id IS NULL ORDER BY i.published_at DESC, i.id DESC LIMIT $1""",  # noqa: S608
        most,
    )
    return [(item_url(row["id"], row["title"]), row["published_at"]) for row in rows]


async def all_of(lender_ids: list[int], viewer: Viewer) -> list[ItemCard]:
    """All that these lenders ever told of, for who manages them: drafts, then what is lent, then the rest."""
    rows = await fetch(
        f"""SELECT {COLUMNS}, i.created_at AS place_in_list FROM {TABLES} WHERE l.id = ANY($1)
            ORDER BY i.published_at IS NOT NULL, i.withdrawn_at IS NOT NULL, i.title, i.id LIMIT 500""",  # noqa: S608
        lender_ids,
    )
    return [card_of(row, viewer) for row in rows]


async def cards_of(ids: list[int], viewer: Viewer | None) -> dict[int, ItemCard]:
    """The cards of these items, whatever became of them, by id."""
    rows = await fetch(
        f"SELECT {COLUMNS}, i.created_at AS place_in_list FROM {TABLES} WHERE i.id = ANY($1)",  # noqa: S608
        ids,
    )
    return {row["id"]: card_of(row, viewer) for row in rows}


async def usable_units(ids: list[int]) -> dict[int, int]:
    """How many of each of these items can be lent at once, at best."""
    rows = await fetch(f"SELECT i.id, {UNITS} AS units FROM item i WHERE i.id = ANY($1)", ids)  # noqa: S608
    return {row["id"]: row["units"] for row in rows}
