"""What stands on a loan's page and in its JSON: its units, its history, where it is collected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange import booking
from echange.lending.life import Side
from echange.lending.models.loan import Loan
from echange.lending.models.loan_event import LoanEvent
from echange.lending.models.unit import Unit

# The lender's address is told once they have agreed.
TOLD_WHERE: Final = frozenset({"approved", "at_risk", "ready", "out"})


@dataclass(frozen=True, slots=True)
class LoanLine:
    """A line of the history: on which `side` it was done, None by time. `words` are what they wrote. `why`:
    « displaced », « waited », or « alone » where the borrower did it for want of anybody else.
    """

    kind: str
    at: datetime
    side: Side | None
    words: str
    why: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """Where it is collected and brought back; empty until it may be told."""

    name: str
    address: str
    directions: str


async def units_of(loans: Iterable[Loan]) -> dict[int, list[Unit]]:
    """Their units by loan, in the order of their codes."""
    by_booking = {it.booking_id: it.id for it in loans if it.booking_id is not None}
    standing = await booking.units_of(by_booking)
    ids = {unit for models in standing.values() for units in models.values() for unit in units}
    known = {unit.id: unit for unit in await Unit.filter(id__in=list(ids)).order_by("code")}
    found: dict[int, list[Unit]] = {loan_id: [] for loan_id in by_booking.values()}
    for number, models in standing.items():
        mine = {unit for units in models.values() for unit in units}
        found[by_booking[number]] = [unit for unit_id, unit in known.items() if unit_id in mine]
    return found


async def history_of(it: Loan) -> list[LoanLine]:
    """All that happened, oldest first, but for the reminders."""
    events = await LoanEvent.filter(loan_id=it.id).exclude(kind="reminded").order_by("id")
    return [_line(it, event) for event in events]


def proposal_in(history: Sequence[LoanLine]) -> LoanLine | None:
    """Other dates that the lender proposes, while nothing has happened since."""
    last = history[-1] if history else None
    return last if last and last.kind == "proposed" else None


def where_of(it: Loan) -> Where:
    """Of a loan loaded with its item and lender."""
    place = it.item.place or it.lender.place
    if place is not None:
        return Where(place.name, place.address, place.way)
    if it.state not in TOLD_WHERE:
        return Where("", "", "")
    return Where("", it.lender.address, it.lender.directions)


def lender_name(it: Loan) -> str:
    owner = it.lender.member or it.lender.organisation or it.lender.place
    return owner.name if owner else ""


def borrower_name(it: Loan) -> str:
    return it.organisation.name if it.organisation else it.borrower.name


def _line(it: Loan, event: LoanEvent) -> LoanLine:
    side: Side | None = None
    if event.by_id is not None:
        side = "borrower" if event.by_id == it.borrower_id or event.kind in _BORROWERS else "lender"
    data = event.data
    start, end = data.get("start"), data.get("end")
    return LoanLine(
        kind=event.kind,
        at=event.at,
        side=side,
        words=data.get("words", ""),
        why=data.get("why", ""),
        start=datetime.fromisoformat(start) if start else None,
        end=datetime.fromisoformat(end) if end else None,
    )


# Done by whoever speaks for the borrower, also when that is somebody else.
_BORROWERS: Final = frozenset({"held", "requested", "changed"})
