"""Any life of an exchange, by its two sides, a helper, a moderator and time, in any order, stays sound."""

from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tortoise.transactions import in_transaction

from echange.database import execute, fetch_one
from echange.exchanges.clock import tick
from echange.exchanges.life import OPEN, State, Verb, replayed, step
from echange.exchanges.models import Exchange, Thanks
from echange.http import Refusal, Viewer
from tests.exchanges.twos import (
    accepted,
    days_earlier,
    declared,
    disputed,
    for_another,
    proposed,
    settled,
    somebody,
)
from tests.neighbours import Town

VERBS: Final[tuple[Verb, ...]] = (
    "acceptance", "decline", "start", "declaration", "retraction", "confirmation", "dispute", "cancellation",
    "arbitration", "thanks",
)  # fmt: skip
WHO: Final = ("alice", "bob", "helper", "moderator", "stranger")
# Beyond what Bob may keep, and beyond what Alice has.
MINUTES: Final = (0, 30, 90, 300, 800)
PARTS: Final = 3
RUNS: Final = max(100, settings().max_examples // PARTS)


@dataclass(frozen=True)
class Step:
    """Somebody takes the `nth` of what they may do next, or else tries `verb` all the same; or days pass."""

    who: str = ""
    verb: Verb | None = None
    nth: int = 0
    minutes: int = 0
    days: int = 0
    event: str = ""


# Mostly what is expected of them next.
_NEXT: Final = st.builds(
    Step,
    who=st.sampled_from(("alice", "bob", "alice", "bob", "helper", "moderator")),
    nth=st.sampled_from((0, 0, 0, 1, 2)),
    minutes=st.sampled_from(MINUTES),
)
_WILD: Final = st.builds(
    Step,
    who=st.sampled_from(("alice", "bob", *WHO)),
    verb=st.sampled_from(VERBS),
    minutes=st.sampled_from(MINUTES),
)
_TIME: Final = st.builds(Step, days=st.sampled_from((1, 4, 4, 8, 8, 15, 61)))
_ELSE: Final = st.builds(Step, event=st.sampled_from(("block", "unblock", "hide", "show")))
STEPS: Final = st.one_of(_NEXT, _NEXT, _NEXT, _WILD, _WILD, _TIME, _ELSE)
# Where a life begins: what was done before.
BEGINNINGS: Final = {
    "proposed": proposed,
    "accepted": accepted,
    "declared": declared,
    "disputed": disputed,
    "settled": settled,
}


# What one may do and is still refused: hours that are not there, a third figure, words to who avoids one.
STILL_REFUSED: Final = {"receiver_short", "already_countered", "not_now", "unavailable"}


@dataclass(frozen=True)
class Taken:
    """A step as it went: whether it was `offered`, how it was `refused`; or it was time's."""

    offered: bool = False
    refused: str = ""
    by_time: bool = False


class People:
    """Alice receives, Charlie may act for her, Bob gives; a moderator, and a stranger from the desk."""

    def __init__(self, town: Town, helper: Viewer) -> None:
        self.town = town
        self.viewers = {
            "alice": somebody(town, "alice"),
            "bob": somebody(town, "bob"),
            "helper": helper,
            "moderator": somebody(town, "moderatrice", "moderator"),
            "stranger": somebody(town, "concierge", "concierge"),
        }

    async def take(self, it: Exchange, one: Step) -> Taken:
        """Take a step."""
        if one.event:
            await self._happen(one.event)
            return Taken(by_time=True)
        if one.days:
            await days_earlier(it, one.days)
            await tick()
            await it.refresh_from_db()
            return Taken(by_time=True)
        by = self.viewers[one.who]
        verbs = await it.next_for(by)
        # Whoever may only call it off does not do so first thing.
        expected = verbs[one.nth % len(verbs)] if verbs and verbs != ("cancellation",) else None
        verb = one.verb or expected
        if verb is None:
            return Taken(refused="nothing to do")
        try:
            await _act(it, verb, by, one.minutes)
        except Refusal as refusal:
            return Taken(offered=verb in verbs, refused=refusal.code)
        return Taken(offered=verb in verbs)

    async def _happen(self, event: str) -> None:
        alice, bob = self.town["alice"], self.town["bob"]
        match event:
            case "block":
                await execute(
                    "INSERT INTO block (by_id, member_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", alice, bob
                )
            case "unblock":
                await execute("DELETE FROM block")
            case _:
                await execute(
                    "UPDATE member SET hidden_at = CASE WHEN $2 THEN now() END WHERE id = $1",
                    bob,
                    event == "hide",
                )


async def _act(it: Exchange, verb: Verb, by: Viewer, minutes: int) -> None:
    match verb:
        case "acceptance":
            await it.accept(by=by)
        case "decline":
            await it.decline(by=by)
        case "start":
            await it.start(by=by)
        case "declaration":
            await it.declare(by=by, minutes=minutes)
        case "retraction":
            await it.take_back(by=by)
        case "confirmation":
            await it.confirm(by=by, minutes=minutes or None)
        case "dispute":
            await it.dispute(by=by, reason="Non.")
        case "cancellation":
            await it.cancel(by=by)
        case "arbitration":
            await it.arbitrate(by=by, minutes=minutes, reason="Comme cela.")
        case "thanks":
            await Thanks.give(it, by=by, words="Merci !")


_LOOK: Final = """
    SELECT e.state, e.settled_minutes, e.transfer_id, e.declared_minutes,
           (SELECT array_agg(kind::text ORDER BY id) FROM exchange_event WHERE exchange_id = e.id) AS events,
           (SELECT count(*) FROM ledger_transfer WHERE about_kind = 'exchange' AND about_id = e.id) AS moved,
           (SELECT sum(balance) FROM ledger_account)::int AS sum,
           (SELECT count(*) FROM ledger_account WHERE balance < floor OR balance > ceiling) AS beyond,
           (SELECT -min(minutes) FROM ledger_entry WHERE transfer_id = e.transfer_id) AS paid
    FROM exchange e WHERE e.id = $1"""


async def _look(it: Exchange) -> dict[str, Any]:
    row = await fetch_one(_LOOK, it.id)
    assert row is not None
    seen = dict(row)
    assert replayed(seen["events"]) == seen["state"], "replaying the events gives the state"
    has_figure = seen["state"] in {"declared", "disputed", "settled"}
    assert (seen["declared_minutes"] is not None) == has_figure
    assert seen["sum"] == 0
    assert seen["beyond"] == 0, "limits hold"
    assert seen["moved"] == int(seen["transfer_id"] is not None), "at most one transfer, and it is known"
    if seen["transfer_id"] is not None:
        assert seen["state"] == "settled"
        assert 0 < seen["paid"] <= seen["settled_minutes"]
    return seen


def _check_way(before: dict[str, Any], after: dict[str, Any], taken: Taken) -> None:
    """What happened is one allowed step, by who may take it, or nothing; a refusal changes nothing."""
    more = after["events"][len(before["events"]) :]
    assert before["events"] == after["events"][: len(before["events"])], "nothing written is changed"
    assert len(more) <= 1
    state: State = before["state"]
    for event in more:
        state = step(state, event)
    assert after["state"] == state
    assert not (taken.refused and more)
    if more and not taken.by_time:
        assert taken.offered, "nobody does what is not offered to them"
    if taken.offered and taken.refused:
        assert taken.refused in STILL_REFUSED


@pytest.mark.parametrize("part", range(PARTS))
@given(beginning=st.sampled_from(sorted(BEGINNINGS)), steps=st.lists(STEPS, min_size=3, max_size=10))
@settings(
    max_examples=RUNS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_any_life_stays_sound(
    orm: None, town: Town, part: int, beginning: str, steps: list[Step]
) -> None:
    # Each life is undone in the end: those that are committed have tests of their own.
    async with in_transaction() as transaction:
        await execute(
            """UPDATE ledger_account SET ceiling = 200
               WHERE id = (SELECT account_id FROM member WHERE id = $1)""",
            town["bob"],
        )
        people = People(town, await for_another(town, "charlie", "alice"))
        it = await BEGINNINGS[beginning](town)
        seen = await _look(it)
        with capture_logs() as logs:
            for one in steps:
                taken = await people.take(it, one)
                now_seen = await _look(it)
                _check_way(seen, now_seen, taken)
                seen = now_seen
                if seen["state"] in OPEN:
                    await _check_somebody_can_go_on(it, people)
        assert logs == []
        await execute("SET CONSTRAINTS ALL IMMEDIATE")
        await transaction.rollback()


async def _check_somebody_can_go_on(it: Exchange, people: People) -> None:
    """No open state is a dead end."""
    fresh = await Exchange.get(id=it.id)
    for viewer in people.viewers.values():
        if await fresh.next_for(viewer):
            return
    raise AssertionError(fresh.state)
