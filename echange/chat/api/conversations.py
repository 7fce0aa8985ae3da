"""Conversations as JSON: the list, opening one, how far it is read, what one sets aside."""

from datetime import datetime
from typing import Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange.chat import grouping, inbox
from echange.chat.asking import conversation_in, subjects_of
from echange.chat.forms import MarkForm, OpeningForm, Seq
from echange.chat.models import Conversation
from echange.chat.pages.thread import OPENING
from echange.chat.talk import Talk
from echange.http import (
    Form,
    Invalid,
    NotFound,
    Out,
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

EVERYBODY: Final = grouping.MOST_MEMBERS


class ConversationsQuery(PageQuery):
    """`archived`: those put away, in place of the others."""

    archived: bool = False


class ArchiveForm(Form):
    """Put away what was said up to `seq`; left out: all that was."""

    seq: Seq | None = None


class AboutOut(Out):
    kind: str
    id: int


class PersonOut(Out):
    id: int
    name: str


class LastOut(Out):
    """The last message as it stands now; a deleted one has no words."""

    by: int
    body: str


class ConversationOut(Out):
    """`members` are the others; `unread` counts what they wrote after my mark, `read_seq`, at most 100.

    `title` is what it is called: the group's name, or those of its people. `role` is mine: owner or member.
    """

    id: int
    group: bool
    title: str
    picture: str | None
    about: AboutOut | None
    members: list[PersonOut]
    role: str
    head: int
    first_seq: int = Field(description="The first number that I may read")
    read_seq: int
    unread: int
    muted: bool
    archived: bool
    last_at: datetime
    last: LastOut | None


class ConversationPage(Out):
    items: list[ConversationOut]
    next: str | None


class MarkOut(Out):
    conversation: int
    seq: int


async def list_conversations(request: Request) -> Response:
    query = read_query(request, ConversationsQuery)
    if query.data is None:
        raise Invalid(query.errors)
    talks = await inbox.inbox(
        signed_in(request).id,
        limit=query.data.limit,
        position=query.data.position(),
        shelf="archivees" if query.data.archived else "",
        faces=EVERYBODY,
    )
    return answer(ConversationPage(items=[_told(talk) for talk in talks.items], next=talks.next))


async def show_conversation(request: Request) -> Response:
    return await conversation_told(request, request.path_params["id"])


async def open_conversation(request: Request) -> Response:
    conversation = await _opened(request, signed_in(request), await read_json(request, OpeningForm))
    return await conversation_told(request, conversation.id, 201)


async def _opened(request: Request, viewer: Viewer, form: OpeningForm) -> Conversation:
    if form.about is not None:
        return await _open_about(request, viewer, form.about.kind, form.about.id)
    others = [one for one in dict.fromkeys(form.members) if one != viewer.id]
    if not others:
        raise Invalid({"members": [_("Choisissez au moins une personne.")]})
    if form.title or len(others) > 1:
        return await Conversation.open_group(others, by=viewer.id, title=form.title)
    return await Conversation.open_direct(between=(viewer.id, others[0]))


async def _open_about(request: Request, viewer: Viewer, kind: str, about_id: int) -> Conversation:
    other = await subjects_of(request).counterpart(kind, about_id, viewer)
    if other is None:
        raise NotFound
    return await Conversation.open_about(kind, about_id, opener=viewer.id, other=other)


async def mark_read(request: Request) -> Response:
    conversation = await conversation_in(request)
    form = await read_json(request, MarkForm)
    mark = await conversation.mark_read(by=signed_in(request).id, seq=form.seq)
    return answer(MarkOut(conversation=conversation.id, seq=mark))


async def mute(request: Request) -> Response:
    await (await conversation_in(request)).mute(by=signed_in(request).id)
    return answer(None, 204)


async def unmute(request: Request) -> Response:
    await (await conversation_in(request)).unmute(by=signed_in(request).id)
    return answer(None, 204)


async def archive(request: Request) -> Response:
    conversation = await conversation_in(request)
    form = await read_json(request, ArchiveForm)
    await conversation.archive(by=signed_in(request).id, seq=form.seq)
    return answer(None, 204)


async def take_back(request: Request) -> Response:
    await (await conversation_in(request)).take_back(by=signed_in(request).id)
    return answer(None, 204)


async def conversation_told(request: Request, conversation_id: int, status: int = 200) -> Response:
    """A conversation as the viewer sees it now; raises NotFound when they take no part in it."""
    talk = await inbox.one(conversation_id, signed_in(request).id, faces=EVERYBODY)
    return answer(_told(talk), status)


def _told(talk: Talk) -> ConversationOut:
    return ConversationOut(
        id=talk.id,
        group=talk.is_group,
        title=talk.title,
        picture=talk.photo or None,
        about=AboutOut(kind=talk.about[0], id=talk.about[1]) if talk.about else None,
        members=[PersonOut(id=one.id, name=one.name) for one in talk.people],
        role=talk.role,
        head=talk.head,
        first_seq=talk.from_seq,
        read_seq=talk.read_seq,
        unread=talk.unread,
        muted=talk.muted,
        archived=talk.archived,
        last_at=talk.last_at,
        last=LastOut(by=talk.last_by, body=talk.last_body) if talk.last_by else None,
    )


routes = [
    api("GET", "/conversations", list_conversations, who=member,
        summary="Mes conversations, les plus vivantes d’abord", query=ConversationsQuery,
        answer=ConversationPage),
    api("POST", "/conversations", open_conversation, who=member,
        summary="Ouvrir une conversation à propos de quelque chose, avec un membre ou à plusieurs, "
        "ou la retrouver", body=OpeningForm, answer=ConversationOut, status=201, limit=OPENING),
    api("GET", "/conversations/{id:id}", show_conversation, who=member, summary="Une de mes conversations",
        answer=ConversationOut),
    api("PUT", "/conversations/{id:id}/read", mark_read, who=member,
        summary="Marquer comme lu jusqu’à un numéro ; la marque ne recule jamais", body=MarkForm,
        answer=MarkOut),
    api("PUT", "/conversations/{id:id}/mute", mute, who=member,
        summary="Ne plus être dérangé par une conversation", status=204),
    api("DELETE", "/conversations/{id:id}/mute", unmute, who=member,
        summary="Être à nouveau prévenu de ses messages", status=204),
    api("PUT", "/conversations/{id:id}/archive", archive, who=member,
        summary="Ranger une conversation jusqu’à ce qu’on y écrive à nouveau", body=ArchiveForm, status=204),
    api("DELETE", "/conversations/{id:id}/archive", take_back, who=member,
        summary="Remettre une conversation dans la liste", status=204),
]  # fmt: skip
