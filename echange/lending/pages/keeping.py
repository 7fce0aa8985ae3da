"""What people do with what they lend: see it all, take it off the catalogue, erase it."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Bound, Refusal, blank, read_form, redirect, refused_form, render, signed_in
from echange.http.dates import day, hour
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.lending.cards import ItemCard, face_of
from echange.lending.item_showing import detail_of
from echange.lending.loading import own_item
from echange.lending.managing import lenders_of
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.queries import all_of
from echange.lending.screen_forms import WithdrawForm
from echange.lending.unit_life import call_off, loans_to_come


@dataclass(frozen=True, slots=True)
class LenderShelf:
    """A lender and all they ever told of."""

    id: int
    name: str
    shelf: list[ItemCard]


async def my_items(request: Request) -> Response:
    """GET /moi/materiel"""
    viewer = signed_in(request)
    lenders = await lenders_of(viewer)
    cards = await all_of([one.id for one in lenders], viewer)
    shelves = [
        LenderShelf(
            one.id, face_of(one, viewer).name, [card for card in cards if card.lender.lender_id == one.id]
        )
        for one in lenders
    ]
    return render(request, "lending/my_items.html", {"lenders": shelves})


async def ask_withdrawal(request: Request) -> Response:
    """GET /prets/12/retrait: what becomes of loans to come?"""
    item = await own_item(request)
    if item.state != "published":
        return redirect(request, f"/prets/{item.id}/details")
    screen = await _withdrawal(request, item, blank(WithdrawForm, future="keep"))
    return render(request, "lending/withdraw.html", screen)


async def withdraw_item(request: Request) -> Response:
    """POST /prets/12/retrait"""
    item, viewer = await own_item(request), signed_in(request)
    bound = await read_form(request, WithdrawForm)
    if bound.data is None:
        return refused_form(request, "lending/withdraw.html", await _withdrawal(request, item, bound))
    try:
        await item.withdraw(by=viewer)
    except Refusal as refusal:
        return redirect(request, f"/prets/{item.id}/details", say=refusal.title, kind="info")
    said = _("C’est retiré du catalogue.")
    if bound.data.future == "cancel" and (n := await call_off(item, bound.data.words, by=viewer)):
        said += " " + ngettext("{n} prêt est annulé.", "{n} prêts sont annulés.", n).format(n=n)
    return redirect(request, "/moi/materiel", say=said, undo_url=f"/prets/{item.id}/publication")


async def _withdrawal(request: Request, item: Item, form: Bound[WithdrawForm]) -> dict[str, Any]:
    coming = [
        {"id": loan.id, "url": loan.url, "name": loan.borrower.name, "when": _when(loan)}
        for loan in await loans_to_come(item)
    ]
    return {"form": form, "item": detail_of(item, signed_in(request)), "coming": coming}


def _when(loan: Loan) -> str:
    return _("{day}, {hour}").format(day=day(loan.starts_at), hour=hour(loan.starts_at))


async def ask_removal(request: Request) -> Response:
    """GET /prets/12/effacement"""
    item = await own_item(request)
    return render(
        request, "lending/delete.html", {"item": detail_of(item, signed_in(request)), "refusal": ""}
    )


async def remove_item(request: Request) -> Response:
    """POST /prets/12/effacement"""
    item, viewer = await own_item(request), signed_in(request)
    try:
        await item.remove(request.app.state.store, by=viewer)
    except Refusal as refusal:
        context = {"item": detail_of(item, viewer), "refusal": refusal.title}
        return refused_form(request, "lending/delete.html", context)
    return redirect(request, "/moi/materiel", say=_("C’est effacé."))
