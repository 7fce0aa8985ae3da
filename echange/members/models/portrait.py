"""The photo of a member."""

from typing import Final

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

from echange import jobs
from echange.database import in_transaction
from echange.media import Store, take_photo
from echange.members.models.member import Member

FORGET_PHOTO: Final = "members.forget_photo"


class MemberPhoto(Model):
    """A member's photo; its files are named by `name`, one for each of `widths` (pixels)."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    width = fields.IntField()
    height = fields.IntField()
    widths: list[int] = fields.JSONField()
    member: fields.OneToOneRelation[Member] = fields.OneToOneField(
        "echange.Member", related_name="photo", on_delete=fields.CASCADE
    )

    member_id: int

    class Meta:
        table = "portrait"
        constraints = [UniqueConstraint(fields=("name",), name="portrait_name_once")]

    @classmethod
    async def replace(cls, member_id: int, data: bytes, store: Store) -> None:
        """Take a photo in place of the one before; that one stays if this raises what `take_photo` does."""
        taken = await take_photo(data, store)
        try:
            async with in_transaction():
                await Member.filter(id=member_id).select_for_update(no_key=True).get()
                await cls.remove(member_id)
                await cls.create(
                    member_id=member_id,
                    name=taken.name,
                    width=taken.width,
                    height=taken.height,
                    widths=list(taken.widths),
                )
        except BaseException:
            await store.delete(taken.name)
            raise

    @classmethod
    async def remove(cls, member_id: int) -> None:
        """Forget a member's photo; its files go by a job after that is committed."""
        async with in_transaction():
            photo = await cls.get_or_none(member_id=member_id)
            if photo is not None:
                await photo.delete()
                await jobs.enqueue(FORGET_PHOTO, {"name": photo.name})
