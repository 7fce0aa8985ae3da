"""What people know how to do."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

from echange.members.models.member import Member


class Skill(Model):
    """A skill of the town's taxonomy. `key` is its name folded (lower case, no accents); so are `synonyms`.

    `proposed_by` is set when a member wrote one that the taxonomy lacked.
    """

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=80)
    name = fields.CharField(max_length=80)
    field = fields.CharField(max_length=40)
    synonyms: list[str] = ArrayField("text", default=list, db_default=[])  # type: ignore[assignment]
    proposed_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="proposed_skills", on_delete=fields.SET_NULL, db_index=True
    )

    class Meta:
        table = "skill"
        ordering = ("name",)
        constraints = [UniqueConstraint(fields=("key",), name="skill_key_once")]


class MemberSkill(Model):
    """A skill that a member offers, or looks for when `wanted`."""

    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="skills", on_delete=fields.CASCADE
    )
    skill: fields.ForeignKeyRelation[Skill] = fields.ForeignKeyField(
        "echange.Skill", related_name="members", on_delete=fields.RESTRICT
    )
    wanted = fields.BooleanField()
    note = fields.CharField(max_length=160, default="", db_default="")
    position = fields.SmallIntField(default=0, db_default=0)

    member_id: int
    skill_id: int

    class Meta:
        table = "member_skill"
        indexes: ClassVar = [Index(fields=("skill_id", "wanted"), name="member_skill_by_skill")]
        constraints = [UniqueConstraint(fields=("member_id", "wanted", "skill_id"), name="member_skill_once")]
