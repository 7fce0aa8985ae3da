"""What the two do in an exchange, one button each; a no is told on the same page, the words kept."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from echange.exchanges.life import Verb
from echange.exchanges.loading import visible_exchange
from echange.exchanges.models import Exchange, Thanks
from echange.exchanges.pages.forms import (
    FigureForm,
    NothingForm,
    ReasonForm,
    SeenForm,
    ThanksForm,
    WordsForm,
)
from echange.exchanges.pages.screen import screen_for_form, screen_of
from echange.exchanges.refusals import NotNow
from echange.http import (
    Bound,
    Form,
    Viewer,
    attempt,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.durations import said
from echange.i18n import gettext as _

F = TypeVar("F", bound=Form)
PAGE = "exchanges/exchange.html"


async def show(request: Request) -> Response:
    """GET /echanges/12."""
    return render(request, PAGE, await screen_of(request, await visible_exchange(request)))


async def accept(request: Request) -> Response:
    """POST /echanges/12/accord."""

    async def do(it: Exchange, by: Viewer, _data: NothingForm) -> str:
        await it.accept(by=by)
        return _("C’est d’accord, et c’est dit à l’autre personne.")

    return await _act(request, NothingForm, do)


async def decline(request: Request) -> Response:
    """POST /echanges/12/refus."""

    async def do(it: Exchange, by: Viewer, data: WordsForm) -> str:
        await it.decline(by=by, words=data.words)
        return _("C’est noté, merci de l’avoir dit.")

    return await _act(request, WordsForm, do)


async def start(request: Request) -> Response:
    """POST /echanges/12/debut."""

    async def do(it: Exchange, by: Viewer, _data: NothingForm) -> str:
        await it.start(by=by)
        return _("C’est parti. Une fois fait, notez combien de temps cela a pris.")

    return await _act(request, NothingForm, do)


async def declare(request: Request) -> Response:
    """POST /echanges/12/temps."""

    async def do(it: Exchange, by: Viewer, data: FigureForm) -> str:
        await it.declare(by=by, minutes=data.minutes)
        return _("C’est noté : {minutes}. L’autre personne confirme, et c’est compté.").format(
            minutes=said(data.minutes)
        )

    return await _act(request, FigureForm, do, at="minutes")


async def take_back(request: Request) -> Response:
    """POST /echanges/12/reprise."""

    async def do(it: Exchange, by: Viewer, _data: NothingForm) -> str:
        await it.take_back(by=by)
        return _("Votre chiffre est repris. Notez le bon quand vous voulez.")

    return await _act(request, NothingForm, do)


async def confirm(request: Request) -> Response:
    """POST /echanges/12/confirmation: of the figure that was read, never of another one."""

    async def do(it: Exchange, by: Viewer, data: SeenForm) -> str:
        await it.confirm(by=by, seen=data.seen)
        return _("C’est compté : {minutes}.").format(minutes=said(data.seen))

    return await _act(request, SeenForm, do)


async def counter(request: Request) -> Response:
    """POST /echanges/12/autre-temps."""

    async def do(it: Exchange, by: Viewer, data: FigureForm) -> str:
        await it.confirm(by=by, minutes=data.minutes)
        if it.state == "settled":
            return _("C’est compté : {minutes}.").format(minutes=said(data.minutes))
        return _("Votre chiffre est envoyé : {minutes}.").format(minutes=said(data.minutes))

    return await _act(request, FigureForm, do, at="minutes")


async def ask_dispute(request: Request) -> Response:
    """GET /echanges/12/desaccord."""
    return await _ask(request, "dispute", ReasonForm, "exchanges/dispute.html")


async def dispute(request: Request) -> Response:
    """POST /echanges/12/desaccord."""

    async def do(it: Exchange, by: Viewer, data: ReasonForm) -> str:
        await it.dispute(by=by, reason=data.reason)
        return _("La modération va trancher. Vous serez prévenus tous les deux.")

    return await _act(request, ReasonForm, do, asked_on="exchanges/dispute.html")


async def ask_cancel(request: Request) -> Response:
    """GET /echanges/12/annulation."""
    return await _ask(request, "cancellation", WordsForm, "exchanges/cancel.html")


async def cancel(request: Request) -> Response:
    """POST /echanges/12/annulation."""

    async def do(it: Exchange, by: Viewer, data: WordsForm) -> str:
        await it.cancel(by=by, words=data.words)
        return _("C’est annulé, et c’est dit à l’autre personne.")

    return await _act(request, WordsForm, do, asked_on="exchanges/cancel.html")


async def thank(request: Request) -> Response:
    """POST /echanges/12/merci."""

    async def do(it: Exchange, by: Viewer, data: ThanksForm) -> str:
        await Thanks.give(it, by=by, words=data.words)
        return _("C’est dit. Votre merci se lit maintenant sur son profil.")

    return await _act(request, ThanksForm, do)


async def _ask(request: Request, verb: Verb, form: type[Form], template: str) -> Response:
    it = await visible_exchange(request)
    if verb not in await it.next_for(signed_in(request)):
        return redirect(request, it.url, say=NotNow().title, kind="info")
    return render(request, template, await screen_for_form(request, it, blank(form)))


async def _act(
    request: Request,
    form: type[F],
    do: Callable[[Exchange, Viewer, F], Awaitable[str]],
    *,
    at: str = "",
    asked_on: str = "",
) -> Response:
    """Do it and say so on its page; a rule's no stands `at` a field, on the page that asked."""
    it, viewer = await visible_exchange(request), signed_in(request)

    async def refused(bound: Bound[F]) -> Response:
        if asked_on:
            return refused_form(request, asked_on, await screen_for_form(request, it, bound))
        return refused_form(request, PAGE, await screen_of(request, it, bound))

    bound = await read_form(request, form)
    return await attempt(
        request, bound, lambda data: do(it, viewer, data), then=it.url, refused=refused, at=at
    )
