"""The nouns of this room."""

from typing import Any, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.members import Member


class Decision(Model):
    """What a moderator did about a thing, why, and what whom it concerns had to say."""

    id = fields.IntField(primary_key=True)
    about_kind = fields.CharField(max_length=20)
    about_id = fields.IntField()
    act = fields.CharField(max_length=20)
    reason = fields.TextField()
    at = fields.DatetimeField(auto_now_add=True)
    reply = fields.TextField(default="", db_default="")
    replied_at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="decisions", on_delete=fields.RESTRICT, db_index=True
    )
    concerns: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="decisions_borne", on_delete=fields.SET_NULL, db_index=True
    )

    by_id: int
    concerns_id: int | None

    class Meta:
        table = "decision"
        indexes: ClassVar = [Index(fields=("about_kind", "about_id", "id"), name="decision_about")]
        constraints = [
            CheckConstraint(check="act IN ('hide', 'dismiss', 'restore')", name="decision_act_known"),
            CheckConstraint(check="length(trim(reason)) > 0", name="decision_has_a_reason"),
        ]


class Report(Model):
    """Somebody, signed in or not, reports a thing. `evidence` is what it said at that moment.

    Open until a decision covers it. `receipt_hash` is SHA-256 of the key with which its author follows it.
    """

    id = fields.IntField(primary_key=True)
    about_kind = fields.CharField(max_length=20)
    about_id = fields.IntField()
    reason = fields.CharField(max_length=20)
    text = fields.TextField(default="", db_default="")
    email = fields.CharField(max_length=254, default="", db_default="")
    locale = fields.CharField(max_length=2, default="fr", db_default="fr")
    receipt_hash = fields.BinaryField()
    evidence: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    decision: fields.ForeignKeyNullableRelation[Decision] = fields.ForeignKeyField(
        "echange.Decision", null=True, related_name="reports", on_delete=fields.RESTRICT, db_index=True
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="reports", on_delete=fields.SET_NULL, db_index=True
    )

    decision_id: int | None
    by_id: int | None

    class Meta:
        table = "report"
        indexes: ClassVar = [Index(fields=("about_kind", "about_id", "id"), name="report_about")]
        constraints = [
            UniqueConstraint(fields=("receipt_hash",), name="report_receipt_once"),
            CheckConstraint(
                check="reason IN ('scam', 'illegal', 'hateful', 'danger', 'harassment', 'private', 'spam',"
                " 'wrong_place', 'other')",
                name="report_reason_known",
            ),
        ]
