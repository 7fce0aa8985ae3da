"""Damage, loss, a part that is missing."""

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint

from echange.lending.models.condition import ConditionReport
from echange.lending.models.loan import Loan
from echange.lending.models.unit import Unit
from echange.members import Member


class Incident(Model):
    """Something that happened to a unit during a loan, told by who lends; the borrower answers, and somebody
    who did not borrow it decides. `kept_cents` is what was kept of the deposit.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=10)
    words = fields.CharField(max_length=1000, default="", db_default="")
    at = fields.DatetimeField(auto_now_add=True)
    answer = fields.CharField(max_length=1000, default="", db_default="")
    answered_at = fields.DatetimeField(null=True)
    decision = fields.CharField(max_length=10, null=True)
    decision_words = fields.CharField(max_length=1000, default="", db_default="")
    kept_cents = fields.IntField(null=True)
    decided_at = fields.DatetimeField(null=True)
    loan: fields.ForeignKeyRelation[Loan] = fields.ForeignKeyField(
        "echange.Loan", related_name="incidents", on_delete=fields.RESTRICT, db_index=True
    )
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "echange.Unit", related_name="incidents", on_delete=fields.RESTRICT, db_index=True
    )
    report: fields.ForeignKeyNullableRelation[ConditionReport] = fields.ForeignKeyField(
        "echange.ConditionReport",
        null=True,
        related_name="incidents",
        on_delete=fields.SET_NULL,
        db_index=True,
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="incidents_by", on_delete=fields.SET_NULL, db_index=True
    )
    decided_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="incidents_decided_by",
        on_delete=fields.SET_NULL,
        db_index=True,
    )

    loan_id: int
    unit_id: int
    report_id: int | None
    by_id: int | None
    decided_by_id: int | None

    class Meta:
        table = "incident"
        constraints = [
            CheckConstraint(
                check="(answered_at IS NULL) = (answer = '')",
                name="incident_answered_sometime",
            ),
            CheckConstraint(
                check="(decided_at IS NULL) = (decision IS NULL)",
                name="incident_decided_somehow",
            ),
            CheckConstraint(
                check="decision IN ('nothing', 'repaired', 'replaced', 'kept')",
                name="incident_decision_known",
            ),
            CheckConstraint(
                check="(kept_cents IS NOT NULL) = coalesce(decision = 'kept', false) AND kept_cents > 0",
                name="incident_kept_something",
            ),
            CheckConstraint(
                check="kind IN ('damage', 'loss', 'missing')",
                name="incident_kind_known",
            ),
        ]

    @property
    def url(self) -> str:
        return f"/prets/incidents/{self.id}"
