"""Lists of helps in hand-written SQL, one round trip each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from echange.database import fetch
from echange.http import Page, Viewer, cut
from echange.http.excerpts import beginning_of
from echange.http.pagination import Position
from echange.members import Author, first_name
from echange.mutual_aid.cards import HelpCard, when_said

# In the order of `Help.state`. The clock's job may be late: what is past is past.
STATE: Final = """CASE WHEN h.hidden_at IS NOT NULL THEN 'hidden' WHEN h.ending IS NOT NULL THEN h.ending
        WHEN h.expires_at <= now() THEN 'expired'
        WHEN h.kind = 'ask' AND h.taken >= h.people THEN 'full' ELSE 'open' END"""
# Said some days ago, « today » is over.
URGENCY: Final = """CASE WHEN h.urgency = 'today' AND h.vouched_at > now() - interval '1 day' THEN 'today'
        WHEN h.urgency <> 'calm' AND h.vouched_at > now() - interval '7 days' THEN 'week' ELSE 'calm' END"""
# Asks first, whichever is due soonest; then offers, the newest first: one growing instant for both.
ORDER: Final = f"""CASE WHEN h.kind = 'ask' THEN least(
            (SELECT min(starts_at) FROM help_slot WHERE help_id = h.id AND ends_at > now()),
            h.vouched_at + CASE {URGENCY} WHEN 'today' THEN interval '1 day'
                           WHEN 'week' THEN interval '7 days' ELSE interval '30 days' END)
        ELSE timestamptz '2100-01-01' + (timestamptz '2100-01-01' - h.published_at) END"""  # noqa: S608
CARD: Final = f"""SELECT h.id, h.kind, h.title, left(h.body, 240) AS body, h.minutes, h.people, h.taken,
        h.when_text, h.standing, h.counted, h.published_at, h.expires_at, q.name AS quartier,
        {URGENCY} AS urgency, {STATE} AS state, {ORDER} AS due,
        ARRAY(SELECT s.name FROM help_skill x JOIN skill s ON s.id = x.skill_id
              WHERE x.help_id = h.id ORDER BY x.id) AS skills,
        ARRAY(SELECT starts_at FROM help_slot WHERE help_id = h.id AND ends_at > now()
              ORDER BY starts_at) AS starts,
        ARRAY(SELECT ends_at FROM help_slot WHERE help_id = h.id AND ends_at > now()
              ORDER BY starts_at) AS ends,
        m.id AS member_id, m.name, m.handle, m.verified_at IS NOT NULL AS verified,
        o.id AS organisation_id, o.name AS called, o.slug, o.kind AS sort, o.verified_at IS NOT NULL AS proven
    FROM help h JOIN member m ON m.id = h.person_id
    LEFT JOIN organisation o ON o.id = h.organisation_id LEFT JOIN quartier q ON q.id = h.quartier_id"""  # noqa: S608
LISTED: Final = """h.ended_at IS NULL AND h.hidden_at IS NULL AND NOT m.away
        AND (h.expires_at IS NULL OR h.expires_at > now())"""


@dataclass(frozen=True)
class Search:
    """What narrows the list of what is still wanted; several quartiers or urgencies widen each other."""

    kind: str = ""
    quartiers: tuple[int, ...] = ()
    skills: tuple[int, ...] = ()
    urgencies: tuple[str, ...] = ()
    unseen: frozenset[int] = frozenset()
    besides: int = 0

    def conditions(self) -> tuple[str, list[Any]]:
        told, values = [LISTED, "(h.kind = 'offer' OR h.taken < h.people)"], list[Any]()

        def ask(condition: str, value: object) -> None:
            values.append(value)
            told.append(condition.format(n=len(values)))

        if self.kind:
            ask("h.kind = ${n}", self.kind)
        if self.quartiers:
            ask("h.quartier_id = ANY(${n})", list(self.quartiers))
        if self.skills:
            skilled = "EXISTS (SELECT FROM help_skill WHERE help_id = h.id AND skill_id = ANY(${n}))"
            ask(skilled, list(self.skills))
        if self.urgencies:
            ask(f"h.kind = 'ask' AND {URGENCY} = ANY(${{n}})", list(self.urgencies))
        if self.unseen:
            ask("h.person_id <> ALL(${n})", sorted(self.unseen))
        if self.besides:
            ask("h.person_id <> ${n}", self.besides)
        return " AND ".join(told), values


async def find(search: Search, limit: int, after: Position | None, viewer: Viewer | None) -> Page[HelpCard]:
    """A page of open helps, the most pressing first."""
    where, values = search.conditions()
    if after is not None:
        values += after
        where += f" AND ({ORDER}, h.id) > (${len(values) - 1}, ${len(values)})"
    rows = await fetch(f"{CARD} WHERE {where} ORDER BY due, h.id LIMIT {limit + 1}", *values)
    return cut([card_of(row, viewer) for row in rows], limit, lambda card: (card.order, card.id))


async def recent_helps(viewer: Viewer | None, limit: int) -> list[HelpCard]:
    """The most pressing open helps of others, for the front page."""
    search = Search(unseen=viewer.unseen, besides=viewer.id) if viewer else Search()
    return list((await find(search, limit, None, viewer)).items)


async def indexable(most: int) -> list[tuple[str, datetime]]:
    """Path of the newest helps that everybody may answer, and when each was last said to hold."""
    where, values = Search().conditions()
    rows = await fetch(
        f"""SELECT h.id, h.vouched_at FROM help h JOIN member m ON m.id = h.person_id
            WHERE {where} ORDER BY h.published_at DESC, h.id DESC LIMIT {most}""",  # noqa: S608 — our own words
        *values,
    )
    return [(f"/entraide/{row['id']}", row["vouched_at"]) for row in rows]


async def mine(person_id: int, organisation_id: int | None, viewer: Viewer) -> list[HelpCard]:
    """All helps of somebody and of this organisation: those open first, then the last to end."""
    rows = await fetch(
        f"""{CARD} WHERE h.person_id = $1 OR h.organisation_id = $2
            ORDER BY h.ended_at IS NOT NULL, h.ended_at DESC, h.published_at DESC, h.id DESC LIMIT 200""",
        person_id,
        organisation_id,
    )
    return [card_of(row, viewer) for row in rows]


def card_of(row: asyncpg.Record, viewer: Viewer | None) -> HelpCard:
    """A card out of a row of CARD."""
    slots = list(zip(row["starts"], row["ends"], strict=True))
    return HelpCard(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        summary=beginning_of(row["body"]),
        quartier=row["quartier"] or "",
        minutes=row["minutes"],
        people=row["people"],
        taken=row["taken"],
        urgency=row["urgency"],
        when=when_said(row["when_text"], slots),
        standing=row["standing"],
        counted=row["counted"],
        state=row["state"],
        published_at=row["published_at"],
        expires_at=row["expires_at"],
        skills=row["skills"],
        asker=_asker_of(row, viewer),
        order=row["due"],
    )


def _asker_of(row: asyncpg.Record, viewer: Viewer | None) -> Author:
    if row["organisation_id"]:
        return Author(row["organisation_id"], row["called"], row["slug"], row["sort"], row["proven"])
    return Author(row["member_id"], name_for(row["name"], viewer), row["handle"], None, row["verified"])


def name_for(name: str, viewer: Viewer | None) -> str:
    """A neighbour's name as this viewer reads it beside a help: to those signed out the first name alone."""
    return name if viewer else first_name(name)
