"""One message as a page, with all that can be done to it."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import inbox
from echange.chat.asking import conversation_in
from echange.chat.forms import NamedForm, RewordingForm, SignForm
from echange.chat.live import TALKING
from echange.chat.newcomers import TooManyLinks
from echange.chat.refusals import SenderAway, SentOtherwise
from echange.chat.signs import SIGNS
from echange.chat.thread import message
from echange.http import (
    Bound,
    Invalid,
    Viewer,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.members import Unreachable

AROUND: Final = 3
KIND: Final = (SentOtherwise, SenderAway, TooManyLinks, Unreachable)


async def show_message(request: Request) -> Response:
    """GET /messages/{id}/m/{seq}."""
    return render(request, "chat/message.html", await _message(request, signed_in(request)))


async def show_line(request: Request) -> Response:
    """GET /messages/{id}/m/{seq}/ligne: the message alone, for a page that is open."""
    viewer = signed_in(request)
    talk = await inbox.one(request.path_params["id"], viewer.id)
    line, _around = await message(talk, viewer, request.path_params["seq"])
    return render(request, "chat/_line.html", {"talk": talk, "line": line})


async def edit(request: Request) -> Response:
    """POST /messages/{id}/m/{seq}/modification."""
    conversation = await conversation_in(request)
    bound = await read_form(request, RewordingForm)
    if bound.data is None:
        return await _refused(request, bound)
    form, viewer = bound.data, signed_in(request)
    try:
        await conversation.edit(
            request.path_params["seq"], by=viewer.id, client_id=form.client_id, body=form.body
        )
    except KIND as refusal:
        return await _refused(request, bound.refuse(refusal, at="body"))
    return _back(request, _("Message modifié."))


async def delete(request: Request) -> Response:
    """POST /messages/{id}/m/{seq}/suppression."""
    conversation = await conversation_in(request)
    form = await _named(request, NamedForm)
    await conversation.delete_message(
        request.path_params["seq"], by=signed_in(request).id, client_id=form.client_id
    )
    return _back(request, _("Message supprimé."))


async def react(request: Request) -> Response:
    """POST /messages/{id}/m/{seq}/reaction."""
    conversation = await conversation_in(request)
    form = await _named(request, SignForm)
    try:
        await conversation.react(
            request.path_params["seq"],
            by=signed_in(request).id,
            client_id=form.client_id,
            emoji=form.emoji or form.retrait,
            on=bool(form.emoji),
        )
    except KIND as refusal:
        return await _refused(request, Bound[Any]().refuse(refusal, at="body"))
    return _back(request)


async def _named(request: Request, form: type[Any]) -> Any:  # noqa: ANN401 — whichever form it is
    bound: Bound[Any] = await read_form(request, form)
    if bound.data is None:
        raise Invalid(bound.errors)
    return bound.data


async def _message(request: Request, viewer: Viewer, form: Bound[Any] | None = None) -> dict[str, Any]:
    talk = await inbox.one(request.path_params["id"], viewer.id)
    line, around = await message(talk, viewer, request.path_params["seq"], around=AROUND)
    return {
        "talk": talk,
        "line": line,
        "heading": _("Votre message") if line.mine else _("Message de {name}").format(name=line.who),
        "around": around,
        "signs": SIGNS,
        "mine": {one.sign.emoji for one in line.reactions if one.mine},
        "form": form or blank(RewordingForm, body=line.entry.data.get("body", "")),
        "may_write": not viewer.paused and not (talk.other and talk.other.gone),
        "back": _address(talk.id, line.entry.seq),
    }


async def _refused(request: Request, bound: Bound[Any]) -> Response:
    return refused_form(request, "chat/message.html", await _message(request, signed_in(request), bound))


def _back(request: Request, say: str = "") -> Response:
    return redirect(request, _address(request.path_params["id"], request.path_params["seq"]), say=say)


def _address(talk_id: int, seq: int) -> str:
    """Where the message stands in its conversation."""
    return f"/messages/{talk_id}?autour={seq}#m{seq}"


routes = [
    page("/messages/{id:id}/m/{seq:id}", show_message, who=member),
    page("/messages/{id:id}/m/{seq:id}/ligne", show_line, who=member),
    page("/messages/{id:id}/m/{seq:id}/modification", edit, who=member, methods=("POST",), limit=TALKING),
    page("/messages/{id:id}/m/{seq:id}/suppression", delete, who=member, methods=("POST",), limit=TALKING),
    page("/messages/{id:id}/m/{seq:id}/reaction", react, who=member, methods=("POST",), limit=TALKING),
]
