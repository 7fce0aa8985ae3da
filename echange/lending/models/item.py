"""Something lent and its life: draft, published, withdrawn and back, hidden by a moderator, removed."""

from collections.abc import Sequence
from typing import Any, Final

from tortoise.queryset import QuerySet

from echange import booking
from echange.database import fetch_value, in_transaction
from echange.http import Invalid, NotFound, Viewer
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.lending import newcomers, refusals
from echange.lending.addresses import item_url
from echange.lending.categories import suggested_for
from echange.lending.kinds import ON_THE_SPOT
from echange.lending.models.item_row import ItemRow
from echange.lending.models.lender import Lender
from echange.lending.seeing import actor, seen_by
from echange.media import Store
from echange.members import Member, note_act
from echange.places import Place

MOST_UNITS: Final = 200
TEXTS: Final = ("title", "body", "manual", "rules")


class Item(ItemRow):
    """Something lent. Who may change it is asked by `managing.check_manages` before these verbs."""

    class Meta(ItemRow.Meta):
        table = "item"
        abstract = False

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet["Item"]:
        """What somebody may see, everywhere: pages, API, photos, cards, loans go through this."""
        return cls.filter(seen_by(viewer))

    @property
    def state(self) -> str:
        """draft, hidden, withdrawn or published."""
        if self.published_at is None:
            return "draft"
        if self.hidden_at:
            return "hidden"
        return "withdrawn" if self.withdrawn_at else "published"

    @property
    def url(self) -> str:
        return item_url(self.id, self.title)

    @property
    def is_kit(self) -> bool:
        return self.model_id is None

    @property
    def on_the_spot(self) -> bool:
        """Used where it stands: a room, a desk, a machine."""
        return self.kind in ON_THE_SPOT

    @property
    def needs_rereading(self) -> bool:
        """Whether there is something to read and agree to before it is asked for."""
        return bool(self.deposit_cents or self.rules)

    @classmethod
    async def make(
        cls,
        lender: Lender,
        *,
        by: Viewer,
        title: str,
        kind: str = "thing",
        units: int = 1,
        place_id: int | None = None,
        terms: booking.Rules | None = None,
        publish: bool = True,
        **columns: Any,  # noqa: ANN401 — as many types as columns
    ) -> "Item":
        """Something to lend, with so many units (codes are given), open to all neighbours at once.

        `columns`: body, category, deposit_cents, approval… A kit has no units: see `KitPart.tell`.
        Raises TooManyUnits, OneUnitOnly, Invalid (place), LenderAway, LenderUnconfirmed,
        TooManyItems, NoLinksInItem, OutOfScope.
        """
        from echange.lending.models.unit import Unit

        me = actor(by)
        _check_units(kind, units)
        async with in_transaction():
            member = await Member.filter(id=me).select_for_update(no_key=True).get()
            newcomers.check_ready(member)
            newcomers.check_links(member, title, *(columns.get(name, "") for name in TEXTS[1:]))
            await newcomers.check_pace(member)
            site_id = await site_of(lender, place_id, kind, by=by)
            model_id = None
            unit_ids: Sequence[int] = ()
            if kind != "kit":
                named = kind in ON_THE_SPOT
                model_id, unit_ids = await booking.make_model(
                    site_id, terms or booking.Rules(), units=units, named=named
                )
            item = await cls.create(
                lender_id=lender.id,
                by_id=me,
                title=title,
                kind=kind,
                place_id=place_id,
                model_id=model_id,
                published_at=now() if publish and kind != "kit" else None,
                category=columns.pop("category", "") or suggested_for(title, kind),
                **columns,
            )
            await Unit.born(item, unit_ids)
            await note_act(by, "item_lent", ("item", item.id))
            return item

    async def edit(
        self,
        *,
        by: Viewer,
        terms: booking.Rules | None = None,
        **changes: Any,  # noqa: ANN401 — as many types as columns
    ) -> None:
        """Change named columns, and the terms of its calendar. What is booked already stays as it is.

        Raises Invalid (place), RunningLoans, InAKit, PartElsewhere, NoLinksInItem, NotFound when it is gone.
        """
        me = actor(by)
        async with in_transaction():
            item = await self.lock()
            member = await Member.get(id=me)
            newcomers.check_links(member, *(changes.get(name, "") for name in TEXTS))
            if "place_id" in changes and changes["place_id"] != item.place_id:
                await item._move(changes["place_id"], by)
            if terms is not None and item.model_id is not None:
                await booking.set_rules(item.model_id, terms)
            await self._write(**changes)
            await note_act(by, "item_edited", ("item", self.id))

    async def publish(self, *, by: Viewer) -> None:
        """Show it to the town, for the first time or again. Raises NothingToLend, LenderAway, ItemHidden."""
        member = await Member.get(id=actor(by))
        newcomers.check_ready(member)
        async with in_transaction():
            item = await self.lock()
            if item.hidden_at is not None:
                raise refusals.ItemHidden
            if not await self.has_something():
                raise refusals.NothingToLend
            if item.state == "published":
                return
            await self._write(published_at=item.published_at or now(), withdrawn_at=None)
            await note_act(by, "item_published", ("item", self.id))

    async def withdraw(self, *, by: Viewer) -> None:
        """Lend it to nobody more; who has it or is to have it goes on seeing it. Raises ItemNotPublished."""
        async with in_transaction():
            item = await self.lock()
            if item.published_at is None:
                raise refusals.ItemNotPublished
            if item.withdrawn_at is not None:
                return
            await self._write(withdrawn_at=now())
            await note_act(by, "item_withdrawn", ("item", self.id))

    async def remove(self, store: Store, *, by: Viewer) -> None:
        """Erase it with its photos and units. Raises WasLent once somebody asked for it, InAKit."""
        from echange.lending.models.photo import ItemPhoto
        from echange.lending.removing import erase

        actor(by)
        async with in_transaction():
            await self.lock()
            photos = await ItemPhoto.filter(item_id=self.id)
            await erase(self)
            await note_act(by, "item_removed", ("item", self.id))
        for photo in photos:
            await store.delete(photo.name)

    async def hide(self, *, by: Viewer) -> None:
        """Let its lender and the moderators alone see it; loans that run go on. Raises ItemHidden."""
        await self._switch(refusals.ItemHidden, now(), by)

    async def restore(self, *, by: Viewer) -> None:
        """Show it again. Raises ItemNotHidden."""
        await self._switch(refusals.ItemNotHidden, None, by)

    async def _switch(self, already: type[Exception], moment: Any, by: Viewer) -> None:  # noqa: ANN401
        standing = Item.filter(id=self.id, published_at__isnull=False, hidden_at__isnull=moment is not None)
        if not await standing.update(hidden_at=moment):
            raise already
        self.hidden_at = moment

    async def has_something(self) -> bool:
        """Whether there is a unit to lend, or for a kit a part."""
        if self.is_kit:
            sql = "SELECT EXISTS (SELECT FROM kit_part WHERE kit_id = $1 AND NOT optional)"
        else:
            sql = """SELECT EXISTS (SELECT FROM unit u JOIN booking_unit b ON b.id = u.id
                                    WHERE u.item_id = $1 AND b.retired_at IS NULL)"""
        return bool(await fetch_value(sql, self.id))

    async def lock(self) -> "Item":
        """The row as it is now, held until the transaction ends. Raises NotFound."""
        item = await Item.filter(id=self.id).select_for_update(no_key=True).first()
        if item is None:
            raise NotFound
        return item

    async def _move(self, place_id: int | None, by: Viewer) -> None:
        await self._check_alone()
        if await fetch_value(
            """SELECT EXISTS (SELECT FROM loan WHERE item_id = $1 AND state IN
                              ('held', 'requested', 'approved', 'ready', 'out'))""",
            self.id,
        ):
            raise refusals.RunningLoans
        site_id = await site_of(await Lender.get(id=self.lender_id), place_id, self.kind, by=by)
        if self.model_id is not None:
            await booking.move_model(self.model_id, site_id)

    async def _check_alone(self) -> None:
        """A kit and its parts are collected at one place."""
        kit = await fetch_value(
            """SELECT k.title FROM kit_part p JOIN item k ON k.id = p.kit_id
               WHERE p.item_id = $1 ORDER BY k.id LIMIT 1""",
            self.id,
        )
        if kit is not None:
            raise refusals.InAKit(kit=kit)
        if await fetch_value("SELECT EXISTS (SELECT FROM kit_part WHERE kit_id = $1)", self.id):
            raise refusals.PartElsewhere

    async def _write(self, **changes: Any) -> None:  # noqa: ANN401 — as many types as columns
        if changes:
            await Item.filter(id=self.id).update(**changes)
            self.update_from_dict(changes)


async def site_of(lender: Lender, place_id: int | None, kind: str, *, by: Viewer) -> int:
    """Where its things are collected: at this place, else at the lender's own.

    Raises Invalid for a place that is closed, or at which something of this kind may not stand.
    """
    if place_id is None:
        return lender.site_id
    place = await Place.get_or_none(id=place_id, closed_at=None, hidden_at=None)
    if place is None or not may_stand_at(place, lender, kind, by=by):
        raise Invalid({"place": [_("Choisissez une des réponses proposées.")]})
    return place.site_id


def may_stand_at(place: Place, lender: Lender, kind: str, *, by: Viewer) -> bool:
    """Things are collected anywhere; what is used on the spot stands at one's own, or one that one keeps."""
    return kind not in ON_THE_SPOT or lender.place_id == place.id or place.is_kept_by(by)


def _check_units(kind: str, units: int) -> None:
    if kind == "kit":
        return
    if not 1 <= units <= MOST_UNITS:
        raise refusals.TooManyUnits(most=MOST_UNITS)
    if kind in ON_THE_SPOT and units > 1:
        raise refusals.OneUnitOnly
