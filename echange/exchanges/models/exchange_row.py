"""What is kept of an exchange, column by column, and what the database checks of it."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from echange.chat import Conversation
from echange.members import Member, Organisation, Skill


class ExchangeRow(Model):
    """The columns of an exchange; its verbs stand in `Exchange`.

    `giver` gives their time, `receiver` the hours; each for an organisation when it is named. What it came
    from is `about_kind`, `about_id` (help, ad, member, request). `minutes` are those proposed,
    `declared_minutes` the figure that stands, by `declared_by`; once `countered` it is the second one, and
    `settled_minutes` are those both agreed on or a moderator decided. `moved_at`: since when it is as it is;
    `reminded_at`: whoever it waits for was last reminded; `disputed_at`: since then moderators may read it.
    """

    id = fields.IntField(primary_key=True)
    about_kind = fields.CharField(max_length=20, default="", db_default="")
    about_id = fields.IntField(null=True)
    title = fields.CharField(max_length=120)
    role = fields.CharField(max_length=60, default="", db_default="")
    state = fields.CharField(max_length=12, default="proposed", db_default="proposed")
    minutes = fields.IntField()
    starts_at = fields.DatetimeField(null=True)
    place = fields.CharField(max_length=200, default="", db_default="")
    declared_minutes = fields.IntField(null=True)
    countered = fields.BooleanField(default=False, db_default=False)
    settled_minutes = fields.IntField(null=True)
    transfer_id = fields.BigIntField(null=True)
    at = fields.DatetimeField(auto_now_add=True)
    moved_at = fields.DatetimeField(auto_now_add=True)
    reminded_at = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)
    disputed_at = fields.DatetimeField(null=True)
    giver: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="exchanges_giver", on_delete=fields.RESTRICT
    )
    receiver: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="exchanges_receiver", on_delete=fields.RESTRICT
    )
    proposed_by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="exchanges_proposed_by", on_delete=fields.RESTRICT, db_index=True
    )
    declared_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="exchanges_declared_by",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    giver_organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation",
        null=True,
        related_name="exchanges_giver_organisation",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    receiver_organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation",
        null=True,
        related_name="exchanges_receiver_organisation",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    skill: fields.ForeignKeyNullableRelation[Skill] = fields.ForeignKeyField(
        "echange.Skill", null=True, related_name="exchanges_skill", on_delete=fields.SET_NULL, db_index=True
    )
    conversation: fields.ForeignKeyNullableRelation[Conversation] = fields.ForeignKeyField(
        "echange.Conversation",
        null=True,
        related_name="exchanges_conversation",
        on_delete=fields.SET_NULL,
        db_index=True,
    )

    giver_id: int
    receiver_id: int
    proposed_by_id: int
    declared_by_id: int | None
    giver_organisation_id: int | None
    receiver_organisation_id: int | None
    skill_id: int | None
    conversation_id: int | None

    class Meta:
        abstract = True
        indexes: ClassVar = [
            Index(fields=("giver_id", "id"), name="exchange_giver"),
            Index(fields=("receiver_id", "id"), name="exchange_receiver"),
            Index(fields=("about_kind", "about_id"), name="exchange_about"),
        ]
        constraints = [
            CheckConstraint(
                check="declared_by_id IN (giver_id, receiver_id)",
                name="exchange_declared_by_one_of_both",
            ),
            CheckConstraint(
                check="(declared_minutes IS NULL) = (declared_by_id IS NULL)",
                name="exchange_declared_by_somebody",
            ),
            CheckConstraint(
                check="state NOT IN ('declared', 'settled') OR declared_minutes IS NOT NULL",
                name="exchange_declared_has_a_figure",
            ),
            CheckConstraint(
                check="declared_minutes BETWEEN 0 AND 1440",
                name="exchange_declared_possible",
            ),
            CheckConstraint(
                check="minutes BETWEEN 0 AND 1440",
                name="exchange_minutes_possible",
            ),
            CheckConstraint(
                check="giver_id <> receiver_id",
                name="exchange_of_two",
            ),
            CheckConstraint(
                check="proposed_by_id IN (giver_id, receiver_id)",
                name="exchange_proposed_by_one_of_both",
            ),
            CheckConstraint(
                check="transfer_id IS NULL OR settled_minutes > 0",
                name="exchange_settled_moves_hours",
            ),
            CheckConstraint(
                check="(state = 'settled') = (settled_at IS NOT NULL) AND (state = 'settled') = "
                "(settled_minutes IS NOT NULL)",
                name="exchange_settled_somehow",
            ),
            CheckConstraint(
                check="state IN ('proposed', 'accepted', 'under_way', 'declared', 'settled', 'declined', "
                "'cancelled', 'expired', 'disputed')",
                name="exchange_state_known",
            ),
        ]
