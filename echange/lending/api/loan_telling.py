"""A loan as programs read it."""

from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response

from echange.http import Out, Viewer
from echange.http import answer as reply
from echange.lending.closing_then import closed_for
from echange.lending.life import Side, State, Verb
from echange.lending.models.loan import Loan
from echange.lending.models.unit import Unit
from echange.lending.showing import LoanLine, borrower_name, history_of, lender_name, units_of, where_of


class LoanEventOut(Out):
    """`by`: borrower, lender, or null where time did it. `why`: « displaced », « waited », « alone »."""

    kind: str
    by: Side | None
    at: datetime
    words: str | None = None
    why: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class LoanPersonOut(Out):
    id: int
    name: str
    handle: str


class WhereOut(Out):
    """The lender's own address is told once they have agreed."""

    name: str
    address: str
    directions: str


class LoanClosedOut(Out):
    """A closure: whether its start, its end or what is `between` meets closed doors; when it opens then."""

    what: str
    opens: datetime | None


class LoanOut(Out):
    """`units` by their ids, `codes` as their labels say them, in the same order. `late` comes from the clock.

    `next`: what I may do now, as its calls are named, the expected one first. `events` and `closed` are told
    of one loan, not in lists.
    """

    id: int
    state: State
    late: bool
    item: int
    title: str
    lender: int
    lender_name: str
    borrower: LoanPersonOut
    organisation: int | None
    quantity: int
    parts: list[int]
    units: list[int]
    codes: list[str]
    start: datetime
    end: datetime
    purpose: str
    held_until: datetime | None
    renewed: int
    where: WhereOut
    at: datetime
    moved_at: datetime
    out_at: datetime | None
    returned_at: datetime | None
    url: str
    next: list[Verb]
    events: list[LoanEventOut] | None = None
    closed: LoanClosedOut | None = None


class LoanPage(Out):
    items: list[LoanOut]
    next: str | None


async def told(it: Loan, me: Viewer, status: int = 200) -> Response:
    """The whole of it, as it stands for me now; `it` loaded with its people."""
    out = await loan_out(it, me)
    events = [_event(one) for one in await history_of(it)]
    closed = await closed_for(it)
    more = {"events": events, "closed": closed and LoanClosedOut(what=closed.what, opens=closed.opens)}
    return reply(out.model_copy(update=more), status)


async def loan_out(it: Loan, me: Viewer, units: Sequence[Unit] | None = None) -> LoanOut:
    """All but its history."""
    mine = (await units_of([it])).get(it.id, []) if units is None else units
    where = where_of(it)
    return LoanOut.model_validate(
        {
            **{name: getattr(it, name) for name in _AS_THEY_ARE},
            "late": it.is_late,
            "item": it.item_id,
            "title": it.item.title,
            "lender": it.lender_id,
            "lender_name": lender_name(it),
            "borrower": LoanPersonOut(id=it.borrower_id, name=borrower_name(it), handle=it.borrower.handle),
            "organisation": it.organisation_id,
            "units": [unit.id for unit in mine],
            "codes": [unit.code for unit in mine],
            "start": it.starts_at,
            "end": it.ends_at,
            "where": WhereOut(name=where.name, address=where.address, directions=where.directions),
            "next": list(await it.next_for(me)),
        }
    )


_AS_THEY_ARE = (
    "id", "state", "quantity", "parts", "purpose", "held_until", "renewed", "at", "moved_at", "out_at",
    "returned_at", "url",
)  # fmt: skip


def _event(one: LoanLine) -> LoanEventOut:
    return LoanEventOut(
        kind=one.kind,
        by=one.side,
        at=one.at,
        words=one.words or None,
        why=one.why or None,
        start=one.start,
        end=one.end,
    )
