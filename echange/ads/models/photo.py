"""A photo of an annonce."""

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.media.album import AlbumPhoto

if TYPE_CHECKING:
    from echange.ads.models.ad import Ad


class AdPhoto(AlbumPhoto):
    """A photo of an annonce; the first one is its face."""

    OF = "ad_id"

    ad: "fields.ForeignKeyRelation[Ad]" = fields.ForeignKeyField(
        "echange.Ad", related_name="photos", on_delete=fields.CASCADE
    )

    ad_id: int

    class Meta(AlbumPhoto.Meta):
        abstract = False
        table = "ad_photo"
        constraints = [
            UniqueConstraint(fields=("name",), name="ad_photo_name_once"),
            UniqueConstraint(fields=("ad_id", "position"), name="ad_photo_position_once"),
        ]
