"""The desk in JSON: handovers, returns, loss and damage, deposits, the day's sheet."""

from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Invalid, NotFound, Out, Viewer, api, member, read_json, read_query, signed_in
from echange.http import answer as reply
from echange.http.dates import today
from echange.lending import deposits, incidents
from echange.lending.api.loan_telling import LoanOut, told
from echange.lending.api.reservations import ACTS
from echange.lending.desk import SHELVES, DeskLine, day_sheet, to_decide
from echange.lending.desk_forms import (
    AnswerForm,
    DamageForm,
    DecisionForm,
    DepositForm,
    DeskQuery,
    HandoverForm,
    LossForm,
    ReturnForm,
)
from echange.lending.handing import hand_over
from echange.lending.life import State
from echange.lending.loan_loading import SHOWN, visible_loan
from echange.lending.losing import declare_lost, report_damage
from echange.lending.managing import lenders_of
from echange.lending.models.incident import Incident
from echange.lending.models.loan import Loan
from echange.lending.pieces import units_called
from echange.lending.returning import take_back


class DeskLineOut(Out):
    """`at`: when it is collected or brought back. `codes`: units that go or come."""

    loan: int
    state: State
    who: str
    item: int
    title: str
    quantity: int
    codes: list[str]
    at: datetime
    missed: bool
    url: str


class DeskOut(Out):
    """`out` and `in` on that day, `late` by now, `prepare` for the days after. `decide`: what waits for the
    town's desk, whoever lends it, on today's sheet.
    """

    day: date
    late: list[DeskLineOut]
    out: list[DeskLineOut]
    back: list[DeskLineOut]
    prepare: list[DeskLineOut]
    decide: list[DeskLineOut]
    done: int


class DepositOut(Out):
    """Cents. `left` is held now."""

    taken: int
    returned: int
    kept: int
    left: int


class DepositLineOut(Out):
    at: datetime
    kind: str
    cents: int
    means: str
    loan: int
    title: str
    borrower: str


class DepositMoveOut(Out):
    at: datetime
    kind: str
    cents: int
    means: str
    words: str


class DepositMovesOut(Out):
    """Those of one loan, the first first, and what they come to."""

    lines: list[DepositMoveOut]
    total: DepositOut


class DepositBookOut(Out):
    """What is held now, loan by loan, and the sums of all there ever was."""

    held: list[DepositLineOut]
    total: DepositOut


class IncidentOut(Out):
    id: int
    kind: str
    loan: int
    unit: int
    words: str
    answer: str
    decision: str | None
    decision_words: str
    kept_cents: int | None
    at: datetime
    decided_at: datetime | None


class IncidentsOut(Out):
    items: list[IncidentOut]


async def hand(request: Request) -> Response:
    """All its units, or those that are named; others of the same things may stand in for them."""
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, HandoverForm)
    ids = await units_called(form.names())
    await hand_over(
        it,
        by=me,
        units=None if form.units is None else [ids[one] for one in form.units],
        looks=form.looks(ids),
        deposit=form.deposit.sum if form.deposit else None,
        identity=form.identity,
        at=form.moment,
        words=form.said,
    )
    return await told(await _whole(it.id), me)


async def bring_back(request: Request) -> Response:
    """All that is out, or the units that are named: the loan stays out with what is missing."""
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, ReturnForm)
    ids = await units_called(form.names())
    units = None if form.units is None else [ids[one] for one in form.units]
    await take_back(it, by=me, units=units, looks=form.looks(ids), at=form.moment, words=form.said)
    return await told(await _whole(it.id), me)


async def lose(request: Request) -> Response:
    """What is named, or all that is out, will not come back."""
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, LossForm)
    names = form.names()
    ids = await units_called(names or [])
    await declare_lost(
        it, by=me, units=None if names is None else [ids[one] for one in names], words=form.words
    )
    return await told(await _whole(it.id), me)


async def damage(request: Request) -> Response:
    """A unit came back damaged, or was found so afterwards."""
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, DamageForm)
    ids = await units_called([form.unit] if form.unit is not None else [])
    unit = ids[form.unit] if form.unit is not None else None
    await report_damage(it, by=me, unit=unit, look=form.look)
    return await told(await _whole(it.id), me)


async def show_desk(request: Request) -> Response:
    query = read_query(request, DeskQuery)
    if query.data is None:
        raise Invalid(query.errors)
    viewer = signed_in(request)
    lenders = await _lenders(viewer, query.data.lender)
    sheet = await day_sheet(lenders, query.data.day or today())
    waiting = await to_decide(viewer, query.data.lender) if sheet.day == today() else []
    shelves = {"back" if shelf == "in" else shelf: sheet.lines[shelf] for shelf in SHELVES}
    shelves["decide"] = waiting
    lines = {name: [_line_out(one) for one in found] for name, found in shelves.items()}
    return reply(DeskOut(day=sheet.day, done=sheet.done, **lines))


async def list_deposits(request: Request) -> Response:
    query = read_query(request, DeskQuery)
    if query.data is None:
        raise Invalid(query.errors)
    lenders = await _lenders(signed_in(request), query.data.lender)
    held = [
        DepositLineOut(
            at=one.at, kind=one.kind, cents=one.cents, means=one.means, loan=one.loan_id, title=one.title,
            borrower=one.borrower,
        )
        for one in await deposits.held_by(lenders)
    ]  # fmt: skip
    return reply(DepositBookOut(held=held, total=_account_out(await deposits.total_of(lenders))))


async def list_deposit_lines(request: Request) -> Response:
    """What was taken for a loan and what became of it: for both sides."""
    it = await visible_loan(request)
    lines = [
        DepositMoveOut(at=one.at, kind=one.kind, cents=one.cents, means=one.means, words=one.words)
        for one in await deposits.lines_of(it)
    ]
    return reply(DepositMovesOut(lines=lines, total=_account_out(await deposits.account_of(it))))


async def write_deposit(request: Request) -> Response:
    it, me = await visible_loan(request), signed_in(request)
    form = await read_json(request, DepositForm)
    if form.kind == "taken":
        await deposits.take(it, form.sum, by=me)
    else:
        await deposits.give_back(it, by=me, given=form.sum)
    return reply(_account_out(await deposits.account_of(it)))


async def list_incidents(request: Request) -> Response:
    """Those of a loan: for its borrower and who lends it."""
    it = await visible_loan(request)
    found = await Incident.filter(loan_id=it.id).order_by("id")
    return reply(IncidentsOut(items=[_incident_out(one) for one in found]))


async def decide(request: Request) -> Response:
    """By who lends it and did not borrow it."""
    one, me = await _incident(request), signed_in(request)
    form = await read_json(request, DecisionForm)
    await incidents.decide(one, by=me, decision=form.decision, words=form.words, cents=form.cents)
    return reply(_incident_out(one))


async def respond(request: Request) -> Response:
    """By who borrowed it, before it is decided."""
    one, me = await _incident(request), signed_in(request)
    form = await read_json(request, AnswerForm)
    await incidents.answer(one, by=me, words=form.words)
    return reply(_incident_out(one))


async def _incident(request: Request) -> Incident:
    seen = incidents.visible_to(signed_in(request)).filter(id=request.path_params["id"])
    one = await seen.first()
    if one is None:
        raise NotFound
    return one


async def _lenders(me: Viewer, chosen: int | None) -> list[int]:
    mine = [one.id for one in await lenders_of(me)]
    if chosen is None:
        return mine
    if chosen not in mine:
        raise NotFound
    return [chosen]


async def _whole(loan_id: int) -> Loan:
    return await Loan.filter(id=loan_id).select_related(*SHOWN).get()


def _line_out(one: DeskLine) -> DeskLineOut:
    return DeskLineOut(
        loan=one.it.id, state=one.it.state, who=one.who, item=one.it.item_id, title=one.title,
        quantity=one.it.quantity, codes=one.codes, at=one.at, missed=one.missed, url=one.it.url,
    )  # fmt: skip


def _account_out(account: deposits.Account) -> DepositOut:
    return DepositOut(taken=account.taken, returned=account.returned, kept=account.kept, left=account.left)


def _incident_out(one: Incident) -> IncidentOut:
    return IncidentOut(
        id=one.id, kind=one.kind, loan=one.loan_id, unit=one.unit_id, words=one.words, answer=one.answer,
        decision=one.decision, decision_words=one.decision_words, kept_cents=one.kept_cents, at=one.at,
        decided_at=one.decided_at,
    )  # fmt: skip


_ONE = "/reservations/{id:id}"

routes = [
    api("POST", _ONE + "/handover", hand, who=member, summary="Remettre un prêt, ou une partie",
        body=HandoverForm, answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/return", bring_back, who=member, summary="Reprendre un prêt, ou une partie",
        body=ReturnForm, answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/loss", lose, who=member, summary="Noter ce qui est perdu", body=LossForm,
        answer=LoanOut, limit=ACTS),
    api("POST", _ONE + "/damage", damage, who=member, summary="Noter ce qui est abîmé", body=DamageForm,
        answer=LoanOut, limit=ACTS),
    api("GET", _ONE + "/deposits", list_deposit_lines, who=member, summary="La caution d’un prêt",
        answer=DepositMovesOut),
    api("POST", _ONE + "/deposits", write_deposit, who=member, summary="Noter une caution reçue ou rendue",
        body=DepositForm, answer=DepositOut, status=200, limit=ACTS),
    api("GET", _ONE + "/incidents", list_incidents, who=member, summary="Ce qui a été abîmé, perdu ou manque",
        answer=IncidentsOut),
    api("POST", "/incidents/{id:id}/decision", decide, who=member, summary="Décider des suites",
        body=DecisionForm, answer=IncidentOut, limit=ACTS),
    api("POST", "/incidents/{id:id}/answer", respond, who=member, summary="Répondre, quand on l’a emprunté",
        body=AnswerForm, answer=IncidentOut, limit=ACTS),
    api("GET", "/desk", show_desk, who=member, summary="La journée du comptoir : sorties, retours, retards",
        query=DeskQuery, answer=DeskOut),
    api("GET", "/deposits", list_deposits, who=member, summary="Les cautions gardées en ce moment",
        query=DeskQuery, answer=DepositBookOut),
]  # fmt: skip
