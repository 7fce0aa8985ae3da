"""Mandates as JSON, over the same verbs as the pages."""

from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    GuardedRoute,
    Out,
    answer,
    api,
    concierge,
    member,
    read_json,
    signed_in,
)
from echange.members.behalf import act_for
from echange.members.desk import account_of
from echange.members.mandates.forms import AskBody, DeskMandateBody, WornBody
from echange.members.mandates.naming import named
from echange.members.mandates.queries import (
    ActLine,
    MandateSeen,
    Party,
    acts_of,
    mandate_held,
    mandate_seen,
    mandates_for,
    mandates_of,
)
from echange.members.models import Mandate, Member
from echange.members.pages.desk_people import check_helper
from echange.members.pages.mandates import ASKING, reached


class PartyOut(Out):
    """`name` and `url` are empty for somebody who is not to be met any more."""

    id: int
    name: str
    url: str


class MandateOut(Out):
    """`helper`: null for the desk's staff. `state`: asked, running, ended, over, lapsed.

    `scopes`: help, lending, appointments. `consent`: signed, spoken, online. `acts`: how many are noted.
    """

    id: int
    state: str
    person: PartyOut
    helper: PartyOut | None
    days: int
    scopes: list[str]
    consent: str
    words: str
    starts_at: datetime
    ends_at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None
    acts: int
    url: str


class MandateList(Out):
    items: list[MandateOut]


class ActOut(Out):
    """`about_kind`, `about_id`: what it was done to, kind "" for nothing; `title`: its name, or "" for whom
    does not see it.
    """

    id: int
    what: str
    about_kind: str
    about_id: int | None
    title: str
    at: datetime
    by: str


class ActList(Out):
    """The newest first, two hundred at most."""

    items: list[ActOut]


class WornOut(Out):
    mandate: int | None


async def list_mine(request: Request) -> Response:
    return answer(MandateList(items=[_out(one) for one in await mandates_of(signed_in(request))]))


async def ask(request: Request) -> Response:
    viewer = signed_in(request)
    form = await read_json(request, AskBody)
    other = await reached(viewer.id, await Member.get_or_none(id=form.member, left_at=None), at="member")
    person, helper = (viewer.id, other.id) if form.part == "helper" else (other.id, viewer.id)
    mandate = await Mandate.ask(person_id=person, helper_id=helper, terms=form.terms, by=viewer)
    return await _told(request, mandate.id, 201)


async def show(request: Request) -> Response:
    return await _told(request, request.path_params["id"])


async def list_acts(request: Request) -> Response:
    viewer = signed_in(request)
    seen = await mandate_seen(request.path_params["id"], viewer)
    acts = await named(request, await acts_of(seen.id), viewer, [seen])
    return answer(ActList(items=[_act(one) for one in acts]))


async def agree(request: Request) -> Response:
    viewer = signed_in(request)
    mandate = await mandate_held(request.path_params["id"], viewer)
    await mandate.agree(by=viewer)
    return await _told(request, mandate.id)


async def end(request: Request) -> Response:
    viewer = signed_in(request)
    mandate = await mandate_held(request.path_params["id"], viewer)
    await mandate.end(by=viewer)
    return await _told(request, mandate.id)


async def wear(request: Request) -> Response:
    form = await read_json(request, WornBody)
    await act_for(signed_in(request), form.mandate)
    return answer(WornOut(mandate=form.mandate))


async def list_for(request: Request) -> Response:
    account = await account_of(request.path_params["id"])
    found = await mandates_for(account.id, signed_in(request))
    return answer(MandateList(items=[_out(one) for one in found]))


async def sign(request: Request) -> Response:
    account = await account_of(request.path_params["id"])
    form = await read_json(request, DeskMandateBody)
    helper = None if form.helper is None else check_helper(await Member.get_or_none(id=form.helper))
    mandate = await Mandate.sign(account.id, helper, form.terms, consent=form.consent, by=signed_in(request))
    return await _told(request, mandate.id, 201)


async def _told(request: Request, mandate_id: int, status: int = 200) -> Response:
    return answer(_out(await mandate_seen(mandate_id, signed_in(request))), status)


def _out(seen: MandateSeen) -> MandateOut:
    return MandateOut(
        id=seen.id,
        state=seen.state,
        person=_party(seen.person),
        helper=_party(seen.helper) if seen.helper else None,
        days=seen.days,
        scopes=seen.scopes,
        consent=seen.consent,
        words=seen.words,
        starts_at=seen.starts_at,
        ends_at=seen.ends_at,
        agreed_at=seen.agreed_at,
        ended_at=seen.ended_at,
        acts=seen.acts,
        url=seen.url,
    )


def _party(party: Party) -> PartyOut:
    return PartyOut(id=party.id, name=party.name, url=party.url)


def _act(line: ActLine) -> ActOut:
    return ActOut(
        id=line.id,
        what=line.what,
        about_kind=line.about_kind,
        about_id=line.about_id,
        title=line.title,
        at=line.at,
        by=line.by,
    )


routes: Final[list[GuardedRoute]] = [
    api("GET", "/me/mandates", list_mine, who=member, summary="My mandates, either way", answer=MandateList),
    api(
        "POST", "/me/mandates", ask, who=member, summary="Ask somebody to act for me, or to act for them",
        body=AskBody, answer=MandateOut, status=201, limit=ASKING,
    ),
    api(
        "PUT", "/me/mandate", wear, who=member, summary="Act for somebody under a mandate, or for me again",
        body=WornBody, answer=WornOut,
    ),
    api(
        "GET", "/mandates/{id:id}", show, who=member, summary="A mandate, for either side and the desk",
        answer=MandateOut,
    ),
    api(
        "GET", "/mandates/{id:id}/acts", list_acts, who=member, summary="What was done under it",
        answer=ActList,
    ),
    api(
        "POST", "/mandates/{id:id}/agreement", agree, who=member, summary="Say yes to it", answer=MandateOut
    ),
    api("POST", "/mandates/{id:id}/end", end, who=member, summary="End it, or say no", answer=MandateOut),
    api(
        "GET", "/members/{id:id}/mandates", list_for, who=concierge, summary="Who acts for somebody",
        answer=MandateList,
    ),
    api(
        "POST", "/members/{id:id}/mandates", sign, who=concierge,
        summary="A mandate made at the desk, in force at once", body=DeskMandateBody, answer=MandateOut,
        status=201,
    ),
]  # fmt: skip
