"""What every verb of an exchange stands on: whose turn it is, the row held, the event written, who hears."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Self, cast

from tortoise.queryset import QuerySet

from echange.database import fetch_value, in_transaction
from echange.exchanges import refusals, sides
from echange.exchanges.life import Happening, Side, Standing, State, Verb, other_side, step
from echange.exchanges.models.event import ExchangeEvent
from echange.exchanges.models.exchange_row import ExchangeRow
from echange.exchanges.names import names_of
from echange.http import NotFound, Refusal, Viewer
from echange.http.dates import now
from echange.http.promises import kept
from echange.members import note_act
from echange.notifications import tell_all

PLACES: Final[dict[str, type[Refusal]]] = {"help_full": refusals.Full, "help_role_full": refusals.Full}


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn to act: for which `side`, and what happened `last`."""

    by: Viewer
    side: Side
    last: ExchangeEvent

    def said(self, it: ExchangeRow, kind: Happening) -> bool:
        """Whether the last thing that happened is this, from this side: a second click."""
        return self.last.kind == kind and self.last.side_id == sides.member_at(it, self.side)


class ExchangeTurns(ExchangeRow):
    """Who sees it, what may be done next, and how anything is done."""

    class Meta(ExchangeRow.Meta):
        abstract = True

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet[Self]:
        """Its two sides, whoever speaks for one of them; moderators once it was disputed."""
        return cls.filter(sides.seen_by(viewer))

    @property
    def url(self) -> str:
        return f"/echanges/{self.id}"

    @property
    def standing(self) -> Standing:
        """What its next steps depend on."""
        declared = None if self.declared_by_id is None else self._side_at(self.declared_by_id)
        proposed = self._side_at(self.proposed_by_id)
        return Standing(cast("State", self.state), proposed, declared, self.countered)

    def side_of(self, viewer: Viewer) -> Side | None:
        """The side for which they speak just now, or None."""
        return sides.side_of(self, viewer)

    async def next_for(self, viewer: Viewer) -> tuple[Verb, ...]:
        """What this viewer may do now, the expected one first."""
        side = self.side_of(viewer)
        if side is None:
            return ("arbitration",) if await self.can_be_arbitrated_by(viewer) else ()
        verbs = self.standing.verbs(side)
        if not verbs or await sides.on_both_sides(self, side, viewer):
            return ()
        if verbs == ("thanks",) and await self._has_thanked(side):
            return ()
        return verbs

    async def can_be_arbitrated_by(self, viewer: Viewer) -> bool:
        """Whether it waits for a moderator, and this one has no part in it."""
        is_moderator = bool(viewer.roles & sides.DECIDING)
        return self.state == "disputed" and is_moderator and not await sides.is_involved(self, viewer)

    @asynccontextmanager
    async def turn(self, by: Viewer) -> AsyncIterator[Turn]:
        """It is locked, and `by` speaks for one side.

        Raises NotAllowed, OutOfScope, InAnotherName, BothSides.
        """
        side = sides.side_to_act(self, by)
        async with in_transaction():
            last = await self.lock()
            if await sides.on_both_sides(self, side, by):
                raise refusals.BothSides
            yield Turn(by, side, last)

    async def lock(self) -> ExchangeEvent:
        """Hold it as it is now until the caller's transaction ends; what happened last. Raises NotFound."""
        await fetch_value("SELECT id FROM exchange WHERE id = $1 FOR NO KEY UPDATE", self.id)
        last = await ExchangeEvent.filter(exchange_id=self.id).order_by("-id").first()
        if last is None:
            raise NotFound
        await self.refresh_from_db()
        return last

    def check(self, turn: Turn, verb: Verb) -> None:
        """Raises NotYourTurn where the other one may do this, NotNow where nobody may."""
        if verb in self.standing.verbs(turn.side):
            return
        theirs = verb in self.standing.verbs(other_side(turn.side))
        raise refusals.NotYourTurn if theirs else refusals.NotNow

    async def move(
        self,
        event: Happening,
        turn: Turn | None = None,
        *,
        by_id: int | None = None,
        words: str = "",
        data: dict[str, Any] | None = None,
        **changes: Any,  # noqa: ANN401 — as many types as columns
    ) -> None:
        """Go where `event` leads and write it down, in the caller's transaction, the row being locked.

        Without a `turn` it is a moderator's (`by_id`) or time's doing. Raises NotNow, Full.
        """
        changes |= {"state": self.after(event), "moved_at": now()}
        with kept(PLACES):
            await type(self).filter(id=self.id).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)
        told = (data or {}) | ({"words": words} if words else {})
        await self.note(event, told, turn.by.id if turn else by_id, turn.side if turn else None)
        if turn is not None:
            await note_act(turn.by, f"exchange_{event}", ("exchange", self.id))

    def after(self, event: Happening) -> State:
        """Where `event` would lead now. Raises NotNow."""
        return step(cast("State", self.state), event)

    async def note(self, kind: Happening, data: dict[str, Any], by_id: int | None, side: Side | None) -> None:
        """Write down what happened, for which side."""
        person = sides.member_at(self, side) if side else None
        await ExchangeEvent.create(
            exchange_id=self.id,
            kind=kind,
            data=data,
            by_id=by_id,
            person_id=person if person != by_id else None,
        )

    async def tell(self, side: Side, kind: str, **data: object) -> None:
        """Tell one side, in the caller's transaction, naming the other: see `sides.hearers_at`."""
        other = other_side(side)
        name = (await names_of(self))[other]
        by = sides.member_at(self, other)
        told = await sides.hearers_at(self, side)
        await tell_all(told, kind, link=self.url, by=by, name=name, title=self.title, **data)

    async def tell_other(self, turn: Turn, kind: str, **data: object) -> None:
        """Tell the side whose turn it was not."""
        await self.tell(other_side(turn.side), kind, **data)

    async def _has_thanked(self, side: Side) -> bool:
        by = sides.member_at(self, side)
        thanked: bool = await fetch_value(
            "SELECT EXISTS (SELECT FROM thanks WHERE exchange_id = $1 AND by_id = $2)", self.id, by
        )
        return thanked

    def _side_at(self, member_id: int) -> Side:
        return "giver" if member_id == self.giver_id else "receiver"
