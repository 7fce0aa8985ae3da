"""A photo of an annonce."""

from typing import TYPE_CHECKING, Final, Literal

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.ads import refusals
from echange.database import execute, in_transaction
from echange.media import Store, take_photo

if TYPE_CHECKING:
    from echange.ads.models.ad import Ad

MOST_PHOTOS: Final = 6
# Where no photo ever stands.
_ASIDE: Final = 1000
Way = Literal["first", "earlier", "later"]


class AdPhoto(Model):
    """A photo of an annonce; its files are named by `name`, one for each of `widths` (pixels).

    They stand in order of `position`; the first one is the annonce's face.
    """

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

    @classmethod
    async def add(cls, ad: "Ad", data: bytes, store: Store, alt: str = "") -> "AdPhoto":
        """Keep a photo after the others. Raises TooManyPhotos, and what `take_photo` raises."""
        await cls._next_place(ad.id)
        photo = await take_photo(data, store)
        try:
            async with in_transaction():
                await ad.lock()
                return await cls.create(
                    ad_id=ad.id,
                    name=photo.name,
                    position=await cls._next_place(ad.id),
                    width=photo.width,
                    height=photo.height,
                    widths=list(photo.widths),
                    alt=alt,
                )
        except BaseException:
            await store.delete(photo.name)
            raise

    @classmethod
    async def _next_place(cls, ad_id: int) -> int:
        places: list[int] = [photo.position for photo in await cls.filter(ad_id=ad_id)]
        if len(places) >= MOST_PHOTOS:
            raise refusals.TooManyPhotos
        return max(places, default=-1) + 1

    @classmethod
    async def move(cls, ad: "Ad", photo_id: int, way: Way) -> None:
        """Put one of the annonce's photos first, or one place earlier or later; another's is left alone."""
        async with in_transaction():
            await ad.lock()
            order = [photo.id for photo in await cls.filter(ad_id=ad.id).order_by("position")]
            if photo_id not in order:
                return
            place = order.index(photo_id)
            order.remove(photo_id)
            order.insert({"first": 0, "earlier": max(place - 1, 0), "later": place + 1}[way], photo_id)
            # Two steps: on the way to their new places no two photos may stand at the same one.
            await execute("UPDATE ad_photo SET position = position + $2 WHERE ad_id = $1", ad.id, _ASIDE)
            await execute(
                "UPDATE ad_photo SET position = array_position($2::int[], id) - 1 WHERE ad_id = $1",
                ad.id,
                order,
            )

    @classmethod
    async def forget(cls, ad: "Ad", ids: list[int], store: Store) -> None:
        """Remove these of the annonce's photos, files included."""
        photos = await cls.filter(ad_id=ad.id, id__in=ids)
        await cls.filter(ad_id=ad.id, id__in=ids).delete()
        for photo in photos:
            await store.delete(photo.name)
