"""What is kept of something lent, column by column, and what the database checks of it."""

from typing import TYPE_CHECKING

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.lending.models.lender import Lender
from echange.lending.models.training import Training
from echange.members import Member
from echange.places import Place

if TYPE_CHECKING:
    from echange.lending.models.parts import Accessory, KitPart
    from echange.lending.models.photo import ItemPhoto


class ItemRow(Model):
    """The columns of something lent; its verbs stand in `Item`.

    `model_id` is its calendar in `booking`; a kit has none, it is its parts. `place` is where it is collected
    or used, when that is not at the lender's own. `manual`: how to use it safely; `rules`: what the lender
    asks. Values and deposits are cents, written down and never paid here.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=10, default="thing", db_default="thing")
    title = fields.CharField(max_length=80)
    body = fields.TextField(default="", db_default="")
    category = fields.CharField(max_length=30, default="", db_default="")
    manual = fields.TextField(default="", db_default="")
    rules = fields.TextField(default="", db_default="")
    value_cents = fields.IntField(null=True)
    deposit_cents = fields.IntField(default=0, db_default=0)
    who = fields.CharField(max_length=10, default="verified", db_default="verified")
    approval = fields.CharField(max_length=10, default="automatic", db_default="automatic")
    renewals = fields.SmallIntField(default=1, db_default=1)
    max_quantity = fields.SmallIntField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    published_at = fields.DatetimeField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    lender: fields.ForeignKeyRelation[Lender] = fields.ForeignKeyField(
        "echange.Lender", related_name="items", on_delete=fields.RESTRICT, db_index=True
    )
    place: fields.ForeignKeyNullableRelation[Place] = fields.ForeignKeyField(
        "echange.Place", null=True, related_name="items_here", on_delete=fields.RESTRICT, db_index=True
    )
    model_id = fields.IntField(null=True)
    training: fields.ForeignKeyNullableRelation[Training] = fields.ForeignKeyField(
        "echange.Training", null=True, related_name="items", on_delete=fields.RESTRICT, db_index=True
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="items_by", on_delete=fields.SET_NULL, db_index=True
    )

    lender_id: int
    place_id: int | None
    training_id: int | None
    by_id: int | None
    photos: "fields.ReverseRelation[ItemPhoto]"
    accessories: "fields.ReverseRelation[Accessory]"
    parts: "fields.ReverseRelation[KitPart]"

    class Meta:
        abstract = True
        constraints = [
            CheckConstraint(
                check="approval IN ('automatic', 'owner', 'staff')",
                name="item_approval_known",
            ),
            CheckConstraint(
                check="kind IN ('thing', 'kit', 'room', 'desk', 'machine')",
                name="item_kind_known",
            ),
            CheckConstraint(
                check="(kind = 'kit') = (model_id IS NULL)",
                name="item_kit_of_parts",
            ),
            UniqueConstraint(fields=("model_id",), name="item_model_once"),
            CheckConstraint(
                check="value_cents BETWEEN 0 AND 100000000 AND deposit_cents BETWEEN 0 AND 10000000",
                name="item_money_possible",
            ),
            CheckConstraint(
                check="max_quantity BETWEEN 1 AND 1000",
                name="item_quantity_possible",
            ),
            CheckConstraint(
                check="renewals BETWEEN 0 AND 20",
                name="item_renewals_possible",
            ),
            CheckConstraint(
                check="length(trim(title)) > 0",
                name="item_titled",
            ),
            CheckConstraint(
                check="who IN ('verified', 'members')",
                name="item_who_known",
            ),
        ]
