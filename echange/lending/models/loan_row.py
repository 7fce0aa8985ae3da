"""What is kept of a loan, column by column, and what the database checks of it."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from echange.lending.models.item import Item
from echange.lending.models.lender import Lender
from echange.members import Member, Organisation


class LoanRow(Model):
    """The columns of a loan; its verbs stand in `Loan`.

    `borrower` has it, for an organisation when one is named. From `starts_at` (collected) to `ends_at`
    (brought back); of a kit, `parts` are the optional items asked for, by their ids. `booking_id` is its
    number in the calendars. `renewed` counts; `version` rises with every change that a calendar must hear of
    (RFC 5545, SEQUENCE). `moved_at`: since when it is as it is; `reminded_at`: when somebody was last
    reminded. `once` comes from the form that it was asked with.
    """

    id = fields.IntField(primary_key=True)
    state = fields.CharField(max_length=12)
    quantity = fields.SmallIntField(default=1, db_default=1)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    purpose = fields.CharField(max_length=300, default="", db_default="")
    parts: list[int] = ArrayField("int", default=list, db_default=[])
    booking_id = fields.BigIntField(null=True)
    held_until = fields.DatetimeField(null=True)
    renewed = fields.SmallIntField(default=0, db_default=0)
    version = fields.IntField(default=0, db_default=0)
    at = fields.DatetimeField(auto_now_add=True)
    moved_at = fields.DatetimeField(auto_now_add=True)
    out_at = fields.DatetimeField(null=True)
    returned_at = fields.DatetimeField(null=True)
    reminded_at = fields.DatetimeField(null=True)
    once = fields.CharField(max_length=36, default="", db_default="")
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="loans", on_delete=fields.RESTRICT
    )
    lender: fields.ForeignKeyRelation[Lender] = fields.ForeignKeyField(
        "echange.Lender", related_name="loans", on_delete=fields.RESTRICT, db_index=True
    )
    borrower: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="loans", on_delete=fields.RESTRICT
    )
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation",
        null=True,
        related_name="loans_borrowed",
        on_delete=fields.SET_NULL,
        db_index=True,
    )

    item_id: int
    lender_id: int
    borrower_id: int
    organisation_id: int | None

    class Meta:
        abstract = True
        indexes: ClassVar = [
            Index(fields=("borrower_id", "id"), name="loan_borrower"),
            Index(fields=("item_id", "starts_at"), name="loan_item"),
        ]
        constraints = [
            CheckConstraint(
                check="booking_id IS NOT NULL OR state NOT IN ('held', 'requested', 'approved', 'ready', "
                "'out')",
                name="loan_booked_while_running",
            ),
            CheckConstraint(
                check="(state = 'held') = (held_until IS NOT NULL)",
                name="loan_held_for_a_while",
            ),
            CheckConstraint(check="ends_at > starts_at", name="loan_lasts"),
            CheckConstraint(check="quantity BETWEEN 1 AND 1000", name="loan_quantity_counts"),
            CheckConstraint(
                check="state IN ('held', 'requested', 'approved', 'at_risk', 'ready', 'out', 'returned', "
                "'damaged', 'lost', 'closed', 'refused', 'cancelled', 'expired', 'no_show')",
                name="loan_state_known",
            ),
        ]
