"""Members as JSON: oneself, the directory, one neighbour. An address is never shown."""

from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.database import fetch_value
from echange.http import GuardedRoute, Invalid, Out, Page, SignedOut, answer, anyone, api, member, read_query
from echange.http import viewer_of as seen_by
from echange.http.viewer import Behalf
from echange.members.finding import MemberCard, Wish, find_members
from echange.members.forms_profile import MembersQuery
from echange.members.models import Mandate
from echange.members.organisations.queries import OrganisationCard, find_organisations
from echange.members.queries import SkillLine
from echange.members.showing import profile_for
from echange.members.week import slot_keys

RESIDENT: Final = "resident"


class BehalfOut(Out):
    """For whom one acts just now under a mandate, until when, and what for."""

    id: int
    name: str
    mandate: int
    until: datetime
    scopes: list[str]


class MeOut(Out):
    """`unread`: conversations with something new. `balance_minutes`: hours of one's own account."""

    id: int
    name: str
    kind: str
    acting_for: int | None
    behalf: BehalfOut | None
    roles: list[str]
    unread: int
    balance_minutes: int


class MemberOut(Out):
    """A neighbour or an organisation in a list; `skills` are three of those a neighbour offers."""

    id: int
    name: str
    kind: str
    headline: str
    quartier: str
    skills: list[str]
    verified: bool
    photo: str | None
    url: str


class MemberPage(Out):
    items: list[MemberOut]
    next: str | None


class SkillOut(Out):
    """`level` 1 (begins) to 3 (a trade); `terms`: free, hours, quote."""

    name: str
    note: str
    level: int | None
    terms: list[str]


class ProfileOut(Out):
    """A neighbour's profile as you see it; `availability` in slots, `tuesday-morning`."""

    id: int
    name: str
    kind: str
    headline: str
    about: str
    quartier: str
    languages: str
    availability: list[str]
    accessibility: str
    offers: list[SkillOut]
    wants: list[SkillOut]
    verified: bool
    photo: str | None
    url: str


async def show_me(request: Request) -> Response:
    viewer = seen_by(request)
    if viewer is None:
        raise SignedOut
    return answer(
        MeOut(
            id=viewer.id,
            name=viewer.name,
            kind=RESIDENT,
            acting_for=viewer.acting_for.id if viewer.acting_for else None,
            behalf=await _behalf(viewer.behalf),
            roles=sorted(viewer.roles),
            unread=viewer.unread_messages,
            balance_minutes=await _balance(viewer.id),
        )
    )


async def _balance(member_id: int) -> int:
    balance: int = await fetch_value(
        "SELECT a.balance FROM member m JOIN ledger_account a ON a.id = m.account_id WHERE m.id = $1",
        member_id,
    )
    return balance


async def _behalf(behalf: Behalf | None) -> BehalfOut | None:
    if behalf is None:
        return None
    mandate = await Mandate.get(id=behalf.mandate_id)
    return BehalfOut(
        id=behalf.id,
        name=behalf.name,
        mandate=mandate.id,
        until=mandate.ends_at,
        scopes=sorted(behalf.scopes),
    )


async def list_members(request: Request) -> Response:
    bound = read_query(request, MembersQuery)
    query = bound.data
    if query is None:
        raise Invalid(bound.errors)
    found = await _find(request, query)
    return answer(MemberPage(items=[_listed(card) for card in found.items], next=found.next))


async def _find(request: Request, query: MembersQuery) -> Page[MemberCard] | Page[OrganisationCard]:
    if query.kind != RESIDENT:
        return await find_organisations(query.q, query.kind, query.quartier, query.limit, query.position())
    wish = Wish(
        query.q,
        skill=query.skill,
        quartier=query.quartier,
        week=query.week,
        experts_only=bool(query.skill),
    )
    return await find_members(wish, seen_by(request), query.limit, query.position())


def _listed(card: MemberCard | OrganisationCard) -> MemberOut:
    return MemberOut(
        id=card.id,
        name=card.name,
        kind=card.kind or RESIDENT,
        headline=card.headline,
        quartier=card.quartier,
        skills=list(card.skills),
        verified=card.verified,
        photo=(card.photo if isinstance(card, MemberCard) else "") or None,
        url=card.url,
    )


async def show_member(request: Request) -> Response:
    seen = await profile_for(seen_by(request), int(request.path_params["id"]))
    return answer(
        ProfileOut(
            id=seen.id,
            name=seen.name,
            kind=RESIDENT,
            headline=seen.headline,
            about=seen.about,
            quartier=seen.quartier,
            languages=seen.languages,
            availability=slot_keys(seen.availability),
            accessibility=seen.accessibility,
            offers=[_skill(line) for line in seen.offers],
            wants=[_skill(line) for line in seen.wants],
            verified=seen.verified,
            photo=seen.photo or None,
            url=seen.url,
        )
    )


def _skill(line: SkillLine) -> SkillOut:
    return SkillOut(name=line.name, note=line.note, level=line.level, terms=line.terms)


routes: Final[list[GuardedRoute]] = [
    api("GET", "/me", show_me, who=member, summary="Who I am", answer=MeOut),
    api(
        "GET",
        "/members",
        list_members,
        who=anyone,
        summary="Neighbours by name, skill, quartier, availability; or organisations by kind",
        query=MembersQuery,
        answer=MemberPage,
    ),
    api(
        "GET", "/members/{id:id}", show_member, who=anyone, summary="A neighbour's profile", answer=ProfileOut
    ),
]
