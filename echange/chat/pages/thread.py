"""A conversation as a page: what was said, and the words one adds."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import inbox
from echange.chat.asking import conversation_in, hat_of, subjects_of
from echange.chat.attaching import NothingToAttach
from echange.chat.forms import ComposerForm, FirstWordsForm, NeighbourForm, SeenForm, ThreadQuery
from echange.chat.identifiers import client_id
from echange.chat.lines import Line, blanks, notes
from echange.chat.live import SENDING
from echange.chat.models import Conversation
from echange.chat.newcomers import TooManyLinks, TooManyPeople
from echange.chat.pages import first_words
from echange.chat.pages.attachments import ATTACHED_BODY, attached_to
from echange.chat.pages.inbox import inbox_context
from echange.chat.pieces import Piece
from echange.chat.refusals import HatChanged, SenderAway, SentOtherwise, WithOneself
from echange.chat.replying import NothingToAnswer
from echange.chat.signs import SIGNS
from echange.chat.talk import Talk
from echange.chat.thread import Thread, message, thread
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
KIND: Final = (
    SentOtherwise, HatChanged, SenderAway, Unreachable, NothingToAnswer, NothingToAttach, TooManyLinks
)  # fmt: skip


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
    with_it = await attached_to(request, conversation.id)
    if with_it.complaints:
        bound = bound.refuse(Invalid({**bound.errors, "fichiers": with_it.complaints}))
    elif bound.data is not None and not bound.data.words and not with_it.pieces:
        bound = bound.refuse(Invalid({"body": [_("Remplissez ce champ.")]}))
    if bound.data is None:
        return await _refused(request, viewer, conversation.id, bound, with_it.pieces)
    form = bound.data
    try:
        await conversation.mark_read(by=viewer.id, seq=form.vu)
        hat = hat_of(viewer, form.pour)
        await conversation.post(
            by=viewer.id,
            client_id=form.client_id,
            body=form.words,
            hat=hat,
            reply_to=form.reponse,
            attachments=with_it.ids,
        )
    except KIND as refusal:
        refused = bound.refuse(refusal, at="body")
        return await _refused(request, viewer, conversation.id, refused, with_it.pieces)
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
    try:
        conversation = await Conversation.open_direct(between=(viewer.id, bound.data.membre))
    except (TooManyPeople, Unreachable) as refusal:
        return await first_words.refused(request, bound.data.membre, first.refuse(refusal, at="body"))
    if first.data is None:
        return await _refused(request, viewer, conversation.id, first)
    if first.data.body:
        form, hat = first.data, hat_of(viewer, None)
        try:
            await conversation.post(by=viewer.id, client_id=form.client_id, body=form.body, hat=hat)
        except TooManyLinks as refusal:
            return await _refused(request, viewer, conversation.id, first.refuse(refusal, at="body"))
    return redirect(request, f"/messages/{conversation.id}")


async def _thread(request: Request, viewer: Viewer, talk_id: int, composer: Bound[Any]) -> dict[str, Any]:
    talk = await inbox.one(talk_id, viewer.id)
    query = read_query(request, ThreadQuery).data or ThreadQuery()
    cards = await inbox.cards([talk], subjects_of(request), viewer)
    shown = await thread(talk, viewer, avant=query.avant, autour=query.autour)
    return {
        **await inbox_context(request, viewer, here=talk.id),
        "talk": talk,
        "card": cards.get(talk.id),
        "thread": shown,
        "blanks": blanks(viewer),
        "notes": notes(),
        "signs": SIGNS,
        "answered": await _answered(talk, viewer, composer.values.get("reponse") or query.reponse),
        "composer": composer,
        "client_id": client_id(),
        "quick": _quick(shown, card_is_there=talk.id in cards),
        "hat": hat_of(viewer, None),
        "blocked": await _is_blocked(talk, viewer),
        "zone": request.app.state.settings.timezone,
    }


async def _answered(talk: Talk, viewer: Viewer, asked: object) -> Line | None:
    """The message to be answered, if it is there."""
    text = str(asked)
    seq = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
    if not 0 < seq <= talk.head:
        return None
    with suppress(NotFound):
        line, _around = await message(talk, viewer, seq)
        return None if line.entry.gone else line
    return None


async def _is_blocked(talk: Talk, viewer: Viewer) -> bool:
    other = talk.other
    return bool(other and other.gone and await Block.exists(by_id=viewer.id, member_id=other.id))


def _quick(shown: Thread, *, card_is_there: bool) -> list[str]:
    last = shown.lines[-1] if shown.lines else None
    if last and not last.mine and last.meeting:
        return [_("Ça me va"), _("Plutôt un autre jour")]
    if last:
        return [] if last.mine else [_("D’accord, merci !"), _("Je vous réponds ce soir.")]
    return [_("Toujours disponible ?") if card_is_there else _("Bonjour !")]


async def _refused(
    request: Request, viewer: Viewer, talk_id: int, bound: Bound[Any], pieces: Sequence[Piece] = ()
) -> Response:
    shown = await _thread(request, viewer, talk_id, bound)
    return refused_form(request, "chat/thread.html", {**shown, "pieces": pieces})


routes = [
    page("/messages/nouveau", open_direct, who=member, methods=("POST",), limit=OPENING),
    page("/messages/{id:id}", show_thread, who=member),
    page("/messages/{id:id}/envoi", send, who=member, methods=("POST",), limit=SENDING,
         max_body=ATTACHED_BODY),
    page("/messages/{id:id}/lecture", mark_read, who=member, methods=("POST",)),
]  # fmt: skip
