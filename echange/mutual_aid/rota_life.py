"""What the clock does to rotas: shifts are made, recalled the day before, closed; who is gone comes no more.

Each step bears being done again, and nobody is told twice.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from echange.database import fetch, in_transaction
from echange.http.dates import now, town_zone
from echange.jobs import Handler
from echange.mutual_aid import rota_notices
from echange.mutual_aid.models.shift import Shift, ShiftSignup
from echange.mutual_aid.rota_closing import close_over
from echange.mutual_aid.rota_making import make_all

OFTEN: Final = timedelta(minutes=5)
MAKING: Final = timedelta(hours=6)
# On the town's clock, the evening before.
REMINDED_AT: Final = 18


def schedules() -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what."""
    return {"mutual_aid.rota": (OFTEN, go_on), "mutual_aid.shifts": (MAKING, make_all)}


async def go_on(_: dict[str, Any] | None = None) -> None:
    """What the clock does to rotas."""
    await end_with_help()
    await drop_gone()
    await fill_places()
    await remind(now())
    await close_over()


async def end_with_help() -> None:
    """The shifts to come of a help that ended are no more; whoever would come is told. A few minutes after
    it ended: an end taken back at once disturbs nobody.
    """
    rows = await fetch(
        """SELECT t.id FROM shift t JOIN rota_slot s ON s.id = t.slot_id JOIN help h ON h.id = s.help_id
           WHERE t.starts_at > $1 AND (h.ended_at < $2 OR h.hidden_at < $2) ORDER BY t.id LIMIT 2000""",
        now(),
        now() - OFTEN,
    )
    for row in rows:
        async with in_transaction():
            shift = await Shift.filter(id=row["id"]).select_for_update(no_key=True).first()
            if shift is None:
                continue
            if shift.cancelled_at is None:
                await _tell_that_it_ended(shift)
            await Shift.filter(id=shift.id).delete()


async def drop_gone() -> None:
    """Who is away, or apart from whose help it is, comes no more: the next in line does."""
    rows = await fetch(
        """SELECT u.id, u.shift_id FROM shift_signup u JOIN shift t ON t.id = u.shift_id
           JOIN rota_slot s ON s.id = t.slot_id JOIN help h ON h.id = s.help_id
           JOIN member m ON m.id = u.member_id
           WHERE u.ended_at IS NULL AND t.starts_at > $1
             AND (m.away OR EXISTS (SELECT FROM block
                     WHERE (by_id, member_id) IN ((m.id, h.person_id), (h.person_id, m.id))))
           ORDER BY u.shift_id, u.id LIMIT 2000""",
        now(),
    )
    for row in rows:
        await drop(row["id"], row["shift_id"])


async def drop(signup_id: int, shift_id: int) -> None:
    """End a signup; the next in line comes, and whose rota it is is told."""
    async with in_transaction():
        shift = await Shift.filter(id=shift_id).select_for_update(no_key=True).first()
        signup = await ShiftSignup.get_or_none(id=signup_id, ended_at=None)
        if shift is not None and signup is not None:
            await shift.drop(signup, await shift.help_of())


async def fill_places() -> None:
    """Free places go to who waits, once they come nowhere else at that hour."""
    rows = await fetch(
        """SELECT t.id FROM shift t JOIN rota_slot s ON s.id = t.slot_id JOIN help h ON h.id = s.help_id
           WHERE t.starts_at > $1 AND t.cancelled_at IS NULL AND h.ended_at IS NULL AND h.hidden_at IS NULL
             AND EXISTS (SELECT FROM shift_signup WHERE shift_id = t.id AND ended_at IS NULL AND waiting)
             AND (SELECT count(*) FROM shift_signup
                  WHERE shift_id = t.id AND ended_at IS NULL AND NOT waiting) < t.people
           ORDER BY t.id LIMIT 500""",
        now(),
    )
    for row in rows:
        async with in_transaction():
            shift = await Shift.filter(id=row["id"]).select_for_update(no_key=True).first()
            if shift is not None and shift.cancelled_at is None and not shift.has_begun:
                await shift.fill()


async def remind(at: datetime) -> None:
    """From six in the evening before on, whoever comes is reminded, once; not who has just said so."""
    async with in_transaction():
        rows = await fetch(
            """UPDATE shift_signup u SET reminded_at = $1 FROM shift t, member m
               WHERE t.id = u.shift_id AND m.id = u.member_id AND NOT m.away
                 AND u.ended_at IS NULL AND NOT u.waiting AND u.reminded_at IS NULL
                 AND t.cancelled_at IS NULL AND t.starts_at > $1
                 AND (t.day - 1 + make_interval(hours => $2)) AT TIME ZONE $3 <= $1
               RETURNING u.shift_id, u.member_id,
                   u.at < (t.day - 1 + make_interval(hours => $2)) AT TIME ZONE $3 AS long_ago""",
            at,
            REMINDED_AT,
            town_zone.get().key,
        )
        for row in sorted(rows, key=lambda one: one["shift_id"]):
            if row["long_ago"]:
                shift = await Shift.get(id=row["shift_id"])
                aid = await shift.help_of()
                await rota_notices.tell_people(aid, shift, "shift_tomorrow", [row["member_id"]])


async def _tell_that_it_ended(shift: Shift) -> None:
    aid = await shift.help_of()
    await rota_notices.tell_people(aid, shift, "shift_cancelled", await ShiftSignup.all_of(shift.id))
