"""Devices prepared to work at a desk without network, and what was done on them."""

from datetime import datetime, timedelta
from typing import Final

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import fetch_value, in_transaction
from echange.http import NotFound, Viewer
from echange.http.dates import now
from echange.lending.device_refusals import TooManyDevices
from echange.lending.managing import check_manages
from echange.lending.models.lender import Lender
from echange.lending.models.loan import Loan
from echange.lending.signatures import checked_key
from echange.members import Member
from echange.members.models import Session

LASTS: Final = timedelta(hours=12)
MOST_DEVICES: Final = 10


class DeskDevice(Model):
    """A phone or computer that somebody prepared for a lender's desk, for half a day.

    `public_key` checks what it signs; the private half never leaves it. It ends with the session it was
    prepared in, when somebody says so, or at `ends_at`.
    """

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80, default="", db_default="")
    public_key = fields.BinaryField()
    at = fields.DatetimeField(auto_now_add=True)
    ends_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    lender: fields.ForeignKeyRelation[Lender] = fields.ForeignKeyField(
        "echange.Lender", related_name="desk_devices", on_delete=fields.CASCADE, db_index=True
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="desk_devices", on_delete=fields.CASCADE, db_index=True
    )
    session: fields.ForeignKeyNullableRelation[Session] = fields.ForeignKeyField(
        "echange.Session", null=True, related_name="desk_devices", on_delete=fields.SET_NULL, db_index=True
    )

    lender_id: int
    member_id: int
    session_id: int | None

    class Meta:
        table = "desk_device"

    @classmethod
    async def prepare(cls, lender: Lender, *, by: Viewer, public_key: bytes, name: str = "") -> "DeskDevice":
        """Let a device work at this lender's desk. Raises NotAllowed, OutOfScope, NotAKey, TooManyDevices."""
        await check_manages(by, lender)
        key = checked_key(public_key)
        async with in_transaction():
            await fetch_value("SELECT id FROM lender WHERE id = $1 FOR NO KEY UPDATE", lender.id)
            if (
                await cls.filter(lender_id=lender.id, ended_at=None, ends_at__gt=now()).count()
                >= MOST_DEVICES
            ):
                raise TooManyDevices
            return await cls.create(
                lender_id=lender.id,
                member_id=by.id,
                session_id=by.session_id,
                public_key=key,
                name=name,
                ends_at=now() + LASTS,
            )

    @classmethod
    async def of(cls, device_id: int, by: Viewer) -> "DeskDevice":
        """One's own device, ended or not. Raises NotFound."""
        found = await cls.get_or_none(id=device_id, member_id=by.id).select_related("lender")
        if found is None:
            raise NotFound
        return found

    async def end(self) -> None:
        """It works there no more; said twice, it counts once."""
        await DeskDevice.filter(id=self.id, ended_at=None).update(ended_at=now())

    @property
    def ended(self) -> datetime | None:
        """Since when it works no more."""
        until = min(filter(None, (self.ended_at, self.ends_at)))
        return until if until <= now() else None


class DeskAct(Model):
    """Something done on a device, word for word as it signed it. `outcome`: merged with what stood here; in
    `conflict` with it, until somebody settles it; or dropped by them.
    """

    id = fields.BigIntField(primary_key=True)
    client_id = fields.CharField(max_length=64)
    content = fields.TextField()
    signature = fields.BinaryField()
    done_at = fields.DatetimeField()
    at = fields.DatetimeField(auto_now_add=True)
    outcome = fields.CharField(max_length=10)
    conflict = fields.CharField(max_length=40, default="", db_default="")
    settled_at = fields.DatetimeField(null=True)
    device: fields.ForeignKeyRelation[DeskDevice] = fields.ForeignKeyField(
        "echange.DeskDevice", related_name="acts", on_delete=fields.RESTRICT
    )
    loan: fields.ForeignKeyNullableRelation[Loan] = fields.ForeignKeyField(
        "echange.Loan", null=True, related_name="desk_acts", on_delete=fields.SET_NULL, db_index=True
    )
    settled_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="desk_acts_settled_by",
        on_delete=fields.SET_NULL,
        db_index=True,
    )

    device_id: int
    loan_id: int | None
    settled_by_id: int | None

    class Meta:
        table = "desk_act"
        constraints = [
            UniqueConstraint(fields=("device_id", "client_id"), name="desk_act_once"),
            CheckConstraint(
                check="outcome IN ('merged', 'conflict', 'dropped')",
                name="desk_act_outcome_known",
            ),
        ]
