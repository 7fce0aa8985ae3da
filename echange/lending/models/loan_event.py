"""What happened to a loan."""

from typing import TYPE_CHECKING, Any, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index

from echange.members import Member

if TYPE_CHECKING:
    from echange.lending.models.loan import Loan


class LoanEvent(Model):
    """A line of a loan's history; replayed, these lines give its state.

    `by` did it, nobody when time did. Of `data` only `words`, what people wrote, may be taken away.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=20)
    data: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    loan: "fields.ForeignKeyRelation[Loan]" = fields.ForeignKeyField(
        "echange.Loan", related_name="events", on_delete=fields.RESTRICT
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="loan_events_by", on_delete=fields.SET_NULL, db_index=True
    )

    loan_id: int
    by_id: int | None

    class Meta:
        table = "loan_event"
        indexes: ClassVar = [Index(fields=("loan_id", "id"), name="loan_event_loan")]
