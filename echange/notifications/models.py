"""What a member is told."""

from typing import Any, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint


class Notice(Model):
    """One thing told to one member. `data` holds what its kind's sentence needs; words are made when shown."""

    id = fields.BigIntField(primary_key=True)
    # Named by string: notifications stands below members (design §1).
    member: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "echange.Member", related_name="notices", on_delete=fields.CASCADE
    )
    kind = fields.CharField(max_length=40)
    data: dict[str, Any] = fields.JSONField(default=dict)  # type: ignore[assignment]
    link = fields.CharField(max_length=200)
    at = fields.DatetimeField(auto_now_add=True)
    read_at = fields.DatetimeField(null=True)

    member_id: int

    class Meta:
        table = "notice"
        indexes: ClassVar = [Index(fields=("member_id", "at", "id"), name="notice_of_member")]


class MailRefusal(Model):
    """A member does not want mails of this kind any more; the notice itself still comes."""

    id = fields.BigIntField(primary_key=True)
    member: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "echange.Member", related_name="mail_refusals", on_delete=fields.CASCADE
    )
    kind = fields.CharField(max_length=40)
    at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "mail_refusal"
        constraints = [UniqueConstraint(fields=("member_id", "kind"), name="mail_refusal_once")]
