"""A member's conversations as the list and the API show them, in one look-up for the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from echange.chat.subjects import Card, Subjects
from echange.database import fetch
from echange.http import NotFound, Viewer
from echange.http.dates import ago, clock, local, today
from echange.http.pagination import Page, Position, cut
from echange.members import Face, seen_by


@dataclass(frozen=True, slots=True)
class Other(Face):
    """Whom the viewer talks with. `gone` when they may not meet any more: only what was said stays."""

    id: int
    name: str
    handle: str
    quartier: str
    gone: bool = False

    @property
    def url(self) -> str:
        return "" if self.gone else f"/membres/{self.handle}"


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as one of its members sees it. `unread` counts what others wrote after their mark."""

    id: int
    other: Other
    about: tuple[str, int] | None
    head: int
    read_seq: int
    unread: int
    last_at: datetime
    last_by: int | None
    last_body: str

    @property
    def url(self) -> str:
        return f"/messages/{self.id}"

    @property
    def when(self) -> str:
        """The hour of today's, else the day."""
        return clock(self.last_at) if local(self.last_at).date() == today() else ago(self.last_at)


_GONE = """(o.away OR EXISTS (
    SELECT FROM block WHERE (by_id = $1 AND member_id = o.id) OR (by_id = o.id AND member_id = $1)))"""
_TALKS = f"""
    SELECT c.id, c.about_kind, c.about_id, c.head, c.last_at, p.read_seq,
           o.id AS other_id, o.name, o.handle,
           CASE WHEN {seen_by("1", "quartier", "o")} THEN coalesce(q.name, '') ELSE '' END AS quartier,
           {_GONE} AS gone,
           e.by_id, left(coalesce(e.data ->> 'body', ''), 200) AS body,
           CASE WHEN c.head > p.read_seq THEN (
               SELECT count(*) FROM event u
               WHERE u.conversation_id = c.id AND u.seq > p.read_seq AND u.by_id <> $1
           ) ELSE 0 END AS unread
    FROM participant p
    JOIN conversation c ON c.id = p.conversation_id
    JOIN participant op ON op.conversation_id = c.id AND op.member_id <> $1
    JOIN member o ON o.id = op.member_id
    LEFT JOIN quartier q ON q.id = o.quartier_id
    LEFT JOIN event e ON e.conversation_id = c.id AND e.seq = c.head
    WHERE p.member_id = $1"""  # noqa: S608 — our own words
_UNREAD = """ AND c.head > p.read_seq AND EXISTS (
    SELECT FROM event u WHERE u.conversation_id = c.id AND u.seq > p.read_seq AND u.by_id <> $1)"""


async def inbox(
    member_id: int,
    *,
    limit: int,
    position: Position | None = None,
    unread_only: bool = False,
    met_only: bool = False,
) -> Page[Talk]:
    """The conversations in which something was said, liveliest first; perhaps only with those still met."""
    rows = await fetch(
        f"""{_TALKS}{_UNREAD if unread_only else ""}{f" AND NOT {_GONE}" if met_only else ""} AND c.head > 0
            AND ($2::timestamptz IS NULL OR (c.last_at, c.id) < ($2, $3))
            ORDER BY c.last_at DESC, c.id DESC LIMIT $4""",
        member_id,
        *(position or (None, 0)),
        limit + 1,
    )
    return cut([_talk(row) for row in rows], limit, lambda talk: (talk.last_at, talk.id))


async def one(conversation_id: int, member_id: int) -> Talk:
    """One conversation of the member's; raises NotFound when they take no part in it."""
    rows = await fetch(f"{_TALKS} AND c.id = $2", member_id, conversation_id)
    if not rows:
        raise NotFound
    return _talk(rows[0])


async def cards(talks: Sequence[Talk], subjects: Subjects, viewer: Viewer) -> dict[int, Card]:
    """What each conversation is about, by conversation; what is gone is missing."""
    found = await subjects.cards({talk.about for talk in talks if talk.about}, viewer)
    return {talk.id: found[talk.about] for talk in talks if talk.about in found}


def _talk(row: asyncpg.Record) -> Talk:
    about = (row["about_kind"], row["about_id"]) if row["about_kind"] else None
    return Talk(
        id=row["id"],
        other=_other(row),
        about=about,
        head=row["head"],
        read_seq=row["read_seq"],
        unread=row["unread"],
        last_at=row["last_at"],
        last_by=row["by_id"],
        last_body=row["body"],
    )


def _other(row: asyncpg.Record) -> Other:
    gone = row["gone"]
    return Other(row["other_id"], row["name"], row["handle"], "" if gone else row["quartier"], gone)
