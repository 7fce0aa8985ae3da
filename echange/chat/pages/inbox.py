"""The list of conversations as pages, search in them, and what one does with a conversation from outside."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import inbox
from echange.chat.asking import conversation_in, subjects_of
from echange.chat.forms import InboxQuery, SeenForm, ThreadQuery
from echange.chat.pages.searching import find_messages
from echange.chat.talk import Other, Talk
from echange.http import NotFound, Viewer, member, page, read_form, read_query, redirect, render, signed_in
from echange.i18n import gettext as _
from echange.members import Block


async def list_talks(request: Request) -> Response:
    """GET /messages; asked with words, what was said of them."""
    if "q" in request.query_params:
        return await find_messages(request)
    return render(request, "chat/inbox.html", await inbox_context(request, signed_in(request)))


async def refresh_talks(request: Request) -> Response:
    """GET /messages/liste: the list alone, for a page that is open."""
    return render(request, "chat/_talks.html", await inbox_context(request, signed_in(request)))


async def mute(request: Request) -> Response:
    """POST /messages/{id}/sourdine."""
    conversation = await conversation_in(request)
    await conversation.mute(by=signed_in(request).id)
    return redirect(
        request,
        f"/messages/{conversation.id}",
        say=_("Cette conversation ne vous dérange plus."),
        undo_url=f"/messages/{conversation.id}/sourdine/fin",
    )


async def unmute(request: Request) -> Response:
    """POST /messages/{id}/sourdine/fin."""
    conversation = await conversation_in(request)
    await conversation.unmute(by=signed_in(request).id)
    said = _("Les messages vous sont de nouveau annoncés.")
    return redirect(request, f"/messages/{conversation.id}", say=said)


async def archive(request: Request) -> Response:
    """POST /messages/{id}/archive: up to the number that the page showed."""
    conversation = await conversation_in(request)
    bound = await read_form(request, SeenForm)
    await conversation.archive(by=signed_in(request).id, seq=bound.data.seq if bound.data else None)
    return redirect(
        request,
        "/messages",
        say=_("Conversation rangée. Elle revient au prochain message."),
        undo_url=f"/messages/{conversation.id}/archive/fin",
    )


async def take_back(request: Request) -> Response:
    """POST /messages/{id}/archive/fin."""
    conversation = await conversation_in(request)
    await conversation.take_back(by=signed_in(request).id)
    return redirect(request, "/messages", say=_("La conversation est de nouveau dans la liste."))


async def ask_to_keep_away(request: Request) -> Response:
    """GET /messages/{id}/blocage: from here also those can be blocked whose page is not to be seen."""
    talk, other = await _of_two(request)
    context = {
        "name": other.name,
        "action": f"{talk.url}/blocage",
        "back": talk.url,
        "report_url": f"/signaler?kind=conversation&id={talk.id}",
    }
    return render(request, "members/block.html", context)


async def keep_away(request: Request) -> Response:
    """POST /messages/{id}/blocage."""
    _talk, other = await _of_two(request)
    await Block.put(other.id, by=signed_in(request).id)
    return redirect(
        request,
        "/messages",
        say=_("Vous n’avez plus affaire à {name}.").format(name=other.name),
        undo_url=f"/moi/blocages/{other.id}/retrait",
    )


async def _of_two(request: Request) -> tuple[Talk, Other]:
    talk = await inbox.one(request.path_params["id"], signed_in(request).id)
    if talk.other is None:
        raise NotFound
    return talk, talk.other


async def inbox_context(request: Request, viewer: Viewer, here: int | None = None) -> dict[str, Any]:
    """What the list of conversations shows, alone or beside the one that is open."""
    query = read_query(request, InboxQuery).data or InboxQuery()
    talks = await inbox.inbox(viewer.id, limit=query.limit, position=query.position(), shelf=query.filtre)
    shown = read_query(request, ThreadQuery).data or ThreadQuery()
    return {
        "talks": talks.items,
        "next": talks.next,
        "cards": await inbox.cards(talks.items, subjects_of(request), viewer),
        "shelf": query.filtre,
        "here": here or shown.ici,
    }


routes = [
    page("/messages", list_talks, who=member),
    page("/messages/liste", refresh_talks, who=member),
    page("/messages/{id:id}/sourdine", mute, who=member, methods=("POST",)),
    page("/messages/{id:id}/sourdine/fin", unmute, who=member, methods=("POST",)),
    page("/messages/{id:id}/archive", archive, who=member, methods=("POST",)),
    page("/messages/{id:id}/archive/fin", take_back, who=member, methods=("POST",)),
    page("/messages/{id:id}/blocage", ask_to_keep_away, who=member),
    page("/messages/{id:id}/blocage", keep_away, who=member, methods=("POST",)),
]
