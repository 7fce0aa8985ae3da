"""Equipment written down: places, what is lent there and by whom, and loans in every state."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

import orjson
from asyncpg import Range

from echange.booking import Opening, Period
from echange.booking.hours import Hours
from echange.demo import lending_stories as told
from echange.demo.gifts import organisation_named
from echange.demo.people import Person, Place
from echange.http.dates import PARIS
from echange.lending.codes import prefix_of
from echange.lending.life import replayed
from echange.members import fold

# Handed over, brought back, and all is settled.
PAST: Final = ("agreed", "handed_over", "returned", "closed")
SETTLED: Final = timedelta(hours=2)
FARTHEST: Final = timedelta(days=240)


@dataclass(slots=True)
class _Lender:
    id: int
    site: int
    hours: Hours
    name: str
    keeper: int


@dataclass(slots=True)
class _Thing:
    id: int
    story: told.ThingStory
    lender: _Lender
    hours: Hours
    units: list[int] = field(default_factory=list)


class _Taken:
    """When units are taken, so that nothing is written twice."""

    def __init__(self) -> None:
        self._periods: dict[int, list[Period]] = defaultdict(list)

    def free(self, units: Sequence[int], period: Period, room: timedelta) -> list[int]:
        wide = Period(period.start - room, period.end + room)
        return [
            unit
            for unit in units
            if not any(one.start < wide.end and wide.start < one.end for one in self._periods[unit])
        ]

    def take(self, units: Sequence[int], period: Period) -> None:
        for unit in units:
            self._periods[unit].append(period)


async def write(connection: Any, everybody: Sequence[Person], place: Place, chance: Random) -> None:  # noqa: ANN401
    """All of it, into a town whose people have moved in; the database notes each use as it would any."""
    town = _Lending(connection, everybody, place, chance)
    await town.open_places()
    await town.open_lenders()
    await town.show_things()
    await town.train()
    await town.lend()


class _Lending:
    def __init__(self, connection: Any, everybody: Sequence[Person], place: Place, chance: Random) -> None:  # noqa: ANN401
        self._db = connection
        self._place = place
        self._chance = chance
        self._now: datetime = place.now
        self._people = {person.handle: person for person in everybody if person.neighbour}
        self._ordinary = [person for person in everybody if person.is_ordinary and person.verified_at]
        self._places: dict[str, tuple[int, int, Hours]] = {}
        self._lenders: dict[str, _Lender] = {}
        self._things: dict[str, _Thing] = {}
        self._trainings: dict[str, int] = {}
        self._taken = _Taken()

    async def _made(self, table: str, **columns: object) -> int:
        names = ", ".join(columns)
        marks = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        made: int = await self._db.fetchval(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id",  # noqa: S608 — our own tables
            *columns.values(),
        )
        return made

    async def open_places(self) -> None:
        for one in told.PLACES:
            site, hours = await self._site(one.hours)
            number = await self._made(
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
                created_at=self._now - FARTHEST,
                quartier_id=self._place.quartiers.get(one.quartier),
                organisation_id=organisation_named(one.keeper, self._place) if one.keeper else None,
                site_id=site,
            )
            self._places[one.slug] = (number, site, hours)

    async def _site(self, said: Sequence[tuple[tuple[int, ...], int, int]]) -> tuple[int, Hours]:
        openings = [Opening(day, opens, closes) for days, opens, closes in said for day in days]
        site = await self._made("booking_site", zone=str(PARIS), by_appointment=not openings)
        for one in openings:
            await self._made(
                "booking_opening", weekday=one.weekday, opens=one.opens, closes=one.closes, site_id=site
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
            lender = await self._made(
                "lender",
                **columns,
                max_running=one.max_running,
                created_at=self._now - FARTHEST,
                site_id=site,
            )
            self._lenders[one.key] = _Lender(lender, site, hours, name, keeper)

    async def _keeper_of(self, name: str) -> int:
        keeper: int = await self._db.fetchval(
            """SELECT member_id FROM membership WHERE organisation_id = $1
               ORDER BY role = 'owner' DESC, id LIMIT 1""",
            organisation_named(name, self._place),
        )
        return keeper

    async def show_things(self) -> None:
        for key, lender, name, words in told.TRAININGS:
            self._trainings[key] = await self._made(
                "training", name=name, words=words, lender_id=self._lenders[lender].id
            )
        codes: dict[str, int] = defaultdict(int)
        for position, one in enumerate(told.THINGS):
            await self._show(one, codes, self._now - timedelta(days=120 - 4 * position, hours=3))

    async def _show(self, one: told.ThingStory, codes: dict[str, int], since: datetime) -> None:
        lender = self._lenders[one.lender]
        place_id, site, hours = self._places[one.place] if one.place else (None, lender.site, lender.hours)
        model = None if one.kind == "kit" else await self._model(one, site)
        item = await self._made(
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
        thing = self._things[one.key] = _Thing(item, one, lender, hours)
        for _n in range(one.units if model else 0):
            unit = await self._made(
                "booking_unit", model_id=model, named=one.kind in ("room", "desk", "machine")
            )
            prefix = prefix_of(lender.name)
            codes[prefix] += 1
            await self._db.execute(
                "INSERT INTO unit (id, code, item_id, created_at) VALUES ($1, $2, $3, $4)",
                unit,
                f"{prefix}-{codes[prefix]:03}",
                item,
                since,
            )
            thing.units.append(unit)
        for position, name in enumerate(one.accessories):
            await self._made("accessory", name=name, position=position, item_id=item)
        for position, (part, quantity, optional) in enumerate(one.parts):
            await self._made(
                "kit_part",
                quantity=quantity,
                optional=optional,
                position=position,
                kit_id=item,
                item_id=self._things[part].id,
            )

    async def _model(self, one: told.ThingStory, site: int) -> int:
        return await self._made(
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
            await self._made(
                "trained",
                at=self._now - timedelta(days=40),
                training_id=self._trainings[key],
                member_id=self._people[handle].id,
                by_id=self._people["concierge"].id,
            )

    async def lend(self) -> None:
        for story in told.LOANS:
            await self._write(story, self._window(self._things[story.thing], story.start, story.days))
        for wait in told.WAITS:
            thing = self._things[wait.thing]
            window = self._window(thing, wait.start, wait.days)
            await self._made(
                "waiter",
                starts_at=window.start,
                ends_at=window.end,
                at=self._now - timedelta(days=2),
                item_id=thing.id,
                member_id=self._people[wait.waiter].id,
            )
        await self._damage()
        for thing in self._things.values():
            await self._lent_before(thing)

    def _window(self, thing: _Thing, start: int, days: int) -> Period:
        """From the first opening so many days from now to the first so many days later."""
        begin = self._opening(thing, self._now + timedelta(days=start), past=start < 0)
        return Period(begin, self._opening(thing, begin + timedelta(days=days), past=False))

    def _opening(self, thing: _Thing, near: datetime, *, past: bool) -> datetime:
        """An hour at which it is open, at or after this (before now, where it must be past)."""
        day = near.astimezone(PARIS).date()
        for distance in range(14):
            when = day + timedelta(days=-distance if past else distance)
            for opened in self._hours_on(thing, when):
                at = (
                    max(opened.start, min(near, opened.end)) if past else opened.start + timedelta(minutes=30)
                )
                if (at < self._now) if past else (at >= near or distance):
                    return at.astimezone(UTC)
        return near

    def _hours_on(self, thing: _Thing, day: date) -> Sequence[Period]:
        """Of people who lend from home, the evening."""
        opened = thing.hours.on(day)
        if not thing.hours.by_appointment:
            return opened
        return [
            Period(one.start + timedelta(hours=17, minutes=30), one.start + timedelta(hours=20))
            for one in opened
        ]

    async def _write(self, story: told.LoanStory, window: Period) -> int | None:
        thing = self._things[story.thing]
        chosen = self._choose(thing, story.quantity, window)
        if chosen is None:
            return None
        borrower = self._people[story.borrower].id
        return await self._loan(thing, chosen, window, borrower, story)

    def _choose(self, thing: _Thing, quantity: int, window: Period) -> list[int] | None:
        room = timedelta(minutes=thing.story.after)
        wanted = [(thing, quantity)] if thing.units else []
        for part, count, optional in thing.story.parts:
            if not optional:
                wanted.append((self._things[part], count))
        chosen: list[int] = []
        for one, count in wanted:
            free = self._taken.free(one.units, window, room)
            if len(free) < count:
                return None
            chosen += free[:count]
        return chosen

    async def _loan(
        self, thing: _Thing, units: list[int], window: Period, borrower: int, story: told.LoanStory
    ) -> int:
        state = replayed(story.events)  # type: ignore[arg-type]
        over = state in ("cancelled", "refused", "expired", "no_show")
        returned = "returned" in story.events
        booking = None if over else await self._book(units, window, state == "out", returned)
        moments = list(self._moments(story.events, window))
        loan = await self._made(
            "loan",
            state=state,
            quantity=story.quantity,
            starts_at=window.start,
            ends_at=window.end,
            purpose=story.purpose,
            booking_id=booking,
            version=len(story.events),
            at=moments[0],
            moved_at=moments[-1],
            out_at=window.start if "handed_over" in story.events else None,
            returned_at=window.end if returned else None,
            item_id=thing.id,
            lender_id=thing.lender.id,
            borrower_id=borrower,
        )
        for event, at in zip(story.events, moments, strict=True):
            by = borrower if event in ("requested", "cancelled") else thing.lender.keeper
            data = {"units": units} if event in ("handed_over", "returned") else {}
            await self._made(
                "loan_event",
                kind=event,
                data=orjson.dumps(data).decode(),
                at=at,
                loan_id=loan,
                by_id=borrower if event == "agreed" and story.events[0] == "agreed" else by,
            )
        if story.deposit:
            await self._deposit(loan, "taken", story.deposit, window.start, thing.lender.keeper)
        return loan

    def _moments(self, events: Sequence[str], window: Period) -> Iterator[datetime]:
        asked = min(window.start, self._now) - timedelta(days=3, hours=5)
        for number, event in enumerate(events):
            fixed = {
                "handed_over": window.start,
                "returned": window.end,
                "damaged": window.end + SETTLED / 2,
                "closed": window.end + SETTLED,
            }
            yield fixed.get(event, asked + timedelta(hours=3 * number))

    async def _book(self, units: Sequence[int], window: Period, out: bool, returned: bool) -> int:
        number: int = await self._db.fetchval("SELECT nextval('booking_number')")
        kind = "out" if out else "back" if returned else "booked"
        for unit in units:
            await self._made(
                "booking_allocation",
                booking_id=number,
                model_id=await self._db.fetchval("SELECT model_id FROM booking_unit WHERE id = $1", unit),
                unit_id=unit,
                kind=kind,
                during=Range(window.start, window.end),
                pinned=kind != "booked",
            )
            if kind != "booked":
                await self._made(
                    "booking_holding",
                    booking_id=number,
                    since=window.start,
                    returned_at=window.end if returned else None,
                    unit_id=unit,
                )
        self._taken.take(units, window)
        return number

    async def _lent_before(self, thing: _Thing) -> None:
        """Loans long over, one after the other, each unit on its own."""
        for unit in thing.units:
            at = self._now - timedelta(days=12)
            for _n in range(thing.story.past):
                at -= timedelta(days=self._chance.randint(6, 26), hours=self._chance.randint(0, 9))
                window = self._window(thing, (at - self._now).days, self._chance.randint(1, 5))
                if at < self._now - FARTHEST or window.end > self._now - timedelta(days=3):
                    break
                if not self._taken.free([unit], window, timedelta(days=2)):
                    continue
                borrower = self._chance.choice(self._ordinary or list(self._people.values()))
                if borrower.id == thing.lender.keeper:
                    continue
                story = told.LoanStory(thing.story.key, "", 0, 0, PAST)
                await self._loan(thing, [unit], window, borrower.id, story)

    async def _damage(self) -> None:
        key, borrower, ago, days, kept, seen, decided = told.DAMAGED
        thing, person = self._things[key], self._people[borrower].id
        window = self._window(thing, -ago - days, days)
        units = self._taken.free(thing.units, window, timedelta(days=1))[-1:]
        story = told.LoanStory(key, borrower, 0, 0, ("agreed", "handed_over", "returned", "damaged"))
        loan = await self._loan(thing, units, window, person, story)
        keeper = thing.lender.keeper
        report = await self._made(
            "condition_report",
            moment="back",
            condition="worn",
            words=seen,
            at=window.end,
            unit_id=units[0],
            loan_id=loan,
            by_id=keeper,
        )
        await self._db.execute("UPDATE unit SET condition = 'worn' WHERE id = $1", units[0])
        after = window.end + timedelta(days=2)
        await self._deposit(loan, "taken", thing.story.deposit, window.start, keeper)
        await self._deposit(loan, "kept", kept, after, keeper)
        await self._deposit(loan, "returned", thing.story.deposit - kept, after, keeper)
        await self._made(
            "incident",
            kind="damage",
            words=seen,
            at=window.end,
            decision="kept",
            decision_words=decided,
            kept_cents=kept * 100,
            decided_at=after,
            loan_id=loan,
            unit_id=units[0],
            report_id=report,
            by_id=keeper,
            decided_by_id=keeper,
        )
        await self._made("loan_event", kind="closed", data="{}", at=after, loan_id=loan, by_id=keeper)
        await self._db.execute("UPDATE loan SET state = 'closed', moved_at = $2 WHERE id = $1", loan, after)

    async def _deposit(self, loan: int, kind: str, euros: int, at: datetime, by: int) -> None:
        await self._made("deposit", kind=kind, cents=euros * 100, at=at, loan_id=loan, by_id=by)
