"""What waits for somebody in lending: to answer, to bring back, to collect, to choose anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from tortoise.expressions import Q

from echange.http import Viewer
from echange.http.dates import now
from echange.lending.loan_loading import SHOWN
from echange.lending.loan_sides import borrowed_by
from echange.lending.models.loan import Loan
from echange.lending.seeing import DESK, managed_by
from echange.lending.showing import borrower_name, lender_name

AT_MOST: Final = 50
SOON: Final = timedelta(days=2)
LoanStep = Literal["late", "choose", "confirm", "decide", "collect", "bring", "late_here"]
_ORDER: Final[tuple[LoanStep, ...]] = (
    "late", "choose", "confirm", "decide", "late_here", "collect", "bring",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoanWaiting:
    """`name` is the other side's; `at` when it is to happen, or should have."""

    step: LoanStep
    id: int
    title: str
    name: str
    at: datetime

    @property
    def url(self) -> str:
        return f"/prets/demandes/{self.id}"


async def loans_waiting(viewer: Viewer) -> list[LoanWaiting]:
    """What waits for whom the viewer speaks for, the most pressing first."""
    mine = Loan.filter(borrowed_by(viewer)).filter(
        Q(state__in=["held", "at_risk"])
        | Q(state__in=["approved", "ready"], starts_at__lte=now() + SOON)
        | Q(state="out", ends_at__lte=now() + SOON)
    )
    managed = managed_by(viewer, "lender__")
    if viewer.roles & DESK and viewer.behalf is None:
        managed |= Q(item__approval="staff")
    theirs = Loan.filter(managed).filter(Q(state="requested") | Q(state="out", ends_at__lt=now()))
    found = [_mine(it) for it in await mine.order_by("starts_at", "id").limit(AT_MOST).select_related(*SHOWN)]
    found += [
        _theirs(it) for it in await theirs.order_by("starts_at", "id").limit(AT_MOST).select_related(*SHOWN)
    ]
    # Whoever keeps the town's things and borrowed one reads of it once.
    once = {one.id: one for one in reversed(found)}
    return sorted(once.values(), key=lambda one: (_ORDER.index(one.step), one.at))


def _mine(it: Loan) -> LoanWaiting:
    step: LoanStep = "collect"
    if it.state == "out":
        step = "late" if it.is_late else "bring"
    elif it.state in {"held", "at_risk"}:
        step = "confirm" if it.state == "held" else "choose"
    at = it.ends_at if it.state == "out" else it.held_until or it.starts_at
    return LoanWaiting(step, it.id, it.item.title, lender_name(it), at)


def _theirs(it: Loan) -> LoanWaiting:
    step: LoanStep = "decide" if it.state == "requested" else "late_here"
    return LoanWaiting(
        step, it.id, it.item.title, borrower_name(it), it.starts_at if step == "decide" else it.ends_at
    )
