"""The life of an exchange: which event leads from which state to which, and which of the two may cause it.

Pure: rows, people and hours are elsewhere. Replaying the events of an exchange gives its state.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from echange.exchanges.refusals import NotNow

State = Literal[
    "proposed", "accepted", "under_way", "declared", "settled", "declined", "cancelled", "expired",
    "disputed",
]  # fmt: skip
Happening = Literal[
    "proposed", "accepted", "declined", "started", "declared", "countered", "taken_back", "confirmed",
    "disputed", "handed_over", "arbitrated", "cancelled", "expired",
]  # fmt: skip
Side = Literal["giver", "receiver"]
SIDES: Final[tuple[Side, Side]] = ("giver", "receiver")
# As the API calls what somebody may do next.
Verb = Literal[
    "acceptance", "decline", "start", "declaration", "confirmation", "retraction", "dispute", "arbitration",
    "cancellation", "thanks",
]  # fmt: skip

# Without a figure yet: these may still be called off.
BEFORE: Final[tuple[State, ...]] = ("proposed", "accepted", "under_way")
OPEN: Final[tuple[State, ...]] = (*BEFORE, "declared", "disputed")
OVER: Final[tuple[State, ...]] = ("settled", "declined", "cancelled", "expired")

_STEPS: Final[dict[State | None, dict[Happening, State]]] = {
    None: {"proposed": "proposed"},
    "proposed": {
        "accepted": "accepted", "declined": "declined", "cancelled": "cancelled", "expired": "expired",
    },
    "accepted": {
        "started": "under_way", "declared": "declared", "cancelled": "cancelled", "expired": "expired",
    },
    "under_way": {"declared": "declared", "cancelled": "cancelled", "expired": "expired"},
    "declared": {
        "countered": "declared", "taken_back": "under_way", "confirmed": "settled", "disputed": "disputed",
        "handed_over": "disputed",
    },
    # They may still agree by themselves: moderators' time is scarce.
    "disputed": {"confirmed": "settled", "arbitrated": "settled"},
    "settled": {},
    "declined": {},
    "cancelled": {},
    "expired": {},
}  # fmt: skip


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


def other_side(side: Side) -> Side:
    return "receiver" if side == "giver" else "giver"


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides what somebody may do: the state, who proposed, who gave the figure that stands."""

    state: State
    proposed: Side
    declared: Side | None = None
    countered: bool = False

    def verbs(self, side: Side) -> tuple[Verb, ...]:
        """What this side may do now, the expected one first."""
        match self.state:
            case "proposed":
                return ("cancellation",) if side == self.proposed else ("acceptance", "decline")
            case "accepted":
                return ("declaration", "start", "cancellation")
            case "under_way":
                return ("declaration", "cancellation")
            case "declared":
                return ("retraction", "dispute") if side == self.declared else ("confirmation", "dispute")
            case "disputed":
                return () if side == self.declared else ("confirmation",)
            case "settled":
                return ("thanks",)
            case _:
                return ()

    def awaited(self) -> tuple[Side, ...]:
        """Whose turn it is: one, both, or nobody's."""
        match self.state:
            case "proposed":
                return (other_side(self.proposed),)
            case "accepted" | "under_way":
                return ("giver", "receiver")
            case "declared" if self.declared:
                return (other_side(self.declared),)
            case _:
                return ()
