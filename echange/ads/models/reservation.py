"""A promise of an annonce to one neighbour."""

from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from echange.ads.models.ad import Ad
from echange.ads.models.answer import Answer
from echange.members import Member

ENDINGS: Final = ("done", "released", "withdrawn", "declined", "silent", "fell_through", "closed")


class Reservation(Model):
    """A promise to whoever gave `answer`, until it ends; the database keeps them to one at a time.

    `by` promised it, or the queue itself when nobody. In a fair queue the neighbour says yes before
    `answer_by`, and `accepted_at` tells when. `meet_at`, `meet_where`: the appointment one side proposed,
    agreed by the other at `meet_agreed_at`.
    """

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    answer_by = fields.DatetimeField(null=True)
    accepted_at = fields.DatetimeField(null=True)
    meet_at = fields.DatetimeField(null=True)
    meet_where = fields.CharField(max_length=200, default="", db_default="")
    meet_agreed_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ending = fields.CharField(max_length=20, null=True)
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="promises", on_delete=fields.RESTRICT, db_index=True
    )
    ad: fields.ForeignKeyRelation[Ad] = fields.ForeignKeyField(
        "echange.Ad", related_name="reservations", on_delete=fields.CASCADE
    )
    answer: fields.ForeignKeyRelation[Answer] = fields.ForeignKeyField(
        "echange.Answer", related_name="reservations", on_delete=fields.CASCADE, db_index=True
    )

    by_id: int | None
    ad_id: int
    answer_id: int

    class Meta:
        table = "reservation"
        indexes: ClassVar = [Index(fields=("ad_id", "id"), name="reservation_ad")]
        constraints = [
            CheckConstraint(
                check="ending IN ('done', 'released', 'withdrawn', 'declined', 'silent', 'fell_through',"
                " 'closed')",
                name="reservation_ending_known",
            ),
            CheckConstraint(check="(ended_at IS NULL) = (ending IS NULL)", name="reservation_ended_somehow"),
        ]
