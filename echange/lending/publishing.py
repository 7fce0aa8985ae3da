"""Telling of something to lend, and telling it otherwise: from a program's body to the verbs."""

from collections.abc import Iterable
from typing import Any, Final

from echange import booking
from echange.database import in_transaction
from echange.http import Invalid, Viewer
from echange.i18n import gettext as _
from echange.lending.item_forms import TERMS, AccessoryIn, ItemIn, ItemPatch, columns_of, parts_of, terms_of
from echange.lending.managing import lender_for
from echange.lending.models.item import Item
from echange.lending.models.lender import Lender
from echange.lending.models.parts import Accessory, KitPart
from echange.lending.models.training import Training

KEPT: Final = frozenset({"place", "training"})


async def lend(form: ItemIn, *, by: Viewer) -> Item:
    """Raises what `lender_for`, `Item.make` and `KitPart.tell` do."""
    lender = await lender_for(by, organisation_id=form.organisation, place_id=form.lent_by_place)
    values = form.model_dump()
    async with in_transaction():
        item = await Item.make(
            lender,
            by=by,
            kind=form.kind,
            units=form.units,
            place_id=form.place,
            terms=terms_of(values),
            publish=not form.draft,
            training_id=await training_of(lender, form.training),
            **columns_of(values),
        )
        await tell_accessories(item, form.accessories)
        if item.is_kit:
            await KitPart.tell(item, parts_of(form.parts), by=by)
            if not form.draft:
                await item.publish(by=by)
        return item


async def change(item: Item, form: ItemPatch, *, by: Viewer) -> None:
    """Only what is given; the item was loaded whole. Raises what `Item.edit` and its other verbs do."""
    values = form.model_dump(exclude_unset=True)
    changes: dict[str, Any] = columns_of(values)
    if "place" in values:
        changes["place_id"] = form.place
    if "training" in values:
        changes["training_id"] = await training_of(item.lender, form.training, item.training_id)
    async with in_transaction():
        await item.edit(by=by, terms=terms_of(values, await rules_of(item)), **changes)
        if form.accessories is not None:
            await tell_accessories(item, form.accessories)
        if form.parts is not None:
            await KitPart.tell(item, parts_of(form.parts), by=by)
        if form.withdrawn is True:
            await item.withdraw(by=by)
        elif form.withdrawn is False or form.published is True:
            await item.publish(by=by)


async def tell_accessories(item: Item, said: Iterable[AccessoryIn]) -> None:
    """In the caller's transaction."""
    await Accessory.tell(item, [(one.name, one.quantity) for one in said])


async def training_of(lender: Lender, training_id: int | None, known: int | None = None) -> int | None:
    """A training of this lender that is open, or the `known` one, which the item has already.

    Raises Invalid for another's.
    """
    if training_id is None or training_id == known:
        return training_id
    if not await Training.exists(id=training_id, lender_id=lender.id, closed_at=None):
        raise Invalid({"training": [_("Choisissez une des réponses proposées.")]})
    return training_id


async def rules_of(item: Item) -> booking.Rules | None:
    """The terms of its calendar; None for a kit, whose parts have theirs."""
    if item.model_id is None:
        return None
    return (await booking.rules_of([item.model_id]))[item.model_id]


async def terms_in_force(items: Iterable[Item]) -> dict[int, dict[str, int | bool | None]]:
    """By item, the terms of those that have a calendar, named as in the API."""
    by_model = {item.model_id: item.id for item in items if item.model_id is not None}
    rules = await booking.rules_of(list(by_model))
    return {
        item_id: {name: getattr(rules[model_id], own) for name, own in TERMS.items()}
        for model_id, item_id in by_model.items()
    }
