"""A thing that is lent: what it is, when it is free, and asking for it."""

from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from echange import booking
from echange.chat import client_id
from echange.http import (
    Bound,
    NotFound,
    Refusal,
    Viewer,
    blank,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.i18n import gettext as _
from echange.lending import limits
from echange.lending.choosing import Choice, ChoiceQuery, choice_of, query_for
from echange.lending.item_showing import ItemDetail, detail_of
from echange.lending.loading import visible_item
from echange.lending.loan_screen_forms import AskForm
from echange.lending.managing import may_manage
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.queries import usable_units
from echange.lending.seeing import myself
from echange.lending.slots_view import SlotChoice, goes_by_slots, slot_choice_of
from echange.lending.training import wanted_by
from echange.lending.waiting_showing import waits_of
from echange.lending.weekly import weekly_form

PAGE: Final = "lending/show_item.html"


async def find_item(request: Request) -> Response:
    """GET /prets/12: to its full address."""
    item = await visible_item(request)
    return RedirectResponse(item.url, status_code=301)


async def show_item(request: Request) -> Response:
    """GET /prets/12-videoprojecteur?du=&au=&retrait=&retour=&nombre=&avec=&mois="""
    item = await visible_item(request)
    if request.url.path != item.url:
        asked = request.url.query
        return RedirectResponse(f"{item.url}?{asked}" if asked else item.url, status_code=301)
    query = read_query(request, ChoiceQuery).data or ChoiceQuery()
    return render(request, PAGE, await screen_of(request, item, query, blank(AskForm, once=client_id())))


async def ask(request: Request) -> Response:
    """POST /prets/12/demande: of the window that was read."""
    viewer = signed_in(request)
    item = await visible_item(request)
    bound = await read_form(request, AskForm)
    form = bound.data
    if form is None:
        return refused_form(request, PAGE, await screen_of(request, item, ChoiceQuery(), bound))
    try:
        it = await Loan.ask(
            item,
            by=viewer,
            period=form.period,
            quantity=form.quantity,
            parts=form.parts,
            purpose=form.purpose,
            hold=item.needs_rereading,
            once=form.once,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        query = query_for(form.period, form.quantity, form.parts)
        context = await screen_of(request, item, query, bound.refuse(refusal))
        return refused_form(request, PAGE, context)
    return redirect(request, it.url, say=_said(it))


async def screen_of(request: Request, item: Item, query: ChoiceQuery, form: Bound[AskForm]) -> dict[str, Any]:
    """What the page needs; of an item loaded whole."""
    viewer = viewer_of(request)
    manages = await may_manage(viewer, item.lender)
    rules = (await booking.rules_of([item.model_id])).get(item.model_id) if item.model_id else None
    choice = await _choice(item, query, viewer, rules)
    detail = detail_of(item, viewer, rules)
    return {
        "item": detail,
        "choice": choice,
        "action": item.url,
        "units": (await usable_units([item.id]))[item.id],
        "most": item.max_quantity,
        "manages": manages,
        "is_mine": item.lender.member_id == myself(viewer) and viewer is not None,
        "against": await _against(item, choice, viewer),
        "running": await _running(item, viewer),
        "line": await waits_of(viewer, item.id),
        "waits": _answer_said(detail),
        "training": await wanted_by(item, viewer),
        "weekly": weekly_form(),
        "sign_in": f"/connexion?suite={quote(item.url + choice.address() if choice else item.url)}",
        "form": form,
    }


async def _choice(
    item: Item, query: ChoiceQuery, viewer: Viewer | None, rules: booking.Rules | None
) -> Choice | SlotChoice | None:
    if item.state != "published":
        return None
    if goes_by_slots(item, rules):
        return await slot_choice_of(item, query, viewer)
    try:
        return await choice_of(item, query, viewer)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        # Parts that it does not have, or has no more: the calendar of what is left.
        return await choice_of(item, query.model_copy(update={"avec": []}), viewer)


async def _against(item: Item, choice: Choice | SlotChoice | None, viewer: Viewer | None) -> str:
    """What stands against this person borrowing it at all, said before they fill anything in."""
    if viewer is None or choice is None or item.lender.member_id == myself(viewer):
        return ""
    refusal = await limits.would_refuse(item, myself(viewer), choice.any_period, 1)
    return refusal.title if refusal else ""


async def _running(item: Item, viewer: Viewer | None) -> list[Loan]:
    """One's own loans of it that are not over."""
    if viewer is None:
        return []
    running = ("held", "requested", "approved", "at_risk", "ready", "out")
    mine = Loan.filter(item_id=item.id, borrower_id=myself(viewer), state__in=running)
    return list(await mine.order_by("starts_at", "id"))


def _answer_said(item: ItemDetail) -> str:
    """Who answers, how long that takes, and until when it may be called off."""
    if item.approval == "automatic":
        said = _("C’est réservé tout de suite.")
    elif item.approval == "staff":
        said = _("La conciergerie répond sous deux jours.")
    else:
        said = _("{name} répond sous deux jours.").format(name=item.lender.name)
    until = (
        _("Vous pouvez annuler jusqu’au début.")
        if item.on_the_spot
        else _("Vous pouvez annuler jusqu’au retrait.")
    )
    return f"{said} {until}"


def _said(it: Loan) -> str | None:
    if it.state == "held":
        return None
    if it.state == "approved":
        return _("C’est réservé.")
    return _("C’est demandé. Dès qu’on vous répond, vous êtes prévenu.")
