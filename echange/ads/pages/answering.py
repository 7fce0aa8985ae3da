"""Answering an annonce, taking it back, and the answers as its owner sees them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.ads import turns
from echange.ads.forms import AnswerForm
from echange.ads.line import line_of, replies_to
from echange.ads.loading import visible_ad
from echange.ads.models import Answer
from echange.ads.pages.reading import page_of
from echange.ads.showing import detail_of
from echange.chat import client_id
from echange.http import (
    Invalid,
    NotFound,
    Refusal,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _


async def answer(request: Request) -> Response:
    """POST /annonces/12/reponses"""
    ad = await visible_ad(request)
    bound = await read_form(request, AnswerForm)
    if bound.data is not None:
        try:
            given = await Answer.give(ad, by=signed_in(request), **bound.data.model_dump())
        except Refusal as refusal:
            if refusal.status != Refusal.status and not isinstance(refusal, Invalid):
                raise
            bound = bound.refuse(refusal, at="body")
        else:
            if given.conversation_id is None:
                return redirect(request, f"{ad.url}#repondre", say=_("Votre réponse est dans la file."))
            return redirect(
                request, f"/messages/{given.conversation_id}", say=_("Votre réponse est envoyée.")
            )
    # Sent again after a no, it is another message.
    bound.values["client_id"] = client_id()
    return refused_form(request, "ads/show_ad.html", {**await page_of(ad, request), "form": bound})


async def withdraw(request: Request) -> Response:
    """POST /annonces/12/reponses/retrait"""
    ad = await visible_ad(request)
    await Answer.withdraw(ad, by=signed_in(request))
    return redirect(request, ad.url, say=_("Votre réponse est retirée. Vous pouvez répondre de nouveau."))


async def answers(request: Request) -> Response:
    """GET /annonces/12/reponses: all of them, for its owner."""
    return render(request, "ads/answers.html", await _answers_screen(request))


async def start_queue(request: Request) -> Response:
    """POST /annonces/12/file: let the fair queue choose, or open it now."""
    ad = await visible_ad(request)
    viewer = signed_in(request)
    try:
        ad = await turns.start_queue(ad, by=viewer)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return redirect(request, f"/annonces/{ad.id}/reponses", say=refusal.title, kind="info")
    said = _("La file est ouverte : la première personne est prévenue.")
    if ad.queue_opened_at is None:
        said = _("La file choisira pour vous. Vous n’avez plus rien à faire pour l’instant.")
    return redirect(request, f"/annonces/{ad.id}/reponses", say=said)


async def explain_queue(request: Request) -> Response:
    """GET /comment-ca-marche/file-equitable: the published rule."""
    return render(request, "ads/fair_queue.html")


async def _answers_screen(request: Request) -> dict[str, Any]:
    ad = await visible_ad(request)
    viewer = signed_in(request)
    if not ad.can_be_edited_by(viewer) or ad.published_at is None:
        raise NotFound
    replies = await replies_to(ad, viewer)
    return {
        "ad": detail_of(ad, viewer),
        "line": await line_of(ad, viewer),
        "current": [one for one in replies if one.state in {"asked", "promised"}],
        "waiting": [one for one in replies if one.state == "waiting"],
        "out": [one for one in replies if one.state == "out"],
        "can_queue": ad.kind == "give" and not ad.fair and ad.closed_at is None,
    }
