"""The deposit book."""

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint

from echange.lending.models.loan import Loan
from echange.members import Member


class Deposit(Model):
    """A line of the deposit book: what was taken, returned or kept (cents), and how it was given.

    Lines are never changed; more than was taken is never returned nor kept, and no loan is closed before its
    lines come to nothing: the database sees to both.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=10)
    cents = fields.IntField()
    means = fields.CharField(max_length=10, default="cheque", db_default="cheque")
    words = fields.CharField(max_length=300, default="", db_default="")
    at = fields.DatetimeField(auto_now_add=True)
    loan: fields.ForeignKeyRelation[Loan] = fields.ForeignKeyField(
        "echange.Loan", related_name="deposits", on_delete=fields.RESTRICT, db_index=True
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="deposits_by", on_delete=fields.SET_NULL, db_index=True
    )

    loan_id: int
    by_id: int | None

    class Meta:
        table = "deposit"
        constraints = [
            CheckConstraint(
                check="cents BETWEEN 1 AND 10000000",
                name="deposit_counts",
            ),
            CheckConstraint(
                check="kind IN ('taken', 'returned', 'kept')",
                name="deposit_kind_known",
            ),
            CheckConstraint(
                check="means IN ('cheque', 'cash', 'card', 'other')",
                name="deposit_means_known",
            ),
        ]
