"""An exchange between two neighbours and its verbs. Each is one transaction; said twice, it counts once."""

from typing import Unpack

from echange.database import in_transaction
from echange.exchanges import proposing, refusals, settling, sides
from echange.exchanges.life import Happening, other_side
from echange.exchanges.models.exchange_turns import PLACES, ExchangeTurns, Turn
from echange.exchanges.proposing import Proposal, Terms
from echange.http import NotAllowed, Viewer
from echange.http.dates import now
from echange.http.durations import said
from echange.http.promises import kept
from echange.members import StaffAct, note_act


class Exchange(ExchangeTurns):
    """An exchange. Its state is what its events lead to (life.py)."""

    class Meta(ExchangeTurns.Meta):
        table = "exchange"
        abstract = False

    @classmethod
    async def propose(cls, *, by: Viewer, words: str = "", **terms: Unpack[Terms]) -> "Exchange":
        """Propose it to the other one; `words` begin their conversation. The same again is found again.

        Raises WithOneself, NotAllowed, OutOfScope, InAnotherName, BothSides, NotTheirs, Paused, Full, NotNow,
        Invalid, and what opening a conversation and posting raise.
        """
        return await cls._begin(by, words, terms, agreed=False)

    @classmethod
    async def agreed(cls, *, by: Viewer, words: str = "", **terms: Unpack[Terms]) -> "Exchange":
        """The same, already said yes to (a rota's shift, the desk)."""
        return await cls._begin(by, words, terms, agreed=True)

    async def accept(self, *, by: Viewer) -> None:
        """Say yes. Raises NotYourTurn, NotNow, Full."""
        async with self.turn(by) as turn:
            if not turn.said(self, "accepted"):
                self.check(turn, "acceptance")
                await self.move("accepted", turn, reminded_at=None)
                await self.tell_other(turn, "exchange_accepted")

    async def decline(self, *, by: Viewer, words: str = "") -> None:
        """Say no. Raises NotYourTurn, NotNow."""
        async with self.turn(by) as turn:
            if not turn.said(self, "declined"):
                self.check(turn, "decline")
                await self.move("declined", turn, words=words)
                await self.tell_other(turn, "exchange_declined")

    async def start(self, *, by: Viewer) -> None:
        """It has begun; nobody has to say so. Raises NotNow."""
        async with self.turn(by) as turn:
            if self.state != "under_way":
                self.check(turn, "start")
                await self.move("started", turn)

    async def declare(self, *, by: Viewer, minutes: int) -> None:
        """It is done: how long it took, 0 when it was offered.

        Raises FigureWaits, FigureGiven, NotNow, Invalid.
        """
        proposing.check_minutes(minutes)
        async with self.turn(by) as turn:
            mine = self.standing.declared == turn.side
            if self.state == "declared" and mine and minutes == self.declared_minutes:
                return
            if self.state == "declared":
                waiting = refusals.FigureGiven if mine else refusals.FigureWaits
                raise waiting(minutes=said(self.declared_minutes or 0))
            self.check(turn, "declaration")
            await self._give_figure(turn, "declared", minutes)

    async def take_back(self, *, by: Viewer) -> None:
        """Take one's own figure back, before it is answered. Raises NotYourTurn, NotNow."""
        async with self.turn(by) as turn:
            if not turn.said(self, "taken_back"):
                self.check(turn, "retraction")
                # They know that it is their turn: no reminder for it.
                await self.move(
                    "taken_back",
                    turn,
                    reminded_at=now(),
                    declared_minutes=None,
                    declared_by_id=None,
                    countered=False,
                )
                await self.tell_other(turn, "exchange_taken_back")

    async def confirm(self, *, by: Viewer, minutes: int | None = None, seen: int | None = None) -> None:
        """Agree to the other one's figure: the hours move. With other `minutes`, give one's own figure, once.

        `seen` is the figure agreed to: where another one stands by now, nothing is. Raises ReceiverShort,
        AccountGone, AlreadyCountered, NotYourTurn, NotNow, Invalid.
        """
        proposing.check_minutes(minutes or 0)
        async with self.turn(by) as turn:
            if self.state == "settled" and {minutes, seen} <= {None, self.settled_minutes}:
                return
            if turn.said(self, "countered") and minutes == self.declared_minutes:
                return
            self.check(turn, "confirmation")
            figure = self.declared_minutes or 0
            if seen not in {None, figure}:
                raise refusals.NotNow
            if minutes is None or minutes == figure:
                await self._settle("confirmed", turn, figure)
                await self.tell_other(turn, "exchange_settled", minutes=figure)
            elif self.countered:
                raise refusals.AlreadyCountered(minutes=said(figure))
            elif self.state == "disputed":
                raise refusals.NotNow
            else:
                await self._give_figure(turn, "countered", minutes)

    async def dispute(self, *, by: Viewer, reason: str) -> None:
        """Ask a moderator to decide about the declared time. Raises NotNow."""
        async with self.turn(by) as turn:
            if not turn.said(self, "disputed"):
                self.check(turn, "dispute")
                await self.move("disputed", turn, words=reason, disputed_at=now())
                await self.tell_other(turn, "exchange_disputed")

    async def cancel(self, *, by: Viewer, words: str = "") -> None:
        """Call it off, before a time is declared. Raises NotYourTurn, NotNow."""
        async with self.turn(by) as turn:
            if not turn.said(self, "cancelled"):
                self.check(turn, "cancellation")
                await self.move("cancelled", turn, words=words)
                await self.tell_other(turn, "exchange_cancelled")

    async def arbitrate(self, *, by: Viewer, minutes: int, reason: str) -> None:
        """A moderator without any part in it decides, 0 minutes when nothing is to move; both are told why.

        Raises NotAllowed, Involved, ReceiverShort, AccountGone, NotNow, Invalid.
        """
        if not by.roles & sides.DECIDING:
            raise NotAllowed
        proposing.check_minutes(minutes)
        async with in_transaction():
            last = await self.lock()
            if await sides.is_involved(self, by):
                raise refusals.Involved
            if last.kind == "arbitrated" and last.by_id == by.id and self.settled_minutes == minutes:
                return
            self.after("arbitrated")
            await self._settle("arbitrated", None, minutes, by_id=by.id, words=reason)
            await StaffAct.note("exchange_arbitrated", "exchange", self.id, by=by.id, reason=reason)
            await self.tell("giver", "exchange_arbitrated", minutes=minutes)
            await self.tell("receiver", "exchange_arbitrated", minutes=minutes)

    @classmethod
    async def _begin(cls, by: Viewer, words: str, terms: Terms, *, agreed: bool) -> "Exchange":
        async with in_transaction():
            it = cls(**proposing.columns(terms))
            proposal = await proposing.checked(it, by)
            if known := await proposing.standing(proposal, agreed=agreed):
                return await cls.get(id=known)
            it.proposed_by_id, it.state = proposal.person_id, "accepted" if agreed else "proposed"
            with kept({**PLACES, "exchange_one_proposal": refusals.NotNow, "exchange_once": refusals.NotNow}):
                await it.save(force_create=True)
            await it._tell_beginning(by, proposal, words, agreed=agreed)
        return it

    async def _tell_beginning(self, by: Viewer, proposal: Proposal, words: str, *, agreed: bool) -> None:
        figure = {"minutes": self.minutes}
        await self.note("proposed", figure | ({"words": words} if words else {}), by.id, proposal.side)
        if agreed:
            await self.note("accepted", {}, by.id, proposal.side)
        await note_act(by, "exchange_agreed" if agreed else "exchange_proposed", ("exchange", self.id))
        kind = "exchange_agreed" if agreed else "exchange_proposed"
        await self.tell(other_side(proposal.side), kind, minutes=self.minutes)
        self.conversation_id = await proposing.open_conversation(self, proposal, by, words)
        await self.save(update_fields=["conversation_id"])

    async def _give_figure(self, turn: Turn, event: Happening, minutes: int) -> None:
        await self.move(
            event,
            turn,
            data={"minutes": minutes},
            declared_minutes=minutes,
            declared_by_id=sides.member_at(self, turn.side),
            countered=event == "countered",
            reminded_at=None,
        )
        await self.tell_other(turn, f"exchange_{event}", minutes=minutes)

    async def _settle(
        self, event: Happening, turn: Turn | None, minutes: int, *, by_id: int | None = None, words: str = ""
    ) -> None:
        self.after(event)
        paid = await settling.pay(self, minutes)
        await self.move(
            event,
            turn,
            by_id=by_id,
            words=words,
            data={"minutes": minutes, "to_fund": paid.to_fund, "declined": paid.declined},
            settled_minutes=minutes,
            settled_at=now(),
            transfer_id=paid.transfer_id,
        )
