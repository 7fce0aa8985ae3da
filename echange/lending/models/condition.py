"""How a unit was when it went out, came back or was looked at."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.lending.models.loan import Loan
from echange.lending.models.unit import Unit
from echange.members import Member


class ConditionReport(Model):
    """What was seen of a unit: its condition, and which accessories were missing, by their names.

    `moment`: out, back, or check, when nobody borrowed it. `at` is when it was seen, which may be before it
    was written down.
    """

    id = fields.BigIntField(primary_key=True)
    moment = fields.CharField(max_length=6)
    condition = fields.CharField(max_length=10)
    words = fields.CharField(max_length=500, default="", db_default="")
    missing: list[str] = ArrayField("text", default=list, db_default=[])
    at = fields.DatetimeField(auto_now_add=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "echange.Unit", related_name="reports", on_delete=fields.RESTRICT
    )
    loan: fields.ForeignKeyNullableRelation[Loan] = fields.ForeignKeyField(
        "echange.Loan", null=True, related_name="reports", on_delete=fields.RESTRICT, db_index=True
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="condition_reports_by",
        on_delete=fields.SET_NULL,
        db_index=True,
    )

    photos: fields.ReverseRelation["ConditionPhoto"]
    unit_id: int
    loan_id: int | None
    by_id: int | None

    class Meta:
        table = "condition_report"
        indexes: ClassVar = [Index(fields=("unit_id", "id"), name="condition_report_unit")]
        constraints = [
            CheckConstraint(
                check="condition IN ('new', 'good', 'worn', 'broken', 'lost')",
                name="condition_report_condition_known",
            ),
            CheckConstraint(
                check="moment IN ('out', 'back', 'check')",
                name="condition_report_moment_known",
            ),
        ]


class ConditionPhoto(Model):
    """A photo of a report; its files are named by `name`, one for each of `widths` (pixels)."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    width = fields.IntField()
    height = fields.IntField()
    widths: list[int] = fields.JSONField()
    report: fields.ForeignKeyRelation[ConditionReport] = fields.ForeignKeyField(
        "echange.ConditionReport", related_name="photos", on_delete=fields.CASCADE, db_index=True
    )

    report_id: int

    class Meta:
        table = "condition_photo"
        constraints = [
            UniqueConstraint(fields=("name",), name="condition_photo_name_once"),
        ]
