"""Who lends, made the first time they lend something."""

from typing import Any

from tortoise import Model, fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange import booking
from echange.database import execute, in_transaction
from echange.http import NotFound, Viewer
from echange.lending.seeing import actor
from echange.members import Member, Organisation, note_act
from echange.places import Place


class Lender(Model):
    """A member, an organisation or a place that lends. Things are collected at its booking site.

    `address` and `directions` are told to borrowers once a loan is agreed, never before; a place's own
    address is public. The limits are how many loans one person may have running here.
    """

    id = fields.IntField(primary_key=True)
    address = fields.CharField(max_length=200, default="", db_default="")
    directions = fields.CharField(max_length=500, default="", db_default="")
    max_running = fields.SmallIntField(null=True)
    max_per_category = fields.SmallIntField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="lenders", on_delete=fields.RESTRICT
    )
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation", null=True, related_name="lenders", on_delete=fields.RESTRICT
    )
    place: fields.ForeignKeyNullableRelation[Place] = fields.ForeignKeyField(
        "echange.Place", null=True, related_name="lenders", on_delete=fields.RESTRICT
    )
    site_id = fields.IntField()

    member_id: int | None
    organisation_id: int | None
    place_id: int | None

    class Meta:
        table = "lender"
        constraints = [
            CheckConstraint(
                check="num_nonnulls(member_id, organisation_id, place_id) = 1",
                name="lender_is_one",
            ),
            CheckConstraint(
                check="max_running BETWEEN 1 AND 100 AND max_per_category BETWEEN 1 AND 100",
                name="lender_limits_possible",
            ),
            UniqueConstraint(fields=("member_id",), name="lender_member_once"),
            UniqueConstraint(fields=("organisation_id",), name="lender_organisation_once"),
            UniqueConstraint(fields=("place_id",), name="lender_place_once"),
        ]

    @classmethod
    async def of(
        cls, *, member_id: int | None = None, organisation_id: int | None = None, place_id: int | None = None
    ) -> "Lender":
        """The lender that this member, organisation or place is; made now when it is none yet.

        Whether somebody may lend in its name is asked before (see `managing`). Raises NotFound.
        """
        owners: dict[str, int | None] = {
            "member_id": member_id,
            "organisation_id": organisation_id,
            "place_id": place_id,
        }
        ((name, owner_id),) = [(name, value) for name, value in owners.items() if value is not None]
        known = await cls.filter(Q(**cls._named(name, owner_id))).first()
        return known or await cls._made(name, owner_id)

    @staticmethod
    def _named(name: str, owner_id: int) -> dict[str, Any]:
        return {name: owner_id}

    @classmethod
    async def _made(cls, name: str, owner_id: int) -> "Lender":
        table = name.removesuffix("_id")
        async with in_transaction():
            # Two who lend for the first time at once: the second finds the first one's.
            if not await execute(f"SELECT FROM {table} WHERE id = $1 FOR NO KEY UPDATE", owner_id):
                raise NotFound
            if known := await cls.filter(Q(**cls._named(name, owner_id))).first():
                return known
            if name == "place_id":
                site_id = (await Place.get(id=owner_id)).site_id
            else:
                site_id = await booking.make_site()
            return await cls.create(site_id=site_id, **cls._named(name, owner_id))

    async def tell(
        self,
        *,
        by: Viewer,
        address: str,
        directions: str,
        max_running: int | None,
        max_per_category: int | None,
    ) -> None:
        """Where things are collected, and how much one person may have at a time; loans that run stay."""
        actor(by)
        told = {
            "address": address,
            "directions": directions,
            "max_running": max_running,
            "max_per_category": max_per_category,
        }
        async with in_transaction():
            await Lender.filter(id=self.id).update(**told)
            await note_act(by, "lender_told", ("lender", self.id))
        self.update_from_dict(told)

    @property
    def url(self) -> str:
        """Its settings, for who manages it."""
        return f"/prets/preteur/{self.id}"
