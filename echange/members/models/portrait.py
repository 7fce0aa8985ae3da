"""The photo of a member."""

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.members.models.member import Member


class MemberPhoto(Model):
    """A member's photo; its files are named by `name`, one for each of `widths` (pixels)."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    width = fields.IntField()
    height = fields.IntField()
    widths: list[int] = fields.JSONField()
    member: fields.OneToOneRelation[Member] = fields.OneToOneField(
        "echange.Member", related_name="photo", on_delete=fields.CASCADE
    )

    member_id: int

    class Meta:
        table = "portrait"
        constraints = [UniqueConstraint(fields=("name",), name="portrait_name_once")]
