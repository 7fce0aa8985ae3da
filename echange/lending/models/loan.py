"""A loan and its verbs, from the request to its end. Each is one transaction; said twice, it counts once."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from echange import booking
from echange.booking import Period
from echange.database import in_transaction
from echange.database.again import again
from echange.http import Refusal, Viewer
from echange.http.dates import now
from echange.lending import asking, changing, freeing, loan_refusals, refusing, reinstating
from echange.lending.models.loan_turns import LoanTurns
from echange.lending.models.refused_ask import RefusedAsk
from echange.lending.wishing import Wish

if TYPE_CHECKING:
    from echange.lending.models.item import Item


class Loan(LoanTurns):
    """A loan. Its state is what its events lead to (life.py).

    Its handover and return stand beside (`desk`): they move it by `move`, inside a `turn`.
    """

    class Meta(LoanTurns.Meta):
        table = "loan"
        abstract = False

    @classmethod
    @again
    async def ask(
        cls,
        item: "Item",
        *,
        by: Viewer,
        period: Period,
        quantity: int = 1,
        parts: Sequence[int] = (),
        purpose: str = "",
        hold: bool = False,
        once: str = "",
    ) -> "Loan":
        """Ask for it; with `hold` it is kept for ten minutes, to be read again and confirmed.

        The same `once` again is the same loan. Raises what stands against it, with alternatives that can
        really be booked: of `limits.check`, `booking.take`; NotForLoan, Invalid, NotFound, Unreachable,
        OutOfScope.
        """
        wish = Wish(item, period, quantity, tuple(dict.fromkeys(parts)))
        try:
            async with in_transaction():
                return await cls._begun(wish, by, purpose, hold, once)
        except Refusal as refusal:
            if isinstance(refusal, booking.NotFree):
                await RefusedAsk.note(wish, asking.asker_of(by).person_id)
            await refusing.add_alternatives(refusal, wish, by)
            raise

    @classmethod
    async def hold_for(
        cls, wish: Wish, person_id: int, *, until: datetime, organisation_id: int | None = None
    ) -> "Loan":
        """Keep it for whoever waited, until then, in the caller's transaction; nobody is told here.

        Raises what the calendars do.
        """
        booked = await asking.take(wish, kind="held", hold_for=until - now())
        asker = asking.Asker(person_id, organisation_id)
        it = await cls._written(wish, asker, booked.id, state="held", held_until=until)
        await it.note("held", None, data={"why": "waited"})
        return it

    @again
    async def confirm(self, *, by: Viewer, purpose: str = "") -> None:
        """Ask for what is held. Raises HoldOver, NotYourTurn, NotNow, NotForLoan, and as `limits.check`."""
        async with self.turn(by, "confirmation") as turn:
            if self.state in {"requested", "approved"} and turn.last.by_id == by.id:
                return
            wish = await self.wish()
            if self.state == "expired" or (self.held_until and self.held_until <= now()):
                raise loan_refusals.HoldOver
            self.check(turn, "confirmation")
            await asking.check(wish, self.borrower_id, besides=self.id)
            await booking.confirm(self.booking_id or 0)
            await self.move(asking.first_event(wish), by, purpose=purpose or self.purpose)
            await asking.announce(self, by, self.purpose)

    @again
    async def approve(self, *, by: Viewer, words: str = "") -> None:
        """Say yes. Raises NotYourTurn, NotNow."""
        async with self.turn(by, "approval") as turn:
            if not turn.said("agreed"):
                self.check(turn, "approval")
                await self.move("agreed", by, words=words)
                await self.tell("borrower", "loan_agreed", by=by)

    @again
    async def refuse(self, *, by: Viewer, reason: str) -> None:
        """Say no, and why. Raises NotYourTurn, NotNow."""
        async with self.turn(by, "refusal") as turn:
            if not turn.said("refused"):
                self.check(turn, "refusal")
                await self.move("refused", by, words=reason)
                await freeing.free(self)
                await self.tell("borrower", "loan_refused", by=by, reason=reason)

    @again
    async def cancel(self, *, by: Viewer, words: str = "") -> None:
        """Call it off before it is handed over; what was held is given up without a word to anybody.

        Raises NotYourTurn, NotNow.
        """
        async with self.turn(by, "cancellation") as turn:
            if turn.said("cancelled"):
                return
            self.check(turn, "cancellation")
            unheard = self.state == "held"
            await self.move("cancelled", by, words=words)
            await freeing.free(self)
            if not unheard and turn.side == "borrower":
                await self.tell("lender", "loan_cancelled", by=by, reason=words)
                if by.id != self.borrower_id:
                    await self.tell("borrower", "loan_cancelled", by=by, reason=words)
            elif not unheard:
                await self.tell("borrower", "loan_called_off", by=by, reason=words)

    @again
    async def prepare(self, *, by: Viewer) -> None:
        """It lies ready to be collected. Raises NotYourTurn, NotNow."""
        async with self.turn(by, "preparation") as turn:
            if self.state != "ready":
                self.check(turn, "preparation")
                await self.move("prepared", by)
                await self.tell("borrower", "loan_ready", by=by)

    @again
    async def propose(self, *, by: Viewer, period: Period, words: str = "") -> None:
        """Propose other dates, for the borrower to agree to by changing theirs.

        Raises NotYourTurn, NotNow, and what the calendars have against it.
        """
        async with self.turn(by, "proposal") as turn:
            self.check(turn, "proposal")
            await changing.check_free(self, await self.wish(), period)
            data = {"start": period.start.isoformat(), "end": period.end.isoformat()}
            if turn.said("proposed") and {name: turn.last.data.get(name) for name in data} == data:
                return
            await self.move("proposed", by, words=words, data=data)
            await self.tell("borrower", "loan_proposed", by=by, new_start=data["start"], new_end=data["end"])

    @again
    async def change(
        self, *, by: Viewer, period: Period, quantity: int | None = None, parts: Sequence[int] | None = None
    ) -> None:
        """Other dates, more or fewer, other parts; what fails changes nothing. What grows is agreed to anew
        where somebody decides. So somebody whose loan is at risk takes another window.

        Raises NotYourTurn, NotNow, TooManyAtOnce, TrainingNeeded…, and what the calendars do, with
        alternatives.
        """
        old = await self.wish()
        new = Wish(
            old.item,
            period,
            self.quantity if quantity is None else quantity,
            old.parts if parts is None else tuple(dict.fromkeys(parts)),
        )
        try:
            async with self.turn(by, "change") as turn:
                await changing.change(self, turn, new)
        except Refusal as refusal:
            await refusing.add_alternatives(refusal, new, by, besides=self.booking_id)
            raise

    @again
    async def renew(self, *, by: Viewer, until: datetime) -> None:
        """Keep it longer. Raises NoMoreRenewals, SomebodyWaits, NotNow, and what the calendars do."""
        async with self.turn(by, "renewal") as turn:
            await changing.renew(self, turn, until)

    @again
    async def no_show(self, *, by: Viewer) -> None:
        """Nobody came for it, and the day is over. Raises TooEarly, NotYourTurn, NotNow."""
        async with self.turn(by, "absence") as turn:
            if self.state != "no_show":
                self.check(turn, "absence")
                if not changing.day_is_over(self.starts_at):
                    raise loan_refusals.TooEarly
                await self.mark_no_show(by)

    async def mark_no_show(self, by: Viewer | None) -> None:
        """The same by time, the row being locked."""
        await self.move("no_show", by)
        await freeing.free(self)
        await self.tell("borrower", "loan_no_show", by=by)

    @again
    async def reinstate(self, *, by: Viewer) -> None:
        """It was a mistake that nobody came: what is left of their window is theirs again.

        Raises NotYourTurn, NotNow; MistakeTooOld after a week, WindowOver, TakenSince, BorrowerGone, and what
        `asking.check_meet` does.
        """
        async with self.turn(by, "reinstatement") as turn:
            if not turn.said("reinstated"):
                await reinstating.reinstate(self, turn)

    @again
    async def close(self, *, by: Viewer) -> None:
        """All is settled. Raises NotYourTurn, NotNow; NotSettled with a deposit held or a case undecided."""
        async with self.turn(by, "closing") as turn:
            if self.state != "closed":
                self.check(turn, "closing")
                if not await self.is_settled():
                    raise loan_refusals.NotSettled
                await self.move("closed", by)

    async def wish(self) -> Wish:
        """What it takes, as it stands; with its item."""
        from echange.lending.models.item import Item

        item = await Item.get(id=self.item_id)
        return Wish(item, Period(self.starts_at, self.ends_at), self.quantity, tuple(self.parts))

    @classmethod
    async def _begun(cls, wish: Wish, by: Viewer, purpose: str, hold: bool, once: str) -> "Loan":
        asker = asking.asker_of(by)
        await asking.lock_asker(asker.person_id)
        if once and (known := await cls.get_or_none(borrower_id=asker.person_id, once=once)):
            return known
        await asking.check(wish, asker.person_id)
        if hold:
            until = now() + asking.HOLD
            booked = await asking.take(wish, kind="held", hold_for=asking.HOLD)
            words = {"purpose": purpose, "once": once}
            it = await cls._written(wish, asker, booked.id, state="held", held_until=until, **words)
            await it.note("held", by)
            return it
        it = await cls.booked(wish, asker, by=by, purpose=purpose, once=once)
        await asking.announce(it, by, purpose)
        return it

    @classmethod
    async def booked(
        cls, wish: Wish, asker: asking.Asker, *, by: Viewer, purpose: str, once: str = ""
    ) -> "Loan":
        """Taken from the calendars and asked for, in the caller's transaction, which has checked who may;
        nobody is told here. Raises what the calendars do.
        """
        booked = await asking.take(wish, kind="booked")
        event = asking.first_event(wish)
        state = "approved" if event == "agreed" else "requested"
        it = await cls._written(wish, asker, booked.id, state=state, purpose=purpose, once=once)
        await it.note(event, by)
        return it

    @classmethod
    async def _written(
        cls,
        wish: Wish,
        asker: asking.Asker,
        booking_id: int,
        *,
        state: str,
        **columns: Any,  # noqa: ANN401 — as many types as columns
    ) -> "Loan":
        return await cls.create(
            state=state,
            item_id=wish.item.id,
            lender_id=wish.item.lender_id,
            borrower_id=asker.person_id,
            organisation_id=asker.organisation_id,
            starts_at=wish.period.start,
            ends_at=wish.period.end,
            quantity=wish.quantity,
            parts=list(wish.parts),
            booking_id=booking_id,
            **columns,
        )
