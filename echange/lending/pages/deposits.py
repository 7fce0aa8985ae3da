"""The deposit book on screen: what is held now, every line there was, and the same as a sheet."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import NotFound, Refusal, read_form, read_query, redirect, render, signed_in
from echange.http.dates import local, long_day, today
from echange.http.sheet import sheet
from echange.i18n import gettext as _
from echange.lending import deposits
from echange.lending.cards import euros
from echange.lending.deposits import KINDS, MEANS, BookLine
from echange.lending.desk import short_name
from echange.lending.desk_screen_forms import DeskPageQuery, TakeForm
from echange.lending.loan_loading import visible_loan
from echange.lending.loan_people import names_of
from echange.lending.pages.desk import chosen_lenders, lender_choice

BOOK: Final = "/prets/cautions"
LINES_SHOWN: Final = 100
LINES_IN_SHEET: Final = 100_000


async def show_book(request: Request) -> Response:
    """GET /prets/cautions?preteur=12."""
    viewer = signed_in(request)
    query = read_query(request, DeskPageQuery).data or DeskPageQuery()
    lenders, chosen = await chosen_lenders(viewer, query.preteur)
    ids = [one.id for one in chosen]
    total = await deposits.total_of(ids)
    context = {
        **lender_choice(lenders, query.preteur, viewer, BOOK),
        "held": [_shown(one) for one in await deposits.held_by(ids)],
        "lines": [_shown(one) for one in await deposits.book_of(ids, LINES_SHOWN)],
        "total": {name: euros(getattr(total, name)) for name in ("taken", "returned", "kept", "left")},
    }
    return render(request, "lending/desk_deposits.html", context)


async def book_sheet(request: Request) -> Response:
    """GET /prets/cautions.csv?preteur=12: all lines, the last first; amounts in euros."""
    viewer = signed_in(request)
    query = read_query(request, DeskPageQuery).data or DeskPageQuery()
    _lenders, chosen = await chosen_lenders(viewer, query.preteur)
    found = await deposits.book_of([one.id for one in chosen], LINES_IN_SHEET)
    head = (
        _("Date"),
        _("Prêt"),
        _("Objet"),
        _("Personne"),
        _("Mouvement"),
        _("Euros"),
        _("Moyen"),
        _("Par"),
        _("Mots"),
    )
    rows: list[tuple[str | int, ...]] = [head]
    rows += [
        (
            local(one.at).strftime("%Y-%m-%d %H:%M"), one.loan_id, one.title, one.borrower,
            _(KINDS[one.kind]), f"{one.cents // 100},{one.cents % 100:02}", _(MEANS[one.means]), one.by,
            one.words,
        )
        for one in found
    ]  # fmt: skip
    return sheet("cautions.csv", rows)


async def take(request: Request) -> Response:
    """POST /prets/demandes/12/caution: it was taken."""
    it, viewer = await visible_loan(request), signed_in(request)
    bound = await read_form(request, TakeForm)
    given = bound.data.sum if bound.data else None
    if given is None:
        said = " ".join(text for texts in bound.errors.values() for text in texts) or _(
            "Écrivez un montant en euros, par exemple 80."
        )
        return redirect(request, it.url, say=said, kind="warning")
    try:
        await deposits.take(it, given, by=viewer)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return redirect(request, it.url, say=refusal.title, kind="warning")
    return redirect(request, it.url, say=_("La caution est notée."))


async def give_back(request: Request) -> Response:
    """POST /prets/demandes/12/caution/rendue: all that is held."""
    it, viewer = await visible_loan(request), signed_in(request)
    try:
        await deposits.give_back(it, by=viewer)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return redirect(request, it.url, say=refusal.title, kind="warning")
    return redirect(request, it.url, say=_("La caution est notée rendue."))


async def show_receipt(request: Request) -> Response:
    """GET /prets/demandes/12/caution/recu: what was taken and what became of it, on paper for both sides."""
    it = await visible_loan(request)
    lines = await deposits.lines_of(it)
    if not lines:
        raise NotFound
    account = await deposits.account_of(it)
    context = {
        "it": it,
        "names": await names_of(it),
        "lines": [{**_shown(one), "by": short_name(one.by)} for one in lines],
        "taken": euros(account.taken),
        "left": euros(account.left or None),
        "today": long_day(today()),
        "back": it.url,
    }
    return render(request, "lending/receipt.html", context)


def _shown(one: BookLine) -> dict[str, object]:
    return {
        "at": one.at,
        "kind": one.kind,
        "kind_said": _(KINDS[one.kind]),
        "euros": euros(one.cents),
        "means": _(MEANS[one.means]),
        "words": one.words,
        "url": f"/prets/demandes/{one.loan_id}",
        "title": one.title,
        "borrower": one.borrower,
        "by": one.by,
    }
