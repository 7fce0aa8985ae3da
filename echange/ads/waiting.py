"""What waits for a member in this room, for their home page: plain values, one look-up each."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from echange.ads import queue
from echange.database import fetch
from echange.http.dates import now


@dataclass(frozen=True, slots=True)
class ToChoose:
    """An annonce of theirs that neighbours have answered, and that is promised to nobody."""

    ad_id: int
    title: str
    answers: int

    @property
    def url(self) -> str:
        return f"/annonces/{self.ad_id}/reponses"


@dataclass(frozen=True, slots=True)
class ToAccept:
    """Something that is theirs if they say yes before `until`."""

    ad_id: int
    title: str
    until: datetime

    @property
    def url(self) -> str:
        return f"/annonces/{self.ad_id}/reservation"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting to come, or to be arranged. `step`: propose, agree, wait, meet, or tell how it went."""

    ad_id: int
    title: str
    other: str
    at: datetime | None
    where: str
    step: str

    @property
    def url(self) -> str:
        return f"/annonces/{self.ad_id}/reservation"


async def answers_waiting(member_id: int) -> list[ToChoose]:
    """Their open annonces with somebody in line; a fair queue chooses by itself."""
    rows = await fetch(
        f"""SELECT d.id, d.title, count(*) AS n FROM ad d JOIN answer a ON a.ad_id = d.id
            JOIN member m ON m.id = a.member_id
            WHERE d.owner_id = $1 AND d.listed AND NOT d.fair AND NOT d.reserved
            AND {queue.IN_LINE} AND {queue.MEETABLE}
            GROUP BY d.id ORDER BY max(a.at) DESC LIMIT 20""",  # noqa: S608 — our own words
        member_id,
    )
    return [ToChoose(row["id"], row["title"], row["n"]) for row in rows]


async def promises_to_accept(member_id: int) -> list[ToAccept]:
    """Promises of a fair queue that wait for their yes, the most pressing first."""
    rows = await fetch(
        f"""SELECT d.id, d.title, r.answer_by FROM reservation r JOIN answer a ON a.id = r.answer_id
            JOIN ad d ON d.id = r.ad_id JOIN member m ON m.id = a.member_id
            WHERE a.member_id = $1 AND r.ended_at IS NULL AND r.accepted_at IS NULL AND r.answer_by > $2
            AND d.listed AND {queue.MEETABLE} ORDER BY r.answer_by""",  # noqa: S608 — our own words
        member_id,
        now(),
    )
    return [ToAccept(row["id"], row["title"], row["answer_by"]) for row in rows]


async def appointments(member_id: int) -> list[Appointment]:
    """Their promises that were accepted, given and received, with the next step of each."""
    rows = await fetch(
        f"""SELECT d.id, d.title, r.meet_at, r.meet_where, r.meet_by_id, r.meet_agreed_at,
                   a.member_id = $1 AS mine, r.meet_by_id = a.member_id AS by_neighbour,
                   CASE WHEN a.member_id = $1 THEN o.name ELSE m.name END AS other
            FROM reservation r JOIN answer a ON a.id = r.answer_id JOIN ad d ON d.id = r.ad_id
            JOIN member m ON m.id = a.member_id JOIN member o ON o.id = d.owner_id
            WHERE $1 IN (a.member_id, d.owner_id) AND r.ended_at IS NULL AND r.accepted_at IS NOT NULL
            AND (d.owner_id = $1 OR d.listed) AND {queue.MEETABLE}
            ORDER BY r.meet_at NULLS LAST, r.id""",  # noqa: S608 — our own words
        member_id,
    )
    return [
        Appointment(row["id"], row["title"], row["other"], row["meet_at"], row["meet_where"], _step(row))
        for row in rows
    ]


def _step(row: asyncpg.Record) -> str:
    at, mine = row["meet_at"], row["mine"]
    if at is None:
        return "propose"
    if row["meet_agreed_at"] is None:
        return "wait" if row["by_neighbour"] == mine else "agree"
    return "meet" if mine or at > now() else "tell"
