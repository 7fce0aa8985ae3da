"""Notices, and which of them come by mail."""

from typing import Annotated, Any, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from echange.http import (
    Form,
    GuardedRoute,
    Invalid,
    NotFound,
    anyone,
    local_path,
    member,
    page,
    read_form,
    redirect,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.notifications.kinds import kinds_of
from echange.notifications.letters import UNSUBSCRIBE, read_refusal
from echange.notifications.models import MailRefusal, Notice

SHOWN: Final = 100


class ChoicesForm(Form):
    """The kinds that go on coming by mail."""

    mailed: Annotated[list[str], Field(max_length=100)] = []


async def list_notices(request: Request) -> Response:
    viewer = signed_in(request)
    kinds = kinds_of(request)
    notices = await Notice.filter(member_id=viewer.id).order_by("-at", "-id").limit(SHOWN)
    lines = [
        {
            "id": one.id,
            "sentence": kinds[one.kind].sentence(one.data),
            "at": one.at,
            "unread": one.read_at is None,
        }
        for one in notices
    ]
    return render(request, "notifications/notices.html", {"notices": lines})


async def show_notice(request: Request) -> Response:
    """GET /avis/{id}/ligne: one alone, for a page that is open."""
    notice = await Notice.get_or_none(id=request.path_params["id"], member_id=signed_in(request).id)
    if notice is None:
        raise NotFound
    sentence = kinds_of(request)[notice.kind].sentence(notice.data)
    line = {"id": notice.id, "sentence": sentence}
    return render(request, "notifications/_line.html", {"notice": line})


async def read_notice(request: Request) -> Response:
    link = await Notice.read(signed_in(request).id, request.path_params["id"])
    if link is None:
        raise NotFound
    return RedirectResponse(local_path(link, "/avis"), 303)


async def read_all_notices(request: Request) -> Response:
    await Notice.read_all(signed_in(request).id)
    return redirect(request, "/avis", say=_("Tous vos avis sont marqués comme lus."))


async def show_choices(request: Request) -> Response:
    viewer = signed_in(request)
    refused = {one.kind for one in await MailRefusal.filter(member_id=viewer.id)}
    choices = [
        {"name": kind.name, "label": _(kind.label), "on": kind.name not in refused}
        for kind in kinds_of(request).mailed()
    ]
    return render(request, "notifications/choices.html", {"choices": choices})


async def choose(request: Request) -> Response:
    viewer = signed_in(request)
    bound = await read_form(request, ChoicesForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    wanted = set(bound.data.mailed)
    for kind in kinds_of(request).mailed():
        if kind.name in wanted:
            await MailRefusal.accept(viewer.id, kind.name)
        else:
            await MailRefusal.refuse(viewer.id, kind.name)
    return redirect(request, "/moi/avis", say=_("C’est noté."))


async def show_unsubscribe(request: Request) -> Response:
    _member_id, kind = _refusal(request)
    return render(request, "notifications/unsubscribe.html", _unsubscribe_context(request, kind, done=False))


async def unsubscribe(request: Request) -> Response:
    member_id, kind = _refusal(request)
    await MailRefusal.refuse(member_id, kind)
    return render(request, "notifications/unsubscribe.html", _unsubscribe_context(request, kind, done=True))


async def resubscribe(request: Request) -> Response:
    member_id, kind = _refusal(request)
    await MailRefusal.accept(member_id, kind)
    return redirect(request, "/", say=_("Ces mails reviendront."))


def _unsubscribe_context(request: Request, kind: str, *, done: bool) -> dict[str, Any]:
    return {
        "label": _(kinds_of(request)[kind].label),
        "done": done,
        "again_url": f"{request.url.path.removesuffix('/retour')}/retour",
    }


def _refusal(request: Request) -> tuple[int, str]:
    found = read_refusal(request.app.state.secret, request.path_params["token"])
    if found is None:
        raise NotFound
    return found


routes: Final[list[GuardedRoute]] = [
    page("/avis", list_notices, who=member),
    page("/avis/lecture", read_all_notices, who=member, methods=("POST",)),
    page("/avis/{id:id}/ligne", show_notice, who=member),
    page("/avis/{id:id}/lecture", read_notice, who=member, methods=("POST",)),
    page("/moi/avis", show_choices, who=member),
    page("/moi/avis", choose, who=member, methods=("POST",)),
    page(UNSUBSCRIBE + "{token:word}", show_unsubscribe, who=anyone),
    page(UNSUBSCRIBE + "{token:word}", unsubscribe, who=anyone, methods=("POST",)),
    page(UNSUBSCRIBE + "{token:word}/retour", resubscribe, who=anyone, methods=("POST",)),
]
