"""Answering an annonce: its first message to the owner."""

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.forms import AnswerForm
from echange.ads.loading import visible_ad
from echange.ads.models import Answer
from echange.ads.pages.reading import page_of
from echange.chat import client_id
from echange.http import Refusal, SignedOut, read_form, redirect, refused_form, viewer_of
from echange.i18n import gettext as _


async def answer(request: Request) -> Response:
    """POST /annonces/12/reponses"""
    viewer = viewer_of(request)
    if viewer is None:
        raise SignedOut
    ad = await visible_ad(request)
    bound = await read_form(request, AnswerForm)
    if bound.data is not None:
        try:
            given = await Answer.give(ad, by=viewer, body=bound.data.body, client_id=bound.data.client_id)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            bound = bound.refuse(refusal, at="body")
        else:
            return redirect(
                request, f"/messages/{given.conversation_id}", say=_("Votre réponse est envoyée.")
            )
    # Sent again after a no, it is another message.
    bound.values["client_id"] = client_id()
    return refused_form(request, "ads/show_ad.html", {**await page_of(ad, request), "form": bound})
