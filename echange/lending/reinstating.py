"""Nobody coming was noted by mistake: what is left of the window is theirs again, if it is still free."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from echange import booking
from echange.booking import Period
from echange.database import fetch_value
from echange.http.dates import now
from echange.lending import asking, loan_people, loan_refusals

if TYPE_CHECKING:
    from echange.lending.models.loan import Loan
    from echange.lending.models.loan_row import LoanRow
    from echange.lending.models.loan_turns import LoanTurn

WITHIN: Final = timedelta(days=7)


def is_in_time(it: "LoanRow") -> bool:
    """Whether nobody coming may still be called a mistake: for a week."""
    return it.moved_at + WITHIN > now()


async def reinstate(it: "Loan", turn: "LoanTurn") -> None:
    """See `Loan.reinstate`; the row is locked."""
    it.check(turn, "reinstatement")
    names = await loan_people.names_of(it)
    wish = await it.wish()
    if not is_in_time(it):
        raise loan_refusals.MistakeTooOld(name=names.borrower)
    if await fetch_value("SELECT away FROM member WHERE id = $1", it.borrower_id):
        raise loan_refusals.BorrowerGone(name=names.borrower)
    if wish.period.end <= now():
        raise loan_refusals.WindowOver(name=names.borrower)
    await asking.check_meet(wish, it.borrower_id)
    left = wish.at(Period(max(wish.period.start, now()), wish.period.end))
    try:
        booked = await asking.take(left, kind="booked", granted=True)
    except booking.NotFree as refusal:
        raise loan_refusals.TakenSince(title=names.title, name=names.borrower) from refusal
    before = [wish.period.start.isoformat(), wish.period.end.isoformat(), it.quantity]
    await it.move(
        "reinstated", turn.by, data={"from": before}, starts_at=left.period.start, booking_id=booked.id
    )
    await it.tell("borrower", "loan_reinstated", by=turn.by)
