"""Places written down, who lends there, and each thing with its units; trainings, and who had one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from echange.booking import Opening
from echange.booking.hours import Hours
from echange.demo import lending_stories as told
from echange.demo.gifts import organisation_named
from echange.demo.inserting import Connection, insert
from echange.demo.people import Person, Place
from echange.http.dates import PARIS
from echange.lending.codes import prefix_of
from echange.members import fold

LONG_AGO: Final = timedelta(days=240)
"""Since when they lend, in this town."""


@dataclass(slots=True)
class Lender:
    """Whoever lends; `keeper` is a member who acts for it."""

    id: int
    site: int
    hours: Hours
    name: str
    keeper: int


@dataclass(slots=True)
class Thing:
    """What is lent. A kit has no units of its own."""

    id: int
    story: told.ThingStory
    lender: Lender
    hours: Hours
    units: list[int] = field(default_factory=list)


async def equip(connection: Connection, neighbours: Mapping[str, Person], place: Place) -> dict[str, Thing]:
    """All that can be lent, by the keys of the stories."""
    equipment = _Equipment(connection, neighbours, place)
    await equipment.open_places()
    await equipment.open_lenders()
    await equipment.show_things()
    await equipment.train()
    return equipment.things


class _Equipment:
    def __init__(self, connection: Connection, neighbours: Mapping[str, Person], place: Place) -> None:
        self._db = connection
        self._place = place
        self._now: datetime = place.now
        self._people = neighbours
        self._places: dict[str, tuple[int, int, Hours]] = {}
        self._lenders: dict[str, Lender] = {}
        self._trainings: dict[str, int] = {}
        self.things: dict[str, Thing] = {}

    async def open_places(self) -> None:
        for one in told.PLACES:
            site, hours = await self._site(one.hours)
            number = await insert(
                self._db,
                "place",
                slug=one.slug,
                name=one.name,
                sort_key=fold(one.name),
                about=one.about,
                address=one.address,
                way=one.way,
                access=list(one.access),
                access_note=one.access_note,
                phone=one.phone,
                created_at=self._now - LONG_AGO,
                quartier_id=self._place.quartiers.get(one.quartier),
                organisation_id=organisation_named(one.keeper, self._place) if one.keeper else None,
                site_id=site,
            )
            self._places[one.slug] = (number, site, hours)

    async def _site(self, said: Sequence[tuple[tuple[int, ...], int, int]]) -> tuple[int, Hours]:
        openings = [Opening(day, opens, closes) for days, opens, closes in said for day in days]
        site = await insert(self._db, "booking_site", zone=str(PARIS), by_appointment=not openings)
        for one in openings:
            await insert(
                self._db,
                "booking_opening",
                weekday=one.weekday,
                opens=one.opens,
                closes=one.closes,
                site_id=site,
            )
        return site, Hours(PARIS, tuple(openings), by_appointment=not openings)

    async def open_lenders(self) -> None:
        for one in told.LENDERS:
            columns: dict[str, object] = {"address": one.address, "directions": one.directions}
            if one.owner in self._places:
                number, site, hours = self._places[one.owner]
                story = next(place for place in told.PLACES if place.slug == one.owner)
                name, keeper = story.name, self._people["concierge"].id
                columns["place_id"] = number
            elif one.owner in self._people:
                site, hours = await self._site(one.hours)
                name, keeper = self._people[one.owner].name, self._people[one.owner].id
                columns["member_id"] = keeper
            else:
                site, hours = await self._site(one.hours)
                name, keeper = one.owner, await self._keeper_of(one.owner)
                columns["organisation_id"] = organisation_named(one.owner, self._place)
            lender = await insert(
                self._db,
                "lender",
                **columns,
                max_running=one.max_running,
                created_at=self._now - LONG_AGO,
                site_id=site,
            )
            self._lenders[one.key] = Lender(lender, site, hours, name, keeper)

    async def _keeper_of(self, name: str) -> int:
        keeper: int = await self._db.fetchval(
            """SELECT member_id FROM membership WHERE organisation_id = $1
               ORDER BY role = 'owner' DESC, id LIMIT 1""",
            organisation_named(name, self._place),
        )
        return keeper

    async def show_things(self) -> None:
        for key, lender, name, words in told.TRAININGS:
            self._trainings[key] = await insert(
                self._db, "training", name=name, words=words, lender_id=self._lenders[lender].id
            )
        codes: dict[str, int] = defaultdict(int)
        for position, one in enumerate(told.THINGS):
            await self._show(one, codes, self._now - timedelta(days=120 - 4 * position, hours=3))

    async def _show(self, one: told.ThingStory, codes: dict[str, int], since: datetime) -> None:
        lender = self._lenders[one.lender]
        place_id, site, hours = self._places[one.place] if one.place else (None, lender.site, lender.hours)
        model = None if one.kind == "kit" else await self._model(one, site)
        item = await insert(
            self._db,
            "item",
            kind=one.kind,
            title=one.title,
            body=one.body,
            category=one.category,
            manual=one.manual,
            rules=one.rules,
            value_cents=one.value * 100 if one.value else None,
            deposit_cents=one.deposit * 100,
            who=one.who,
            approval=one.approval,
            renewals=one.renewals,
            created_at=since,
            published_at=since,
            lender_id=lender.id,
            place_id=place_id,
            model_id=model,
            training_id=self._trainings.get(one.training),
            by_id=lender.keeper,
        )
        thing = self.things[one.key] = Thing(item, one, lender, hours)
        for _n in range(one.units if model else 0):
            unit = await insert(
                self._db, "booking_unit", model_id=model, named=one.kind in ("room", "desk", "machine")
            )
            prefix = prefix_of(lender.name)
            codes[prefix] += 1
            await insert(
                self._db, "unit", id=unit, code=f"{prefix}-{codes[prefix]:03}", item_id=item, created_at=since
            )
            thing.units.append(unit)
        for position, name in enumerate(one.accessories):
            await insert(self._db, "accessory", name=name, position=position, item_id=item)
        for position, (part, quantity, optional) in enumerate(one.parts):
            await insert(
                self._db,
                "kit_part",
                quantity=quantity,
                optional=optional,
                position=position,
                kit_id=item,
                item_id=self.things[part].id,
            )

    async def _model(self, one: told.ThingStory, site: int) -> int:
        return await insert(
            self._db,
            "booking_model",
            named=one.kind in ("room", "desk", "machine"),
            after=one.after,
            min_minutes=one.min_minutes,
            max_minutes=one.max_minutes,
            spans=one.spans,
            step=one.step,
            site_id=site,
        )

    async def train(self) -> None:
        for key, handle in told.TRAINED:
            await insert(
                self._db,
                "trained",
                at=self._now - timedelta(days=40),
                training_id=self._trainings[key],
                member_id=self._people[handle].id,
                by_id=self._people["concierge"].id,
            )
