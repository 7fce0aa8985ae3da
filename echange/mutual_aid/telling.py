"""Telling neighbours of a help that fits them: five at first, fifteen more, then the desk.

Nobody is told between ten in the evening and eight in the morning, nor more than three times a day.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from echange import jobs
from echange.database import execute, fetch, fetch_one, fetch_value, in_transaction
from echange.http.dates import local, now
from echange.members import team
from echange.mutual_aid.matching import OPEN, Fit, neighbours_for
from echange.notifications import tell, tell_all

JOB: Final = "mutual_aid.matching"
EVERY: Final = timedelta(hours=1)
CLIMBING_EVERY: Final = timedelta(minutes=10)
# What was published while people slept is told in the morning.
FRESH: Final = timedelta(hours=12)
FIRST: Final = 5
MORE: Final = 15
AT_ONCE: Final = 200
NIGHT: Final = (22, 8)

# Fewer neighbours propose themselves than are wanted; a rota is answered by whoever signs up.
UNANSWERED: Final = f"""h.kind = 'ask' AND {OPEN}
    AND (SELECT count(*) FROM exchange e WHERE e.about_kind = 'help' AND e.about_id = h.id
         AND e.state IN ('proposed', 'accepted', 'under_way', 'declared', 'disputed', 'settled')) < h.people
    AND NOT EXISTS (SELECT FROM rota_slot r JOIN shift s ON s.slot_id = r.id
                    JOIN shift_signup u ON u.shift_id = s.id AND u.ended_at IS NULL
                    WHERE r.help_id = h.id)"""  # noqa: S608 — our own words
# Since its person last said that it holds.
WIDENED: Final = "coalesce(h.widened_at >= h.vouched_at, false)"
HANDED_ON: Final = "coalesce(h.staff_told_at >= h.vouched_at, false)"
_WIDENED_AFTER: Final = "CASE h.urgency WHEN 'today' THEN interval '2 hours' ELSE interval '24 hours' END"
_HANDED_ON_AFTER: Final = "CASE h.urgency WHEN 'today' THEN interval '8 hours' ELSE interval '3 days' END"


async def match_soon(help_id: int) -> None:
    """Have neighbours told of a help, once the caller's transaction is committed."""
    await jobs.enqueue(JOB, {"help": help_id}, key=f"{JOB}:{help_id}")


async def go_on(payload: dict[str, Any] | None = None, moment: datetime | None = None) -> None:
    """Tell of the help that the payload names, or of all that somebody new fits."""
    if is_night(moment or now()):
        return
    if payload and "help" in payload:
        await match(int(payload["help"]))
        return
    for help_id in await _not_told_enough():
        await match(help_id)


async def climb_on(_: dict[str, Any] | None = None, moment: datetime | None = None) -> None:
    """Tell more people of what nobody answers; tell of what waited for the morning."""
    if is_night(moment or now()):
        return
    await climb()
    for help_id in await _not_told_enough(FRESH):
        await match(help_id)


def is_night(moment: datetime) -> bool:
    """Whether people sleep, on the town's clock."""
    evening, morning = NIGHT
    hour = local(moment).hour
    return hour >= evening or hour < morning


async def match(help_id: int) -> int:
    """Tell the best neighbours who were not told yet, as many as it is time for; how many. Said again,
    nobody is told twice.
    """
    async with in_transaction():
        aid = await _held(help_id)
        if aid is None:
            return 0
        room = (FIRST + MORE if aid["widened"] else aid["first"]) - aid["told"]
        if room <= 0:
            return 0
        return await _tell_some(aid, room)


async def climb() -> None:
    """Asks nobody answers: fifteen more neighbours after a day, the desk after three; of what is needed
    today, after two hours and after eight.
    """
    for row in await _due(f"NOT {WIDENED} AND h.vouched_at <= now() - {_WIDENED_AFTER}"):
        await _widen(row["id"])
    due = f"{WIDENED} AND NOT {HANDED_ON} AND h.vouched_at <= now() - {_HANDED_ON_AFTER}"
    if rows := await _due(due):
        await _hand_on([row["id"] for row in rows])


async def _due(condition: str) -> Any:  # noqa: ANN401 — records
    return await fetch(
        f"""SELECT h.id FROM help h JOIN member p ON p.id = h.person_id
            WHERE {UNANSWERED} AND {condition} ORDER BY h.vouched_at, h.id LIMIT {AT_ONCE}"""  # noqa: S608
    )


async def _not_told_enough(age: timedelta | None = None) -> list[int]:
    """Helps of which some more people may be told, of this age at most, the newest first."""
    rows = await fetch(
        f"""SELECT h.id FROM help h JOIN member p ON p.id = h.person_id
            WHERE {OPEN} AND (h.kind = 'offer' OR {UNANSWERED})
                AND ($1::interval IS NULL OR h.vouched_at > now() - $1)
                AND (SELECT count(*) FROM help_match WHERE help_id = h.id AND told_at >= h.vouched_at)
                    < CASE WHEN {WIDENED} THEN {FIRST + MORE} WHEN h.group_id IS NULL THEN {FIRST} ELSE 0 END
            ORDER BY h.vouched_at DESC, h.id DESC LIMIT {AT_ONCE}""",  # noqa: S608 — our own words
        age,
    )
    return [row["id"] for row in rows]


async def _held(help_id: int) -> Any:  # noqa: ANN401 — a record or nothing
    """An open help, locked; how many were told since it was vouched for, and are told at first.

    A group's helpers hear of theirs from the group; all others only when nobody of it answers.
    """
    held = await fetch_one("SELECT FROM help WHERE id = $1 FOR NO KEY UPDATE", help_id)
    if held is None:
        return None
    return await fetch_one(
        f"""SELECT h.id, h.kind, h.title, h.person_id, p.kept_by_desk, {WIDENED} AS widened,
                   coalesce(o.name, p.name) AS name,
                   CASE WHEN h.group_id IS NULL THEN {FIRST} ELSE 0 END AS first,
                   (SELECT count(*) FROM help_match WHERE help_id = h.id AND told_at >= h.vouched_at) AS told
            FROM help h JOIN member p ON p.id = h.person_id
            LEFT JOIN organisation o ON o.id = h.organisation_id
            WHERE h.id = $1 AND {OPEN}""",  # noqa: S608 — our own words
        help_id,
    )


async def _tell_some(aid: Any, room: int) -> int:  # noqa: ANN401 — a record
    fits = await neighbours_for(aid["id"], room)
    # In one order for all, so that no two tellers wait for each other.
    members = [aid["person_id"], *(fit.member_id for fit in fits)]
    await execute(
        """SELECT pg_advisory_xact_lock(hashtext('help_telling'), id)
           FROM (SELECT unnest($1::int[]) AS id ORDER BY 1) everybody""",
        members,
    )
    told = [fit for fit in fits if await may_be_told(fit.member_id)]
    for fit in told:
        await _tell(fit, aid)
    if told:
        await _say_so(aid, len(told))
    return len(told)


async def may_be_told(member_id: int) -> bool:
    """Whether one more notice of this kind may go to somebody today; it is counted, in this transaction."""
    counted = await fetch_value("INSERT INTO help_telling (member_id) VALUES ($1) RETURNING id", member_id)
    return counted is not None


async def _tell(fit: Fit, aid: Any) -> None:  # noqa: ANN401 — a record
    await note_match(fit.help_id, fit.member_id, fit.reasons)
    await tell(
        fit.member_id,
        "help_fits",
        link=f"/entraide/{aid['id']}",
        title=aid["title"],
        aid=aid["kind"],
        name=aid["name"],
        reasons=await _named(fit),
        by=aid["person_id"],
    )


async def note_match(help_id: int, member_id: int, reasons: tuple[str, ...]) -> None:
    """Somebody is told of a help just now, and why."""
    await execute(
        """INSERT INTO help_match (help_id, member_id, reasons, told_at) VALUES ($1, $2, $3, now())
           ON CONFLICT (help_id, member_id) DO UPDATE SET told_at = now(), reasons = excluded.reasons""",
        help_id,
        member_id,
        list(reasons),
    )


async def _named(fit: Fit) -> dict[str, Any]:
    """What the notice needs to say why, also once the help is gone."""
    skills = [int(one[6:]) for one in fit.reasons if one.startswith("skill:")]
    rows = await fetch("SELECT name FROM skill WHERE id = ANY($1) ORDER BY id", skills)
    return {
        "skills": [row["name"] for row in rows],
        "quartier": "quartier" in fit.reasons,
        "moment": "moment" in fit.reasons,
    }


async def _say_so(aid: Any, count: int) -> None:  # noqa: ANN401 — a record
    """To whoever it is from: how many neighbours know. Whom the desk keeps would be called for it."""
    if aid["kept_by_desk"] or not await may_be_told(aid["person_id"]):
        return
    kind = "help_widened" if aid["widened"] else "help_spread"
    await tell(aid["person_id"], kind, link=f"/entraide/{aid['id']}", title=aid["title"], count=count)


async def _widen(help_id: int) -> None:
    async with in_transaction():
        widened = await fetch_value(
            f"""UPDATE help SET widened_at = now() WHERE id = (
                    SELECT h.id FROM help h JOIN member p ON p.id = h.person_id
                    WHERE h.id = $1 AND {UNANSWERED} AND NOT {WIDENED} FOR NO KEY UPDATE OF h)
                RETURNING id""",  # noqa: S608 — our own words
            help_id,
        )
        if widened is not None and (aid := await _held(help_id)):
            await _tell_some(aid, MORE)


async def _hand_on(help_ids: list[int]) -> None:
    """Tell the desk once of all that wait for it; their page lists them."""
    async with in_transaction():
        rows = await fetch(
            f"""UPDATE help SET staff_told_at = now() WHERE id IN (
                    SELECT h.id FROM help h JOIN member p ON p.id = h.person_id
                    WHERE h.id = ANY($1) AND {UNANSWERED} AND NOT {HANDED_ON}
                    ORDER BY h.id FOR NO KEY UPDATE OF h)
                RETURNING id""",  # noqa: S608 — our own words
            help_ids,
        )
        if rows:
            await tell_all(
                await _desk(), "helps_unanswered", link="/administration/entraide", count=len(rows)
            )


async def _desk() -> list[int]:
    """Who stands at the desk; where nobody does, the administration."""
    people = await team()
    desk = [one.id for one in people if "concierge" in one.roles]
    return desk or [one.id for one in people if "admin" in one.roles]
