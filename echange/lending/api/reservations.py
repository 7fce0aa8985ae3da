"""Loans in JSON, called reservations there, over the same verbs as the pages."""

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from echange.http import (
    Invalid,
    NotFound,
    Rate,
    api,
    cut,
    member,
    read_json,
    read_query,
    signed_in,
)
from echange.http import answer as reply
from echange.lending.api.loan_telling import LoanOut, LoanPage, loan_out, told
from echange.lending.loading import visible_item
from echange.lending.loan_forms import (
    ChangeForm,
    LoanForm,
    LoansQuery,
    ProposalForm,
    PurposeForm,
    ReasonForm,
    RenewalForm,
    WordsForm,
)
from echange.lending.loan_loading import SHOWN, visible_loan
from echange.lending.loan_sides import borrowed_by
from echange.lending.models.lender import Lender
from echange.lending.models.loan import Loan
from echange.lending.seeing import managed_by
from echange.lending.showing import units_of


async def ask(request: Request) -> Response:
    """Requested where somebody decides, else approved at once; with `hold` held for ten minutes first."""
    me = signed_in(request)
    item = await visible_item(request)
    form = await read_json(request, LoanForm)
    it = await Loan.ask(
        item,
        by=me,
        period=form.period,
        quantity=form.quantity,
        parts=form.parts,
        purpose=form.purpose,
        hold=form.hold,
    )
    return await told(await _whole(it.id), me, 201)


async def list_loans(request: Request) -> Response:
    """Of whom one acts for, or of a lender that one manages, the newest first."""
    me = signed_in(request)
    bound = read_query(request, LoansQuery)
    if bound.data is None:
        raise Invalid(bound.errors)
    query = bound.data
    found = Loan.filter(borrowed_by(me))
    if query.lender is not None:
        if not await Lender.filter(managed_by(me), id=query.lender).exists():
            raise NotFound
        found = Loan.filter(lender_id=query.lender)
    if query.item is not None:
        found = found.filter(item_id=query.item)
    if query.state is not None:
        found = found.filter(state=query.state)
    if (position := query.position()) is not None:
        at, last = position
        found = found.filter(Q(at__lt=at) | Q(at=at, id__lt=last))
    rows = await found.order_by("-at", "-id").limit(query.limit + 1).select_related(*SHOWN)
    page = cut(rows, query.limit, lambda one: (one.at, one.id))
    units = await units_of(page.items)
    items = [await loan_out(one, me, units.get(one.id, [])) for one in page.items]
    return reply(LoanPage(items=items, next=page.next))


async def show_loan(request: Request) -> Response:
    return await told(await visible_loan(request), signed_in(request))


async def change_loan(request: Request) -> Response:
    """Only what is given changes; what fails changes nothing."""
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, ChangeForm)
    wish = await it.wish()
    start, end = form.start or wish.period.start, form.end or wish.period.end
    await it.change(by=me, period=type(wish.period)(start, end), quantity=form.quantity, parts=form.parts)
    return await told(await _whole(it.id), me)


async def confirm(request: Request) -> Response:
    """What is held for ten minutes is asked for."""
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, PurposeForm)
    await it.confirm(by=me, purpose=form.purpose)
    return await told(await _whole(it.id), me)


async def approve(request: Request) -> Response:
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, WordsForm)
    await it.approve(by=me, words=form.reason)
    return await told(await _whole(it.id), me)


async def refuse(request: Request) -> Response:
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, ReasonForm)
    await it.refuse(by=me, reason=form.reason)
    return await told(await _whole(it.id), me)


async def cancel(request: Request) -> Response:
    """By either side, until it is handed over."""
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, WordsForm)
    await it.cancel(by=me, words=form.reason)
    return await told(await _whole(it.id), me)


async def prepare(request: Request) -> Response:
    it, me = await visible_loan(request), signed_in(request)
    await it.prepare(by=me)
    return await told(await _whole(it.id), me)


async def propose(request: Request) -> Response:
    """Other dates, which the borrower agrees to by changing theirs."""
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, ProposalForm)
    await it.propose(by=me, period=form.period, words=form.words)
    return await told(await _whole(it.id), me)


async def renew(request: Request) -> Response:
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, RenewalForm)
    await it.renew(by=me, until=form.end)
    return await told(await _whole(it.id), me)


async def miss(request: Request) -> Response:
    """Nobody came for it, and the day is over."""
    it, me = await visible_loan(request), signed_in(request)
    await it.no_show(by=me)
    return await told(await _whole(it.id), me)


async def reinstate(request: Request) -> Response:
    """It was a mistake that nobody came: what is left of the window is theirs again, for a week."""
    it, me = await visible_loan(request), signed_in(request)
    await it.reinstate(by=me)
    return await told(await _whole(it.id), me)


async def close(request: Request) -> Response:
    it, me = await visible_loan(request), signed_in(request)
    await it.close(by=me)
    return await told(await _whole(it.id), me)


async def _whole(loan_id: int) -> Loan:
    return await Loan.filter(id=loan_id).select_related(*SHOWN).get()


_ONE = "/reservations/{id:id}"
# Each of these tells the other side, by mail too.
ACTS = Rate("loan", 60, 600)

routes = [
    api("POST", "/items/{id:id}/reservations", ask, who=member, summary="Demander un prêt",
        body=LoanForm, answer=LoanOut, status=201, limit=Rate("loan_asked", 30, 600)),
    api("GET", "/reservations", list_loans, who=member,
        summary="Mes prêts, ou ceux d’un prêteur que je gère, les plus récents d’abord",
        query=LoansQuery, answer=LoanPage),
    api("GET", _ONE, show_loan, who=member,
        summary="Un prêt : où il en est, son histoire, ce que je peux faire", answer=LoanOut),
    api("PATCH", _ONE, change_loan, who=member,
        summary="Changer les dates, le nombre ou les options d’un prêt", body=ChangeForm,
        answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/confirmation", confirm, who=member, summary="Confirmer ce qui est gardé dix minutes",
        body=PurposeForm, answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/approval", approve, who=member, summary="Accorder un prêt", body=WordsForm,
        answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/refusal", refuse, who=member, summary="Refuser un prêt, en disant pourquoi",
        body=ReasonForm, answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/cancellation", cancel, who=member, summary="Annuler un prêt avant le retrait",
        body=WordsForm, answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/preparation", prepare, who=member, summary="Dire qu’un prêt est prêt à être retiré",
        answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/proposal", propose, who=member, summary="Proposer d’autres dates",
        body=ProposalForm, answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/renewal", renew, who=member, summary="Prolonger un prêt", body=RenewalForm,
        answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/absence", miss, who=member, summary="Dire que personne n’est venu le chercher",
        answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/reinstatement", reinstate, who=member,
        summary="Corriger, pendant sept jours : quelqu’un est venu ou vient encore", answer=LoanOut,
        limit=ACTS),
    api("POST", _ONE + "/closing", close, who=member, summary="Clore un prêt rendu", answer=LoanOut,
        limit=ACTS),
]  # fmt: skip
