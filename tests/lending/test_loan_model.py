"""Any life of some loans, by three people, their lender and time, in any order, stays sound.

A pool, a thing alone, and a kit of both; after each step: every history leads to its state, no unit is
promised twice, nobody has more than they may, and only what was offered could be done.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from echange import booking
from echange.booking import Period
from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http import Refusal, Viewer
from echange.http.dates import now
from echange.lending.displacing import hold_loans, loans_displaced
from echange.lending.life import RUNNING, Verb, replayed
from echange.lending.models import Item, Lender, Loan, LoanEvent
from echange.lending.schedule import ripple, tick
from tests.lending.things import kit, lent, somebody
from tests.neighbours import Town

PEOPLE: Final = ("alice", "bob", "charlie")
MOST_RUNNING: Final = 3
VERBS: Final[tuple[Verb, ...]] = (
    "confirmation", "approval", "refusal", "cancellation", "preparation", "handover", "return", "renewal",
    "change", "proposal", "absence", "closing", "reinstatement",
)  # fmt: skip
RUNS: Final = max(25, settings().max_examples // 4)


@dataclass(frozen=True)
class Step:
    """`who` asks for thing `item` from `day` on, or does something with their `nth` loan; or a day passes,
    or a unit is lost.
    """

    who: str = "alice"
    act: str = "ask"
    item: int = 0
    nth: int = 0
    day: int = 1
    length: int = 2
    quantity: int = 1
    hold: bool = False


STEPS: Final = st.one_of(
    st.builds(
        Step,
        who=st.sampled_from(PEOPLE),
        item=st.integers(0, 2),
        day=st.integers(1, 4),
        length=st.integers(1, 3),
        quantity=st.sampled_from((1, 1, 2)),
        hold=st.sampled_from((False, False, True)),
    ),
    st.builds(
        Step,
        who=st.sampled_from(("redoute", "redoute", *PEOPLE)),
        act=st.sampled_from(VERBS),
        nth=st.integers(0, 3),
        day=st.integers(1, 5),
        length=st.integers(1, 3),
        quantity=st.sampled_from((1, 2)),
    ),
    st.builds(Step, act=st.sampled_from(("day", "day", "ripple", "lost"))),
)


class Run:
    """Things, people and their loans."""

    def __init__(self, town: Town, items: list[Item], start: datetime) -> None:
        self.people = {who: somebody(town, who) for who in (*PEOPLE, "redoute")}
        self.items = items
        self.start = start

    def window(self, step: Step) -> Period:
        start = self.start + timedelta(days=step.day)
        return Period(start, start + timedelta(days=step.length))

    async def take(self, step: Step) -> None:
        try:
            await self._do(step)
        except Refusal:
            return

    async def _do(self, step: Step) -> None:
        by = self.people[step.who]
        match step.act:
            case "ask":
                await Loan.ask(self.items[step.item], by=by, period=self.window(step), quantity=step.quantity,
                               hold=step.hold)  # fmt: skip
            case "day":
                await _a_day_passes()
                await tick()
            case "ripple":
                await ripple()
            case "lost":
                await self._lose()
            case verb:
                await self._act(step, by, verb)

    async def _act(self, step: Step, by: Viewer, verb: str) -> None:
        loans = await Loan.visible_to(by).filter(state__in=[*RUNNING, "returned", "no_show"]).order_by("id")
        if not loans:
            return
        it = loans[step.nth % len(loans)]
        offered = verb in await it.next_for(by)
        before = it.state
        try:
            await self._verb(it, step, by, verb)
        except Refusal:
            await it.refresh_from_db()
            assert it.state == before
            return
        assert offered or (await Loan.get(id=it.id)).state == before, (verb, before)

    async def _verb(self, it: Loan, step: Step, by: Viewer, verb: str) -> None:
        doing: dict[str, Any] = {
            "confirmation": lambda: it.confirm(by=by),
            "approval": lambda: it.approve(by=by),
            "refusal": lambda: it.refuse(by=by, reason="Non."),
            "cancellation": lambda: it.cancel(by=by),
            "preparation": lambda: it.prepare(by=by),
            "renewal": lambda: it.renew(by=by, until=it.ends_at + timedelta(days=step.length)),
            "change": lambda: it.change(by=by, period=self.window(step), quantity=step.quantity),
            "proposal": lambda: it.propose(by=by, period=self.window(step)),
            "absence": lambda: it.no_show(by=by),
            "closing": lambda: it.close(by=by),
            "reinstatement": lambda: it.reinstate(by=by),
            "handover": lambda: _hand_over(it, by),
            "return": lambda: _take_back(it, by),
        }
        await doing[verb]()

    async def _lose(self) -> None:
        model = self.items[0].model_id or 0
        usable = await fetch(
            """SELECT id FROM booking_unit u WHERE model_id = $1 AND retired_at IS NULL AND NOT EXISTS (
                   SELECT FROM booking_holding WHERE unit_id = u.id AND returned_at IS NULL) ORDER BY id""",
            model,
        )
        if len(usable) < 2:
            return
        async with in_transaction():
            await hold_loans([model])
            await loans_displaced(await booking.withdraw(usable[0]["id"], at=now()))


async def _hand_over(it: Loan, by: Viewer) -> None:
    async with it.turn(by, "handover") as turn:
        it.check(turn, "handover")
        units = [unit for units in (await booking.units_of([it.booking_id or 0]))[it.booking_id or 0].values()
                 for unit in units]  # fmt: skip
        await booking.hand_out(it.booking_id or 0, units, now())
        await it.move("handed_over", by, out_at=now())


async def _take_back(it: Loan, by: Viewer) -> None:
    async with it.turn(by, "return") as turn:
        it.check(turn, "return")
        rows = await fetch(
            "SELECT unit_id FROM booking_holding WHERE booking_id = $1 AND returned_at IS NULL", it.booking_id
        )
        await booking.take_back([row["unit_id"] for row in rows], now())
        await it.move("returned", by, returned_at=now())


async def _a_day_passes() -> None:
    """Everything that is written down happened a day earlier."""
    for statement in (
        """UPDATE loan SET starts_at = starts_at - interval '1 day', ends_at = ends_at - interval '1 day',
               at = at - interval '1 day', moved_at = moved_at - interval '1 day',
               held_until = held_until - interval '1 day'""",
        """UPDATE booking_holding SET since = since - interval '1 day',
               returned_at = returned_at - interval '1 day'""",
    ):
        await execute(statement)
    # Earlier ones first, so that none ever stands on another.
    for row in await fetch("SELECT id FROM booking_allocation ORDER BY lower(during)"):
        await execute(
            """UPDATE booking_allocation SET during = tstzrange(
                   lower(during) - interval '1 day', upper(during) - interval '1 day'),
                   late_until = late_until - interval '1 day', expires_at = expires_at - interval '1 day'
               WHERE id = $1""",
            row["id"],
        )


async def check_all() -> None:
    for it in await Loan.all():
        kinds: list[Any] = list(
            await LoanEvent.filter(loan_id=it.id).order_by("id").values_list("kind", flat=True)
        )
        assert replayed(kinds) == it.state
        standing = await fetch_value(
            """SELECT count(*) FROM booking_allocation
               WHERE booking_id = $1 AND kind IN ('held', 'booked', 'out')""",
            it.booking_id,
        )
        if it.state in {"cancelled", "refused", "expired", "no_show", "closed", "returned"}:
            assert standing == 0, it.state
        elif it.state in {"held", "requested", "approved", "ready", "out"}:
            assert standing >= it.quantity, it.state
    overlaps = await fetch_value(
        """SELECT count(*) FROM booking_allocation a JOIN booking_allocation b
           ON a.unit_id = b.unit_id AND a.id < b.id AND a.padded && b.padded"""
    )
    assert overlaps == 0
    most = await fetch_value(
        """SELECT max(n) FROM (SELECT count(*) AS n FROM loan WHERE state = ANY($1::text[])
               AND (held_until IS NULL OR held_until > now()) GROUP BY borrower_id) counted""",
        list(RUNNING),
    )
    assert (most or 0) <= MOST_RUNNING


@pytest.fixture
async def things(orm: None, town: Town) -> list[Item]:
    table = await lent(town, "Table", units=2)
    tent = await lent(town, "Barnum", approval="owner", renewals=2)
    both = await kit(town, "Fête", (table, 1), (tent, 1))
    await Lender.all().update(max_running=MOST_RUNNING)
    return [table, tent, both]


class Undo(Exception):
    """Every life begins anew."""


@settings(
    max_examples=RUNS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
async def test_any_life_stays_sound(things: list[Item], town: Town, steps: list[Step]) -> None:
    with capture_logs() as logs, suppress(Undo):
        async with in_transaction():
            run = Run(town, things, now().replace(minute=0, second=0, microsecond=0))
            for step in steps:
                await run.take(step)
                await check_all()
            raise Undo
    assert [entry for entry in logs if entry["event"] == "loan_not_moved"] == []
