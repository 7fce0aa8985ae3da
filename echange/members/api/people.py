"""Members as JSON: oneself, the directory, one neighbour. An address is never shown."""

from typing import Final

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from echange.http import GuardedRoute, Invalid, NotFound, SignedOut, answer, anyone, api, member, read_query
from echange.http import viewer_of as seen_by
from echange.members.forms import MembersQuery
from echange.members.models import Member
from echange.members.queries import MemberCard, Wish, find_members, skills_of

RESIDENT: Final = "resident"


class MeOut(BaseModel):
    """`unread`: conversations with something new. `balance_minutes`: 0 until hours are kept."""

    id: int
    name: str
    kind: str
    acting_for: int | None
    roles: list[str]
    unread: int
    balance_minutes: int


class MemberOut(BaseModel):
    """A neighbour in a list; `skills` are three of those they offer."""

    id: int
    name: str
    kind: str
    headline: str
    quartier: str
    skills: list[str]
    url: str


class MemberPage(BaseModel):
    items: list[MemberOut]
    next: str | None


class SkillOut(BaseModel):
    name: str
    note: str


class ProfileOut(BaseModel):
    """A neighbour's profile as neighbours see it."""

    id: int
    name: str
    kind: str
    headline: str
    about: str
    quartier: str
    languages: str
    offers: list[SkillOut]
    wants: list[SkillOut]
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
            acting_for=None,
            roles=sorted(viewer.roles),
            unread=viewer.unread_messages,
            balance_minutes=0,
        )
    )


async def list_members(request: Request) -> Response:
    bound = read_query(request, MembersQuery)
    query = bound.data
    if query is None:
        raise Invalid(bound.errors)
    wish = Wish(query.q, skill=query.skill, quartier=query.quartier, experts_only=bool(query.skill))
    found = await find_members(wish, query.limit, query.position())
    return answer(MemberPage(items=[_listed(card) for card in found.items], next=found.next))


def _listed(card: MemberCard) -> MemberOut:
    return MemberOut(
        id=card.id,
        name=card.name,
        kind=RESIDENT,
        headline=card.headline,
        quartier=card.quartier,
        skills=card.skills,
        url=card.url,
    )


async def show_member(request: Request) -> Response:
    person = await Member.get_or_none(id=request.path_params["id"]).select_related("quartier")
    if person is None:
        raise NotFound
    lines = await skills_of(person.id)
    return answer(
        ProfileOut(
            id=person.id,
            name=person.name,
            kind=RESIDENT,
            headline=person.headline,
            about=person.about,
            quartier=person.quartier.name if person.quartier else "",
            languages=person.languages,
            offers=[SkillOut(name=line.name, note=line.note) for line in lines if not line.wanted],
            wants=[SkillOut(name=line.name, note=line.note) for line in lines if line.wanted],
            url=person.url,
        )
    )


routes: Final[list[GuardedRoute]] = [
    api("GET", "/me", show_me, who=member, summary="Who I am", answer=MeOut),
    api(
        "GET",
        "/members",
        list_members,
        who=anyone,
        summary="Neighbours by name, skill, quartier",
        query=MembersQuery,
        answer=MemberPage,
    ),
    api(
        "GET", "/members/{id:id}", show_member, who=anyone, summary="A neighbour's profile", answer=ProfileOut
    ),
]
