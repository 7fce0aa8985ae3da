"""An annonce somebody keeps for later."""

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.ads.models.ad import Ad
from echange.ads.seeing import Someone
from echange.database import execute
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

    @classmethod
    async def keep(cls, ad: Ad, *, by: Someone) -> None:
        """Keep a published annonce in sight; keeping it twice changes nothing."""
        await execute(
            "INSERT INTO favourite (ad_id, member_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", ad.id, by.id
        )

    @classmethod
    async def drop(cls, ad_id: int, *, by: Someone) -> None:
        """Let it go, also when it can no longer be seen."""
        await cls.filter(ad_id=ad_id, member_id=by.id).delete()

    @classmethod
    async def is_kept(cls, ad_id: int, by: Someone | None) -> bool:
        """Whether somebody keeps this annonce."""
        return by is not None and await cls.exists(ad_id=ad_id, member_id=by.id)
