"""Newcomers' annonces that wait: read in a list, put online, or refused with a reason."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.ads import REREADING, Ad
from echange.http import (
    Bound,
    NotAllowed,
    NotFound,
    Refusal,
    blank,
    local_path,
    moderator,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.moderation.forms import ReasonedForm, ReleaseForm
from echange.moderation.held import held_ads, held_before, refuse_held, show_held
from echange.moderation.links import links_of
from echange.moderation.pages.deciding import reasoned
from echange.moderation.reasons import CANNED, canned_for
from echange.moderation.reportables import reportables_of

PAGE: Final = "moderation/refuse.html"


async def show_held_ads(request: Request) -> Response:
    """GET /moderation/annonces: for the desk, which reads no reports."""
    viewer = signed_in(request)
    if viewer.roles.isdisjoint(REREADING):
        raise NotAllowed
    return render(request, "moderation/held.html", {"held": await held_ads(viewer.id)})


async def release(request: Request) -> Response:
    """POST /moderation/annonces/12/publication: it need not wait any longer."""
    form = (await read_form(request, ReleaseForm)).data or ReleaseForm()
    try:
        await show_held(request.path_params["id"], by=signed_in(request))
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        return redirect(request, _desk_of(request), say=refusal.title, kind="info")
    return redirect(request, local_path(form.suite, _desk_of(request)), say=_("L’annonce est en ligne."))


async def ask_refusal(request: Request) -> Response:
    """GET /moderation/annonces/12/refus"""
    try:
        ad = await held_before(request.path_params["id"], signed_in(request))
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        return redirect(request, _desk_of(request), say=refusal.title, kind="info")
    return render(request, PAGE, _screen(ad, blank(ReasonedForm)))


async def refuse(request: Request) -> Response:
    """POST /moderation/annonces/12/refus: hidden, and its owner told why."""
    bound = await read_form(request, ReasonedForm)
    data = reasoned(bound)
    try:
        ad = await held_before(request.path_params["id"], signed_in(request))
        if data is None:
            return refused_form(request, PAGE, _screen(ad, bound))
        await refuse_held(
            ad.id,
            by=signed_in(request),
            canned=data.canned if data.canned in CANNED else "",
            words=data.words,
            reportables=reportables_of(request),
            links=links_of(request),
        )
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        return redirect(request, _desk_of(request), say=refusal.title, kind="info")
    return redirect(request, _desk_of(request), say=_("C’est refusé, et la raison est dite à son auteur."))


def _desk_of(request: Request) -> str:
    """Where whoever decides goes on: the moderators' list is not for the desk."""
    return "/moderation" if moderator.allows(signed_in(request)) else "/moderation/annonces"


def _screen(ad: Ad, form: Bound[ReasonedForm]) -> dict[str, object]:
    return {
        "form": form,
        "ad": {"id": ad.id, "title": ad.title, "url": ad.url},
        "canned": canned_for(("hide",)),
    }
