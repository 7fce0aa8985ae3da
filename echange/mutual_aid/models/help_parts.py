"""What belongs to a help: skills, roles, moments, what happened to it, whom it fits."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members import Member, Skill

if TYPE_CHECKING:
    from echange.mutual_aid.models.help import Help

Happening = Literal["published", "edited", "renewed", "expired", "closed", "reopened", "hidden", "restored"]


class HelpSkill(Model):
    """A skill that a help asks for, or offers."""

    id = fields.IntField(primary_key=True)
    help: "fields.ForeignKeyRelation[Help]" = fields.ForeignKeyField(
        "echange.Help", related_name="skills", on_delete=fields.CASCADE
    )
    skill: fields.ForeignKeyRelation[Skill] = fields.ForeignKeyField(
        "echange.Skill", related_name="helps", on_delete=fields.RESTRICT, db_index=True
    )

    help_id: int
    skill_id: int

    class Meta:
        table = "help_skill"
        constraints = [
            UniqueConstraint(fields=("help_id", "skill_id"), name="help_skill_once"),
        ]


class HelpRole(Model):
    """Some of the helpers do this: « conduire », one of them."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=60)
    people = fields.SmallIntField(default=1, db_default=1)
    position = fields.SmallIntField(default=0, db_default=0)
    help: "fields.ForeignKeyRelation[Help]" = fields.ForeignKeyField(
        "echange.Help", related_name="roles", on_delete=fields.CASCADE
    )

    help_id: int

    class Meta:
        table = "help_role"
        constraints = [
            UniqueConstraint(fields=("help_id", "name"), name="help_role_once"),
            CheckConstraint(check="people BETWEEN 1 AND 50", name="help_role_people_possible"),
        ]


class HelpSlot(Model):
    """A moment that suits; a help without any is flexible."""

    id = fields.IntField(primary_key=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    help: "fields.ForeignKeyRelation[Help]" = fields.ForeignKeyField(
        "echange.Help", related_name="slots", on_delete=fields.CASCADE
    )

    help_id: int

    class Meta:
        table = "help_slot"
        constraints = [
            CheckConstraint(check="ends_at > starts_at", name="help_slot_lasts"),
            UniqueConstraint(fields=("help_id", "starts_at"), name="help_slot_once"),
        ]

    @classmethod
    async def of(cls, help_id: int) -> list[tuple[datetime, datetime]]:
        """The moments of a help, in order."""
        return [
            (one.starts_at, one.ends_at) for one in await cls.filter(help_id=help_id).order_by("starts_at")
        ]


class HelpEvent(Model):
    """A line of a help's history; `by` is nobody for what the clock did."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=20)
    data: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    help: "fields.ForeignKeyRelation[Help]" = fields.ForeignKeyField(
        "echange.Help", related_name="events", on_delete=fields.CASCADE
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="help_events_by", on_delete=fields.SET_NULL, db_index=True
    )

    help_id: int
    by_id: int | None

    class Meta:
        table = "help_event"
        indexes: ClassVar = [Index(fields=("help_id", "id"), name="help_event_help")]

    @classmethod
    async def note(cls, kind: Happening, help_id: int, *, by: int | None = None, **data: object) -> None:
        """Write down what happened, in the caller's transaction; `data` is plain JSON."""
        await cls.create(kind=kind, help_id=help_id, by_id=by, data=data)


class HelpMatch(Model):
    """A neighbour whom a help fits, why, and whether they were told or do not want it."""

    id = fields.BigIntField(primary_key=True)
    reasons: list[str] = ArrayField("text")
    at = fields.DatetimeField(auto_now_add=True)
    told_at = fields.DatetimeField(null=True)
    dismissed_at = fields.DatetimeField(null=True)
    help: "fields.ForeignKeyRelation[Help]" = fields.ForeignKeyField(
        "echange.Help", related_name="matches", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="help_matches", on_delete=fields.CASCADE
    )

    help_id: int
    member_id: int

    class Meta:
        table = "help_match"
        indexes: ClassVar = [Index(fields=("member_id", "told_at"), name="help_match_member")]
        constraints = [
            UniqueConstraint(fields=("help_id", "member_id"), name="help_match_once"),
        ]
