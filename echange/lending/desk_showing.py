"""What the desk adds to a loan's page: deposit, reports with photos, cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from echange.i18n import gettext as _
from echange.lending import deposits
from echange.lending.cards import euros
from echange.lending.conditions import reports_of
from echange.lending.deposits import MEANS
from echange.lending.incidents import DECISIONS, SORTS
from echange.lending.kinds import CONDITIONS
from echange.lending.life import Side
from echange.lending.models.incident import Incident
from echange.lending.models.loan import Loan
from echange.lending.pages.desk_seen import shots_of
from echange.lending.pieces import only, pieces_of


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Plain values: `held` euros, whether there is a `receipt`, what is `due`, reports and cases."""

    held: str
    receipt: bool
    due: str
    means: Sequence[tuple[str, str]]
    reports: Sequence[dict[str, Any]]
    cases: Sequence[dict[str, Any]]
    to_hand: int
    to_bring: int


async def at_desk(it: Loan, side: Side | None) -> AtDesk | None:
    """For both sides of a loan; None for anybody else."""
    if side is None:
        return None
    account = await deposits.account_of(it)
    pieces = await pieces_of(it)
    due = it.item.deposit_cents * it.quantity - account.left
    return AtDesk(
        held=euros(account.left or None),
        receipt=bool(account.taken),
        due=euros(due) if due > 0 and it.state == "out" and not account.left else "",
        means=[(slug, _(label)) for slug, label in MEANS.items()],
        reports=[
            {
                "code": one.unit.code,
                "moment": one.moment,
                "condition": _(CONDITIONS[one.condition]),
                "words": one.words,
                "missing": one.missing,
                "at": one.at,
                "photos": shots_of(list(one.photos)),
            }
            for one in await reports_of(it)
        ],
        cases=[
            {
                "url": one.url,
                "sort": _(SORTS[one.kind]),
                "code": one.unit.code,
                "decided": _(DECISIONS[one.decision]) if one.decision else "",
            }
            for one in await Incident.filter(loan_id=it.id).order_by("id").select_related("unit")
        ],
        to_hand=len(only(pieces, "booked")) if it.state in {"approved", "ready", "out"} else 0,
        to_bring=len(only(pieces, "out")),
    )
