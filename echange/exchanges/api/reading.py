"""Proposing an exchange, and reading one's own."""

from starlette.requests import Request
from starlette.responses import Response

from echange.chat import Subjects
from echange.database import fetch_value
from echange.exchanges.api.telling import ExchangeOut, ExchangePage, line_of, told
from echange.exchanges.forms import AboutForm, ExchangesQuery, ProposalForm
from echange.exchanges.loading import visible_exchange
from echange.exchanges.models import Exchange
from echange.exchanges.proposing import Terms
from echange.exchanges.queries import SHOWN, exchanges_of
from echange.exchanges.sides import SCOPE
from echange.http import (
    Invalid,
    NotFound,
    Rate,
    Viewer,
    answer,
    api,
    hat_of,
    member,
    read_json,
    read_query,
    signed_in,
)
from echange.i18n import gettext as _
from echange.members import fold, person_of


async def propose(request: Request) -> Response:
    """In the name of whom one acts for: a person under a mandate, or the organisation of one's hat."""
    me = signed_in(request)
    form = await read_json(request, ProposalForm)
    if form.about is not None:
        await _check_about(request, form.about, form.other, me)
    it = await Exchange.propose(by=me, words=form.words, **await _terms(form, me))
    whole = await Exchange.filter(id=it.id).select_related(*SHOWN).get()
    return await told(whole, me, 201)


async def _terms(form: ProposalForm, me: Viewer) -> Terms:
    person, hat = person_of(me, SCOPE), hat_of(me)
    mine = hat.id if hat else None
    return Terms(
        giver_id=person if form.giving else form.other,
        receiver_id=form.other if form.giving else person,
        giver_organisation_id=mine if form.giving else form.organisation,
        receiver_organisation_id=form.organisation if form.giving else mine,
        title=form.title,
        minutes=form.minutes,
        about=(form.about.kind, form.about.id) if form.about else None,
        starts_at=form.starts_at,
        place=form.place,
        skill_id=await _skill(form.skill),
    )


async def _check_about(request: Request, about: AboutForm, other: int, me: Viewer) -> None:
    """What it came from is theirs or one's own, and one may see it."""
    if about.kind == "member":
        if about.id not in {other, person_of(me, SCOPE)}:
            raise NotFound
        return
    subjects: Subjects = request.app.state.subjects
    if (about.kind, about.id) not in await subjects.cards([(about.kind, about.id)], me):
        raise NotFound
    owner = await subjects.counterpart(about.kind, about.id, me)
    if owner not in {None, other}:
        raise NotFound


async def _skill(wanted: int | str | None) -> int | None:
    if wanted is None:
        return None
    column, value = ("id", wanted) if isinstance(wanted, int) else ("key", fold(wanted))
    found: int | None = await fetch_value(f"SELECT id FROM skill WHERE {column} = $1", value)  # noqa: S608
    if found is None:
        raise Invalid({"skill": [_("Ce savoir-faire n’est pas dans la liste.")]})
    return found


async def list_exchanges(request: Request) -> Response:
    """Of whom one acts for, the newest first."""
    me = signed_in(request)
    query = read_query(request, ExchangesQuery)
    if query.data is None:
        raise Invalid(query.errors)
    states = [query.data.state] if query.data.state else []
    page = await exchanges_of(me, states=states, limit=query.data.limit, position=query.data.position())
    return answer(ExchangePage(items=[line_of(one, me) for one in page.items], next=page.next))


async def show_exchange(request: Request) -> Response:
    return await told(await visible_exchange(request), signed_in(request))


routes = [
    api("POST", "/exchanges", propose, who=member, summary="Proposer un échange d’heures à un voisin",
        body=ProposalForm, answer=ExchangeOut, status=201, limit=Rate("proposal", 20, 600)),
    api("GET", "/exchanges", list_exchanges, who=member, summary="Mes échanges, les plus récents d’abord",
        query=ExchangesQuery, answer=ExchangePage),
    api("GET", "/exchanges/{id:id}", show_exchange, who=member,
        summary="Un échange : où il en est, son histoire, ce que je peux faire", answer=ExchangeOut),
]  # fmt: skip
