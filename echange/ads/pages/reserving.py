"""Reserving for one neighbour, and how it goes on: their yes or no, the meeting, handed over or not."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.kinds import endings_of
from echange.ads.line import replies_to
from echange.ads.loading import visible_ad
from echange.ads.models import Ad, Reservation
from echange.ads.promise_forms import MeetingForm, ReserveForm
from echange.ads.showing import detail_of
from echange.http import Bound, NotFound, Refusal, blank, read_form, redirect, render, signed_in, viewer_of
from echange.i18n import gettext as _


async def reserve(request: Request) -> Response:
    """POST /annonces/12/reservation"""
    ad = await visible_ad(request)
    form = (await read_form(request, ReserveForm)).data
    if form is None or not ad.can_be_edited_by(viewer_of(request)):
        raise NotFound
    try:
        await Reservation.promise(ad, by=signed_in(request), answer_id=form.answer, member_id=form.member)
    except Refusal as refusal:
        return _told_no(request, refusal, f"/annonces/{ad.id}/reponses")
    return redirect(request, _home(ad), say=_("C’est réservé, la personne est prévenue."))


async def show(request: Request) -> Response:
    """GET /annonces/12/reservation: for its two sides."""
    ad, promise = await promise_in(request)
    return render(request, "ads/reservation.html", await screen(request, ad, promise))


async def accept(request: Request) -> Response:
    """POST /annonces/12/reservation/oui"""
    ad, promise = await promise_in(request)
    try:
        await promise.accept(by=signed_in(request))
    except Refusal as refusal:
        return _told_no(request, refusal, ad.url)
    return redirect(request, _home(ad), say=_("C’est pour vous ! Proposez maintenant un rendez-vous."))


async def decline(request: Request) -> Response:
    """POST /annonces/12/reservation/non"""
    ad, promise = await promise_in(request)
    try:
        await promise.decline(by=signed_in(request))
    except Refusal as refusal:
        return _told_no(request, refusal, ad.url)
    return redirect(request, ad.url, say=_("C’est noté, merci de l’avoir dit."))


async def release(request: Request) -> Response:
    """POST /annonces/12/reservation/liberation"""
    ad, promise = await promise_in(request)
    try:
        await promise.release(by=signed_in(request))
    except Refusal as refusal:
        return _told_no(request, refusal, f"/annonces/{ad.id}/reponses")
    said = _("La réservation est levée, la personne est prévenue.")
    return redirect(request, f"/annonces/{ad.id}/reponses", say=said)


async def fall_through(request: Request) -> Response:
    """POST /annonces/12/reservation/absence"""
    ad, promise = await promise_in(request)
    try:
        await promise.fall_through(by=signed_in(request))
    except Refusal as refusal:
        return _told_no(request, refusal, f"/annonces/{ad.id}/reponses")
    said = _("C’est noté. La personne suivante est prévenue.")
    if not ad.fair:
        said = _("C’est noté. Vous pouvez réserver pour quelqu’un d’autre.")
    return redirect(request, f"/annonces/{ad.id}/reponses", say=said)


async def hand_over(request: Request) -> Response:
    """POST /annonces/12/reservation/remise: it changed hands, so the annonce ends."""
    ad, _promise = await promise_in(request)
    viewer = signed_in(request)
    try:
        weight = ad.weight_grams if ad.kind == "give" else None
        await ad.close(by=viewer, outcome=endings_of(ad.kind)[0][0], weight_grams=weight)
    except Refusal as refusal:
        return _told_no(request, refusal, ad.url)
    undo = f"/annonces/{ad.id}/reouverture"
    said = _("Merci ! Votre annonce est terminée, et ceux qui attendaient sont prévenus.")
    return redirect(request, ad.url, say=said, undo_url=undo)


async def promise_in(request: Request) -> tuple[Ad, Reservation]:
    """The annonce of the address and the promise under way; raises NotFound for who is not part of it."""
    ad = await visible_ad(request)
    return ad, await Reservation.of(ad, signed_in(request))


async def screen(
    request: Request, ad: Ad, promise: Reservation, form: Bound[MeetingForm] | None = None
) -> dict[str, Any]:
    """What the page of a promise needs."""
    viewer = signed_in(request)
    replies = await replies_to(ad, viewer, only=promise.answer.member_id)
    if not replies:
        raise NotFound
    return {
        "ad": detail_of(ad, viewer),
        "fair": ad.fair,
        "reply": replies[0],
        "mine": promise.is_for(viewer),
        "accepted": promise.accepted,
        "until": promise.answer_by,
        "meet_at": promise.meet_at,
        "meet_where": promise.meet_where,
        "agreed": promise.meet_agreed_at is not None,
        "to_agree": promise.can_be_agreed_by(viewer),
        "conversation": promise.answer.conversation_id,
        "ending": _(dict(endings_of(ad.kind))[endings_of(ad.kind)[0][0]]),
        "form": form or blank(MeetingForm),
    }


def _home(ad: Ad) -> str:
    return f"/annonces/{ad.id}/reservation"


def _told_no(request: Request, refusal: Refusal, url: str) -> Response:
    if refusal.status != Refusal.status:
        raise refusal
    return redirect(request, url, say=refusal.title, kind="info")
