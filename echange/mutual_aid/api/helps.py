"""Helps in JSON, over the same verbs as the pages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Invalid,
    Out,
    Rate,
    Viewer,
    anyone,
    api,
    member,
    read_json,
    read_query,
    signed_in,
    viewer_of,
)
from echange.http import answer as reply
from echange.members import Quartier
from echange.mutual_aid.forms import ClosureForm, HelpIn, HelpPatch, HelpsQuery, ProposalForm
from echange.mutual_aid.loading import own_help, told_of, visible_help, whole
from echange.mutual_aid.models import Help
from echange.mutual_aid.pages.answering import moment_of
from echange.mutual_aid.proposing import roles_left
from echange.mutual_aid.quartiers import skills_named
from echange.mutual_aid.queries import Search, find, name_for


class WhoOut(Out):
    id: int
    name: str
    handle: str


class RoleOut(Out):
    name: str
    people: int
    left: int


class SlotOut(Out):
    start: datetime
    end: datetime


class HelpOut(Out):
    id: int
    kind: str
    state: str
    title: str
    body: str
    minutes: int
    people: int
    taken: int
    roles: list[RoleOut]
    skills: list[str]
    slots: list[SlotOut]
    when_text: str
    quartier: str | None
    effort: int
    access: str
    urgency: str
    standing: bool
    counted: bool
    url: str
    person: WhoOut
    organisation: WhoOut | None
    published_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None


class HelpPage(Out):
    items: list[HelpOut]
    next: str | None


class ProposalOut(Out):
    id: int
    state: str
    minutes: int
    role: str
    starts_at: datetime | None
    giver: int
    receiver: int
    conversation: int | None


async def list_helps(request: Request) -> Response:
    """Open ones: asks first, whichever is due soonest, then offers, the newest first."""
    bound, viewer = read_query(request, HelpsQuery), viewer_of(request)
    if bound.data is None:
        raise Invalid(bound.errors)
    query = bound.data
    quartier = await Quartier.called(query.quartier)
    search = Search(
        kind=query.kind or "",
        quartiers=(quartier.id,) if quartier else (),
        skills=await skills_named(query.skill) if query.skill else (),
        urgencies=(query.urgency,) if query.urgency else (),
        unseen=viewer.unseen if viewer else frozenset(),
    )
    found = await find(search, query.limit, query.position(), viewer)
    ids = [card.id for card in found.items]
    helps = await helps_out(ids, viewer)
    return reply(HelpPage(items=[helps[one] for one in ids if one in helps], next=found.next))


async def publish_help(request: Request) -> Response:
    """In the name of whom one acts for, or of the organisation whose hat one wears."""
    form = await read_json(request, HelpIn)
    me = signed_in(request)
    aid = await Help.publish(form.kind, form.details(), by=me)
    return reply(await _fresh(aid, me), 201)


async def show_help(request: Request) -> Response:
    return reply(await help_out(await visible_help(request), viewer_of(request)))


async def change_help(request: Request) -> Response:
    """Only the fields that are given."""
    aid = await own_help(request)
    form = await read_json(request, HelpPatch)
    me = signed_in(request)
    await aid.edit(replace(told_of(aid), **form.changes()), by=me)
    return reply(await _fresh(aid, me))


async def renew_help(request: Request) -> Response:
    """It still holds: its full time again from now."""
    aid = await own_help(request)
    me = signed_in(request)
    await aid.renew(by=me)
    return reply(await _fresh(aid, me), 201)


async def close_help(request: Request) -> Response:
    """Proposals that wait are declined."""
    aid = await own_help(request)
    form = await read_json(request, ClosureForm)
    me = signed_in(request)
    await aid.close(by=me, outcome=form.outcome)
    return reply(await _fresh(aid, me), 201)


async def reopen_help(request: Request) -> Response:
    """Within thirty days."""
    aid = await own_help(request)
    await aid.reopen(by=signed_in(request))
    return reply(None, 204)


async def propose(request: Request) -> Response:
    """Proposing oneself for an ask, or asking for what is offered: an exchange to be accepted."""
    aid = await visible_help(request)
    form = await read_json(request, ProposalForm)
    exchange = await aid.answer(
        by=signed_in(request),
        words=form.words,
        role=form.role,
        starts_at=moment_of(aid, form),
        minutes=form.minutes,
    )
    told = ProposalOut(
        id=exchange.id,
        state=exchange.state,
        minutes=exchange.minutes,
        role=exchange.role,
        starts_at=exchange.starts_at,
        giver=exchange.giver_id,
        receiver=exchange.receiver_id,
        conversation=exchange.conversation_id,
    )
    return reply(told, 201)


async def helps_out(ids: Sequence[int], viewer: Viewer | None) -> dict[int, HelpOut]:
    """Those of these helps that the viewer sees, by id."""
    helps = await whole(Help.visible_to(viewer).filter(id__in=list(ids)))
    left = await roles_left([aid.id for aid in helps])
    return {aid.id: _out(aid, left[aid.id], viewer) for aid in helps}


async def help_out(aid: Help, viewer: Viewer | None) -> HelpOut:
    """A help that was loaded whole."""
    return _out(aid, (await roles_left([aid.id]))[aid.id], viewer)


def _out(aid: Help, left: dict[str, int], viewer: Viewer | None) -> HelpOut:
    told = told_of(aid)
    person, organisation = aid.person, aid.organisation
    return HelpOut(
        id=aid.id,
        kind=aid.kind,
        state=aid.state,
        title=aid.title,
        body=aid.body,
        minutes=aid.minutes,
        people=aid.people,
        taken=aid.taken,
        roles=[RoleOut(name=name, people=people, left=left[name]) for name, people in told.roles],
        skills=list(told.skills),
        slots=[SlotOut(start=start, end=end) for start, end in told.slots],
        when_text=aid.when_text,
        quartier=aid.quartier.slug if aid.quartier else None,
        effort=aid.effort,
        access=aid.access,
        urgency=aid.pressing,
        standing=aid.standing,
        counted=aid.counted,
        url=aid.url,
        person=WhoOut(id=person.id, name=name_for(person.name, viewer), handle=person.handle),
        organisation=WhoOut(id=organisation.id, name=organisation.name, handle=organisation.slug)
        if organisation
        else None,
        published_at=aid.published_at,
        expires_at=aid.expires_at,
        ended_at=aid.ended_at,
    )


async def _fresh(aid: Help, viewer: Viewer) -> HelpOut:
    return await help_out(await whole(Help.filter(id=aid.id)).get(), viewer)


_HELP = "/helps/{id:id}"

routes = [
    api("GET", "/helps", list_helps, who=anyone,
        summary="Les coups de main ouverts : demandes, les plus pressantes d’abord, puis offres",
        query=HelpsQuery, answer=HelpPage),
    api("POST", "/helps", publish_help, who=member, summary="Demander ou proposer un coup de main",
        body=HelpIn, answer=HelpOut, status=201, limit=Rate("help", 30, 3600)),
    api("GET", _HELP, show_help, who=anyone, summary="Un coup de main", answer=HelpOut),
    api("PATCH", _HELP, change_help, who=member, summary="Corriger un coup de main", body=HelpPatch,
        answer=HelpOut),
    api("POST", _HELP + "/proposals", propose, who=member,
        summary="Se proposer pour une demande, ou demander ce qui est offert", body=ProposalForm,
        answer=ProposalOut, status=201, limit=Rate("proposal", 20, 600)),
    api("POST", _HELP + "/renewal", renew_help, who=member, summary="Prolonger un coup de main",
        answer=HelpOut, status=201),
    api("POST", _HELP + "/closure", close_help, who=member, summary="Terminer un coup de main",
        body=ClosureForm, answer=HelpOut, status=201),
    api("DELETE", _HELP + "/closure", reopen_help, who=member, summary="Rouvrir un coup de main", status=204),
]  # fmt: skip
