"""Other dates, more or fewer, longer: a change takes what it needs before it gives anything back."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from echange import booking
from echange.booking import Period
from echange.database import fetch_one, fetch_value
from echange.http import Refusal
from echange.http.dates import local, now
from echange.lending import asking, limits, loan_refusals, waiting
from echange.lending.life import Happening, other_side
from echange.lending.wishing import Wish, wanted_of

if TYPE_CHECKING:
    from echange.lending.models.loan import Loan
    from echange.lending.models.loan_turns import LoanTurn

_AGREED: Final = """
    SELECT kind FROM loan_event WHERE loan_id = $1 AND kind IN ('agreed', 'requested')
    ORDER BY id DESC LIMIT 1"""
_LAST: Final = """
    SELECT kind, data ->> 'start' AS start, data ->> 'end' AS end FROM loan_event
    WHERE loan_id = $1 AND kind <> 'reminded' ORDER BY id DESC LIMIT 1"""


async def change(it: "Loan", turn: "LoanTurn", new: Wish) -> None:
    """See `Loan.change`; the row is locked."""
    old = await it.wish()
    if new == old and it.state != "at_risk":
        return
    it.check(turn, "change")
    if it.state == "at_risk" or _grows(old, new):
        await asking.check_meet(new, it.borrower_id)
    limits.check_quantity(new.item, new.quantity)
    await limits.check_person(new.item, it.borrower_id, new.period)
    proposed = await _is_proposed(it, new.period)
    booked = await _retimed(it, new, staff=proposed)
    event = await _event(it, old, new, proposed=proposed)
    await it.move(
        event,
        turn.by,
        data={"from": [old.period.start.isoformat(), old.period.end.isoformat(), old.quantity]},
        starts_at=new.period.start,
        ends_at=new.period.end,
        quantity=new.quantity,
        parts=list(new.parts),
        booking_id=booked,
    )
    await waiting.freed([it.item_id])
    await it.tell("lender", "loan_requested" if event == "requested" else "loan_changed", by=turn.by)


async def check_free(it: "Loan", wish: Wish, period: Period) -> None:
    """Raises what the calendars have against these dates for it."""
    wanted = await wanted_of(wish.item, wish.quantity, wish.parts)
    refusal: Refusal | None = await booking.can_take(wanted, period, staff=True, besides=it.booking_id)
    if refusal is not None:
        raise refusal


async def renew(it: "Loan", turn: "LoanTurn", until: datetime) -> None:
    """See `Loan.renew`; the row is locked. The lender is not bound to how often, nor by who waits."""
    if it.state == "out" and until == it.ends_at:
        return
    it.check(turn, "renewal")
    wish = await it.wish()
    longer = Period(it.ends_at, until)
    if until <= it.ends_at:
        raise booking.EmptyPeriod
    if turn.side == "borrower":
        if it.renewed >= wish.item.renewals:
            raise loan_refusals.NoMoreRenewals
        if await waiting.somebody_waits(it.item_id, longer):
            raise loan_refusals.SomebodyWaits
    await booking.retime(it.booking_id or 0, Period(it.starts_at, until), staff=turn.side == "lender")
    await it.move(
        "renewed",
        turn.by,
        data={"from": it.ends_at.isoformat()},
        ends_at=until,
        renewed=it.renewed + 1,
        reminded_at=None,
    )
    await it.tell(other_side(turn.side), "loan_renewed", by=turn.by)


def day_is_over(at: datetime) -> bool:
    """Whether that day is past on the town's clock."""
    return local(at).date() < local(now()).date()


async def _is_proposed(it: "Loan", period: Period) -> bool:
    """Whether the lender, who is bound to fewer rules, has just proposed these very dates."""
    last = await fetch_one(_LAST, it.id)
    told = (period.start.isoformat(), period.end.isoformat())
    return last is not None and last["kind"] == "proposed" and (last["start"], last["end"]) == told


async def _retimed(it: "Loan", new: Wish, *, staff: bool) -> int:
    wanted = await wanted_of(new.item, new.quantity, new.parts)
    if it.booking_id is not None and (await booking.units_of([it.booking_id]))[it.booking_id]:
        booked = await booking.retime(it.booking_id, new.period, wanted, staff=staff)
    else:
        # All its units were taken away from it.
        booked = await asking.take(new, kind="booked", staff=staff)
    return booked.id


async def _event(it: "Loan", old: Wish, new: Wish, *, proposed: bool) -> Happening:
    """What grows, or was never agreed to, is asked for anew where somebody decides, but who proposed it."""
    if proposed and not _is_more(old, new):
        return "changed" if it.state in {"approved", "ready"} else "agreed"
    agreed = await fetch_value(_AGREED, it.id) == "agreed"
    if it.state == "requested":
        return "changed"
    if new.item.approval != "automatic" and (not agreed or _grows(old, new)):
        return "requested"
    return "agreed" if it.state == "at_risk" else "changed"


def _grows(old: Wish, new: Wish) -> bool:
    within = old.period.start <= new.period.start and new.period.end <= old.period.end
    return not within or _is_more(old, new)


def _is_more(old: Wish, new: Wish) -> bool:
    return new.quantity > old.quantity or bool(set(new.parts) - set(old.parts))
