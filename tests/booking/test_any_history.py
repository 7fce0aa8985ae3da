"""Whatever is taken, moved, handed out, returned, repaired, withdrawn or late: calendars hold."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import asyncpg
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from echange import booking
from echange.booking import BackBeforeOut, NotFree, NotOfBooking, Period, Rules
from echange.booking.arranging import Standing, standing
from echange.booking.colouring import Line
from echange.booking.refusals import AlreadyOut
from echange.database import execute, fetch
from tests.booking.calendars import HOUR, forget_all, pool, room, soon
from tests.looping import looping

T = TypeVar("T")

# A pool with minutes around, one without, a thing of its own.
BUFFERS = Rules(before=0, after=60)
HOURS = st.integers(0, 9)
LENGTHS = st.integers(1, 4)
NUMBERS = st.integers(0, 30)
FORGET_EVERY = 20


class Calendars(RuleBasedStateMachine):
    """Two pools and a room, beside what each booking was promised."""

    loop: asyncio.AbstractEventLoop
    runs = 0

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def open(self) -> None:
        type(self).runs += 1
        if self.runs % FORGET_EVERY == 0:
            self.do(forget_all())
        (self.tents, tents), (self.drills, drills) = self.do(pool(3, BUFFERS)), self.do(pool(2))
        self.hall, hall = self.do(room())
        self.models = [self.tents, self.drills, self.hall]
        self.units = [*tents, *drills, hall]
        self.promised: dict[int, dict[int, int]] = {}
        self.repairs: list[int] = []

    @rule(
        tents=st.integers(0, 3), drills=st.integers(0, 2), hall=st.integers(0, 1), hour=HOURS, hours=LENGTHS
    )
    def take(self, tents: int, drills: int, hall: int, hour: int, hours: int) -> None:
        wanted = {model: n for model, n in zip(self.models, (tents, drills, hall), strict=True) if n}
        if not wanted:
            return
        period = soon(hour, hours)
        possible = all(self.fits(model, n, period) for model, n in wanted.items())
        try:
            booked = self.do(booking.take(wanted, period))
        except NotFree as refused:
            fewer = refused.free < wanted[refused.model_id]
            assert fewer
            assert not possible
        else:
            assert possible
            assert {model: len(units) for model, units in booked.units.items()} == wanted
            self.promised[booked.id] = dict(wanted)

    @rule(hour=HOURS, hours=LENGTHS, n=st.integers(1, 2), lapses=st.booleans())
    def hold(self, hour: int, hours: int, n: int, lapses: bool) -> None:
        try:
            lasts = timedelta(minutes=-1 if lapses else 10)
            held = self.do(booking.take({self.tents: n}, soon(hour, hours), kind="held", hold_for=lasts))
        except NotFree:
            return
        if not lapses:
            self.do(booking.confirm(held.id))
            self.promised[held.id] = {self.tents: n}

    @rule(which=NUMBERS)
    def free(self, which: int) -> None:
        if number := self.some(which):
            booked = [row for row in self.rows(number) if row["kind"] == "booked"]
            assert self.do(booking.free(number)) == len(booked)
            assert self.do(booking.free(number)) == 0
            self.look(number)

    @rule(which=NUMBERS, hour=HOURS, hours=LENGTHS, more=st.integers(-1, 1))
    def retime(self, which: int, hour: int, hours: int, more: int) -> None:
        number = self.some(which)
        if number is None:
            return
        wanted = {model: n + more for model, n in self.promised[number].items() if n + more > 0}
        if not wanted or wanted.get(self.hall, 1) > 1:
            return
        out = [row for row in self.rows(number) if row["kind"] == "out"]
        before = self.stored()
        try:
            booked = self.do(booking.retime(number, soon(hour, hours), wanted))
        except NotFree:
            assert self.stored() == before
        except booking.EmptyPeriod:
            assert out
        else:
            for model, n in wanted.items():
                assert len(booked.units[model]) >= n
            self.look(number)

    @rule(which=NUMBERS, early=st.integers(0, 4))
    def hand_out(self, which: int, early: int) -> None:
        number = self.some(which)
        if number is None:
            return
        rows = self.rows(number)
        units = [row["unit_id"] for row in rows]
        at = rows[0]["start"] - early * HOUR
        try:
            self.do(booking.hand_out(number, units, at))
        except AlreadyOut:
            assert self.do(booking.holder_of(units))
        else:
            assert self.do(booking.hand_out(number, units, at)) == 0

    @rule(which=NUMBERS, after=st.integers(-1, 8))
    def take_back(self, which: int, after: int) -> None:
        number = self.some(which)
        out = [row for row in self.rows(number) if row["kind"] == "out"] if number else []
        if out:
            units = [row["unit_id"] for row in out]
            at = out[0]["start"] + after * HOUR
            since = max(one.since for one in self.do(booking.holder_of(units)).values())
            try:
                back = self.do(booking.take_back(units, at))
            except BackBeforeOut:
                assert at < since
                return
            assert sorted(one.unit_id for one in back) == sorted(units)
            assert self.do(booking.take_back(units, out[0]["end"])) == []
            self.look(number)

    @rule(which=NUMBERS, to=st.integers(0, 5))
    def pin(self, which: int, to: int) -> None:
        number = self.some(which)
        if number is None:
            return
        before = self.stored()
        one = self.rows(number)[0]["unit_id"]
        try:
            self.do(booking.pin(number, {one: self.units[to]}))
        except (NotFree, NotOfBooking):
            assert self.stored() == before
        else:
            assert self.units[to] in [row["unit_id"] for row in self.rows(number)]

    @rule(unit=st.integers(0, 5), hour=HOURS, hours=LENGTHS)
    def maintain(self, unit: int, hour: int, hours: int) -> None:
        try:
            number, displaced = self.do(booking.maintain(self.units[unit], soon(hour, hours)))
        except NotFree:
            return
        self.repairs.append(number)
        self.tell(displaced)

    @rule(which=NUMBERS, hour=HOURS)
    def end_maintenance(self, which: int, hour: int) -> None:
        if self.repairs:
            self.do(booking.end_maintenance(self.repairs[which % len(self.repairs)], soon(hour).start))

    @rule(unit=st.integers(0, 5), really=st.integers(0, 3))
    def withdraw(self, unit: int, really: int) -> None:
        if really:
            return
        now = datetime.now(UTC)
        self.tell(self.do(booking.withdraw(self.units[unit], at=now)))
        assert self.do(booking.withdraw(self.units[unit], at=now)) == []
        [fresh] = self.do(booking.add_units(self.models[(unit > 2) + (unit > 4)], 1))
        self.units[unit] = fresh

    @rule(which=NUMBERS)
    def grow_late(self, which: int) -> None:
        """What is out was due an hour ago; then somebody looks."""
        number = self.some(which)
        if number is None:
            return
        try:
            self.do(
                execute(
                    """UPDATE booking_allocation
                       SET during = tstzrange(now() - interval '3 hours', now() - interval '1 hour')
                       WHERE booking_id = $1 AND kind = 'out'""",
                    number,
                )
            )
        except asyncpg.ExclusionViolationError:
            return
        self.tell(self.do(booking.ripple(datetime.now(UTC))))
        assert self.do(booking.ripple(datetime.now(UTC))) == []

    @invariant()
    def calendars_hold(self) -> None:
        rows = self.do(all_rows())
        for one in rows:
            for other in rows:
                apart = one["end"] <= other["start"] or other["end"] <= one["start"]
                assert one is other or one["unit_id"] != other["unit_id"] or apart, (one, other)
        assert self.do(replayed()) == {row["id"]: tuple(row)[:6] for row in rows}
        assert self.do(out_and_held()) == ([], [])
        for number, promised in self.promised.items():
            stand: dict[int, int] = defaultdict(int)
            for row in rows:
                if row["booking_id"] == number:
                    stand[row["model_id"]] += 1
            assert dict(stand) == promised, number

    def fits(self, model: int, n: int, period: Period) -> bool:
        """Tried in another way: one line after the other on every unit."""
        return possible(self.do(standing([model], period.start))[model], n, period, model == self.tents)

    def some(self, which: int) -> int | None:
        """A booking that still has something."""
        running = [number for number in self.promised if self.rows(number)]
        return running[which % len(running)] if running else None

    def rows(self, number: int | None) -> Sequence[asyncpg.Record]:
        return [
            row
            for row in self.do(all_rows())
            if row["booking_id"] == number and row["kind"] in ("booked", "out")
        ]

    def stored(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.do(all_rows()) if row["kind"] != "held"]

    def look(self, number: int | None) -> None:
        """From now on it is promised what it has."""
        units = self.do(booking.units_of([number or 0]))[number or 0]
        self.promised[number or 0] = {model: len(some) for model, some in units.items()}

    def tell(self, displaced: Sequence[booking.Displaced]) -> None:
        for one in displaced:
            if one.booking_id in self.promised:
                self.look(one.booking_id)


def possible(stood: Standing, n: int, period: Period, padded: bool) -> bool:
    """Whether there is any way to give `n` more units for this period to a model without late ones."""
    end = period.end + HOUR if padded else period.end
    wanted = [Line(-1 - k, None, period.start, end) for k in range(n)]
    usable = set(stood.units)
    fixed = [one for one in stood.lines if one.fixed and one.unit in usable]
    loose = [one for one in stood.lines if not one.fixed and one.unit in usable]
    return _try([*wanted, *loose], fixed, stood.units)


def _try(pending: list[Line], done: list[Line], units: Sequence[int]) -> bool:
    if not pending:
        return True
    one, *rest = pending
    for unit in units:
        if not any(other.unit == unit and other.meets(one) for other in done):
            seated = Line(one.id, unit, one.start, one.end)
            if _try(rest, [*done, seated], units):
                return True
    return False


async def all_rows() -> Sequence[asyncpg.Record]:
    return await fetch(
        """SELECT a.id, a.booking_id, a.unit_id, a.kind, a.during, a.padded, a.model_id,
                  lower(a.padded) AS start, upper(a.padded) AS end
           FROM booking_allocation a ORDER BY a.id"""
    )


async def replayed() -> dict[int, tuple[Any, ...]]:
    """What stands when all that happened is gone through again."""
    stand: dict[int, tuple[Any, ...]] = {}
    for row in await fetch(
        """SELECT allocation_id, act, booking_id, unit_id, kind, during, padded
           FROM booking_event ORDER BY id"""
    ):
        if row["act"] == "freed":
            del stand[row["allocation_id"]]
        else:
            assert (row["act"] == "taken") == (row["allocation_id"] not in stand)
            stand[row["allocation_id"]] = (row["allocation_id"], *row[2:])
    return stand


async def out_and_held() -> tuple[list[int], list[int]]:
    """Units out that nobody holds, units held that are not out."""
    out = {row["unit_id"] for row in await fetch("SELECT unit_id FROM booking_allocation WHERE kind = 'out'")}
    held = {
        row["unit_id"] for row in await fetch("SELECT unit_id FROM booking_holding WHERE returned_at IS NULL")
    }
    return sorted(out - held), sorted(held - out)


@pytest.fixture
def loop(postgres: str, janitor: object) -> Iterator[asyncio.AbstractEventLoop]:
    yield from looping(postgres, forget_all)


def test_any_history_of_bookings(loop: asyncio.AbstractEventLoop, request: pytest.FixtureRequest) -> None:
    Calendars.loop = loop
    run_state_machine_as_test(
        Calendars,
        settings=settings(
            max_examples=10_000 if request.config.getoption("--long") else 60,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
