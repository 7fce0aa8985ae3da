"""The lending desk: the day at a glance, and what to do with the unit one has in hand."""

import re
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from echange import booking
from echange.http import NotFound, Viewer, read_query, redirect, render, signed_in
from echange.http.dates import today
from echange.i18n import gettext as _
from echange.lending import deposits
from echange.lending.cards import euros, face_of
from echange.lending.codes import tidied
from echange.lending.desk import (
    SHELVES,
    DaySheet,
    borrower_of,
    day_sheet,
    found_by_name,
    next_loan_of,
    to_decide,
)
from echange.lending.desk_screen_forms import CodeQuery, DeskPageQuery
from echange.lending.kinds import CONDITIONS
from echange.lending.loading import own_unit, unit_of_code
from echange.lending.loan_loading import SHOWN
from echange.lending.managing import lenders_of, may_manage
from echange.lending.merging import conflicts_for
from echange.lending.models.incident import Incident
from echange.lending.models.lender import Lender
from echange.lending.models.loan import Loan
from echange.lending.unit_life import states_of

DESK: Final = "/prets/comptoir"
# What a label's drawing says, or what stands under it.
_ON_LABEL: Final = re.compile(r"/prets/u/([A-Za-z0-9-]{2,20})")


async def show_desk(request: Request) -> Response:
    """GET /prets/comptoir?preteur=12&jour=2026-11-28&q="""
    viewer = signed_in(request)
    query = read_query(request, DeskPageQuery).data or DeskPageQuery()
    if query.q and (unit := await _unit_at_hand(query.q, viewer)):
        return redirect(request, unit)
    lenders, chosen = await chosen_lenders(viewer, query.preteur)
    ids = [one.id for one in chosen]
    sheet = await day_sheet(ids, query.jour or today())
    context: dict[str, Any] = {
        **lender_choice(lenders, query.preteur, viewer, DESK),
        "sheet": sheet,
        # It stands on today's, as what is late does.
        "to_decide": await to_decide(viewer, query.preteur) if sheet.day == today() else [],
        "shelves": SHELVES,
        "day_before": address(query.preteur, sheet.day - timedelta(days=1)),
        "day_after": address(query.preteur, sheet.day + timedelta(days=1)),
        "is_today": sheet.day == today(),
        "counts": _counts(sheet),
        "q": query.q,
        "found": await found_by_name(ids, query.q) if query.q else None,
        "held": euros((await deposits.total_of(ids)).left),
        "offline_lender": ids[0] if len(ids) == 1 else None,
        "conflicts": await conflicts_for(viewer).count(),
        "open_cases": await Incident.filter(loan__lender_id__in=ids, decided_at=None).count(),
    }
    return render(request, "lending/desk.html", context)


async def find_code(request: Request) -> Response:
    """GET /prets/comptoir/code?code=FOR-012: what a camera read, or what was typed."""
    viewer = signed_in(request)
    query = read_query(request, CodeQuery).data or CodeQuery()
    if unit := await _unit_at_hand(query.code, viewer):
        return redirect(request, unit)
    said = _("Aucun exemplaire à vous ne porte le code « {code} ».").format(code=query.code[:40])
    return redirect(request, f"{DESK}?{urlencode({'q': query.code[:80]})}", say=said, kind="warning")


async def show_unit(request: Request) -> Response:
    """GET /prets/comptoir/exemplaires/7: hand it out, take it back, or see its life."""
    unit = await own_unit(request)
    state = (await states_of([unit.id]))[unit.id]
    holding = (await booking.holder_of([unit.id])).get(unit.id)
    held: Loan | None = None
    if holding is not None:
        held = await Loan.filter(booking_id=holding.booking_id).select_related(*SHOWN).first()
    coming = await next_loan_of(unit) if held is None and state.word == "there" else None
    theirs = held or coming
    context = {
        "unit": unit,
        "item": unit.item,
        "state": state.word,
        "condition": _(CONDITIONS[unit.condition]),
        "held": held,
        "coming": coming,
        "who": borrower_of(theirs) if theirs else "",
    }
    return render(request, "lending/desk_unit.html", context)


async def chosen_lenders(viewer: Viewer, chosen: int | None) -> tuple[list[Lender], list[Lender]]:
    """All those they manage, and the one whose page this is, or all of them. Raises NotFound."""
    lenders = await lenders_of(viewer)
    wanted = [one for one in lenders if chosen in {None, one.id}]
    if chosen is not None and not wanted:
        raise NotFound
    return lenders, wanted


def lender_choice(lenders: list[Lender], chosen: int | None, viewer: Viewer, path: str) -> dict[str, Any]:
    """Who may be chosen on a page of the desk: name, address, and whether it is the one."""
    names = {one.id: face_of(one, viewer).name for one in lenders}
    choices = [(_("Tous"), path, chosen is None)]
    choices += [(name, f"{path}?preteur={id_}", chosen == id_) for id_, name in names.items()]
    alone = next(iter(names.values()), "") if len(names) == 1 else ""
    return {
        "lenders": choices if len(lenders) > 1 else [],
        "any_lender": bool(lenders),
        "chosen": chosen,
        "lender_name": names.get(chosen or 0, alone),
        "tail": f"?preteur={chosen}" if chosen else "",
    }


def address(lender: int | None, day: date) -> str:
    told: dict[str, Any] = {"preteur": lender} if lender else {}
    if day != today():
        told["jour"] = day.isoformat()
    return f"{DESK}?{urlencode(told)}" if told else DESK


async def _unit_at_hand(words: str, viewer: Viewer) -> str | None:
    """The desk's page of the unit that a code names; None where it is none of theirs."""
    on_label = _ON_LABEL.search(words)
    code = on_label[1] if on_label else words
    if not tidied(code):
        return None
    unit = await unit_of_code(code)
    if unit is None or not await may_manage(viewer, unit.item.lender):
        return None
    return f"{DESK}/exemplaires/{unit.id}"


def _counts(sheet: DaySheet) -> dict[str, int]:
    return {shelf: len(sheet.lines[shelf]) for shelf in SHELVES}
