"""At the desk: asks nobody answers."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    GuardedRoute,
    NotFound,
    Refusal,
    blank,
    concierge,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.mutual_aid import telling_desk
from echange.mutual_aid.loading import visible_help
from echange.mutual_aid.models import Help
from echange.mutual_aid.telling_forms import DeskClosureForm, SuggestionForm

URL = "/administration/entraide"


async def list_cases(request: Request) -> Response:
    """GET /administration/entraide"""
    return render(
        request, "mutual_aid/matches_desk.html", {"cases": await telling_desk.cases(signed_in(request))}
    )


async def show_case(request: Request) -> Response:
    """GET /administration/entraide/12"""
    await _case(request)
    return await _case_page(request)


async def suggest(request: Request) -> Response:
    """POST /administration/entraide/12/proposition"""
    aid = await _case(request)
    bound = await read_form(request, SuggestionForm)
    if bound.data is None:
        return await _case_page(request, suggestion=bound)
    try:
        await telling_desk.suggest(aid, bound.data.member, by=signed_in(request), words=bound.data.words)
    except NotFound:
        return await _case_page(request, suggestion=bound.refuse(telling_desk.NotForThem(), at="member"))
    except Refusal as refusal:
        return await _case_page(request, suggestion=bound.refuse(refusal, at="member"))
    said = _("C’est écrit. Vous verrez ici si personne ne se propose.")
    return redirect(request, f"{URL}/{aid.id}", say=said)


async def close_case(request: Request) -> Response:
    """POST /administration/entraide/12/cloture"""
    aid = await _case(request)
    bound = await read_form(request, DeskClosureForm)
    if bound.data is None:
        return await _case_page(request, closure=bound)
    try:
        await telling_desk.close(aid, by=signed_in(request), reason=bound.data.reason)
    except Refusal as refusal:
        return await _case_page(request, closure=bound.refuse(refusal, at="reason"))
    return redirect(request, URL, say=_("C’est fermé. La personne qui demandait est prévenue."))


async def _case(request: Request) -> Help:
    """The ask of the address, of somebody else. Raises NotFound, NotAllowed."""
    aid = await visible_help(request)
    telling_desk.check_case(aid, signed_in(request))
    return aid


async def _case_page(
    request: Request,
    suggestion: Bound[SuggestionForm] | None = None,
    closure: Bound[DeskClosureForm] | None = None,
) -> Response:
    help_id = int(request.path_params["id"])
    found = await telling_desk.cases(signed_in(request), help_id)
    if not found and not (suggestion or closure):
        return await _settled(request)
    context: dict[str, Any] = {
        "case": found[0] if found else None,
        "help": await visible_help(request),
        "candidates": await telling_desk.candidates(help_id),
        "form": suggestion or blank(SuggestionForm),
        "closure": closure or blank(DeskClosureForm),
    }
    answer = refused_form if suggestion or closure else render
    return answer(request, "mutual_aid/matches_case.html", context)


async def _settled(request: Request) -> Response:
    """Somebody came, or it ended: nothing waits for the desk any more."""
    await visible_help(request)
    return redirect(request, URL, say=_("Cette demande n’attend plus la conciergerie."), kind="info")


routes: list[GuardedRoute] = [
    page(URL, list_cases, who=concierge),
    page(URL + "/{id:id}", show_case, who=concierge),
    page(URL + "/{id:id}/proposition", suggest, who=concierge, methods=("POST",)),
    page(URL + "/{id:id}/cloture", close_case, who=concierge, methods=("POST",)),
]
