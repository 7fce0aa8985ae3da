"""Which event leads where, without any database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echange.exchanges import refusals
from echange.exchanges.life import OPEN, OVER, Happening, Standing, State, Verb, replayed, step

EVERY_EVENT: tuple[Happening, ...] = (
    "proposed", "accepted", "declined", "started", "declared", "countered", "taken_back", "confirmed",
    "disputed", "handed_over", "arbitrated", "cancelled", "expired",
)  # fmt: skip


def test_nothing_follows_an_end_and_every_open_state_can_be_left() -> None:
    for state in OVER:
        for event in EVERY_EVENT:
            with pytest.raises(refusals.NotNow):
                step(state, event)
    for state in OPEN:
        ways = {after for event in EVERY_EVENT if (after := _after(state, event)) not in {None, state}}
        assert ways, state


def _after(state: State, event: Happening) -> State | None:
    try:
        return step(state, event)
    except refusals.NotNow:
        return None


@given(events=st.lists(st.sampled_from(EVERY_EVENT), max_size=12))
def test_a_replay_either_leads_to_a_state_or_is_refused(events: list[Happening]) -> None:
    try:
        state = replayed(events)
    except refusals.NotNow:
        return
    assert (state is None) == (not events)


def test_in_every_state_both_sides_know_what_comes_next() -> None:
    for state in (*OPEN, "settled"):
        for declared_by in ("giver", "receiver"):
            standing = Standing(state, "giver", declared_by)
            verbs: set[Verb] = {*standing.verbs("giver"), *standing.verbs("receiver")}
            assert verbs, state
