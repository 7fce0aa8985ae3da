"""How much what is lent is used, on screen and as a sheet."""

from datetime import date, datetime, time, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import read_query, render, signed_in
from echange.http.dates import now, today
from echange.http.moments import instant_of
from echange.http.sheet import sheet
from echange.i18n import gettext as _
from echange.lending.addresses import item_url
from echange.lending.desk_screen_forms import FiguresQuery
from echange.lending.pages.desk import chosen_lenders, lender_choice
from echange.lending.statistics import ItemFigures, figures_of, total_of

FIGURES: Final = "/prets/chiffres"
LOOKED_BACK: Final = timedelta(days=365)


async def show_figures(request: Request) -> Response:
    """GET /prets/chiffres?preteur=12&du=2026-01-01&au=2026-12-31: the last year if no days are named."""
    viewer = signed_in(request)
    query, (first, last) = _asked(request)
    lenders, chosen = await chosen_lenders(viewer, query.preteur)
    figures = await figures_of([one.id for one in chosen], *_instants(first, last))
    context = {
        **lender_choice(lenders, query.preteur, viewer, FIGURES),
        "first": first,
        "last": last,
        "figures": [{"one": one, "url": item_url(one.id, one.title), **_said(one)} for one in figures],
        "total": {"one": total_of(figures), **_said(total_of(figures))},
        "sheet_url": f"{FIGURES}.csv?du={first}&au={last}"
        + (f"&preteur={query.preteur}" if query.preteur else ""),
    }
    return render(request, "lending/desk_figures.html", context)


async def figures_sheet(request: Request) -> Response:
    """GET /prets/chiffres.csv, with the same choices."""
    viewer = signed_in(request)
    query, (first, last) = _asked(request)
    _lenders, chosen = await chosen_lenders(viewer, query.preteur)
    figures = await figures_of([one.id for one in chosen], *_instants(first, last))
    head = (
        _("Objet"), _("Exemplaires"), _("Demandes"), _("Prêts"), _("Jours dehors"), _("Utilisation (%)"),
        _("Retards"), _("Demandes sans exemplaire"),
    )  # fmt: skip
    rows: list[tuple[str | int, ...]] = [head]
    rows += [
        (
            one.title,
            one.units,
            one.asked,
            one.loans,
            round(one.days_out),
            round(100 * one.use),
            one.late,
            one.lacking,
        )
        for one in figures
    ]
    return sheet("prets-chiffres.csv", rows)


def _asked(request: Request) -> tuple[FiguresQuery, tuple[date, date]]:
    query = read_query(request, FiguresQuery).data or FiguresQuery()
    last = min(query.au or today(), today())
    first = query.du or last - LOOKED_BACK
    return query, (min(first, last), last)


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    return instant_of(first, time()), min(instant_of(last + timedelta(days=1), time()), now())


def _said(one: ItemFigures) -> dict[str, str]:
    return {
        "days": str(round(one.days_out)),
        "use": _("{n} %").format(n=round(100 * one.use)),
        "late": _("{n} %").format(n=round(100 * one.late_share)) if one.loans else "–",
    }
