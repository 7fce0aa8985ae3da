"""A statement for paper and for spreadsheets: a year, or a month."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.hours.forms import PeriodQuery
from echange.hours.periods import Period, period_of
from echange.hours.purses import Purse, purse_of
from echange.hours.statement import Line, between
from echange.http import Viewer, read_query, render, signed_in
from echange.http.dates import MONTHS, local, today, town_zone
from echange.http.durations import said
from echange.http.sheet import sheet
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.ledger import account, balance_before, sums

# A sheet has thirty.
PRINTED: Final = 500


async def show(request: Request) -> Response:
    """GET /temps/releve?annee=&mois=&organisation=."""
    viewer, query = signed_in(request), _asked(request)
    purse = await purse_of(viewer, query.organisation)
    context = await paper(purse, viewer, period_of(query))
    return render(request, "hours/paper.html", {**context, "here": "/temps/releve", "at_desk": False})


async def file(request: Request) -> Response:
    """GET /temps/releve.csv?annee=&mois=&organisation=."""
    viewer, query = signed_in(request), _asked(request)
    purse, period = await purse_of(viewer, query.organisation), period_of(query)
    lines = await _lines(purse, viewer, period)
    name = f"heures-{period.year}-{period.month:02}.csv" if period.month else f"heures-{period.year}.csv"
    return sheet(name, [_heads(), *map(_row, lines)])


def _asked(request: Request) -> PeriodQuery:
    return read_query(request, PeriodQuery).data or PeriodQuery()


async def paper(purse: Purse, viewer: Viewer, period: Period, *, at_desk: bool = False) -> dict[str, Any]:
    """What the page for paper shows: each line, or, of more than a reader could read, days or months."""
    opening = await balance_before(purse.account, period.start)
    held = await sums(purse.account, period.start, period.end, period.per, town_zone.get())
    movements = sum(one.movements for one in held)
    it = await account(purse.account)
    return {
        "purse": purse,
        "period": period,
        "opening": opening,
        "movements": movements,
        "lines": await _lines(purse, viewer, period, at_desk=at_desk) if movements <= PRINTED else [],
        "sums": [] if movements <= PRINTED else held,
        "closing": held[-1].balance if held else opening,
        "received": sum(one.received for one in held),
        "given": sum(one.given for one in held),
        "account": it,
        "months": MONTHS[current_locale.get()],
        "years": range(local(it.opened_at).year, today().year + 1),
    }


async def _lines(purse: Purse, viewer: Viewer, period: Period, *, at_desk: bool = False) -> list[Line]:
    return await between(purse.account, viewer, period.start, period.end, at_desk=at_desk)


def _heads() -> list[str]:
    return [_("Date"), _("Mouvement"), _("Mot"), _("Minutes"), _("Durée"), _("Solde en minutes"), _("Solde")]


def _row(line: Line) -> list[str | int]:
    day = local(line.at).strftime("%Y-%m-%d %H:%M")
    return [
        day, line.title, line.words, line.minutes, said(line.minutes), line.balance, said(line.balance),
    ]  # fmt: skip
