"""The life of a loan: which event leads from which state to which, and who of both may do what in it.

Pure: rows, people and calendars are elsewhere. Replaying the events of a loan gives its state. `late` is no
state: it is `out`, read with a clock.
"""

from collections.abc import Iterable
from typing import Final, Literal

from echange.lending.loan_refusals import NotNow

State = Literal[
    "held", "requested", "approved", "at_risk", "ready", "out", "returned", "damaged", "lost", "closed",
    "refused", "cancelled", "expired", "no_show",
]  # fmt: skip
Happening = Literal[
    "held", "requested", "agreed", "refused", "cancelled", "expired", "prepared", "handed_over",
    "returned_part", "returned", "damaged", "lost", "closed", "no_show", "displaced", "moved", "changed",
    "renewed", "proposed", "reminded", "reinstated",
]  # fmt: skip
Side = Literal["borrower", "lender"]
# As the API calls what somebody may do next.
Verb = Literal[
    "confirmation", "approval", "refusal", "cancellation", "preparation", "handover", "return", "renewal",
    "loss", "damage", "change", "proposal", "absence", "closing", "reinstatement",
]  # fmt: skip

# Something is kept for them in the calendars, or lies with them.
RUNNING: Final[tuple[State, ...]] = ("held", "requested", "approved", "at_risk", "ready", "out")
# Not in their hands yet: it may still be called off.
BEFORE: Final[tuple[State, ...]] = ("held", "requested", "approved", "at_risk", "ready")
# Back or lost, and something still to settle.
TO_SETTLE: Final[tuple[State, ...]] = ("returned", "damaged", "lost")
OVER: Final[tuple[State, ...]] = ("closed", "refused", "cancelled", "expired", "no_show")

_STEPS: Final[dict[State | None, dict[Happening, State]]] = {
    None: {"held": "held", "requested": "requested", "agreed": "approved"},
    "held": {"requested": "requested", "agreed": "approved", "cancelled": "cancelled", "expired": "expired"},
    "requested": {
        "agreed": "approved", "refused": "refused", "cancelled": "cancelled", "expired": "expired",
        "displaced": "at_risk", "moved": "requested", "changed": "requested", "proposed": "requested",
        "reminded": "requested",
    },
    "approved": {
        "prepared": "ready", "handed_over": "out", "cancelled": "cancelled", "no_show": "no_show",
        "displaced": "at_risk", "moved": "approved", "changed": "approved", "requested": "requested",
        "proposed": "approved", "reminded": "approved",
    },
    "at_risk": {
        "agreed": "approved", "requested": "requested", "cancelled": "cancelled", "expired": "expired",
        "displaced": "at_risk", "moved": "at_risk", "proposed": "at_risk", "reminded": "at_risk",
    },
    # With another unit or other dates it is to be prepared again.
    "ready": {
        "handed_over": "out", "cancelled": "cancelled", "no_show": "no_show", "displaced": "at_risk",
        "moved": "approved", "changed": "approved", "requested": "requested", "proposed": "ready",
        "reminded": "ready",
    },
    "out": {
        "handed_over": "out", "returned_part": "out", "returned": "returned", "damaged": "damaged",
        "lost": "lost", "renewed": "out", "reminded": "out",
    },
    "returned": {"damaged": "damaged", "lost": "lost", "closed": "closed"},
    "damaged": {"damaged": "damaged", "lost": "lost", "closed": "closed"},
    # What was lost may be found.
    "lost": {"lost": "lost", "returned": "returned", "damaged": "damaged", "closed": "closed"},
    "closed": {}, "refused": {}, "cancelled": {}, "expired": {},
    # Somebody may have come all the same, and nobody have noticed.
    "no_show": {"reinstated": "approved"},
}  # fmt: skip

_VERBS: Final[dict[State, dict[Side, tuple[Verb, ...]]]] = {
    "held": {"borrower": ("confirmation", "cancellation")},
    "requested": {
        "borrower": ("change", "cancellation"),
        "lender": ("approval", "refusal", "proposal"),
    },
    "approved": {
        "borrower": ("change", "cancellation"),
        "lender": ("preparation", "handover", "proposal", "cancellation", "absence"),
    },
    "at_risk": {"borrower": ("change", "cancellation"), "lender": ("proposal", "cancellation")},
    "ready": {
        "borrower": ("change", "cancellation"),
        "lender": ("handover", "proposal", "cancellation", "absence"),
    },
    "out": {"borrower": ("renewal",), "lender": ("return", "renewal", "loss", "damage")},
    "returned": {"lender": ("closing", "damage", "loss")},
    "damaged": {"lender": ("closing", "loss")},
    "lost": {"lender": ("return", "closing")},
    "no_show": {"lender": ("reinstatement",)},
}


def step(state: State | None, event: Happening) -> State:
    """The state after `event`; before the first event there is None. Raises NotNow."""
    after = _STEPS[state].get(event)
    if after is None:
        raise NotNow
    return after


def replayed(events: Iterable[Happening]) -> State | None:
    """The state that these events lead to. Raises NotNow where one could not follow the other."""
    state: State | None = None
    for event in events:
        state = step(state, event)
    return state


def verbs(state: State, side: Side) -> tuple[Verb, ...]:
    """What this side may do now, the expected one first."""
    return _VERBS.get(state, {}).get(side, ())


def other_side(side: Side) -> Side:
    return "lender" if side == "borrower" else "borrower"
