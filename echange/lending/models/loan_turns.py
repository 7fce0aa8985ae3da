"""What every verb of a loan stands on: for which side one speaks, the row held, the event, who hears."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Self, cast

from tortoise.queryset import QuerySet

from echange.database import fetch_value, in_transaction
from echange.http import NotAllowed, NotFound, Viewer
from echange.http.dates import now
from echange.lending import loan_people, loan_refusals, loan_sides
from echange.lending.life import Happening, Side, State, Verb, other_side, step, verbs
from echange.lending.models.loan_event import LoanEvent
from echange.lending.models.loan_row import LoanRow
from echange.members import note_act
from echange.notifications import tell_all

# What a calendar that shows the loan must hear of.
_IN_CALENDARS = frozenset({"state", "starts_at", "ends_at", "quantity"})
# Two should see this: that only one did is written down.
_OF_BOTH: Final[frozenset[Happening]] = frozenset(
    {"handed_over", "returned_part", "returned", "reinstated", "closed"}
)


@dataclass(frozen=True, slots=True)
class LoanTurn:
    """Somebody's turn to act: for which `side`, and what happened `last`."""

    by: Viewer
    side: Side
    last: LoanEvent

    def said(self, kind: Happening) -> bool:
        """Whether the last thing that happened is this, done by them: a second click."""
        return self.last.kind == kind and self.last.by_id == self.by.id


class LoanTurns(LoanRow):
    """Who sees it, what may be done next, and how anything is done."""

    class Meta(LoanRow.Meta):
        abstract = True

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet[Self]:
        """Its borrower, whoever manages its lender; the town's desk where it is the desk that decides."""
        return cls.filter(loan_sides.seen_by(viewer))

    @property
    def url(self) -> str:
        return f"/prets/demandes/{self.id}"

    @property
    def is_late(self) -> bool:
        """Out, and it should be back: the clock says so, no row does."""
        return self.state == "out" and self.ends_at < now()

    async def side_of(self, viewer: Viewer) -> Side | None:
        """The side for which they speak just now, or None. One's own loan goes first."""
        return await loan_sides.side_of(self, viewer)

    async def next_for(self, viewer: Viewer) -> tuple[Verb, ...]:
        """What this viewer may do now, the expected one first."""
        return await loan_sides.verbs_for(self, viewer)

    async def why_not(self, viewer: Viewer, verb: Verb) -> str:
        """What to say to somebody to whom a verb of the lender's side is not offered."""
        theirs = await loan_sides.side_for(self, viewer, verb) == "lender"
        return (loan_refusals.NotNow if theirs else loan_refusals.NotYourTurn)().title

    @asynccontextmanager
    async def turn(self, by: Viewer, verb: Verb) -> AsyncIterator[LoanTurn]:
        """It is locked, and `by` speaks for the side that may do this.

        Raises NotAllowed, OutOfScope; whether it may be done now is asked by `check`.
        """
        loan_people.actor(by)
        side = await loan_sides.side_for(self, by, verb)
        if side is None:
            raise NotAllowed
        async with in_transaction():
            yield LoanTurn(by, side, await self.lock())

    async def lock(self) -> LoanEvent:
        """Hold it as it is now until the caller's transaction ends; what happened last. Raises NotFound."""
        await fetch_value("SELECT id FROM loan WHERE id = $1 FOR NO KEY UPDATE", self.id)
        last = await LoanEvent.filter(loan_id=self.id).order_by("-id").first()
        if last is None:
            raise NotFound
        await self.refresh_from_db()
        return last

    async def is_settled(self) -> bool:
        """Whether no deposit is held, and no case waits for its decision."""
        settled: bool = await fetch_value(
            """SELECT deposit_left($1) = 0
                   AND NOT EXISTS (SELECT FROM incident WHERE loan_id = $1 AND decided_at IS NULL)""",
            self.id,
        )
        return settled

    def check(self, turn: LoanTurn, verb: Verb) -> None:
        """Raises NotYourTurn where the other side may do this, NotNow where nobody may."""
        state = cast("State", self.state)
        if verb in verbs(state, turn.side):
            return
        theirs = verb in verbs(state, other_side(turn.side))
        raise loan_refusals.NotYourTurn if theirs else loan_refusals.NotNow

    async def move(
        self,
        event: Happening,
        by: Viewer | None = None,
        *,
        words: str = "",
        data: dict[str, Any] | None = None,
        **changes: Any,  # noqa: ANN401 — as many types as columns
    ) -> None:
        """Go where `event` leads and write it down, in the caller's transaction, the row being locked.

        Without `by` it is time's doing. `changes` are columns. Raises NotNow.
        """
        state = step(cast("State", self.state), event)
        if state != self.state:
            changes |= {"state": state, "moved_at": now(), "reminded_at": None}
            changes.setdefault("held_until", None)
        if _IN_CALENDARS & changes.keys():
            changes["version"] = self.version + 1
        if changes:
            await type(self).filter(id=self.id).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)
        await self.note(event, by, words=words, data=data)

    async def note(
        self, event: Happening, by: Viewer | None, *, words: str = "", data: dict[str, Any] | None = None
    ) -> None:
        """Write down what happened; under a mandate in its register too, without anybody's words."""
        told = (data or {}) | ({"words": words} if words else {})
        if by is not None and by.id == self.borrower_id and event in _OF_BOTH:
            told["why"] = "alone"
        await LoanEvent.create(loan_id=self.id, kind=event, data=told, by_id=by.id if by else None)
        if by is not None:
            await note_act(by, f"loan_{event}", ("loan", self.id))

    async def tell(self, side: Side, kind: str, *, by: Viewer | None = None, **data: object) -> None:
        """Tell one side, in the caller's transaction, naming the other; never whoever did it themselves."""
        people = await loan_people.told_of(self, side)
        names = await loan_people.names_of(self)
        about = self.borrower_id if side == "lender" else names.lender_member_id
        await tell_all(
            [one for one in people if by is None or one != by.id],
            kind,
            link=self.url,
            **({"by": about} if about is not None else {}),
            **({"here": True} if names.here else {}),
            name=names.borrower if side == "lender" else names.lender,
            title=names.title,
            start=self.starts_at.isoformat(),
            end=self.ends_at.isoformat(),
            **data,
        )
