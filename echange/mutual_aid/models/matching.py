"""Who was told what fits them: three times a day at most, and of each neighbour once."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members import Member, Skill


class HelpTelling(Model):
    """Somebody was told of something that fits them; the database leaves out a fourth in one day."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="help_tellings", on_delete=fields.CASCADE
    )

    member_id: int

    class Meta:
        table = "help_telling"
        indexes: ClassVar = [Index(fields=("member_id", "at"), name="help_telling_member")]


class SkillMatch(Model):
    """`member`, who looks for a skill, was told of `other`, who offers it."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="skill_matches", on_delete=fields.CASCADE
    )
    other: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="skill_matches_of", on_delete=fields.CASCADE, db_index=True
    )
    skill: fields.ForeignKeyRelation[Skill] = fields.ForeignKeyField(
        "echange.Skill", related_name="matches", on_delete=fields.CASCADE, db_index=True
    )

    member_id: int
    other_id: int
    skill_id: int

    class Meta:
        table = "skill_match"
        constraints = [
            UniqueConstraint(fields=("member_id", "other_id"), name="skill_match_once"),
            CheckConstraint(check="member_id <> other_id", name="skill_match_of_two"),
        ]
