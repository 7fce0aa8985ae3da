"""Groups as JSON: who is in them, what they are called."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import grouping, picturing
from echange.chat.api.conversations import ConversationOut, conversation_told
from echange.chat.asking import conversation_in
from echange.chat.forms import GroupTitle
from echange.chat.grouping import Place, Role
from echange.chat.pages.group_picture import PICTURING
from echange.chat.pages.groups import CHANGING
from echange.http import Form, Invalid, NotFound, Out, answer, api, member, read_json, read_upload, signed_in
from echange.http.refusals import NoRoom
from echange.media import PhotoRefused, StorageFull


class GroupPatch(Form):
    """An empty title calls the group after its people."""

    title: GroupTitle


class RolePatch(Form):
    role: Role


class PlaceOut(Out):
    """`role`: owner or member."""

    id: int
    name: str
    role: str
    joined_at: datetime


class PlacesOut(Out):
    items: list[PlaceOut]


async def list_members(request: Request) -> Response:
    places = await grouping.places(request.path_params["id"], signed_in(request).id)
    return answer(PlacesOut(items=[_told(place) for place in places]))


async def add_member(request: Request) -> Response:
    conversation, who = await conversation_in(request), request.path_params["member"]
    await conversation.add(who, by=signed_in(request).id)
    return await _place_told(request, 201)


async def remove_member(request: Request) -> Response:
    conversation = await conversation_in(request)
    await conversation.remove(request.path_params["member"], by=signed_in(request).id)
    return answer(None, 204)


async def change_role(request: Request) -> Response:
    conversation = await conversation_in(request)
    form = await read_json(request, RolePatch)
    await conversation.appoint(request.path_params["member"], form.role, by=signed_in(request).id)
    return await _place_told(request)


async def change_group(request: Request) -> Response:
    conversation = await conversation_in(request)
    form = await read_json(request, GroupPatch)
    await conversation.rename(form.title, by=signed_in(request).id)
    return await conversation_told(request, conversation.id)


async def put_picture(request: Request) -> Response:
    """Multipart: `file`."""
    conversation = await conversation_in(request)
    sent = await read_upload(request)
    store = request.app.state.store
    try:
        await picturing.put_picture(conversation.id, sent.data, store, by=signed_in(request).id)
    except PhotoRefused as error:
        raise Invalid({"file": [error.message]}) from error
    except StorageFull as error:
        raise NoRoom from error
    return await conversation_told(request, conversation.id)


async def drop_picture(request: Request) -> Response:
    conversation = await conversation_in(request)
    await picturing.drop_picture(conversation.id, by=signed_in(request).id)
    return answer(None, 204)


async def _place_told(request: Request, status: int = 200) -> Response:
    places = await grouping.places(request.path_params["id"], signed_in(request).id)
    found = next((one for one in places if one.person.id == request.path_params["member"]), None)
    if found is None:
        raise NotFound
    return answer(_told(found), status)


def _told(place: Place) -> PlaceOut:
    return PlaceOut(id=place.person.id, name=place.person.name, role=place.role, joined_at=place.joined_at)


routes = [
    api("PATCH", "/conversations/{id:id}", change_group, who=member, summary="Nommer un groupe autrement",
        body=GroupPatch, answer=ConversationOut, limit=CHANGING),
    api("GET", "/conversations/{id:id}/members", list_members, who=member,
        summary="Qui participe à une conversation", answer=PlacesOut),
    api("POST", "/conversations/{id:id}/members/{member:id}", add_member, who=member,
        summary="Faire entrer quelqu’un dans un groupe", answer=PlaceOut, status=201, limit=CHANGING),
    api("PATCH", "/conversations/{id:id}/members/{member:id}", change_role, who=member,
        summary="Confier un groupe à quelqu’un, ou le lui reprendre", body=RolePatch, answer=PlaceOut,
        limit=CHANGING),
    api("DELETE", "/conversations/{id:id}/members/{member:id}", remove_member, who=member,
        summary="Retirer quelqu’un d’un groupe, ou le quitter soi-même", status=204, limit=CHANGING),
    api("PUT", "/conversations/{id:id}/picture", put_picture, who=member,
        summary="Donner une image à un groupe (champ « file »)", answer=ConversationOut, upload=True,
        limit=PICTURING),
    api("DELETE", "/conversations/{id:id}/picture", drop_picture, who=member,
        summary="Retirer l’image d’un groupe", status=204),
]  # fmt: skip
