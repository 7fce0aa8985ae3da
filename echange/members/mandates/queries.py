"""Mandates and their acts, as those who may see them do: the person, the helper, the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import asyncpg

from echange.database import fetch, fetch_one
from echange.http import NotFound, Viewer
from echange.http.dates import town_zone
from echange.http.viewer import Portrait
from echange.members.behalf import IN_FORCE
from echange.members.mandates.words import (
    about_said,
    consent_said,
    done_said,
    lasting_said,
    scopes_said,
    state_said,
)
from echange.members.models.mandate import DESK, Mandate, State

ACTS_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Party(Portrait):
    """One side of a mandate; without a name for somebody whom the viewer does not meet any more."""

    id: int
    name: str
    url: str = ""
    kind: None = None


@dataclass(frozen=True, slots=True)
class MandateSeen:
    """A mandate as a viewer sees it. Without `helper` the desk acts; `wearable`: by this viewer, now."""

    id: int
    state: State
    person: Party
    helper: Party | None
    days: int
    scopes: list[str]
    consent: str
    words: str
    starts_at: datetime
    ends_at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None
    acts: int
    is_person: bool
    is_helper: bool
    awaits_me: bool
    wearable: bool

    @property
    def url(self) -> str:
        return f"/moi/mandats/{self.id}"

    @property
    def lasting(self) -> str:
        return lasting_said(self.days)

    @property
    def scopes_said(self) -> list[tuple[str, str]]:
        return scopes_said(self.scopes)

    @property
    def consent_said(self) -> str:
        return consent_said(self.consent)

    @property
    def state_said(self) -> str:
        return state_said(self.state)

    @property
    def may_end(self) -> bool:
        return self.state in ("asked", "running")


@dataclass(frozen=True, slots=True)
class ActLine:
    """One line of the book: what was done, about what, when, by whom.

    `title` and `about_url` are empty until it is named, and for whom does not see what it was about.
    """

    id: int
    mandate_id: int
    what: str
    about_kind: str
    about_id: int | None
    at: datetime
    by: str
    title: str = ""
    about_url: str = ""

    @property
    def said(self) -> str:
        return done_said(self.what)

    @property
    def about(self) -> str:
        return self.title or about_said(self.about_kind, self.about_id)


_SEEN: Final = f"""
    SELECT g.id, g.scopes, g.days, g.consent, g.words, g.starts_at, g.ends_at, g.agreed_at, g.ended_at,
           g.made_by_id, g.person_id, g.helper_id, u.name AS person, h.name AS helper,
           u.handle AS person_handle, h.handle AS helper_handle, u.away AS person_away, h.away AS helper_away,
           (SELECT count(*) FROM mandate_act WHERE mandate_id = g.id) AS acts, ({IN_FORCE}) AS wearable
    FROM mandate g JOIN member u ON u.id = g.person_id LEFT JOIN member h ON h.id = g.helper_id
    JOIN member m ON m.id = $1"""  # noqa: S608 — our own words
_LATEST: Final = "ORDER BY g.ended_at IS NULL AND g.ends_at > now() DESC, g.id DESC"
_ACTS: Final = """
    SELECT a.id, a.mandate_id, a.what, a.about_kind, a.about_id, a.at, b.name AS by
    FROM mandate_act a JOIN mandate g ON g.id = a.mandate_id JOIN member b ON b.id = a.by_id"""


async def mandates_of(viewer: Viewer) -> list[MandateSeen]:
    """One's own, on either side: those that run or wait first, then the newest."""
    rows = await fetch(f"{_SEEN} WHERE $1 IN (g.person_id, g.helper_id) {_LATEST}", viewer.id)
    return [_seen(row, viewer) for row in rows]


async def mandates_for(member_id: int, viewer: Viewer) -> list[MandateSeen]:
    """Those under which others act for a member, as the desk sees them, the newest first."""
    rows = await fetch(f"{_SEEN} WHERE g.person_id = $2 {_LATEST}", viewer.id, member_id)
    return [_seen(row, viewer) for row in rows]


async def mandate_seen(mandate_id: int, viewer: Viewer) -> MandateSeen:
    """One, for either side and for the desk; raises NotFound for anybody else."""
    row = await fetch_one(f"{_SEEN} WHERE g.id = $2", viewer.id, mandate_id)
    if row is None or not (viewer.id in (row["person_id"], row["helper_id"]) or viewer.roles & DESK):
        raise NotFound
    return _seen(row, viewer)


async def mandate_held(mandate_id: int, viewer: Viewer) -> Mandate:
    """The same, to do something with it."""
    await mandate_seen(mandate_id, viewer)
    return await Mandate.get(id=mandate_id)


async def acts_of(mandate_id: int, day: date | None = None) -> list[ActLine]:
    """What was done under a mandate, newest first; of one day in town, in its order."""
    rows = await fetch(
        f"""{_ACTS} WHERE g.id = $1 AND ($2::date IS NULL OR (a.at AT TIME ZONE $3)::date = $2)
            ORDER BY a.id DESC LIMIT $4""",
        mandate_id,
        day,
        town_zone.get().key,
        ACTS_SHOWN,
    )
    return _lines(rows if day is None else rows[::-1])


async def act_of(mandate_id: int, act_id: int) -> ActLine:
    """One act of a mandate; raises NotFound."""
    lines = _lines(await fetch(f"{_ACTS} WHERE g.id = $1 AND a.id = $2", mandate_id, act_id))
    if not lines:
        raise NotFound
    return lines[0]


async def done_for(member_id: int, since: datetime) -> list[ActLine]:
    """What was done for a member under all mandates since then, in its order, but for the hats put on."""
    rows = await fetch(
        f"""{_ACTS} WHERE g.person_id = $1 AND a.at >= $2 AND a.what <> 'worn'
            ORDER BY a.id DESC LIMIT $3""",
        member_id,
        since,
        ACTS_SHOWN,
    )
    return _lines(rows[::-1])


def _lines(rows: Sequence[asyncpg.Record]) -> list[ActLine]:
    return [ActLine(**row) for row in rows]


def _seen(row: asyncpg.Record, viewer: Viewer) -> MandateSeen:
    mandate = Mandate(
        **{name: row[name] for name in ("agreed_at", "ended_at", "ends_at")},
        person_id=row["person_id"], helper_id=row["helper_id"], made_by_id=row["made_by_id"],
    )  # fmt: skip
    return MandateSeen(
        id=row["id"],
        state=mandate.state(),
        person=_party(row, "person", viewer),
        helper=_party(row, "helper", viewer) if row["helper_id"] else None,
        days=row["days"],
        scopes=row["scopes"],
        consent=row["consent"],
        words=row["words"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        agreed_at=row["agreed_at"],
        ended_at=row["ended_at"],
        acts=row["acts"],
        is_person=row["person_id"] == viewer.id,
        is_helper=row["helper_id"] == viewer.id,
        awaits_me=mandate.awaits(viewer.id),
        wearable=row["wearable"],
    )


def _party(row: asyncpg.Record, side: str, viewer: Viewer) -> Party:
    number = row[f"{side}_id"]
    if number in viewer.unseen:
        return Party(number, "")
    url = "" if row[f"{side}_away"] and number != viewer.id else f"/membres/{row[f'{side}_handle']}"
    return Party(number, row[side], url)
