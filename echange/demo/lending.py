"""Lending written down: what there is, loans in every state, who waits, and one that came back damaged."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

import orjson
from asyncpg import Range

from echange.booking import Period
from echange.demo import lending_stories as told
from echange.demo.equipment import LONG_AGO, Thing, equip
from echange.demo.inserting import Connection, insert
from echange.demo.lending_times import Taken, window
from echange.demo.people import Person, Place
from echange.lending.life import replayed

# Handed over, brought back, and all is settled.
PAST: Final = ("agreed", "handed_over", "returned", "closed")
SETTLED: Final = timedelta(hours=2)


async def write(connection: Connection, everybody: Sequence[Person], place: Place, chance: Random) -> None:
    """All of it, into a town whose people have moved in; the database notes each use as it would any."""
    neighbours = {person.handle: person for person in everybody if person.neighbour}
    things = await equip(connection, neighbours, place)
    met = [person for person in everybody if person.is_ordinary and person.verified_at]
    loans = _Loans(connection, things, neighbours, place.now)
    await loans.lend()
    await loans.wait()
    await loans.damage()
    await loans.lent_before(met or list(neighbours.values()), chance)


class _Loans:
    def __init__(
        self,
        connection: Connection,
        things: Mapping[str, Thing],
        neighbours: Mapping[str, Person],
        now: datetime,
    ) -> None:
        self._db = connection
        self._things = things
        self._people = neighbours
        self._now = now
        self._taken = Taken()

    async def lend(self) -> None:
        for story in told.LOANS:
            thing = self._things[story.thing]
            during = window(thing, self._now, story.start, story.days)
            units = self._choose(thing, story.quantity, during)
            if units is not None:
                await self._loan(thing, units, during, self._people[story.borrower].id, story)

    def _choose(self, thing: Thing, quantity: int, during: Period) -> list[int] | None:
        room = timedelta(minutes=thing.story.after)
        wanted = [(thing, quantity)] if thing.units else []
        for part, count, optional in thing.story.parts:
            if not optional:
                wanted.append((self._things[part], count))
        chosen: list[int] = []
        for one, count in wanted:
            free = self._taken.free(one.units, during, room)
            if len(free) < count:
                return None
            chosen += free[:count]
        return chosen

    async def _loan(
        self, thing: Thing, units: list[int], during: Period, borrower: int, story: told.LoanStory
    ) -> int:
        state = replayed(story.events)  # type: ignore[arg-type]
        over = state in ("cancelled", "refused", "expired", "no_show")
        returned = "returned" in story.events
        booking = None if over else await self._book(units, during, state == "out", returned)
        moments = list(self._moments(story.events, during))
        loan = await insert(
            self._db,
            "loan",
            state=state,
            quantity=story.quantity,
            starts_at=during.start,
            ends_at=during.end,
            purpose=story.purpose,
            booking_id=booking,
            version=len(story.events),
            at=moments[0],
            moved_at=moments[-1],
            out_at=during.start if "handed_over" in story.events else None,
            returned_at=during.end if returned else None,
            item_id=thing.id,
            lender_id=thing.lender.id,
            borrower_id=borrower,
        )
        for event, at in zip(story.events, moments, strict=True):
            by = borrower if event in ("requested", "cancelled") else thing.lender.keeper
            data = {"units": units} if event in ("handed_over", "returned") else {}
            await insert(
                self._db,
                "loan_event",
                kind=event,
                data=orjson.dumps(data).decode(),
                at=at,
                loan_id=loan,
                by_id=borrower if event == "agreed" and story.events[0] == "agreed" else by,
            )
        if story.deposit:
            await self._deposit(loan, "taken", story.deposit, during.start, thing.lender.keeper)
        return loan

    def _moments(self, events: Sequence[str], during: Period) -> Iterator[datetime]:
        asked = min(during.start, self._now) - timedelta(days=3, hours=5)
        for number, event in enumerate(events):
            fixed = {
                "handed_over": during.start,
                "returned": during.end,
                "damaged": during.end + SETTLED / 2,
                "closed": during.end + SETTLED,
            }
            yield fixed.get(event, asked + timedelta(hours=3 * number))

    async def _book(self, units: Sequence[int], during: Period, out: bool, returned: bool) -> int:
        number: int = await self._db.fetchval("SELECT nextval('booking_number')")
        kind = "out" if out else "back" if returned else "booked"
        for unit in units:
            await insert(
                self._db,
                "booking_allocation",
                booking_id=number,
                model_id=await self._db.fetchval("SELECT model_id FROM booking_unit WHERE id = $1", unit),
                unit_id=unit,
                kind=kind,
                during=Range(during.start, during.end),
                pinned=kind != "booked",
            )
            if kind != "booked":
                await insert(
                    self._db,
                    "booking_holding",
                    booking_id=number,
                    since=during.start,
                    returned_at=during.end if returned else None,
                    unit_id=unit,
                )
        self._taken.take(units, during)
        return number

    async def wait(self) -> None:
        for one in told.WAITS:
            thing = self._things[one.thing]
            during = window(thing, self._now, one.start, one.days)
            await insert(
                self._db,
                "waiter",
                starts_at=during.start,
                ends_at=during.end,
                at=self._now - timedelta(days=2),
                item_id=thing.id,
                member_id=self._people[one.waiter].id,
            )

    async def damage(self) -> None:
        key, borrower, ago, days, kept, seen, decided = told.DAMAGED
        thing, person = self._things[key], self._people[borrower].id
        during = window(thing, self._now, -ago - days, days)
        units = self._taken.free(thing.units, during, timedelta(days=1))[-1:]
        story = told.LoanStory(key, borrower, 0, 0, ("agreed", "handed_over", "returned", "damaged"))
        loan = await self._loan(thing, units, during, person, story)
        keeper = thing.lender.keeper
        report = await insert(
            self._db,
            "condition_report",
            moment="back",
            condition="worn",
            words=seen,
            at=during.end,
            unit_id=units[0],
            loan_id=loan,
            by_id=keeper,
        )
        await self._db.execute("UPDATE unit SET condition = 'worn' WHERE id = $1", units[0])
        after = during.end + timedelta(days=2)
        await self._deposit(loan, "taken", thing.story.deposit, during.start, keeper)
        await self._deposit(loan, "kept", kept, after, keeper)
        await self._deposit(loan, "returned", thing.story.deposit - kept, after, keeper)
        await insert(
            self._db,
            "incident",
            kind="damage",
            words=seen,
            at=during.end,
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
        await insert(self._db, "loan_event", kind="closed", data="{}", at=after, loan_id=loan, by_id=keeper)
        await self._db.execute("UPDATE loan SET state = 'closed', moved_at = $2 WHERE id = $1", loan, after)

    async def lent_before(self, borrowers: Sequence[Person], chance: Random) -> None:
        """Loans long over, one after the other, each unit on its own."""
        for thing in self._things.values():
            for unit in thing.units:
                await self._unit_lent_before(thing, unit, borrowers, chance)

    async def _unit_lent_before(
        self, thing: Thing, unit: int, borrowers: Sequence[Person], chance: Random
    ) -> None:
        at = self._now - timedelta(days=12)
        for _n in range(thing.story.past):
            at -= timedelta(days=chance.randint(6, 26), hours=chance.randint(0, 9))
            during = window(thing, self._now, (at - self._now).days, chance.randint(1, 5))
            if at < self._now - LONG_AGO or during.end > self._now - timedelta(days=3):
                break
            if not self._taken.free([unit], during, timedelta(days=2)):
                continue
            borrower = chance.choice(borrowers)
            if borrower.id == thing.lender.keeper:
                continue
            story = told.LoanStory(thing.story.key, "", 0, 0, PAST)
            await self._loan(thing, [unit], during, borrower.id, story)

    async def _deposit(self, loan: int, kind: str, euros: int, at: datetime, by: int) -> None:
        await insert(self._db, "deposit", kind=kind, cents=euros * 100, at=at, loan_id=loan, by_id=by)
