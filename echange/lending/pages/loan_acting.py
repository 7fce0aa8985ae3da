"""A loan's page, and what its two sides do on it; a no is told on the same page, the words kept."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    Form,
    NotFound,
    Viewer,
    attempt,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.dates import day, hour
from echange.i18n import gettext as _
from echange.lending import asking
from echange.lending.loan_loading import visible_loan
from echange.lending.loan_refusals import NotNow
from echange.lending.loan_screen_forms import (
    LoanReasonForm,
    LoanWordsForm,
    NothingForm,
    PurposeForm,
    RenewForm,
)
from echange.lending.models.loan import Loan
from echange.lending.pages.loan_screen import renewal_screen, screen_of

F = TypeVar("F", bound=Form)
PAGE: Final = "lending/loan.html"


async def show(request: Request) -> Response:
    """GET /prets/demandes/12."""
    return render(request, PAGE, await screen_of(request, await visible_loan(request)))


async def confirm(request: Request) -> Response:
    """POST /prets/demandes/12/confirmation."""

    async def do(it: Loan, by: Viewer, data: PurposeForm) -> str:
        await it.confirm(by=by, purpose=data.purpose)
        if it.state == "approved":
            return _("C’est réservé.")
        return _("C’est demandé. Dès qu’on vous répond, vous êtes prévenu.")

    return await _act(request, PurposeForm, do)


async def approve(request: Request) -> Response:
    """POST /prets/demandes/12/accord."""

    async def do(it: Loan, by: Viewer, data: LoanWordsForm) -> str:
        await it.approve(by=by, words=data.words)
        return _("C’est accordé, et c’est dit.")

    return await _act(request, LoanWordsForm, do)


async def ask_refusal(request: Request) -> Response:
    """GET /prets/demandes/12/refus."""
    return await _ask(request, "refusal", blank(LoanReasonForm), "lending/refuse_loan.html")


async def refuse(request: Request) -> Response:
    """POST /prets/demandes/12/refus."""

    async def do(it: Loan, by: Viewer, data: LoanReasonForm) -> str:
        await it.refuse(by=by, reason=data.words)
        return _("C’est refusé, et c’est dit avec votre raison.")

    return await _act(request, LoanReasonForm, do, asked_on="lending/refuse_loan.html")


async def ask_cancel(request: Request) -> Response:
    """GET /prets/demandes/12/annulation."""
    return await _ask(request, "cancellation", blank(LoanWordsForm), "lending/cancel_loan.html")


async def cancel(request: Request) -> Response:
    """POST /prets/demandes/12/annulation."""

    async def do(it: Loan, by: Viewer, data: LoanWordsForm) -> str:
        await it.cancel(by=by, words=data.words)
        return _("C’est annulé.")

    return await _act(request, LoanWordsForm, do, asked_on="lending/cancel_loan.html")


async def prepare(request: Request) -> Response:
    """POST /prets/demandes/12/preparation."""

    async def do(it: Loan, by: Viewer, _data: NothingForm) -> str:
        await it.prepare(by=by)
        return _("C’est noté : prêt à être retiré.")

    return await _act(request, NothingForm, do)


async def miss(request: Request) -> Response:
    """POST /prets/demandes/12/absence."""

    async def do(it: Loan, by: Viewer, _data: NothingForm) -> str:
        await it.no_show(by=by)
        return _("C’est noté : d’autres peuvent maintenant l’emprunter.")

    return await _act(request, NothingForm, do)


async def reinstate(request: Request) -> Response:
    """POST /prets/demandes/12/erreur: it was a mistake that nobody came."""

    async def do(it: Loan, by: Viewer, _data: NothingForm) -> str:
        await it.reinstate(by=by)
        return _("C’est corrigé : ce prêt est de nouveau accordé, et c’est dit.")

    return await _act(request, NothingForm, do)


async def close(request: Request) -> Response:
    """POST /prets/demandes/12/cloture."""

    async def do(it: Loan, by: Viewer, _data: NothingForm) -> str:
        await it.close(by=by)
        return _("Ce prêt est terminé.")

    return await _act(request, NothingForm, do)


async def ask_renewal(request: Request) -> Response:
    """GET /prets/demandes/12/prolongation: until when."""
    it = await visible_loan(request)
    if "renewal" not in await it.next_for(signed_in(request)):
        return redirect(request, it.url, say=NotNow().title, kind="info")
    return render(request, "lending/renew_loan.html", await renewal_screen(it, blank(RenewForm)))


async def renew(request: Request) -> Response:
    """POST /prets/demandes/12/prolongation."""
    it = await visible_loan(request)

    async def do(data: RenewForm) -> str:
        await it.renew(by=signed_in(request), until=data.end)
        return _("Prolongé jusqu’au {day}, {hour}.").format(day=day(it.ends_at), hour=hour(it.ends_at))

    async def refused(bound: Bound[RenewForm]) -> Response:
        return refused_form(request, "lending/renew_loan.html", await renewal_screen(it, bound))

    bound = await read_form(request, RenewForm)
    return await attempt(request, bound, do, then=it.url, refused=refused, at="end")


async def write(request: Request) -> Response:
    """POST /prets/demandes/12/message: to the conversation of both about it."""
    it = await visible_loan(request)
    conversation = await asking.open_conversation(it, signed_in(request), "")
    if conversation is None:
        raise NotFound
    return redirect(request, f"/messages/{conversation}")


async def _ask(request: Request, verb: str, form: Bound[F], template: str) -> Response:
    it = await visible_loan(request)
    if verb not in await it.next_for(signed_in(request)):
        return redirect(request, it.url, say=NotNow().title, kind="info")
    return render(request, template, await screen_of(request, it, form))


async def _act(
    request: Request,
    form: type[F],
    do: Callable[[Loan, Viewer, F], Awaitable[str]],
    *,
    asked_on: str = PAGE,
) -> Response:
    """Do it and say so on its page; a rule's no stands on the page that asked."""
    it, viewer = await visible_loan(request), signed_in(request)

    async def refused(bound: Bound[F]) -> Response:
        again = await visible_loan(request)
        return refused_form(request, asked_on, await screen_of(request, again, bound))

    bound = await read_form(request, form)
    return await attempt(request, bound, lambda data: do(it, viewer, data), then=it.url, refused=refused)
