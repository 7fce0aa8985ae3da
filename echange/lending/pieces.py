"""The units that stand under a loan, and what may be said of them after the event."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from echange.database import fetch
from echange.http import Invalid
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.lending import desk_refusals
from echange.lending.codes import CODE, tidied
from echange.lending.models.unit import Unit

if TYPE_CHECKING:
    from echange.lending.models.loan import Loan

LONGEST_BACK: Final = timedelta(days=30)
# Said after less than this, it was said at once; clocks may differ by as much.
AT_ONCE: Final = timedelta(minutes=5)
_PIECES: Final = """
    SELECT a.booking_id, a.unit_id, a.model_id, a.kind, u.code, u.item_id, u.condition
    FROM booking_allocation a JOIN unit u ON u.id = a.unit_id
    WHERE a.booking_id = ANY($1::bigint[]) AND a.kind <> 'maintenance' ORDER BY u.code"""
_LAST: Final = """
    SELECT u.code, greatest(
        (SELECT max(greatest(h.since, h.returned_at)) FROM booking_holding h WHERE h.unit_id = u.id),
        (SELECT max(r.at) FROM condition_report r WHERE r.unit_id = u.id)) AS at
    FROM unit u WHERE u.id = ANY($1::int[])"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit under a loan. `kind`: held, booked, out or back."""

    unit_id: int
    model_id: int
    kind: str
    code: str
    item_id: int
    condition: str


async def pieces_of(it: "Loan") -> list[Piece]:
    """In the order of their codes."""
    return (await pieces_by_loan([it]))[it.id]


async def pieces_by_loan(loans: Iterable["Loan"]) -> dict[int, list[Piece]]:
    """The same of many loans at once."""
    found: dict[int, list[Piece]] = {it.id: [] for it in loans}
    loan_of = {it.booking_id: it.id for it in loans if it.booking_id is not None}
    for row in await fetch(_PIECES, list(loan_of)):
        piece = Piece(*(row[name] for name in Piece.__slots__))
        found[loan_of[row["booking_id"]]].append(piece)
    return found


async def moment_of(at: datetime | None, words: str, unit_ids: Collection[int]) -> datetime:
    """When something happened: now, or `at` some time ago, for a reason.

    Raises NotYet, TooLongAgo, BeforeLastEvent (of a unit), Invalid at `reason` where none is given.
    """
    moment = now()
    if at is None:
        return moment
    if at > moment + AT_ONCE:
        raise desk_refusals.NotYet
    if at < moment - LONGEST_BACK:
        raise desk_refusals.TooLongAgo
    if at < moment - AT_ONCE and not words.strip():
        raise Invalid({"reason": [_("Dites en quelques mots pourquoi c’est noté après coup.")]})
    for row in await fetch(_LAST, list(unit_ids)):
        if row["at"] is not None and at < row["at"]:
            raise desk_refusals.BeforeLastEvent(code=row["code"])
    return min(at, moment)


async def units_called(names: Iterable[int | str]) -> dict[int | str, int]:
    """The ids of units by what they are called: their ids, or the codes of their labels. Raises NotOfLoan."""
    asked = list(names)
    ids = {one for one in asked if isinstance(one, int)}
    codes = {tidied(one) for one in asked if isinstance(one, str) and CODE.fullmatch(tidied(one))}
    known: set[int] = {unit.id for unit in await Unit.filter(id__in=list(ids))}
    by_code: Mapping[str, int] = dict(await Unit.filter(code__in=list(codes)).values_list("code", "id"))
    found: dict[int | str, int] = {}
    for one in asked:
        unit = by_code.get(tidied(one)) if isinstance(one, str) else one if one in known else None
        if unit is None:
            raise desk_refusals.NotOfLoan(code=one)
        found[one] = unit
    return found


def only(pieces: Sequence[Piece], kind: str) -> list[Piece]:
    return [piece for piece in pieces if piece.kind == kind]
