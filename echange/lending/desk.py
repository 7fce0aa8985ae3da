"""The desk's day: what goes out, what comes back, what is late, what is to be prepared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from tortoise.expressions import Q

from echange.http import Viewer
from echange.http.dates import local, now, today
from echange.http.moments import instant_of
from echange.lending.codes import tidied
from echange.lending.loan_loading import SHOWN
from echange.lending.models.loan import Loan
from echange.lending.models.unit import Unit
from echange.lending.pieces import Piece, pieces_by_loan
from echange.lending.seeing import DESK
from echange.members import first_name, fold

Shelf = Literal["late", "out", "in", "prepare", "decide"]
# What is to be handed over or taken back; what is to be decided no device without network needs to know.
SHELVES: Final[tuple[Shelf, ...]] = ("late", "out", "in", "prepare")
# How many days before they are collected things are prepared.
AHEAD: Final = 2
AT_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A loan on the day's sheet: who comes for what, with which units, when. `missed` on an earlier day."""

    it: Loan
    shelf: Shelf
    who: str
    at: datetime
    pieces: Sequence[Piece]
    missed: bool = False

    @property
    def codes(self) -> list[str]:
        wanted = "out" if self.it.state == "out" else "booked"
        return [piece.code for piece in self.pieces if piece.kind == wanted]

    @property
    def title(self) -> str:
        return self.it.item.title


@dataclass(frozen=True, slots=True)
class DaySheet:
    """One day at the desk of some lenders; `done` were handed over or taken back on it already."""

    day: date
    lines: dict[Shelf, list[DeskLine]]
    done: int

    @property
    def is_empty(self) -> bool:
        return not any(self.lines.values())


async def day_sheet(lender_ids: Iterable[int], day: date) -> DaySheet:
    """That day's; what is late or was not collected stands on today's."""
    start, end = instant_of(day, time()), instant_of(day + timedelta(days=1), time())
    soon = instant_of(day + timedelta(days=1 + AHEAD), time())
    is_today = day == today()
    theirs = Loan.filter(lender_id__in=list(lender_ids))
    since = Q() if is_today else Q(starts_at__gte=start)
    going = theirs.filter(since, state__in=["approved", "ready"], starts_at__lt=soon)
    coming = theirs.filter(state="out", ends_at__lt=end)
    coming = coming if is_today else coming.filter(ends_at__gte=max(start, now()))
    loans = [
        *await going.order_by("starts_at", "id").limit(AT_MOST).select_related(*SHOWN),
        *await coming.order_by("ends_at", "id").limit(AT_MOST).select_related(*SHOWN),
    ]
    pieces = await pieces_by_loan(loans)
    sheet: dict[Shelf, list[DeskLine]] = {shelf: [] for shelf in SHELVES}
    for it in loans:
        shelf = _shelf_of(it, end)
        if shelf is not None:
            sheet[shelf].append(_line(it, shelf, pieces[it.id], missed=it.starts_at < start))
    done = await theirs.filter(
        Q(out_at__gte=start, out_at__lt=end) | Q(returned_at__gte=start, returned_at__lt=end)
    ).count()
    return DaySheet(day, sheet, done)


async def to_decide(viewer: Viewer, lender_id: int | None = None) -> list[DeskLine]:
    """Requests that the town's desk answers, whoever lends it, or of this lender; none for anybody else."""
    if viewer.behalf is not None or viewer.roles.isdisjoint(DESK):
        return []
    asked = Loan.filter(state="requested", item__approval="staff")
    if lender_id is not None:
        asked = asked.filter(lender_id=lender_id)
    loans = await asked.order_by("starts_at", "id").limit(AT_MOST).select_related(*SHOWN)
    pieces = await pieces_by_loan(loans)
    return [_line(it, "decide", pieces[it.id]) for it in loans]


async def found_by_name(lender_ids: Iterable[int], words: str) -> list[DeskLine]:
    """Running loans of these lenders whose borrower, thing or unit is called so."""
    wanted, code = fold(words), tidied(words)
    if not wanted:
        return []
    running = Loan.filter(lender_id__in=list(lender_ids), state__in=["approved", "ready", "out"])
    loans = await running.order_by("starts_at", "id").limit(1000).select_related(*SHOWN)
    pieces = await pieces_by_loan(loans)
    found = []
    for it in loans:
        words_of = (borrower_of(it), it.item.title)
        codes = [piece.code for piece in pieces[it.id]]
        if any(wanted in fold(one) for one in words_of) or (code and any(code in one for one in codes)):
            shelf: Shelf = "in" if it.state == "out" else "out"
            found.append(_line(it, "late" if it.is_late else shelf, pieces[it.id]))
    return found[:50]


async def next_loan_of(unit: Unit) -> Loan | None:
    """Who is to have this unit next: whose it is in the calendar, else who has one alike within a day."""
    ready = Loan.filter(state__in=["approved", "ready"]).order_by("starts_at", "id").select_related(*SHOWN)
    mine = ready.filter(starts_at__lt=now() + timedelta(days=1))
    loans = list(await mine.filter(lender_id=unit.item.lender_id).limit(AT_MOST))
    pieces = await pieces_by_loan(loans)
    with_it = [it for it in loans if any(one.unit_id == unit.id for one in pieces[it.id])]
    alike = [it for it in loans if any(one.model_id == unit.item.model_id for one in pieces[it.id])]
    return next(iter([*with_it, *alike]), None)


def borrower_of(it: Loan) -> str:
    """As the desk calls them: first name and initial, or the association."""
    return it.organisation.name if it.organisation else short_name(it.borrower.name)


def short_name(name: str) -> str:
    """« Aminata S. » for « Aminata Sow »."""
    first = first_name(name)
    last = name[len(first) :].split()
    return f"{first} {last[-1][0].upper()}." if last else first


def _shelf_of(it: Loan, end: datetime) -> Shelf | None:
    if it.state == "out":
        return "late" if it.is_late else "in"
    if it.starts_at < end:
        return "out"
    return "prepare" if it.state == "approved" else None


def _line(it: Loan, shelf: Shelf, pieces: Sequence[Piece], *, missed: bool = False) -> DeskLine:
    at = it.ends_at if it.state == "out" else it.starts_at
    return DeskLine(it, shelf, borrower_of(it), local(at), pieces, missed and it.state != "out")
