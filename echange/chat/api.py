"""Messages as JSON, over the same verbs."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from echange.chat import frames, inbox, log
from echange.chat.asking import conversation_in, hat_of, subjects_of
from echange.chat.forms import EventsQuery, MarkForm, MessageForm, OpeningForm
from echange.chat.live import SENDING
from echange.chat.models import Conversation
from echange.chat.pages import OPENING
from echange.http import (
    Invalid,
    NotFound,
    PageQuery,
    Viewer,
    answer,
    api,
    member,
    read_json,
    read_query,
    signed_in,
)
from echange.i18n import gettext as _


class AboutOut(BaseModel):
    kind: str
    id: int


class PersonOut(BaseModel):
    id: int
    name: str


class LastOut(BaseModel):
    by: int
    body: str


class ConversationOut(BaseModel):
    """`members` are the others; `unread` counts what they wrote after my mark, `read_seq`."""

    id: int
    about: AboutOut | None
    members: list[PersonOut]
    head: int
    read_seq: int
    unread: int
    last_at: datetime
    last: LastOut | None


class ConversationPage(BaseModel):
    items: list[ConversationOut]
    next: str | None


class SentOut(BaseModel):
    conversation: int
    seq: int
    at: datetime


class EventOut(BaseModel):
    conversation: int
    seq: int
    kind: str
    by: int
    at: datetime
    client_id: str
    data: dict[str, Any]


class EventsOut(BaseModel):
    """`head` is the number of the last event there is."""

    items: list[EventOut]
    head: int


class MarkOut(BaseModel):
    conversation: int
    seq: int


async def list_conversations(request: Request) -> Response:
    query = read_query(request, PageQuery)
    if query.data is None:
        raise Invalid(query.errors)
    talks = await inbox.inbox(signed_in(request).id, limit=query.data.limit, position=query.data.position())
    return answer(ConversationPage(items=[_told(talk) for talk in talks.items], next=talks.next))


async def open_conversation(request: Request) -> Response:
    viewer = signed_in(request)
    form = await read_json(request, OpeningForm)
    if form.about is not None:
        conversation = await _open_about(request, viewer, form.about.kind, form.about.id)
    else:
        others = [one for one in dict.fromkeys(form.members) if one != viewer.id]
        if len(others) != 1:
            raise Invalid({"members": [_("Une conversation se tient à deux : nommez une autre personne.")]})
        conversation = await Conversation.open_direct(between=(viewer.id, others[0]))
    return answer(_told(await inbox.one(conversation.id, viewer.id)), 201)


async def _open_about(request: Request, viewer: Viewer, kind: str, about_id: int) -> Conversation:
    other = await subjects_of(request).counterpart(kind, about_id, viewer)
    if other is None:
        raise NotFound
    return await Conversation.open_about(kind, about_id, opener=viewer.id, other=other)


async def send(request: Request) -> Response:
    viewer = signed_in(request)
    conversation = await conversation_in(request)
    form = await read_json(request, MessageForm)
    event = await conversation.post(
        by=viewer.id, client_id=form.client_id, body=form.body, hat=hat_of(viewer, form.hat)
    )
    return answer(SentOut(conversation=conversation.id, seq=event.seq, at=event.at), 201)


async def list_events(request: Request) -> Response:
    query = read_query(request, EventsQuery)
    if query.data is None:
        raise Invalid(query.errors)
    conversation_id: int = request.path_params["id"]
    head = await log.head_for(conversation_id, signed_in(request).id)
    events = await log.after(conversation_id, query.data.after, query.data.limit)
    # What was committed between the two look-ups belongs to what there is.
    head = max(head, events[-1].seq) if events else head
    return answer(EventsOut(items=[EventOut(**frames.event_fields(event)) for event in events], head=head))


async def mark_read(request: Request) -> Response:
    conversation = await conversation_in(request)
    form = await read_json(request, MarkForm)
    mark = await conversation.mark_read(by=signed_in(request).id, seq=form.seq)
    return answer(MarkOut(conversation=conversation.id, seq=mark))


def _told(talk: inbox.Talk) -> ConversationOut:
    return ConversationOut(
        id=talk.id,
        about=AboutOut(kind=talk.about[0], id=talk.about[1]) if talk.about else None,
        members=[PersonOut(id=talk.other.id, name=talk.other.name)],
        head=talk.head,
        read_seq=talk.read_seq,
        unread=talk.unread,
        last_at=talk.last_at,
        last=LastOut(by=talk.last_by, body=talk.last_body) if talk.last_by else None,
    )


routes = [
    api(
        "GET",
        "/conversations",
        list_conversations,
        who=member,
        summary="Mes conversations, les plus vivantes d’abord",
        query=PageQuery,
        answer=ConversationPage,
    ),
    api(
        "POST",
        "/conversations",
        open_conversation,
        who=member,
        summary="Ouvrir une conversation à propos de quelque chose ou avec un membre, ou la retrouver",
        body=OpeningForm,
        answer=ConversationOut,
        status=201,
        limit=OPENING,
    ),
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
        "PUT",
        "/conversations/{id:id}/read",
        mark_read,
        who=member,
        summary="Marquer comme lu jusqu’à un numéro ; la marque ne recule jamais",
        body=MarkForm,
        answer=MarkOut,
    ),
]
