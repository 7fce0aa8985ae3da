"""A photo of something lent."""

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.lending.models.item import Item
from echange.media.album import AlbumPhoto


class ItemPhoto(AlbumPhoto):
    """A photo of an item; the first one is its face."""

    OF = "item_id"

    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="photos", on_delete=fields.CASCADE
    )

    item_id: int

    class Meta(AlbumPhoto.Meta):
        abstract = False
        table = "item_photo"
        constraints = [
            UniqueConstraint(fields=("name",), name="item_photo_name_once"),
            UniqueConstraint(fields=("item_id", "position"), name="item_photo_position_once"),
        ]
