"""Lists of annonces in hand-written SQL: one round trip each, newest first, along `ad_listed…`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.ads.cards import AdCard, card_of
from echange.database import fetch, fetch_one
from echange.http import Viewer
from echange.http.pagination import Position

# In the order of `Ad.state`.
STATE: Final = """CASE WHEN a.published_at IS NULL THEN 'draft' WHEN a.hidden_at IS NOT NULL THEN 'hidden'
        WHEN a.closed_at IS NOT NULL THEN 'closed' WHEN a.held_at IS NOT NULL THEN 'held'
        WHEN a.reserved THEN 'reserved'
        WHEN a.expired_at IS NOT NULL OR a.expires_at <= now() THEN 'expired' ELSE 'published' END"""
COLUMNS: Final = f"""
    a.id, a.kind, a.title, left(a.body, 240), a.category, a.price_text, a.published_at, {STATE}, q.name,
    m.id, m.name, m.handle, m.verified_at IS NOT NULL,
    o.id, o.name, o.slug, o.kind, o.verified_at IS NOT NULL,
    p.id, p.width, p.height, p.widths, p.alt"""
WIDTH: Final = 23
JOINS: Final = """
    LEFT JOIN quartier q ON q.id = a.quartier_id
    LEFT JOIN member m ON m.id = a.owner_id
    LEFT JOIN organisation o ON o.id = a.organisation_id
    LEFT JOIN LATERAL (
        SELECT id, width, height, widths, alt FROM ad_photo WHERE ad_id = a.id ORDER BY position LIMIT 1
    ) p ON a.has_photo"""
TABLES: Final = f"ad a {JOINS}"
CARD: Final = f"SELECT {COLUMNS} FROM {TABLES}"  # noqa: S608
# The clock's job may be late: what is past is past.
OPEN: Final = "a.listed AND (a.expires_at IS NULL OR a.expires_at > now())"
NEWEST: Final = "ORDER BY a.published_at DESC, a.id DESC"


def place_of(card: AdCard) -> Position:
    """Where an open annonce stands in the list."""
    if card.published_at is None:
        raise ValueError("a draft stands in no list")
    return card.published_at, card.id


async def recent(limit: int, viewer: Viewer | None = None, quartier_id: int | None = None) -> list[AdCard]:
    """The newest open annonces, of one quartier when asked; a member does not see their own."""
    conditions, values = [OPEN], list[object]()
    if quartier_id:
        values.append(quartier_id)
        conditions.append("a.quartier_id = $1")
    if viewer is not None:
        values.append([viewer.id, *viewer.unseen])
        conditions.append(f"a.owner_id <> ALL(${len(values)})")
    sql = f"{CARD} WHERE {' AND '.join(conditions)} {NEWEST} LIMIT {int(limit)}"
    return [card_of(row) for row in await fetch(sql, *values)]


async def near(
    ad_id: int, category: str, quartier_id: int | None, viewer: Viewer | None = None, limit: int = 4
) -> list[AdCard]:
    """Other open annonces of the same category or quartier, looked for among the newest."""
    seen = f"{OPEN} AND a.owner_id <> ALL($5)" if viewer and viewer.unseen else OPEN
    sql = f"""{CARD} WHERE a.id IN (
            (SELECT id FROM ad a WHERE {seen} AND a.quartier_id = $3 {NEWEST} LIMIT $4 + 1)
            UNION
            (SELECT id FROM (SELECT id, category FROM ad a WHERE {seen} {NEWEST} LIMIT 400) a
             WHERE category = $2 LIMIT $4 + 1)
        ) AND a.id <> $1
        ORDER BY (a.category = $2) DESC, a.published_at DESC, a.id DESC LIMIT $4"""  # noqa: S608
    unseen = [sorted(viewer.unseen)] if viewer and viewer.unseen else []
    return [card_of(row) for row in await fetch(sql, ad_id, category, quartier_id, limit, *unseen)]


async def cards(ids: list[int]) -> list[AdCard]:
    """The cards of these annonces, in the order of the ids; those gone are missing."""
    rows = await fetch(f"{CARD} WHERE a.id = ANY($1) ORDER BY array_position($1, a.id)", ids)
    return [card_of(row) for row in rows]


@dataclass(frozen=True, slots=True)
class MyAd:
    """An annonce in its owner's list (its state is the card's), with how many neighbours answer it."""

    card: AdCard
    answers: int
    outcome: str | None
    expires_at: datetime | None
    vouched_at: datetime | None
    held_at: datetime | None
    standing: bool
    fair: bool


async def mine(member_id: int, draft_hash: bytes | None, organisation_id: int | None = None) -> list[MyAd]:
    """All annonces of a member and of the organisation they act for, and the drafts this browser holds.

    Drafts first, then the open ones, then those closed.
    """
    rows = await fetch(
        f"""SELECT {COLUMNS},
                (SELECT count(*) FROM answer WHERE ad_id = a.id AND withdrawn_at IS NULL),
                (SELECT outcome FROM closure WHERE ad_id = a.id),
                a.expires_at, a.vouched_at, a.held_at, a.standing, a.fair
            FROM {TABLES}
            WHERE a.owner_id = $1 OR a.draft_hash = $2 OR a.organisation_id = $3
            ORDER BY a.published_at IS NOT NULL, a.closed_at IS NOT NULL, a.created_at DESC, a.id DESC
            LIMIT 500""",  # noqa: S608
        member_id,
        draft_hash,
        organisation_id,
    )
    return [MyAd(card_of(row), *row[WIDTH:]) for row in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a member among their own annonces."""

    drafts: int = 0
    open: int = 0
    latest_draft: int | None = None
    held: int = 0
    expired: int = 0


async def mine_waiting(member_id: int) -> Waiting:
    """Drafts to finish, annonces that are open, held back, or expired and not closed."""
    row = await fetch_one(
        """SELECT count(*) FILTER (WHERE published_at IS NULL),
                  count(*) FILTER (WHERE listed AND (expires_at > now()) IS NOT FALSE),
                  max(id) FILTER (WHERE published_at IS NULL),
                  count(*) FILTER (WHERE held_at IS NOT NULL AND closed_at IS NULL AND hidden_at IS NULL),
                  count(*) FILTER (WHERE closed_at IS NULL AND hidden_at IS NULL AND held_at IS NULL
                                   AND (expired_at IS NOT NULL OR expires_at <= now()))
           FROM ad WHERE owner_id = $1""",
        member_id,
    )
    return Waiting(*row) if row else Waiting()
