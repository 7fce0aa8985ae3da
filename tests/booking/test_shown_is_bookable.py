"""What a calendar shows free can be booked, and nothing else: whatever the hours, the rules, the promises."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from echange import booking
from echange.booking import Day, NotFree, Opening, Period, Rules
from echange.database import execute, in_transaction
from echange.http.refusals import Refusal
from tests.booking.calendars import forget_all
from tests.looping import looping

T = TypeVar("T")

PARIS: Final = ZoneInfo("Europe/Paris")
# Ordinary days, and those on which the clocks are changed.
FIRST_DAYS: Final = (date(2027, 2, 10), date(2027, 3, 27), date(2027, 10, 30))
MINUTES: Final = st.integers(0, 4 * 48).map(lambda quarter: quarter * 15)


class Undone(Exception):
    """Raised to leave nothing behind."""


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    least = draw(st.sampled_from([1, 1, 15, 60, 180]))
    most = draw(st.sampled_from([None, None, 120, 600]))
    return Rules(
        before=draw(st.sampled_from([0, 0, 15, 60])),
        after=draw(st.sampled_from([0, 0, 30])),
        min_minutes=least,
        max_minutes=most and max(most, least),
        spans=draw(st.booleans()),
        step=draw(st.sampled_from([0, 0, 15, 30, 60])),
    )


openings = st.lists(
    st.tuples(
        st.integers(0, 6), st.integers(0, 22), st.integers(1, 24), st.sampled_from(["desk", "desk", "office"])
    )
    .filter(lambda one: one[1] < one[2])
    .map(lambda one: Opening(one[0], one[1] * 60, one[2] * 60, one[3])),
    max_size=7,
)
spans = st.tuples(MINUTES, MINUTES.map(lambda minutes: minutes + 15))


@pytest.fixture
def loop(postgres: str, janitor: object) -> Iterator[asyncio.AbstractEventLoop]:
    yield from looping(postgres, forget_all)


def test_what_is_shown_free_can_be_booked_and_nothing_else(
    loop: asyncio.AbstractEventLoop, request: pytest.FixtureRequest
) -> None:
    long = request.config.getoption("--long")

    @settings(
        max_examples=2_000 if long else 20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        # To make an example smaller takes minutes: each is a town.
        phases=[Phase.generate],
    )
    @given(st.data())
    def shown_is_bookable(data: st.DataObject) -> None:
        Town(loop, data).look()

    shown_is_bookable()


class Town:
    """A site with one or two models, some of their units promised, looked at for three days."""

    def __init__(self, loop: asyncio.AbstractEventLoop, data: st.DataObject) -> None:
        self.loop, self.data = loop, data
        self.first = data.draw(st.sampled_from(FIRST_DAYS))
        self.staff = data.draw(st.booleans())
        site = self.do(booking.make_site())
        self.do(booking.set_openings(site, data.draw(openings)))
        for start, length in data.draw(st.lists(spans, max_size=2)):
            self.do(booking.close_site(site, self.period(start, length)))
        self.rules = data.draw(st.lists(rules(), min_size=1, max_size=2))
        self.models, self.units = [], []
        for each in self.rules:
            named = data.draw(st.booleans())
            model, units = self.do(
                booking.make_model(site, each, 1 if named else data.draw(st.integers(1, 4)), named=named)
            )
            self.models.append(model)
            self.units += units
        self.wanted = {model: data.draw(st.sampled_from([1, 1, 2])) for model in self.models}
        for _ in range(data.draw(st.integers(0, 8))):
            self.promise()

    def do(self, work: Awaitable[T]) -> T:
        async def done() -> T:
            return await work

        return self.loop.run_until_complete(done())

    def period(self, start: int, length: int) -> Period:
        midnight = datetime.combine(self.first, time(), PARIS).astimezone(UTC)
        return Period(midnight + timedelta(minutes=start), midnight + timedelta(minutes=start + length))

    def promise(self) -> None:
        """Something is booked, held or in repair, if it can be."""
        data = self.data
        period = self.period(*data.draw(spans))
        model = data.draw(st.sampled_from(self.models))
        act = data.draw(st.sampled_from(["book", "book", "pin", "maintain"]))
        with suppress(Refusal):
            if act == "maintain":
                self.do(booking.maintain(data.draw(st.sampled_from(self.units)), period))
                return
            booked = self.do(booking.take({model: 1}, period, staff=True))
            if act == "pin":
                [unit] = booked.units[model]
                self.do(execute("UPDATE booking_allocation SET pinned = true WHERE unit_id = $1", unit))

    def look(self) -> None:
        days = self.do(
            booking.days(self.wanted, self.first, self.first + timedelta(days=2), staff=self.staff)
        )
        assert [day.date for day in days] == [self.first + timedelta(days=n) for n in range(3)]
        for day in days:
            self.whole(day)
            for span in day.spans:
                self.best_of(span)
            for _ in range(4):
                self.any_use(day)
        self.alternatives()

    def whole(self, day: Day) -> None:
        """As many as shown for all the day, and not one more."""
        if day.state != "free" or len(self.models) > 1:
            return
        [model], [own] = self.models, self.rules
        uses = [Period(day.spans[0].start, day.spans[-1].end)] if own.spans else list(day.spans)
        fitting = [use for use in uses if self.length_fits(use)]
        for use in fitting:
            assert self.taken({model: day.free}, use) is None
        if len(fitting) == len(uses) and not own.step:
            assert any(isinstance(self.taken({model: day.free + 1}, use), NotFree) for use in uses)

    def best_of(self, span: Period) -> None:
        """As much of it as the rules allow."""
        most = min((one.max_minutes for one in self.rules if one.max_minutes), default=None)
        length = (
            span.end - span.start if most is None else min(span.end - span.start, timedelta(minutes=most))
        )
        use = Period(span.start, span.start + length)
        if self.length_fits(use):
            assert self.taken(self.wanted, use) is None

    def any_use(self, day: Day) -> None:
        """Any at all on this day: taken if and only if shown free and within the rules."""
        midnight = datetime.combine(day.date, time(), PARIS).astimezone(UTC)
        start = midnight + timedelta(minutes=15 * self.data.draw(st.integers(0, 4 * 23 - 1)))
        use = Period(start, start + timedelta(minutes=15 * self.data.draw(st.integers(1, 24))))
        refusal = self.taken(self.wanted, use)
        shown = any(span.start <= use.start and use.end <= span.end for span in day.spans)
        if shown:
            assert refusal is None or not isinstance(
                refusal, NotFree | booking.ClosedThen | booking.NotOpenThroughout
            )
        elif refusal is None:
            assert any(span.start <= use.start < span.end for span in day.spans)
            # It goes on after the hours of this day, where another may begin; or lasts over a closure.
            if use.end <= max(span.end for span in day.spans):
                assert all(one.spans for one in self.rules)
                assert any(span.start <= use.end <= span.end for span in day.spans)

    def alternatives(self) -> None:
        wish = self.period(*self.data.draw(spans))
        for other in self.do(booking.alternatives(self.wanted, wish, staff=self.staff)):
            assert self.taken(self.wanted, other) is None

    def length_fits(self, use: Period) -> bool:
        minutes = (use.end - use.start) / timedelta(minutes=1)
        return all(one.min_minutes <= minutes <= (one.max_minutes or minutes) for one in self.rules)

    def taken(self, wanted: dict[int, int], use: Period) -> Refusal | None:
        """What refuses it, and `can_take` says the same; nothing is left of it."""
        refusal: Refusal | None = None
        try:
            self.do(self.take_and_undo(wanted, use))
        except Refusal as said:
            refusal = said
        except Undone:
            pass
        foreseen = self.do(booking.can_take(wanted, use, staff=self.staff))
        assert (foreseen and (foreseen.code, foreseen.title)) == (refusal and (refusal.code, refusal.title))
        return refusal

    async def take_and_undo(self, wanted: dict[int, int], use: Period) -> None:
        async with in_transaction():
            await booking.take(wanted, use, staff=self.staff)
            raise Undone
