"""What people do with their helps: see them all, correct, prolong, end, reopen."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.database import in_transaction
from echange.http import Bound, Refusal, blank, hat_of, read_form, redirect, refused_form, render, signed_in
from echange.http.dates import day
from echange.i18n import gettext as _
from echange.mutual_aid.forms import ClosureForm
from echange.mutual_aid.kinds import OUTCOMES
from echange.mutual_aid.loading import own_help, told_of
from echange.mutual_aid.models import Help
from echange.mutual_aid.pages.publishing import entrust_as_told, refused, screen
from echange.mutual_aid.queries import mine
from echange.mutual_aid.refusals import HiddenHelp, Over, TooEarly, TooLateToReopen
from echange.mutual_aid.rota_seeing import myself
from echange.mutual_aid.screen_form import ScreenForm, values_of


async def my_helps(request: Request) -> Response:
    """GET /moi/entraide"""
    viewer = signed_in(request)
    hat = hat_of(viewer)
    helps = await mine(myself(viewer), hat.id if hat else None, viewer)
    groups = {
        "going": [one for one in helps if one.state in {"open", "full"}],
        "over": [one for one in helps if one.state not in {"open", "full"}],
    }
    return render(request, "mutual_aid/my_helps.html", groups)


async def edit(request: Request) -> Response:
    """GET /entraide/12/modifier"""
    aid = await own_help(request)
    if aid.state not in {"open", "full", "expired"}:
        return redirect(request, aid.url)
    form = blank(ScreenForm, **values_of(told_of(aid)), group=aid.group_id)
    context = await screen(form, aid.kind, signed_in(request), aid)
    return render(request, "mutual_aid/tell.html", context)


async def correct(request: Request) -> Response:
    """POST /entraide/12/modifier"""
    aid, viewer = await own_help(request), signed_in(request)
    bound = await read_form(request, ScreenForm)
    if bound.data is not None:
        try:
            async with in_transaction():
                await aid.edit(bound.data.details(), by=viewer)
                await entrust_as_told(aid, bound, viewer)
        except Refusal as refusal:
            bound = refused(bound, refusal)
        else:
            return redirect(request, aid.url, say=_("C’est corrigé."))
    return refused_form(request, "mutual_aid/tell.html", await screen(bound, aid.kind, viewer, aid))


async def renew(request: Request) -> Response:
    """POST /entraide/12/renouvellement"""
    aid = await own_help(request)
    try:
        await aid.renew(by=signed_in(request))
    except (TooEarly, Over, HiddenHelp) as refusal:
        return redirect(request, aid.url, say=refusal.title, kind="info")
    fresh = await Help.get(id=aid.id)
    if fresh.expires_at is None:
        return redirect(request, aid.url, say=_("C’est noté : votre offre est toujours valable. Merci !"))
    said = _("C’est prolongé jusqu’au {day}.").format(day=day(fresh.expires_at))
    return redirect(request, aid.url, say=said)


async def ask_closure(request: Request) -> Response:
    """GET /entraide/12/cloture: how did it go?"""
    aid = await own_help(request)
    if aid.ended_at is not None and aid.ending != "expired":
        return redirect(request, aid.url)
    return render(request, "mutual_aid/close.html", await _closing(blank(ClosureForm), aid))


async def close(request: Request) -> Response:
    """POST /entraide/12/cloture"""
    aid = await own_help(request)
    bound = await read_form(request, ClosureForm)
    if bound.data is None:
        return refused_form(request, "mutual_aid/close.html", await _closing(bound, aid))
    try:
        await aid.close(by=signed_in(request), outcome=bound.data.outcome)
    except Over as refusal:
        return redirect(request, aid.url, say=refusal.title, kind="info")
    undo = f"/entraide/{aid.id}/reouverture"
    return redirect(request, aid.url, say=_("C’est terminé. Merci !"), undo_url=undo)


async def reopen(request: Request) -> Response:
    """POST /entraide/12/reouverture"""
    aid = await own_help(request)
    try:
        await aid.reopen(by=signed_in(request))
    except (TooLateToReopen, HiddenHelp) as refusal:
        return redirect(request, aid.url, say=refusal.title, kind="info")
    return redirect(request, aid.url, say=_("C’est de nouveau ouvert."))


async def _closing(form: Bound[ClosureForm], aid: Help) -> dict[str, Any]:
    outcomes = [(value, _(label)) for value, label in OUTCOMES[aid.kind]]
    waiting = await aid.proposals().count()
    return {"form": form, "help": aid, "outcomes": outcomes, "waiting": waiting}
