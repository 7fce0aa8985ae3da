"""Pieces one can take in hand, and when they are away for repair."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange import booking
from echange.database import fetch_value, in_transaction
from echange.http import Invalid, Viewer
from echange.http.dates import now
from echange.http.promises import kept
from echange.lending import refusals
from echange.lending.addresses import unit_url
from echange.lending.codes import CODE, next_codes, tidied
from echange.lending.kinds import ON_THE_SPOT
from echange.lending.models.item import MOST_UNITS, Item
from echange.lending.seeing import actor
from echange.members import Member, note_act


class Unit(Model):
    """One piece of an item, with the code on its label; its `id` is its unit in `booking`.

    `note` is for who manages it. Whether it is withdrawn is asked of `booking` (`retired_at`).
    """

    id = fields.IntField(primary_key=True, generated=False)
    code = fields.CharField(max_length=20)
    condition = fields.CharField(max_length=10, default="good", db_default="good")
    serial = fields.CharField(max_length=80, default="", db_default="")
    note = fields.CharField(max_length=300, default="", db_default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="units", on_delete=fields.RESTRICT, db_index=True
    )

    item_id: int

    class Meta:
        table = "unit"
        constraints = [
            UniqueConstraint(fields=("code",), name="unit_code_once"),
            CheckConstraint(
                check="code ~ '^[A-Z0-9][A-Z0-9-]{1,19}$'",
                name="unit_coded",
            ),
            CheckConstraint(
                check="condition IN ('new', 'good', 'worn', 'broken', 'lost')",
                name="unit_condition_known",
            ),
        ]

    @property
    def url(self) -> str:
        """Where its label leads."""
        return unit_url(self.code)

    @classmethod
    async def born(cls, item: Item, unit_ids: Sequence[int]) -> list["Unit"]:
        """Give new units of the item's calendar their codes, in the caller's transaction."""
        if not unit_ids:
            return []
        codes = await next_codes(await _name_of_lender(item.lender_id), len(unit_ids))
        return [
            await cls.create(id=unit_id, code=code, item_id=item.id)
            for unit_id, code in zip(unit_ids, codes, strict=True)
        ]

    @classmethod
    async def add(cls, item: Item, count: int, *, by: Viewer) -> list["Unit"]:
        """So many more pieces of it. Raises KitHasNoUnits, OneUnitOnly, TooManyUnits."""
        actor(by)
        if item.model_id is None:
            raise refusals.KitHasNoUnits
        if item.kind in ON_THE_SPOT:
            raise refusals.OneUnitOnly
        async with in_transaction():
            await item.lock()
            if count < 1 or await cls.filter(item_id=item.id).count() + count > MOST_UNITS:
                raise refusals.TooManyUnits(most=MOST_UNITS)
            units = await cls.born(item, await booking.add_units(item.model_id, count))
            await note_act(by, "units_added", ("item", item.id), count=count)
            return units

    async def edit(self, *, by: Viewer, **changes: Any) -> None:  # noqa: ANN401 — as many types as columns
        """Change code, condition, serial number or note. Raises NotACode, CodeTaken (Invalid at `code`)."""
        actor(by)
        if "code" in changes:
            changes["code"] = tidied(changes["code"])
            if not CODE.fullmatch(changes["code"]):
                raise Invalid({"code": [refusals.NotACode().title]})
        if not changes:
            return
        with kept({"unit_code_once": refusals.CodeTaken}):
            await Unit.filter(id=self.id).update(**changes)
        self.update_from_dict(changes)


async def _name_of_lender(lender_id: int) -> str:
    name: str = await fetch_value(
        """SELECT coalesce(o.name, p.name, m.name) FROM lender l
           LEFT JOIN organisation o ON o.id = l.organisation_id LEFT JOIN place p ON p.id = l.place_id
           LEFT JOIN member m ON m.id = l.member_id WHERE l.id = $1""",
        lender_id,
    )
    return name


class Maintenance(Model):
    """A unit kept from being lent for a while: repaired, cleaned, checked. `booking_id` holds it free."""

    id = fields.IntField(primary_key=True)
    words = fields.CharField(max_length=300, default="", db_default="")
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    booking_id = fields.BigIntField()
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "echange.Unit", related_name="maintenances", on_delete=fields.CASCADE, db_index=True
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="maintenances_by", on_delete=fields.SET_NULL, db_index=True
    )

    unit_id: int
    by_id: int | None

    class Meta:
        table = "maintenance"
        constraints = [
            CheckConstraint(
                check="ends_at > starts_at",
                name="maintenance_lasts",
            ),
        ]

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.ends_at <= now()

    @classmethod
    async def plan(
        cls, unit: Unit, starts_at: datetime, ends_at: datetime, words: str, *, by: Viewer
    ) -> "tuple[Maintenance, list[booking.Displaced]]":
        """Keep a unit from being lent; loans it was promised to go to other units, or are at risk.

        In the caller's transaction, who hands the displaced ones on. Raises what `booking.maintain` does.
        """
        me = actor(by)
        number, displaced = await booking.maintain(unit.id, booking.Period(starts_at, ends_at))
        made = await cls.create(
            unit_id=unit.id,
            starts_at=starts_at,
            ends_at=ends_at,
            words=words,
            booking_id=number,
            by_id=me,
        )
        return made, displaced

    async def end(self, *, by: Viewer) -> None:
        """It can be lent again from now on; said twice, nothing happens."""
        actor(by)
        async with in_transaction():
            moment = now()
            if await Maintenance.filter(id=self.id, ended_at=None, ends_at__gt=moment).update(
                ended_at=moment
            ):
                await booking.end_maintenance(self.booking_id, moment)
