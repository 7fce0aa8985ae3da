"""Somebody in a group, for who looks after it: entrusted with it too, or put out of it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import grouping
from echange.chat.asking import conversation_in
from echange.chat.grouping import LastOwner, Place, Role
from echange.chat.pages.groups import CHANGING, group_in, group_url
from echange.chat.refusals import SenderAway
from echange.chat.talk import Talk
from echange.http import (
    Form,
    Invalid,
    NotFound,
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


class RoleForm(Form):
    role: Role


async def show_place(request: Request) -> Response:
    """GET /messages/{id}/membres/{member}: what one who looks after the group may do about somebody."""
    return render(request, "chat/member.html", await _place_context(request))


async def appoint(request: Request) -> Response:
    """POST /messages/{id}/membres/{member}/role."""
    conversation = await conversation_in(request)
    bound = await read_form(request, RoleForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    try:
        await conversation.appoint(request.path_params["member"], bound.data.role, by=signed_in(request).id)
    except (LastOwner, SenderAway) as refusal:
        context = {**await _place_context(request), "form": bound.refuse(refusal)}
        return refused_form(request, "chat/member.html", context)
    return redirect(request, group_url(conversation), say=_("C’est changé."))


async def remove(request: Request) -> Response:
    """POST /messages/{id}/membres/{member}/retrait."""
    conversation = await conversation_in(request)
    place = await _place(request, await group_in(request))
    await conversation.remove(place.person.id, by=signed_in(request).id)
    said = _("{name} ne fait plus partie du groupe.").format(name=place.person.name)
    return redirect(request, group_url(conversation), say=said)


async def _place_context(request: Request) -> dict[str, Any]:
    talk = await group_in(request)
    if not talk.owned:
        raise NotFound
    return {"talk": talk, "place": await _place(request, talk), "form": blank(RoleForm)}


async def _place(request: Request, talk: Talk) -> Place:
    for place in await grouping.places(talk.id, signed_in(request).id):
        if place.person.id == request.path_params["member"]:
            return place
    raise NotFound


routes = [
    page("/messages/{id:id}/membres/{member:id}", show_place, who=member),
    page("/messages/{id:id}/membres/{member:id}/role", appoint, who=member, methods=("POST",),
         limit=CHANGING),
    page("/messages/{id:id}/membres/{member:id}/retrait", remove, who=member, methods=("POST",),
         limit=CHANGING),
]  # fmt: skip
