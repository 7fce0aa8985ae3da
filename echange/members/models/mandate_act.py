"""The book of what was done for somebody under a mandate."""

from typing import Any, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index

from echange.members.models.mandate import Mandate
from echange.members.models.member import Member


class MandateAct(Model):
    """One thing done under a mandate, by whom; never changed afterwards. `data` holds nobody's words."""

    id = fields.BigIntField(primary_key=True)
    what = fields.CharField(max_length=40)
    about_kind = fields.CharField(max_length=20, default="", db_default="")
    about_id = fields.IntField(null=True)
    data: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    mandate: fields.ForeignKeyRelation[Mandate] = fields.ForeignKeyField(
        "echange.Mandate", related_name="acts", on_delete=fields.RESTRICT
    )
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="mandate_acts_by", on_delete=fields.RESTRICT, db_index=True
    )

    mandate_id: int
    by_id: int

    class Meta:
        table = "mandate_act"
        indexes: ClassVar = [Index(fields=("mandate_id", "id"), name="mandate_act_mandate")]
