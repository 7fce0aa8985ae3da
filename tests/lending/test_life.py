"""The life of a loan on paper: every state leads out, and nobody is offered what cannot be done."""

from typing import get_args

import pytest

from echange.lending.life import _STEPS as STEPS
from echange.lending.life import (
    BEFORE,
    OVER,
    RUNNING,
    TO_SETTLE,
    Happening,
    Side,
    State,
    Verb,
    replayed,
    step,
    verbs,
)
from echange.lending.loan_refusals import NotNow

STATES: tuple[State, ...] = get_args(State)
# What a verb writes down, one of these by what the item asks for.
WRITES: dict[Verb, tuple[Happening, ...]] = {
    "confirmation": ("requested", "agreed"),
    "approval": ("agreed",),
    "refusal": ("refused",),
    "cancellation": ("cancelled",),
    "preparation": ("prepared",),
    "handover": ("handed_over",),
    "return": ("returned", "damaged"),
    "renewal": ("renewed",),
    "loss": ("lost",),
    "damage": ("damaged",),
    "change": ("changed", "agreed", "requested"),
    "proposal": ("proposed",),
    "absence": ("no_show",),
    "closing": ("closed",),
    "reinstatement": ("reinstated",),
}


def test_the_states_are_sorted_into_what_they_mean() -> None:
    assert {*RUNNING, *TO_SETTLE, *OVER} == set(STATES)
    assert len(RUNNING) + len(TO_SETTLE) + len(OVER) == len(STATES)
    assert {*BEFORE, "out"} == set(RUNNING)


@pytest.mark.parametrize("state", [state for state in STATES if state not in OVER])
def test_every_state_leads_to_an_end(state: State) -> None:
    seen, reached = {state}, {state}
    while reached:
        reached = {after for one in reached for after in STEPS[one].values()} - seen
        seen |= reached
    assert seen & set(OVER)
    # Somebody has a button for it, whoever it is.
    assert any(verbs(state, side) for side in get_args(Side))


@pytest.mark.parametrize("state", [state for state in OVER if state != "no_show"])
def test_what_is_over_stays_over(state: State) -> None:
    assert verbs(state, "borrower") == verbs(state, "lender") == ()
    for event in get_args(Happening):
        with pytest.raises(NotNow):
            step(state, event)


def test_nobody_coming_may_have_been_a_mistake_and_nothing_else() -> None:
    assert STEPS["no_show"] == {"reinstated": "approved"}
    assert verbs("no_show", "borrower") == ()
    assert replayed(["agreed", "no_show", "reinstated", "handed_over"]) == "out"


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_can_be_done(state: State) -> None:
    for side in get_args(Side):
        for verb in verbs(state, side):
            assert any(event in STEPS[state] for event in WRITES[verb]), (state, verb)


def test_a_history_is_replayed() -> None:
    assert replayed([]) is None
    assert (
        replayed(["requested", "agreed", "prepared", "handed_over", "reminded", "returned", "closed"])
        == "closed"
    )
    assert replayed(["held", "agreed", "displaced", "agreed"]) == "approved"
    with pytest.raises(NotNow):
        replayed(["requested", "handed_over"])
    with pytest.raises(NotNow):
        replayed(["agreed", "refused"])
