"""Units come back: all or some, as they were or not, on time or late, or after they were thought lost."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

import structlog

from echange import booking
from echange.database import in_transaction
from echange.database.again import again, inside_transaction
from echange.http import Invalid, Viewer
from echange.http.dates import local, now
from echange.http.moments import instant_of
from echange.i18n import gettext as _
from echange.lending import desk_refusals, displacing, freeing, incidents, loan_refusals, waiting
from echange.lending.conditions import Look, Photos, departures_of, write_reports
from echange.lending.life import Happening
from echange.lending.models.condition import ConditionReport
from echange.lending.models.incident import Incident
from echange.lending.models.loan import Loan
from echange.lending.models.loan_turns import LoanTurn
from echange.lending.models.unit import Maintenance, Unit
from echange.lending.pieces import Piece, moment_of, only, pieces_of

log = structlog.get_logger("echange.lending")
# Broken, it is set aside for as long unless somebody says otherwise; and for a year at most.
REPAIR: Final = timedelta(days=14)
LONGEST_REPAIR: Final = timedelta(days=365)
_BACK: Final = frozenset({"returned", "returned_part", "damaged"})


async def take_back(
    it: Loan,
    *,
    by: Viewer,
    units: Sequence[int] | None = None,
    looks: Mapping[int, Look] | None = None,
    photos: Photos | None = None,
    at: datetime | None = None,
    words: str = "",
) -> bool:
    """All its units that are out are back, or these; what is free then goes to who waits for it.

    What is broken or incomplete opens a case, and is set aside for repair when broken. A unit that was lost
    is found. Once nothing is out, what was never collected is given back too. False when it was done before,
    by the same person. Raises NotYourTurn, NotNow, NotOfLoan, OwnIncident, and of `moment_of` and
    `booking.take_back`.
    """
    done = await _taken_back(it, by, units, looks or {}, photos or {}, at, words)
    if done and not inside_transaction():
        await _make_room()
    return done


async def _make_room() -> None:
    """Whoever else is late makes room in the same way. The return stands, whatever comes of that."""
    try:
        await displacing.make_room()
    except Exception:
        log.exception("late_not_rippled")


@again
async def _taken_back(
    it: Loan,
    by: Viewer,
    units: Sequence[int] | None,
    seen: Mapping[int, Look],
    photos: Photos,
    at: datetime | None,
    words: str,
) -> bool:
    async with it.turn(by, "return") as turn:
        if turn.side != "lender":
            raise loan_refusals.NotYourTurn
        pieces = await pieces_of(it)
        back, found = await _chosen(turn, it, pieces, units)
        if not back and not found:
            return False
        broken = [unit for unit in (*back, *found) if _is_broken(seen.get(unit))]
        await displacing.hold_loans({piece.model_id for piece in pieces if piece.unit_id in broken})
        moment = await moment_of(at, words, [*back, *found])
        if back:
            await booking.take_back(back, moment)
        if found:
            await incidents.settle_found(it, found, by)
            for unit in sorted(found):
                await booking.restore(unit)
        told = {**{unit: Look("good") for unit in found}, **seen}
        reports = await write_reports(it, [*back, *found], "back", moment, by, told, photos)
        await _open_incidents(it, reports, seen, by)
        await _set_aside(broken, seen, by)
        left = [piece for piece in only(pieces, "out") if piece.unit_id not in back]
        await _move(it, left, by, moment, words, {"units": back, "found": found}, told_at=at is not None)
        await waiting.freed({it.item_id, *(one.item_id for one in pieces if one.unit_id in {*back, *found})})
        await it.tell("borrower", "loan_back_part" if left else "loan_back", by=by)
    return True


async def _chosen(
    turn: LoanTurn, it: Loan, pieces: Sequence[Piece], units: Sequence[int] | None
) -> tuple[list[int], list[int]]:
    """Which come back, and which are found; both empty when that was said before."""
    out = [piece.unit_id for piece in only(pieces, "out")]
    gone = await incidents.lost_in(it)
    lost = [piece.unit_id for piece in pieces if piece.unit_id in gone]
    asked = list(dict.fromkeys(units)) if units is not None else out or lost
    if units is not None and not asked:
        raise Invalid({"units": [_("Choisissez au moins un exemplaire.")]})
    ours = {piece.unit_id for piece in pieces}
    for unit in asked:
        if unit not in ours:
            raise desk_refusals.NotOfLoan(code=await _code(unit))
    back, found = [unit for unit in asked if unit in out], [unit for unit in asked if unit in lost]
    if not back and not found:
        if turn.last.kind in _BACK and turn.last.by_id == turn.by.id:
            return [], []
        raise loan_refusals.NotNow
    it.check(turn, "return")
    return back, found


async def _code(unit_id: int) -> str:
    unit = await Unit.get_or_none(id=unit_id)
    return unit.code if unit else str(unit_id)


def _is_broken(look: Look | None) -> bool:
    return look is not None and (look.condition == "broken" or look.repair_until is not None)


async def _open_incidents(
    it: Loan, reports: Mapping[int, ConditionReport], looks: Mapping[int, Look], by: Viewer
) -> None:
    before = await departures_of(it)
    for unit, look in sorted(looks.items()):
        report = reports.get(unit)
        if report is None:
            continue
        was = before.get(unit)
        if look.damaged or (look.condition == "broken" and (was is None or was.report.condition != "broken")):
            await incidents.open_incident(it, "damage", unit, look.words, by=by, report=report)
        gone = [name for name in look.missing if was is None or name not in was.report.missing]
        if gone:
            await incidents.open_incident(it, "missing", unit, ", ".join(gone), by=by, report=report)


async def _set_aside(broken: Collection[int], looks: Mapping[int, Look], by: Viewer) -> None:
    for unit in await Unit.filter(id__in=list(broken)).order_by("id"):
        await set_aside(unit, looks[unit.id], by)


async def set_aside(unit: Unit, look: Look, by: Viewer) -> None:
    """Keep it from being lent until it is repaired, in the caller's transaction; who was to have it gets
    another one, or is told. It may be set aside already.
    """
    start = now()
    today = local(start).date()
    last = min(look.repair_until or today + REPAIR, today + LONGEST_REPAIR)
    until = instant_of(last + timedelta(days=1), time())
    if until <= start:
        return
    try:
        async with in_transaction():
            _made, displaced = await Maintenance.plan(unit, start, until, look.words[:300], by=by)
    except booking.NotFree:
        return
    await displacing.loans_displaced(displaced, by=by)


async def _move(
    it: Loan,
    left: Sequence[Piece],
    by: Viewer,
    moment: datetime,
    words: str,
    data: dict[str, Any],
    *,
    told_at: bool,
) -> None:
    data = {name: value for name, value in data.items() if value}
    data |= {"happened": moment.isoformat()} if told_at else {}
    event = await event_after(it, left)
    changes = {} if left else {"returned_at": moment}
    await it.move(event, by, words=words, data=data, **changes)
    if not left:
        await freeing.free(it)


async def event_after(it: Loan, left: Sequence[Piece]) -> Happening:
    """What the loan goes through once these units are still out."""
    if left:
        return "returned_part"
    if await incidents.lost_in(it):
        return "lost"
    if await Incident.filter(loan_id=it.id, kind="damage").exists():
        return "damaged"
    return "returned"
