"""Messages as JSON, over the same verbs as the pages and the socket."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import frames, inbox, log
from echange.chat.asking import conversation_in, hat_of
from echange.chat.events import Event
from echange.chat.forms import EditBody, EventsQuery, MessageForm, NamedForm
from echange.chat.live import SENDING, TALKING
from echange.chat.thread import message
from echange.http import Invalid, Out, answer, api, member, read_json, read_query, signed_in


class SentOut(Out):
    conversation: int
    seq: int
    at: datetime


class EventOut(Out):
    conversation: int
    seq: int
    kind: str
    by: int
    at: datetime
    client_id: str
    data: dict[str, Any]


class EventsOut(Out):
    """`head` is the number of the last event there is."""

    items: list[EventOut]
    head: int


class EntryOut(Out):
    """A message as it stands: `data` in its last words, `gone` when it was deleted; who reacted, by sign."""

    conversation: int
    seq: int
    by: int
    at: datetime
    data: dict[str, Any]
    edited: bool
    gone: bool
    reactions: dict[str, list[int]]


async def send(request: Request) -> Response:
    viewer = signed_in(request)
    conversation = await conversation_in(request)
    form = await read_json(request, MessageForm)
    event = await conversation.post(
        by=viewer.id,
        client_id=form.client_id,
        body=form.body,
        hat=hat_of(viewer, form.hat),
        reply_to=form.reply_to or 0,
        attachments=form.attachments,
    )
    return answer(SentOut(conversation=conversation.id, seq=event.seq, at=event.at), 201)


async def list_events(request: Request) -> Response:
    query = read_query(request, EventsQuery)
    if query.data is None:
        raise Invalid(query.errors)
    conversation_id: int = request.path_params["id"]
    head = await log.head_for(conversation_id, signed_in(request).id)
    events = await log.after(conversation_id, query.data.after, query.data.limit, signed_in(request))
    # What was committed between the two look-ups belongs to what there is.
    head = max(head, events[-1].seq) if events else head
    return answer(EventsOut(items=[EventOut(**frames.event_fields(event)) for event in events], head=head))


async def show(request: Request) -> Response:
    viewer = signed_in(request)
    talk = await inbox.one(request.path_params["id"], viewer.id)
    line, _around = await message(talk, viewer, request.path_params["seq"])
    told = {name: value for name, value in line.entry.told().items() if name != "kind"}
    return answer(EntryOut(conversation=talk.id, **told))


async def edit(request: Request) -> Response:
    conversation = await conversation_in(request)
    form = await read_json(request, EditBody)
    event = await conversation.edit(
        request.path_params["seq"], by=signed_in(request).id, client_id=form.client_id, body=form.body
    )
    return _sent(event)


async def delete(request: Request) -> Response:
    conversation = await conversation_in(request)
    event = await conversation.delete_message(
        request.path_params["seq"], by=signed_in(request).id, client_id=_client_id(request)
    )
    return _sent(event)


async def put_sign(request: Request) -> Response:
    return await _react(request, on=True)


async def take_sign(request: Request) -> Response:
    return await _react(request, on=False)


async def _react(request: Request, *, on: bool) -> Response:
    conversation = await conversation_in(request)
    event = await conversation.react(
        request.path_params["seq"],
        by=signed_in(request).id,
        client_id=_client_id(request),
        emoji=request.path_params["emoji"],
        on=on,
    )
    return _sent(event)


def _client_id(request: Request) -> str:
    query = read_query(request, NamedForm)
    if query.data is None:
        raise Invalid(query.errors)
    return query.data.client_id


def _sent(event: Event) -> Response:
    return answer(SentOut(conversation=event.conversation, seq=event.seq, at=event.at))


routes = [
    api(
        "POST",
        "/conversations/{id:id}/messages",
        send,
        who=member,
        summary="Écrire un message ; le même client_id rend la première réponse",
        body=MessageForm,
        answer=SentOut,
        status=201,
        limit=SENDING,
    ),
    api(
        "GET",
        "/conversations/{id:id}/events",
        list_events,
        who=member,
        summary="Les événements après un numéro, dans l’ordre",
        query=EventsQuery,
        answer=EventsOut,
    ),
    api(
        "GET",
        "/conversations/{id:id}/messages/{seq:id}",
        show,
        who=member,
        summary="Un message tel qu’il est maintenant",
        answer=EntryOut,
    ),
    api(
        "PATCH",
        "/conversations/{id:id}/messages/{seq:id}",
        edit,
        who=member,
        summary="Changer les mots d’un message à soi",
        body=EditBody,
        answer=SentOut,
        limit=TALKING,
    ),
    api(
        "DELETE",
        "/conversations/{id:id}/messages/{seq:id}",
        delete,
        who=member,
        summary="Supprimer un message à soi, chez tout le monde",
        query=NamedForm,
        answer=SentOut,
        limit=TALKING,
    ),
    api(
        "PUT",
        "/conversations/{id:id}/messages/{seq:id}/reactions/{emoji}",
        put_sign,
        who=member,
        summary="Réagir à un message par un des six signes",
        query=NamedForm,
        answer=SentOut,
        limit=TALKING,
    ),
    api(
        "DELETE",
        "/conversations/{id:id}/messages/{seq:id}/reactions/{emoji}",
        take_sign,
        who=member,
        summary="Retirer sa réaction",
        query=NamedForm,
        answer=SentOut,
        limit=TALKING,
    ),
]
