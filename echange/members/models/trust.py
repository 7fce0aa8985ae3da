"""Signs of trust, each with who gave it and when; and whom somebody does not want to meet."""

from typing import Any, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members.models.member import Member


class Verification(Model):
    """The desk has met this member."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="verifications_given", on_delete=fields.RESTRICT, db_index=True
    )
    member: fields.OneToOneRelation[Member] = fields.OneToOneField(
        "echange.Member", related_name="verification", on_delete=fields.CASCADE
    )

    by_id: int
    member_id: int

    class Meta:
        table = "verification"
        constraints = [CheckConstraint(check="by_id <> member_id", name="verification_by_another")]


class Cooptation(Model):
    """A verified neighbour vouches for another."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="cooptations_given", on_delete=fields.CASCADE, db_index=True
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="cooptations", on_delete=fields.CASCADE
    )

    by_id: int
    member_id: int

    class Meta:
        table = "cooptation"
        constraints = [
            UniqueConstraint(fields=("member_id", "by_id"), name="cooptation_once"),
            CheckConstraint(check="by_id <> member_id", name="cooptation_by_another"),
        ]


class Block(Model):
    """`by` wants nothing to do with `member`: neither meets the other anywhere any more."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="blocks", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="blocked_by", on_delete=fields.CASCADE, db_index=True
    )

    by_id: int
    member_id: int

    class Meta:
        table = "block"
        constraints = [
            UniqueConstraint(fields=("by_id", "member_id"), name="block_once"),
            CheckConstraint(check="by_id <> member_id", name="block_of_another"),
        ]


class StaffAct(Model):
    """What somebody of the staff did, or the command line when `by` is nobody. Never changed afterwards."""

    id = fields.BigIntField(primary_key=True)
    what = fields.CharField(max_length=40)
    about_kind = fields.CharField(max_length=20)
    about_id = fields.IntField()
    data: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="staff_acts", on_delete=fields.RESTRICT, db_index=True
    )

    by_id: int | None

    class Meta:
        table = "staff_act"
        indexes: ClassVar = [Index(fields=("about_kind", "about_id", "id"), name="staff_act_about")]

    @classmethod
    async def note(cls, what: str, about_kind: str, about_id: int, *, by: int | None, **data: object) -> None:
        """Write an act down, in the caller's transaction; `data` is plain JSON."""
        await cls.create(what=what, about_kind=about_kind, about_id=about_id, by_id=by, data=data)
