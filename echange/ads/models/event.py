"""What happened to an annonce."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tortoise import Model, fields
from tortoise.indexes import Index

from echange.members import Member

if TYPE_CHECKING:
    from echange.ads.models.ad import Ad

Happening = Literal[
    "published", "held", "released", "edited", "renewed", "expired", "reserved", "unreserved", "closed",
    "reopened", "hidden", "restored",
]  # fmt: skip


class AdEvent(Model):
    """A line of an annonce's history, shown to the staff; `by` is nobody for what the clock did."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=20)
    data: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    ad: "fields.ForeignKeyRelation[Ad]" = fields.ForeignKeyField(
        "echange.Ad", related_name="events", on_delete=fields.CASCADE
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="ad_events", on_delete=fields.SET_NULL, db_index=True
    )

    ad_id: int
    by_id: int | None

    class Meta:
        table = "ad_event"
        indexes: ClassVar = [Index(fields=("ad_id", "id"), name="ad_event_ad")]

    @classmethod
    async def note(cls, kind: Happening, ad_id: int, *, by: int | None = None, **data: object) -> None:
        """Write down what happened, in the caller's transaction; `data` is plain JSON."""
        await cls.create(kind=kind, ad_id=ad_id, by_id=by, data=data)
