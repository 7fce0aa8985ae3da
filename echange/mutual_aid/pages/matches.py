"""« Pour moi »: helps that fit somebody, and what they put aside."""

from starlette.requests import Request
from starlette.responses import Response

from echange.http import GuardedRoute, member, page, redirect, render, signed_in
from echange.i18n import gettext as _
from echange.mutual_aid.loading import visible_help
from echange.mutual_aid.matching_mine import dismiss, matches_of, put_aside, take_back
from echange.mutual_aid.refusals import OwnHelp

URL = "/entraide/pour-moi"


async def show_matches(request: Request) -> Response:
    """GET /entraide/pour-moi"""
    viewer = signed_in(request)
    matches = await matches_of(viewer)
    context = {
        "asks": [one for one in matches if one.card.kind == "ask"],
        "offers": [one for one in matches if one.card.kind == "offer"],
        "aside": await put_aside(viewer),
    }
    return render(request, "mutual_aid/matches.html", context)


async def dismiss_help(request: Request) -> Response:
    """POST /entraide/12/pas-pour-moi"""
    aid = await visible_help(request)
    try:
        await dismiss(aid, by=signed_in(request))
    except OwnHelp as refusal:
        return redirect(request, aid.url, say=refusal.title, kind="info")
    said = _("C’est noté : on ne vous prévient plus pour ces savoir-faire pendant six mois.")
    return redirect(request, URL, say=said, undo_url=f"{aid.url}/pour-moi")


async def take_help_back(request: Request) -> Response:
    """POST /entraide/12/pour-moi"""
    await take_back(int(request.path_params["id"]), by=signed_in(request))
    return redirect(request, URL, say=_("C’est noté : on vous préviendra de nouveau."))


routes: list[GuardedRoute] = [
    page(URL, show_matches, who=member),
    page("/entraide/{id:id}/pas-pour-moi", dismiss_help, who=member, methods=("POST",)),
    page("/entraide/{id:id}/pour-moi", take_help_back, who=member, methods=("POST",)),
]
