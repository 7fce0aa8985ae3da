"""Units go over the counter: which very ones, how they are, and the deposit that is taken for them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from echange import booking
from echange.database.again import again
from echange.http import Invalid, Viewer
from echange.i18n import gettext as _
from echange.lending import deposits, desk_refusals, loan_refusals
from echange.lending.conditions import Look, Photos, write_reports
from echange.lending.models.loan import Loan
from echange.lending.models.loan_turns import LoanTurn
from echange.lending.models.unit import Unit
from echange.lending.pieces import Piece, moment_of, only, pieces_of


@again
async def hand_over(
    it: Loan,
    *,
    by: Viewer,
    units: Sequence[int] | None = None,
    looks: Mapping[int, Look] | None = None,
    photos: Photos | None = None,
    deposit: deposits.Sum | None = None,
    identity: bool = False,
    at: datetime | None = None,
    words: str = "",
) -> bool:
    """Give its units, or these, to the borrower; others of the same things may stand in for those foreseen.

    What stays behind can be handed over later. False when it was done before, by the same person. `identity`:
    the borrower showed who they are. Raises NotYourTurn, NotNow, NotOfLoan, UnitTaken, and of `moment_of` and
    `deposits.take`.
    """
    async with it.turn(by, "handover") as turn:
        _check_lends(turn)
        pieces = await pieces_of(it)
        if _done_before(turn, pieces, units):
            return False
        if it.state != "out":
            it.check(turn, "handover")
        chosen = await _set_aside(it, only(pieces, "booked"), units)
        moment = await moment_of(at, words, chosen)
        await booking.hand_out(it.booking_id or 0, chosen, moment)
        await write_reports(it, chosen, "out", moment, by, looks or {}, photos or {})
        if deposit is not None:
            await deposits.write_taken(it, deposit, by)
        data: dict[str, Any] = {"units": chosen}
        data |= {"happened": moment.isoformat()} if at else {}
        data |= {"identity": True} if identity else {}
        await it.move("handed_over", by, words=words, data=data, out_at=it.out_at or moment)
        await it.tell("borrower", "loan_handed", by=by)
        return True


def _check_lends(turn: LoanTurn) -> None:
    if turn.side != "lender":
        raise loan_refusals.NotYourTurn


def _done_before(turn: LoanTurn, pieces: Sequence[Piece], units: Sequence[int] | None) -> bool:
    if not turn.said("handed_over"):
        return False
    if units is None:
        return not only(pieces, "booked")
    return set(units) <= {piece.unit_id for piece in only(pieces, "out")}


async def _set_aside(it: Loan, waiting: Sequence[Piece], units: Sequence[int] | None) -> list[int]:
    """The units that go; where they are not those foreseen, the calendars are told first."""
    if not waiting:
        raise loan_refusals.NotNow
    if units is None:
        return [piece.unit_id for piece in waiting]
    asked = list(dict.fromkeys(units))
    if not asked:
        raise Invalid({"units": [_("Choisissez au moins un exemplaire.")]})
    foreseen = {piece.unit_id for piece in waiting}
    spare = [piece for piece in waiting if piece.unit_id not in asked]
    swaps = {}
    for unit_id, code, model_id in await _models_of(set(asked) - foreseen):
        instead = next((piece for piece in spare if piece.model_id == model_id), None)
        if instead is None:
            raise desk_refusals.NotOfLoan(code=code)
        spare.remove(instead)
        swaps[instead.unit_id] = unit_id
    if swaps:
        try:
            await booking.pin(it.booking_id or 0, swaps)
        except booking.NotFree as refusal:
            raise desk_refusals.UnitTaken from refusal
    return asked


async def _models_of(unit_ids: Iterable[int]) -> Sequence[tuple[int, str, int]]:
    found: Sequence[tuple[int, str, int]] = (
        await Unit.filter(id__in=list(unit_ids)).order_by("id").values_list("id", "code", "item__model_id")
    )
    return found
