"""The columns of shifts, of who comes to them, and of whom they are proposed to."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.http.dates import now
from echange.members import Member

if TYPE_CHECKING:
    from echange.mutual_aid.models.rota import RotaSlot
    from echange.mutual_aid.models.shift import Shift


class ShiftRow(Model):
    """What is kept of a shift. `people` and `role` are its slot's when it was made."""

    id = fields.IntField(primary_key=True)
    day: date = fields.DateField()
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    people = fields.SmallIntField(default=1, db_default=1)
    role = fields.CharField(max_length=60, default="", db_default="")
    cancelled_at = fields.DatetimeField(null=True)
    cancelled_for = fields.CharField(max_length=300, default="", db_default="")
    closed_at = fields.DatetimeField(null=True)
    slot: "fields.ForeignKeyRelation[RotaSlot]" = fields.ForeignKeyField(
        "echange.RotaSlot", related_name="shifts", on_delete=fields.CASCADE
    )

    slot_id: int

    class Meta:
        abstract = True
        indexes: ClassVar = [Index(fields=("starts_at",), name="shift_start")]
        constraints = [
            CheckConstraint(check="ends_at > starts_at", name="shift_lasts"),
            CheckConstraint(check="people BETWEEN 1 AND 50", name="shift_people_possible"),
            UniqueConstraint(fields=("slot_id", "day"), name="shift_once"),
        ]

    @property
    def url(self) -> str:
        return f"/entraide/creneaux/{self.id}"

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= now()


class ShiftSignup(Model):
    """Somebody comes to a shift, or waits for a place (`waiting`). Since `swap_at` they look for somebody to
    come instead, and come unless somebody does.
    """

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    waiting = fields.BooleanField(default=False, db_default=False)
    swap_at: datetime | None = fields.DatetimeField(null=True)
    reminded_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    shift: "fields.ForeignKeyRelation[Shift]" = fields.ForeignKeyField(
        "echange.Shift", related_name="signups", on_delete=fields.CASCADE, db_index=True
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="shift_signups", on_delete=fields.CASCADE, db_index=True
    )

    shift_id: int
    member_id: int

    class Meta:
        table = "shift_signup"

    @property
    def state(self) -> str:
        """coming, swapping or waiting."""
        if self.waiting:
            return "waiting"
        return "swapping" if self.swap_at else "coming"

    @classmethod
    async def all_of(cls, shift_id: int) -> list[int]:
        """Whoever comes to a shift or waits for it."""
        signups = await cls.filter(shift_id=shift_id, ended_at=None).order_by("id")
        return [one.member_id for one in signups]

    async def end(self) -> None:
        """They do not come, in the caller's transaction, the shift being locked."""
        await ShiftSignup.filter(id=self.id).update(ended_at=now())


class ShiftOffer(Model):
    """A shift proposed to somebody by its coordinator: a yes signs them up."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    answered_at = fields.DatetimeField(null=True)
    shift: "fields.ForeignKeyRelation[Shift]" = fields.ForeignKeyField(
        "echange.Shift", related_name="offers", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="shift_offers", on_delete=fields.CASCADE, db_index=True
    )
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="shift_offers_by", on_delete=fields.CASCADE, db_index=True
    )

    shift_id: int
    member_id: int
    by_id: int

    class Meta:
        table = "shift_offer"
        constraints = [UniqueConstraint(fields=("shift_id", "member_id"), name="shift_offer_once")]
