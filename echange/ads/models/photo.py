"""A photo of an annonce."""

from typing import TYPE_CHECKING

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

if TYPE_CHECKING:
    from echange.ads.models.ad import Ad


class AdPhoto(Model):
    """A photo of an annonce; its files are named by `name`, one for each of `widths` (pixels)."""

    id = fields.IntField(primary_key=True)
    ad: "fields.ForeignKeyRelation[Ad]" = fields.ForeignKeyField(
        "echange.Ad", related_name="photos", on_delete=fields.CASCADE
    )
    name = fields.CharField(max_length=40)
    position = fields.SmallIntField()
    width = fields.IntField()
    height = fields.IntField()
    widths: list[int] = fields.JSONField()
    alt = fields.CharField(max_length=200, default="", db_default="")

    ad_id: int

    class Meta:
        table = "ad_photo"
        constraints = [
            UniqueConstraint(fields=("name",), name="ad_photo_name_once"),
            UniqueConstraint(fields=("ad_id", "position"), name="ad_photo_position_once"),
        ]
