"""The end of an annonce."""

from typing import TYPE_CHECKING

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint

from echange.members import Member

if TYPE_CHECKING:
    from echange.ads.models.ad import Ad


class Closure(Model):
    """The end of an annonce: who closed it, when, and how it went."""

    id = fields.IntField(primary_key=True)
    ad: "fields.OneToOneRelation[Ad]" = fields.OneToOneField(
        "echange.Ad", related_name="closure", on_delete=fields.CASCADE
    )
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="closures", on_delete=fields.RESTRICT, db_index=True
    )
    outcome = fields.CharField(max_length=20)
    weight_grams = fields.IntField(null=True)
    at = fields.DatetimeField(auto_now_add=True)

    ad_id: int
    by_id: int

    class Meta:
        table = "closure"
        constraints = [
            CheckConstraint(
                check="outcome IN ('given', 'sold', 'found', 'done', 'withdrawn')",
                name="closure_outcome_known",
            ),
            CheckConstraint(check="weight_grams BETWEEN 1 AND 2000000", name="closure_weight_possible"),
        ]
