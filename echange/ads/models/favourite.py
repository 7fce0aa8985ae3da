"""An annonce somebody keeps for later."""

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.ads.models.ad import Ad
from echange.members import Member


class Favourite(Model):
    """A member keeps an annonce in sight; only they know."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    ad: fields.ForeignKeyRelation[Ad] = fields.ForeignKeyField(
        "echange.Ad", related_name="favourites", on_delete=fields.CASCADE, db_index=True
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="favourites", on_delete=fields.CASCADE
    )

    ad_id: int
    member_id: int

    class Meta:
        table = "favourite"
        constraints = [UniqueConstraint(fields=("member_id", "ad_id"), name="favourite_once")]
