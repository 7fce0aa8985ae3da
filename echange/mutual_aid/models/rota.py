"""A rota: help that comes back each week. A slot is a weekly moment, a shift one day of it."""

from datetime import date
from typing import Final

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint

from echange.database import execute, in_transaction
from echange.http import NotAllowed, Viewer
from echange.http.dates import now, today
from echange.members import note_act
from echange.mutual_aid import refusals, rota_refusals
from echange.mutual_aid.models.help import Help
from echange.mutual_aid.models.shift import Shift
from echange.mutual_aid.rota_making import make_shifts
from echange.mutual_aid.rota_seeing import may_run
from echange.mutual_aid.rota_terms import Coming, Terms

MOST: Final = 21


class RotaSlot(Model):
    """Each week on this `weekday` (0 is Monday) at `starts` (minutes after midnight on the town's clock), for
    so many `minutes` and `people`, from `first_day` to `last_day`, both included, or without end.
    """

    id = fields.IntField(primary_key=True)
    weekday = fields.SmallIntField()
    starts = fields.SmallIntField()
    minutes = fields.SmallIntField()
    people = fields.SmallIntField(default=1, db_default=1)
    role = fields.CharField(max_length=60, default="", db_default="")
    first_day = fields.DateField()
    last_day: date | None = fields.DateField(null=True)
    ended_at = fields.DatetimeField(null=True)
    help: fields.ForeignKeyRelation[Help] = fields.ForeignKeyField(
        "echange.Help", related_name="rota", on_delete=fields.CASCADE, db_index=True
    )

    help_id: int

    class Meta:
        table = "rota_slot"
        constraints = [
            CheckConstraint(check="last_day >= first_day", name="rota_slot_in_order"),
            CheckConstraint(check="minutes BETWEEN 5 AND 1440", name="rota_slot_minutes_possible"),
            CheckConstraint(check="people BETWEEN 1 AND 50", name="rota_slot_people_possible"),
            CheckConstraint(check="starts BETWEEN 0 AND 1439", name="rota_slot_starts_in_a_day"),
            CheckConstraint(check="weekday BETWEEN 0 AND 6", name="rota_slot_weekday_known"),
        ]

    @property
    def terms(self) -> Terms:
        """What is told of it."""
        return Terms(
            weekday=self.weekday,
            starts=self.starts,
            minutes=self.minutes,
            people=self.people,
            role=self.role,
            first_day=self.first_day,
            last_day=self.last_day,
        )

    @classmethod
    async def add(cls, aid: Help, terms: Terms, *, by: Viewer) -> "RotaSlot":
        """A new weekly moment of an ask, with its shifts; the same again is the same one.

        Raises NotAllowed, NotAnAsk, TooManySlots, Over, HiddenHelp.
        """
        async with in_transaction():
            aid = await _held(aid, by)
            if aid.kind != "ask":
                raise rota_refusals.NotAnAsk
            slots = await cls.filter(help_id=aid.id, ended_at=None)
            if known := next((slot for slot in slots if slot.terms == terms), None):
                return known
            if len(slots) >= MOST:
                raise rota_refusals.TooManySlots(most=MOST)
            slot = await cls.create(help_id=aid.id, **terms.columns())
            # Its shifts have places of their own.
            await Help.filter(id=aid.id).update(taken=0)
            await make_shifts(aid.id, today())
            await note_act(by, "rota_changed", ("help", aid.id))
            return slot

    async def change(self, terms: Terms, *, by: Viewer, coming: Coming = "ask", reason: str = "") -> None:
        """Tell it otherwise. Shifts to come without anybody follow; of those with people, `coming` says
        whether to keep them as they are, or to call them off, their people being told why.

        Raises ShiftsTaken when that has to be asked, ReasonMissing, NotAllowed, Over, HiddenHelp.
        """
        async with in_transaction():
            aid = await _held(await Help.get(id=self.help_id), by)
            if self.ended_at is not None:
                raise rota_refusals.SlotOver
            touched = [shift for shift in await Shift.to_come(self.id) if not terms.fits(shift)]
            taken = await _taken(touched, coming, reason)
            await RotaSlot.filter(id=self.id).update(**terms.columns())
            if coming == "cancel":
                # Gone rather than called off: the new shift of that week takes the place.
                await _call_off(taken, reason, by)
                touched_ids = [shift.id for shift in touched]
            else:
                touched_ids = [shift.id for shift in touched if shift not in taken]
            await Shift.filter(id__in=touched_ids).delete()
            await make_shifts(aid.id, today())
            await note_act(by, "rota_changed", ("help", aid.id))

    async def remove(self, *, by: Viewer, coming: Coming = "ask", reason: str = "") -> None:
        """No more of it; said twice, it counts once. See `change`."""
        async with in_transaction():
            aid = await _held(await Help.get(id=self.help_id), by)
            if self.ended_at is not None:
                return
            to_come = await Shift.to_come(self.id)
            taken = await _taken(to_come, coming, reason)
            await RotaSlot.filter(id=self.id).update(ended_at=now())
            if coming == "cancel":
                await _call_off(taken, reason, by)
            free = [shift.id for shift in to_come if shift not in taken]
            await Shift.filter(id__in=free).delete()
            await _count_again(aid.id)
            await note_act(by, "rota_changed", ("help", aid.id))


async def _held(aid: Help, by: Viewer) -> Help:
    """The help, locked, for who runs its rota."""
    if not await may_run(aid, by):
        raise NotAllowed
    aid = await aid.lock()
    if aid.hidden_at is not None:
        raise refusals.HiddenHelp
    if aid.ended_at is not None:
        raise refusals.Over
    return aid


async def _taken(shifts: list[Shift], coming: Coming, reason: str) -> list[Shift]:
    """Those of the shifts that somebody comes to, locked so that nobody joins or goes meanwhile."""
    taken = await Shift.with_people(shifts)
    if taken and coming == "ask":
        raise rota_refusals.ShiftsTaken(n=len(taken))
    if taken and coming == "cancel" and not reason:
        raise rota_refusals.ReasonMissing
    return taken


async def _count_again(help_id: int) -> None:
    """Without any slot it looks for helpers as it did before its rota."""
    await execute(
        """UPDATE help SET taken = helpers_found(id) WHERE id = $1
           AND NOT EXISTS (SELECT FROM rota_slot WHERE help_id = $1 AND ended_at IS NULL)""",
        help_id,
    )


async def _call_off(shifts: list[Shift], reason: str, by: Viewer) -> None:
    for shift in shifts:
        await shift.call_off(by=by, reason=reason)
