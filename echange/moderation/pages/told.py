"""A decision, read and answered by whom it concerns."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    NotFound,
    Refusal,
    Viewer,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.moderation.forms import ReplyForm
from echange.moderation.models import Decision, Report
from echange.moderation.reportables import reportables_of
from echange.moderation.wording import consequence, decided

PAGE: Final = "moderation/decision.html"


async def show_decision(request: Request) -> Response:
    """GET /decisions/12"""
    viewer, decision = await _asked(request)
    return render(request, PAGE, await _page(request, viewer, decision, blank(ReplyForm)))


async def reply(request: Request) -> Response:
    """POST /decisions/12/reponse"""
    viewer, decision = await _asked(request)
    bound = await read_form(request, ReplyForm)
    if bound.data is None:
        return refused_form(request, PAGE, await _page(request, viewer, decision, bound))
    try:
        await decision.answer(by=viewer, text=bound.data.reply)
    except Refusal as refusal:
        refused = bound.refuse(refusal, at="reply")
        return refused_form(request, PAGE, await _page(request, viewer, decision, refused))
    return redirect(request, f"/decisions/{decision.id}", say=_("C’est envoyé. Quelqu’un d’autre vous lira."))


async def _asked(request: Request) -> tuple[Viewer, Decision]:
    viewer = signed_in(request)
    decision = await Decision.told_to(viewer).get_or_none(id=request.path_params["id"])
    if decision is None:
        raise NotFound
    return viewer, decision


async def _page(
    request: Request, viewer: Viewer, decision: Decision, form: Bound[ReplyForm]
) -> dict[str, Any]:
    kind = decision.about_kind
    thing = (await reportables_of(request)[kind].named([decision.about_id])).get(decision.about_id)
    title = thing.title if thing else ""
    return {
        "number": decision.id,
        "sentence": decided(kind, decision.act, title),
        "consequence": consequence(kind, decision.act),
        "reason": decision.reason,
        "at": decision.at,
        "reports": await Report.filter(decision_id=decision.id).count(),
        "reply_text": decision.reply,
        "replied_at": decision.replied_at,
        "can_answer": await decision.can_be_answered_by(viewer),
        "is_final": decision.act == "confirm",
        "mine": decision.concerns_id == viewer.id,
        "form": form,
    }
