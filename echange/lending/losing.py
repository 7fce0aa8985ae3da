"""What will not come back, and what is found broken once it is back."""

from collections.abc import Sequence

from echange import booking
from echange.database.again import again
from echange.http import Invalid, Viewer
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.lending import desk_refusals, displacing, freeing, incidents, loan_refusals
from echange.lending.conditions import Look, Photos, write_reports
from echange.lending.life import Happening
from echange.lending.models.incident import Incident
from echange.lending.models.loan import Loan
from echange.lending.models.loan_turns import LoanTurn
from echange.lending.models.unit import Maintenance, Unit
from echange.lending.pieces import Piece, only, pieces_of
from echange.lending.returning import event_after, set_aside, take_back


@again
async def declare_lost(
    it: Loan,
    *,
    by: Viewer,
    units: Sequence[int] | None = None,
    words: str = "",
    photos: Photos | None = None,
) -> bool:
    """These units, or all that are out, will not come back: lent no more, with a case about each.

    Who was to have them gets others, or is told. Once nothing is out, what was never collected is given back.
    False when it was said before. Raises NotYourTurn, NotNow,
    NotOfLoan, Invalid at `units` where it is not clear which.
    """
    async with it.turn(by, "loss") as turn:
        if turn.side != "lender":
            raise loan_refusals.NotYourTurn
        pieces = await pieces_of(it)
        lost = _asked(pieces, units)
        if not lost:
            if turn.side == "lender" and it.state in {"lost", "out"}:
                return False
            raise loan_refusals.NotNow
        if it.state != "lost":
            it.check(turn, "loss")
        models = {piece.model_id for piece in pieces if piece.unit_id in lost}
        await displacing.hold_loans(models)
        moment = now()
        out = [piece.unit_id for piece in only(pieces, "out") if piece.unit_id in lost]
        if out:
            await booking.take_back(out, moment)
        for unit in sorted(lost):
            await displacing.loans_displaced(await booking.withdraw(unit, at=moment), by=by)
        await Maintenance.filter(unit_id__in=lost, ended_at=None).update(ended_at=moment)
        looks = {unit: Look("lost", words[:500]) for unit in lost}
        reports = await write_reports(it, lost, "check", moment, by, looks, photos or {})
        for unit in sorted(lost):
            await incidents.open_incident(it, "loss", unit, words, by=by, report=reports[unit])
        left = [piece for piece in only(pieces, "out") if piece.unit_id not in lost]
        changes = {} if left or it.returned_at else {"returned_at": moment}
        await it.move(await event_after(it, left), by, words=words, data={"lost": lost}, **changes)
        if not left:
            await freeing.free(it)
        return True


def _asked(pieces: Sequence[Piece], units: Sequence[int] | None) -> list[int]:
    """Those not yet lost among them."""
    if units is None:
        out = only(pieces, "out")
        if not out and len(pieces) > 1:
            raise Invalid({"units": [_("Dites de quel exemplaire il s’agit.")]})
        return [piece.unit_id for piece in out or pieces if piece.condition != "lost"]
    known = {piece.unit_id: piece for piece in pieces if piece.kind in {"out", "back"}}
    for unit in units:
        if unit not in known:
            raise desk_refusals.NotOfLoan(code=unit)
    return [unit for unit in dict.fromkeys(units) if known[unit].condition != "lost"]


@again
async def report_damage(
    it: Loan,
    *,
    by: Viewer,
    unit: int | None = None,
    look: Look,
    photos: Photos | None = None,
) -> bool:
    """A unit is damaged: seen when it comes back, or afterwards. Broken, it is set aside for repair.

    One that is out comes back with it. False when it was said before. Raises NotYourTurn, NotNow, NotOfLoan,
    Invalid at `unit` where it is not clear which.
    """
    pieces = await pieces_of(it)
    piece = _the_one(pieces, unit)
    if piece.kind == "out":
        damaged = Look(look.condition, look.words, look.missing, damaged=True, repair_until=look.repair_until)
        return await take_back(
            it, by=by, units=[piece.unit_id], looks={piece.unit_id: damaged}, photos=photos, words=look.words
        )
    async with it.turn(by, "damage") as turn:
        if turn.side != "lender":
            raise loan_refusals.NotYourTurn
        if await _told_before(turn, it, piece, look):
            return False
        if it.state not in {"out", "damaged"}:
            it.check(turn, "damage")
        await displacing.hold_loans({piece.model_id})
        reports = await write_reports(
            it, [piece.unit_id], "check", now(), by, {piece.unit_id: look}, photos or {}
        )
        report = reports[piece.unit_id]
        await incidents.open_incident(it, "damage", piece.unit_id, look.words, by=by, report=report)
        if look.condition == "broken" or look.repair_until:
            await set_aside(await Unit.get(id=piece.unit_id), look, by)
        # What of it is still out keeps it out.
        event: Happening = "returned_part" if it.state == "out" else "damaged"
        await it.move(event, by, words=look.words, data={"damaged": [piece.unit_id]})
        return True


def _the_one(pieces: Sequence[Piece], unit: int | None) -> Piece:
    there = [piece for piece in pieces if piece.kind in {"out", "back"}]
    if unit is not None:
        there = [piece for piece in there if piece.unit_id == unit]
        if not there:
            raise desk_refusals.NotOfLoan(code=unit)
    if not there:
        raise loan_refusals.NotNow
    if len(there) > 1:
        raise Invalid({"unit": [_("Dites de quel exemplaire il s’agit.")]})
    return there[0]


async def _told_before(turn: LoanTurn, it: Loan, piece: Piece, look: Look) -> bool:
    return await Incident.filter(
        loan_id=it.id,
        unit_id=piece.unit_id,
        kind="damage",
        words=look.words,
        by_id=turn.by.id,
        decided_at=None,
    ).exists()
