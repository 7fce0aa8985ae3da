"""What goes with a thing, and what a kit is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import in_transaction
from echange.http import Invalid, Viewer
from echange.i18n import gettext as _
from echange.lending import refusals
from echange.lending.models.item import Item
from echange.lending.seeing import actor
from echange.members import note_act


class Accessory(Model):
    """What goes with it and must come back: a remote control, a bag."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80)
    quantity = fields.SmallIntField(default=1, db_default=1)
    position = fields.SmallIntField(default=0, db_default=0)
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="accessories", on_delete=fields.CASCADE
    )

    item_id: int

    class Meta:
        table = "accessory"
        constraints = [
            CheckConstraint(
                check="quantity BETWEEN 1 AND 1000",
                name="accessory_counts",
            ),
            UniqueConstraint(fields=("item_id", "name"), name="accessory_once"),
        ]

    @classmethod
    async def tell(cls, item: Item, said: Sequence[tuple[str, int]]) -> None:
        """All that goes with it, name and how many, written anew in the caller's transaction."""
        await cls.filter(item_id=item.id).delete()
        for position, (name, quantity) in enumerate(dict(said).items()):
            await cls.create(item_id=item.id, name=name, quantity=quantity, position=position)


@dataclass(frozen=True, slots=True)
class Part:
    """So many of an item in a kit."""

    item_id: int
    quantity: int = 1
    optional: bool = False


class KitPart(Model):
    """An item in a kit, so many of it; optional ones are chosen by whoever borrows the kit."""

    id = fields.IntField(primary_key=True)
    quantity = fields.SmallIntField(default=1, db_default=1)
    optional = fields.BooleanField(default=False, db_default=False)
    position = fields.SmallIntField(default=0, db_default=0)
    kit: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="parts", on_delete=fields.CASCADE
    )
    item: fields.ForeignKeyRelation[Item] = fields.ForeignKeyField(
        "echange.Item", related_name="kits", on_delete=fields.RESTRICT, db_index=True
    )

    kit_id: int
    item_id: int

    class Meta:
        table = "kit_part"
        constraints = [
            CheckConstraint(
                check="quantity BETWEEN 1 AND 1000",
                name="kit_part_counts",
            ),
            CheckConstraint(
                check="kit_id <> item_id",
                name="kit_part_of_another",
            ),
            UniqueConstraint(fields=("kit_id", "item_id"), name="kit_part_once"),
        ]

    @classmethod
    async def tell(cls, kit: Item, parts: Sequence[Part], *, by: Viewer) -> None:
        """What the kit is made of, written anew; loans that run keep what they took.

        Raises PartElsewhere for another lender's or another place's things, and Invalid for a kit in a kit.
        """
        actor(by)
        async with in_transaction():
            wanted = {part.item_id: part for part in parts}
            # Held, the kit among them: nobody moves one elsewhere meanwhile.
            held = Item.filter(id__in=[kit.id, *wanted]).order_by("id").select_for_update(no_key=True)
            items = {item.id: item for item in await held}
            for item_id in wanted:
                _check_part(kit, items.get(item_id))
            await cls.filter(kit_id=kit.id).delete()
            for position, part in enumerate(wanted.values()):
                await cls.create(
                    kit_id=kit.id,
                    item_id=part.item_id,
                    quantity=part.quantity,
                    optional=part.optional,
                    position=position,
                )
            await note_act(by, "kit_told", ("item", kit.id))

    @classmethod
    async def of(cls, kit: Item) -> list["KitPart"]:
        """In their order, with their items."""
        return list(await cls.filter(kit_id=kit.id).order_by("position", "id").select_related("item"))


def _check_part(kit: Item, item: Item | None) -> None:
    if item is None or item.is_kit:
        raise Invalid({"parts": [_("Choisissez une des réponses proposées.")]})
    if item.lender_id != kit.lender_id or item.place_id != kit.place_id:
        raise refusals.PartElsewhere
