"""A photo of something lent."""

from typing import Final, Literal

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.database import execute, in_transaction
from echange.lending import refusals
from echange.lending.models.item import Item
from echange.media import Store, take_photo

MOST_PHOTOS: Final = 6
# Where no photo ever stands.
_ASIDE: Final = 1000
Way = Literal["first", "earlier", "later"]


class ItemPhoto(Model):
    """A photo of an item; its files are named by `name`, one for each of `widths` (pixels).

    They stand in order of `position`; the first one is the item's face.
    """

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    position = fields.SmallIntField()
    width = fields.IntField()
    height = fields.IntField()
    widths: list[int] = fields.JSONField()
    alt = fields.CharField(max_length=200, default="", db_default="")
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="photos", on_delete=fields.CASCADE
    )

    item_id: int

    class Meta:
        table = "item_photo"
        constraints = [
            UniqueConstraint(fields=("name",), name="item_photo_name_once"),
            UniqueConstraint(fields=("item_id", "position"), name="item_photo_position_once"),
        ]

    @classmethod
    async def add(cls, item: Item, data: bytes, store: Store, alt: str = "") -> "ItemPhoto":
        """Keep a photo after the others. Raises TooManyItemPhotos, and what `take_photo` raises."""
        await cls._next_place(item.id)
        photo = await take_photo(data, store)
        try:
            async with in_transaction():
                await item.lock()
                return await cls.create(
                    item_id=item.id,
                    name=photo.name,
                    position=await cls._next_place(item.id),
                    width=photo.width,
                    height=photo.height,
                    widths=list(photo.widths),
                    alt=alt,
                )
        except BaseException:
            await store.delete(photo.name)
            raise

    @classmethod
    async def _next_place(cls, item_id: int) -> int:
        places: list[int] = [photo.position for photo in await cls.filter(item_id=item_id)]
        if len(places) >= MOST_PHOTOS:
            raise refusals.TooManyItemPhotos
        return max(places, default=-1) + 1

    @classmethod
    async def move(cls, item: Item, photo_id: int, way: Way) -> None:
        """Put one of the item's photos first, or one place earlier or later; another's is left alone."""
        async with in_transaction():
            await item.lock()
            order = [photo.id for photo in await cls.filter(item_id=item.id).order_by("position")]
            if photo_id not in order:
                return
            place = order.index(photo_id)
            order.remove(photo_id)
            order.insert({"first": 0, "earlier": max(place - 1, 0), "later": place + 1}[way], photo_id)
            # Two steps: on the way to their new places no two photos may stand at the same one.
            await execute(
                "UPDATE item_photo SET position = position + $2 WHERE item_id = $1", item.id, _ASIDE
            )
            await execute(
                "UPDATE item_photo SET position = array_position($2::int[], id) - 1 WHERE item_id = $1",
                item.id,
                order,
            )

    @classmethod
    async def forget(cls, item: Item, ids: list[int], store: Store) -> None:
        """Remove these of the item's photos, files included."""
        photos = await cls.filter(item_id=item.id, id__in=ids)
        await cls.filter(item_id=item.id, id__in=ids).delete()
        for photo in photos:
            await store.delete(photo.name)
