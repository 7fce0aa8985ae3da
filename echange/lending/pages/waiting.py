"""The waiting line of a thing: joining it on its page, leaving it there or from one's loans."""

from starlette.requests import Request
from starlette.responses import Response

from echange.http import NotFound, Rate, Refusal, member, page, read_form, redirect, signed_in
from echange.i18n import gettext as _
from echange.lending.choosing import window_address
from echange.lending.loading import visible_item
from echange.lending.loan_forms import LoanForm
from echange.lending.models.waiter import Waiter
from echange.lending.seeing import myself


async def join(request: Request) -> Response:
    """POST /prets/12/liste"""
    viewer = signed_in(request)
    item = await visible_item(request)
    form = (await read_form(request, LoanForm)).data
    if form is None:
        return redirect(request, item.url, say=_("Choisissez d’abord vos dates."), kind="warning")
    there = f"{item.url}{window_address(form.period, form.quantity)}#liste"
    try:
        it = await Waiter.join(item, by=viewer, period=form.period, quantity=form.quantity)
    except NotFound:
        raise
    except Refusal as refusal:
        return redirect(request, there, say=refusal.title, kind="warning")
    place = await it.place()
    if place == 1:
        said = _("Vous êtes en tête de la liste : dès que c’est libre, nous vous prévenons.")
    else:
        said = _(
            "Vous êtes sur la liste, à la place {place} : dès que c’est votre tour, nous vous prévenons."
        )
    return redirect(request, there, say=said.format(place=place))


async def leave(request: Request) -> Response:
    """POST /prets/listes/5/depart"""
    viewer = signed_in(request)
    it = await Waiter.get_or_none(id=int(request.path_params["id"]), member_id=myself(viewer))
    if it is None:
        raise NotFound
    await it.leave(by=viewer)
    return redirect(request, "/moi/prets", say=_("Vous n’êtes plus sur cette liste."))


routes = [
    page("/prets/{id:id}/liste", join, who=member, methods=("POST",), limit=Rate("loan_asked", 30, 600)),
    page("/prets/listes/{id:id}/depart", leave, who=member, methods=("POST",)),
]
