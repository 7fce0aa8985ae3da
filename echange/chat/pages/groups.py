"""A group's page: who is in it, its name, asking people in, leaving."""

from typing import Any, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange.chat import grouping, inbox
from echange.chat.asking import conversation_in
from echange.chat.choosing import choosable
from echange.chat.forms import GroupTitle
from echange.chat.grouping import GroupFull, NotToBeAdded
from echange.chat.models import Conversation
from echange.chat.newcomers import TooManyPeople
from echange.chat.refusals import SenderAway
from echange.chat.talk import Talk
from echange.http import (
    Bound,
    Form,
    Id,
    Invalid,
    Line,
    NotFound,
    Rate,
    member,
    page,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _

# What keeps people out of a group today: said beside their names.
NOT_NOW: Final = (GroupFull, NotToBeAdded, SenderAway, TooManyPeople)
CHANGING: Final = Rate("groups", burst=60, per=3600)


class ChoosingForm(Form):
    """`nom` looks for somebody; what was ticked stays so."""

    membres: list[Id] = Field(default_factory=list, max_length=grouping.MOST_MEMBERS)
    nom: Line = Field(default="", max_length=60)


class TitleForm(Form):
    titre: GroupTitle = ""


async def show_group(request: Request) -> Response:
    """GET /messages/{id}/groupe."""
    return await group_page(request, read_query(request, ChoosingForm))


async def add(request: Request) -> Response:
    """POST /messages/{id}/groupe/ajout."""
    conversation = await conversation_in(request)
    bound = await read_form(request, ChoosingForm)
    if bound.data is not None and not bound.data.membres:
        bound = bound.refuse(Invalid({"membres": [_("Choisissez au moins une personne.")]}))
    if bound.data is None:
        return await group_page(request, bound, refused=True)
    try:
        await conversation.add(*bound.data.membres, by=signed_in(request).id)
    except NOT_NOW as refusal:
        return await group_page(request, bound.refuse(refusal, at="membres"), refused=True)
    return redirect(request, group_url(conversation), say=_("Le groupe s’est agrandi."))


async def rename(request: Request) -> Response:
    """POST /messages/{id}/groupe/nom."""
    conversation = await conversation_in(request)
    bound = await read_form(request, TitleForm)
    if bound.data is None:
        return await group_page(request, bound, refused=True)
    try:
        await conversation.rename(bound.data.titre, by=signed_in(request).id)
    except SenderAway as refusal:
        return await group_page(request, bound.refuse(refusal, at="titre"), refused=True)
    return redirect(request, group_url(conversation), say=_("Le nom du groupe est changé."))


async def group_page(request: Request, bound: Bound[Any], *, refused: bool = False) -> Response:
    viewer, talk = signed_in(request), await group_in(request)
    places = await grouping.places(talk.id, viewer.id)
    chosen, name = picked(bound)
    there = {place.person.id for place in places}
    values = {"titre": talk.name, **bound.values, "membres": [str(one) for one in chosen]}
    context = {
        "talk": talk,
        "places": places,
        "form": Bound(values=values, errors=bound.errors),
        "people": await choosable(viewer, name=name, chosen=chosen, besides=there) if talk.owned else [],
        "name": name,
        "most": grouping.MOST_MEMBERS,
    }
    if refused:
        return refused_form(request, "chat/group.html", context)
    return render(request, "chat/group.html", context)


async def ask_to_leave(request: Request) -> Response:
    """GET /messages/{id}/groupe/depart."""
    talk = await group_in(request)
    places = await grouping.places(talk.id, signed_in(request).id)
    last_owner = talk.owned and sum(place.role == "owner" for place in places) == 1
    return render(request, "chat/leave_group.html", {"talk": talk, "last_owner": last_owner})


async def leave(request: Request) -> Response:
    """POST /messages/{id}/groupe/depart."""
    talk = await group_in(request)
    conversation = await conversation_in(request)
    await conversation.leave(by=signed_in(request).id)
    return redirect(request, "/messages", say=_("Vous avez quitté « {name} ».").format(name=talk.title))


async def group_in(request: Request) -> Talk:
    talk = await inbox.one(request.path_params["id"], signed_in(request).id)
    if not talk.is_group:
        raise NotFound
    return talk


def picked(bound: Bound[Any]) -> tuple[list[int], str]:
    """Who is ticked, and the name looked for; of a form that is wrong, what can be read of it."""
    ticked = [
        int(one) for one in bound.values.get("membres") or [] if str(one).isdecimal() and len(str(one)) < 10
    ]
    return ticked[: grouping.MOST_MEMBERS], str(bound.values.get("nom") or "")[:60]


def group_url(conversation: Conversation) -> str:
    return f"/messages/{conversation.id}/groupe"


routes = [
    page("/messages/{id:id}/groupe", show_group, who=member),
    page("/messages/{id:id}/groupe/ajout", add, who=member, methods=("POST",), limit=CHANGING),
    page("/messages/{id:id}/groupe/nom", rename, who=member, methods=("POST",), limit=CHANGING),
    page("/messages/{id:id}/groupe/depart", ask_to_leave, who=member),
    page("/messages/{id:id}/groupe/depart", leave, who=member, methods=("POST",)),
]
