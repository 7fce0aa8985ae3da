"""Where and when two neighbours meet: proposed by one, agreed by the other, kept in a calendar."""

from starlette.requests import Request
from starlette.responses import Response

from echange.ads import calendar
from echange.ads.pages.reserving import promise_in, screen
from echange.ads.promise_forms import MeetingForm
from echange.ads.refusals import NothingToAgree, NotInTheFuture, NotYetAccepted, PromiseOver
from echange.http import NotFound, read_form, redirect, refused_form, signed_in
from echange.http.moments import NoSuchTime
from echange.i18n import gettext as _


async def propose(request: Request) -> Response:
    """POST /annonces/12/rendez-vous"""
    ad, promise = await promise_in(request)
    bound = await read_form(request, MeetingForm)
    if bound.data is not None:
        try:
            await promise.meet(by=signed_in(request), at=bound.data.at, where=bound.data.where)
        except NotInTheFuture as refusal:
            bound = bound.refuse(refusal, at="day")
        except NoSuchTime as refusal:
            bound = bound.refuse(refusal, at="hour")
        except (NotYetAccepted, PromiseOver) as refusal:
            return redirect(request, ad.url, say=refusal.title, kind="info")
    if bound.errors:
        return refused_form(request, "ads/reservation.html", await screen(request, ad, promise, bound))
    return redirect(request, f"/annonces/{ad.id}/reservation", say=_("Votre proposition est envoyée."))


async def agree(request: Request) -> Response:
    """POST /annonces/12/rendez-vous/accord"""
    ad, promise = await promise_in(request)
    home = f"/annonces/{ad.id}/reservation"
    try:
        await promise.agree(by=signed_in(request))
    except (NothingToAgree, NotYetAccepted, PromiseOver) as refusal:
        return redirect(request, home, say=refusal.title, kind="info")
    return redirect(request, home, say=_("Le rendez-vous est pris."))


async def calendar_file(request: Request) -> Response:
    """GET /annonces/12/rendez-vous.ics"""
    ad, promise = await promise_in(request)
    if promise.meet_at is None:
        raise NotFound
    return calendar.answer_with(request, ad, promise)
