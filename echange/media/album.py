"""Photos of one thing, in an order of their own; the first one is its face."""

from typing import Any, ClassVar, Final, Literal, Protocol, Self

from tortoise import Model, fields

from echange.database import execute, in_transaction
from echange.http.refusals import Refusal
from echange.i18n import mark
from echange.media.intake import take_photo
from echange.media.store import Store

MOST_PHOTOS: Final = 6
# Where no photo ever stands.
_ASIDE: Final = 1000
Way = Literal["first", "earlier", "later"]


class TooManyPhotos(Refusal):
    code = "too_many_photos"
    sentence = mark("Six photos au plus. Retirez-en une pour en ajouter une autre.")


class Pictured(Protocol):
    """What has photos; `lock` holds its row until the transaction ends."""

    id: int

    async def lock(self) -> Any: ...  # noqa: ANN401 — each has a row of its own


class AlbumPhoto(Model):
    """A photo of something; its files are named by `name`, one for each of `widths` (pixels).

    `OF` is the column of what it shows, unique together with `position`.
    """

    OF: ClassVar[str]

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    position = fields.SmallIntField()
    width = fields.IntField()
    height = fields.IntField()
    widths: list[int] = fields.JSONField()
    alt = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        abstract = True

    @classmethod
    async def add(cls, whose: Pictured, data: bytes, store: Store, alt: str = "") -> Self:
        """Keep a photo after the others. Raises TooManyPhotos, and what `take_photo` raises."""
        await cls._next_place(whose)
        photo = await take_photo(data, store)
        try:
            async with in_transaction():
                await whose.lock()
                of: dict[str, Any] = {cls.OF: whose.id}
                return await cls.create(
                    name=photo.name,
                    position=await cls._next_place(whose),
                    width=photo.width,
                    height=photo.height,
                    widths=list(photo.widths),
                    alt=alt,
                    **of,
                )
        except BaseException:
            await store.delete(photo.name)
            raise

    @classmethod
    async def _next_place(cls, whose: Pictured) -> int:
        places: list[int] = [photo.position for photo in await cls.filter(**{cls.OF: whose.id})]
        if len(places) >= MOST_PHOTOS:
            raise TooManyPhotos
        return max(places, default=-1) + 1

    @classmethod
    async def move(cls, whose: Pictured, photo_id: int, way: Way) -> None:
        """Put one of its photos first, or one place earlier or later; another's is left alone."""
        async with in_transaction():
            await whose.lock()
            photos = cls.filter(**{cls.OF: whose.id}).order_by("position")
            order = [photo.id for photo in await photos]
            if photo_id not in order:
                return
            place = order.index(photo_id)
            order.remove(photo_id)
            order.insert({"first": 0, "earlier": max(place - 1, 0), "later": place + 1}[way], photo_id)
            table = cls._meta.db_table
            # Two steps: on the way to their new places no two photos may stand at the same one.
            for places, value in (("position + $2", _ASIDE), ("array_position($2::int[], id) - 1", order)):
                await execute(
                    f"UPDATE {table} SET position = {places} WHERE {cls.OF} = $1",  # noqa: S608 — our own names
                    whose.id,
                    value,
                )

    @classmethod
    async def forget(cls, whose: Pictured, ids: list[int], store: Store) -> None:
        """Remove these of its photos, files included."""
        chosen = {cls.OF: whose.id, "id__in": ids}
        photos = await cls.filter(**chosen)
        await cls.filter(**chosen).delete()
        for photo in photos:
            await store.delete(photo.name)
