"""Loans whose pick-up or return meets closed doors: each with the next opening, to be proposed in a click."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from echange import booking
from echange.booking import Affected, Period
from echange.database import fetch
from echange.http import Viewer
from echange.http.dates import now
from echange.lending.changing import day_is_over
from echange.lending.life import State
from echange.lending.loan_loading import SHOWN
from echange.lending.models.lender import Lender
from echange.lending.models.loan import Loan
from echange.lending.showing import borrower_name
from echange.places import Touched

ALIVE: Final[tuple[State, ...]] = ("requested", "approved", "at_risk", "ready", "out")
AHEAD: Final = timedelta(days=370)


@dataclass(frozen=True, slots=True)
class ClosedThen:
    """A loan of which `what` (start, end, between) meets closed doors, and the window to propose, if any."""

    it: Loan
    what: str
    proposal: Period | None

    @property
    def at(self) -> datetime:
        """When somebody would stand before closed doors."""
        return self.it.starts_at if self.what == "start" else self.it.ends_at

    @property
    def opens(self) -> datetime | None:
        """When it opens after that, where it does within a year."""
        if self.proposal is None:
            return None
        return self.proposal.start if self.what == "start" else self.proposal.end


async def closed_then(lender: Lender) -> list[ClosedThen]:
    """Those of a lender that a closure to come touches, in order."""
    sites = await fetch(
        """SELECT $2::int AS site_id UNION SELECT p.site_id FROM item i JOIN place p ON p.id = i.place_id
           WHERE i.lender_id = $1""",
        lender.id,
        lender.site_id,
    )
    touched: dict[int, Affected] = {}
    span = Period(now(), now() + AHEAD)
    for row in sites:
        for closure in await booking.closures(row["site_id"], span):
            for one in await booking.affected(row["site_id"], closure.id):
                touched.setdefault(one.booking_id, one)
    found = Loan.filter(booking_id__in=list(touched), lender_id=lender.id, state__in=list(ALIVE))
    return [
        ClosedThen(it, touched[it.booking_id].what, _proposal(touched[it.booking_id]))
        for it in await found.order_by("starts_at", "id").select_related(*SHOWN)
        if it.booking_id is not None
    ]


async def closed_for(it: Loan) -> ClosedThen | None:
    """The same of one loan, while there is something to do about it."""
    if it.booking_id is None or it.state not in ALIVE:
        return None
    one = await booking.closed_during(it.booking_id)
    found = ClosedThen(it, one.what, _proposal(one)) if one else None
    return found if found and not day_is_over(found.at) else None


class LoansClosedThen:
    """What a closure of a site means to loans. What is booked stays; both sides hear of it."""

    async def touched(self, booking_ids: Sequence[int]) -> Mapping[int, Touched]:
        """The loans among these bookings, for who looks after the site."""
        found = Loan.filter(booking_id__in=list(booking_ids), state__in=list(ALIVE)).select_related(*SHOWN)
        return {
            it.booking_id: Touched(it.item.title, borrower_name(it), it.url)
            for it in await found
            if it.booking_id is not None
        }

    async def closed_then(self, touched: Sequence[Affected], *, by: Viewer) -> None:
        """Tell them, in the transaction that closes the site."""
        numbers = [one.booking_id for one in touched]
        for it in await Loan.filter(booking_id__in=numbers, state__in=list(ALIVE)).order_by("id"):
            await it.tell("borrower", "loan_closed_then", by=by)
            await it.tell("lender", "loan_closed_then_lender", by=by)


listener: Final = LoansClosedThen()


def _proposal(one: Affected) -> Period | None:
    """The same length from the next opening on; of what is out, the next time to bring it back."""
    if one.next_opening is None:
        return None
    opens = one.next_opening.start
    if one.what == "start":
        return Period(opens, max(one.period.end, opens + (one.period.end - one.period.start)))
    return Period(one.period.start, opens)
