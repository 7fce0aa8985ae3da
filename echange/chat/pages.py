"""Messages as pages; all of it works without JavaScript."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import inbox
from echange.chat.asking import HatChanged, conversation_in, hat_of, subjects_of
from echange.chat.forms import ComposerForm, FirstWordsForm, InboxQuery, NeighbourForm, SeenForm, ThreadQuery
from echange.chat.identifiers import client_id
from echange.chat.live import SENDING
from echange.chat.log import SenderAway, SentOtherwise
from echange.chat.models import Conversation, WithOneself
from echange.chat.thread import thread
from echange.http import (
    Bound,
    Invalid,
    NotFound,
    Rate,
    Viewer,
    blank,
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
from echange.members import Block, Unreachable

OPENING: Final = Rate("conversations", burst=30, per=3600)


async def list_talks(request: Request) -> Response:
    """GET /messages."""
    return render(request, "chat/inbox.html", await _inbox(request, signed_in(request)))


async def refresh_talks(request: Request) -> Response:
    """GET /messages/liste: the list alone, for a page that is open."""
    return render(request, "chat/_talks.html", await _inbox(request, signed_in(request)))


async def show_thread(request: Request) -> Response:
    """GET /messages/{id}. Reading is not marking as read: a GET changes nothing."""
    form = blank(ComposerForm)
    talk_id: int = request.path_params["id"]
    return render(request, "chat/thread.html", await _thread(request, signed_in(request), talk_id, form))


async def send(request: Request) -> Response:
    """POST /messages/{id}/envoi."""
    viewer = signed_in(request)
    conversation = await conversation_in(request)
    bound = await read_form(request, ComposerForm)
    if bound.data is not None and not bound.data.words:
        bound = bound.refuse(Invalid({"body": [_("Remplissez ce champ.")]}))
    if bound.data is None:
        return await _refused(request, viewer, conversation.id, bound)
    form = bound.data
    try:
        await conversation.mark_read(by=viewer.id, seq=form.vu)
        hat = hat_of(viewer, form.pour)
        await conversation.post(by=viewer.id, client_id=form.client_id, body=form.words, hat=hat)
    except (SentOtherwise, HatChanged, SenderAway, Unreachable) as refusal:
        return await _refused(request, viewer, conversation.id, bound.refuse(refusal, at="body"))
    return redirect(request, f"/messages/{conversation.id}")


async def mark_read(request: Request) -> Response:
    """POST /messages/{id}/lecture."""
    viewer = signed_in(request)
    conversation = await conversation_in(request)
    bound = await read_form(request, SeenForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    await conversation.mark_read(by=viewer.id, seq=bound.data.seq)
    return redirect(request, f"/messages/{conversation.id}")


async def open_direct(request: Request) -> Response:
    """POST /messages/nouveau: to the conversation with a neighbour, perhaps with first words."""
    viewer = signed_in(request)
    bound = await read_form(request, NeighbourForm)
    if bound.data is None:
        raise NotFound
    if bound.data.membre == viewer.id:
        raise WithOneself
    first = await read_form(request, FirstWordsForm)
    conversation = await Conversation.open_direct(between=(viewer.id, bound.data.membre))
    if first.data is None:
        return await _refused(request, viewer, conversation.id, first)
    if first.data.body:
        form, hat = first.data, hat_of(viewer, None)
        await conversation.post(by=viewer.id, client_id=form.client_id, body=form.body, hat=hat)
    return redirect(request, f"/messages/{conversation.id}")


async def ask_to_keep_away(request: Request) -> Response:
    """GET /messages/{id}/blocage: from here also those can be blocked whose page is not to be seen."""
    talk = await inbox.one(request.path_params["id"], signed_in(request).id)
    context = {
        "name": talk.other.name,
        "action": f"{talk.url}/blocage",
        "back": talk.url,
        "report_url": f"/signaler?kind=conversation&id={talk.id}",
    }
    return render(request, "members/block.html", context)


async def keep_away(request: Request) -> Response:
    """POST /messages/{id}/blocage."""
    viewer = signed_in(request)
    talk = await inbox.one(request.path_params["id"], viewer.id)
    await Block.put(talk.other.id, by=viewer.id)
    return redirect(
        request,
        "/messages",
        say=_("Vous n’avez plus affaire à {name}.").format(name=talk.other.name),
        undo_url=f"/moi/blocages/{talk.other.id}/retrait",
    )


async def _inbox(request: Request, viewer: Viewer, here: int | None = None) -> dict[str, Any]:
    query = read_query(request, InboxQuery).data or InboxQuery()
    unread_only = query.filtre == "non-lus"
    talks = await inbox.inbox(
        viewer.id, limit=query.limit, position=query.position(), unread_only=unread_only
    )
    shown = read_query(request, ThreadQuery).data or ThreadQuery()
    return {
        "talks": talks.items,
        "next": talks.next,
        "cards": await inbox.cards(talks.items, subjects_of(request), viewer),
        "unread_only": unread_only,
        "here": here or shown.ici,
    }


async def _thread(request: Request, viewer: Viewer, talk_id: int, composer: Bound[Any]) -> dict[str, Any]:
    talk = await inbox.one(talk_id, viewer.id)
    query = read_query(request, ThreadQuery).data or ThreadQuery()
    cards = await inbox.cards([talk], subjects_of(request), viewer)
    return {
        **await _inbox(request, viewer, here=talk.id),
        "talk": talk,
        "card": cards.get(talk.id),
        "thread": await thread(talk, viewer.id, query.avant),
        "composer": composer,
        "client_id": client_id(),
        "quick": _quick(talk, card_is_there=talk.id in cards),
        "hat": hat_of(viewer, None),
        "blocked": talk.other.gone and await Block.exists(by_id=viewer.id, member_id=talk.other.id),
        "zone": request.app.state.settings.timezone,
    }


def _quick(talk: inbox.Talk, *, card_is_there: bool) -> list[str]:
    opening = _("Toujours disponible ?") if card_is_there else _("Bonjour !")
    return [opening] if talk.head == 0 else [_("D’accord, merci !"), _("Je vous réponds ce soir."), opening]


async def _refused(request: Request, viewer: Viewer, talk_id: int, bound: Bound[Any]) -> Response:
    return refused_form(request, "chat/thread.html", await _thread(request, viewer, talk_id, bound))


routes = [
    page("/messages", list_talks, who=member),
    page("/messages/liste", refresh_talks, who=member),
    page("/messages/nouveau", open_direct, who=member, methods=("POST",), limit=OPENING),
    page("/messages/{id:id}", show_thread, who=member),
    page("/messages/{id:id}/envoi", send, who=member, methods=("POST",), limit=SENDING),
    page("/messages/{id:id}/lecture", mark_read, who=member, methods=("POST",)),
    page("/messages/{id:id}/blocage", ask_to_keep_away, who=member),
    page("/messages/{id:id}/blocage", keep_away, who=member, methods=("POST",)),
]
