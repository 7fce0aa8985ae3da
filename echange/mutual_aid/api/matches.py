"""What fits whom, in JSON."""

from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Out, api, concierge, member, read_json, signed_in
from echange.http import answer as reply
from echange.mutual_aid import telling_desk
from echange.mutual_aid.api.helps import HelpOut, WhoOut, helps_out
from echange.mutual_aid.first_visit import Found, visit_of
from echange.mutual_aid.loading import own_help, visible_help
from echange.mutual_aid.matching_mine import Match, dismiss, matches_of, put_aside, take_back
from echange.mutual_aid.telling_forms import DeskClosureForm, SuggestionForm
from echange.mutual_aid.telling_view import told_of


class MatchOut(Out):
    """`reasons`: `skill:ID`, `offer:ID` or `ask:ID` (one’s own open help), `quartier`, `moment`."""

    help: HelpOut
    reasons: list[str]
    why: list[str]


class AsideOut(Out):
    id: int
    kind: str
    title: str
    skills: list[str]
    dismissed_at: datetime


class MatchesOut(Out):
    items: list[MatchOut]
    dismissed: list[AsideOut]


class NeighbourOut(Out):
    neighbour: WhoOut
    reasons: list[str]
    why: str


class ToldOut(Out):
    """How many neighbours know of a help, and the best of them, for what they show to all."""

    count: int
    widened: bool
    handed_on: bool
    neighbours: list[NeighbourOut]


class FoundOut(Out):
    neighbour: WhoOut
    skills: list[str]
    same_quartier: bool
    why: str


class VisitOut(Out):
    """Who offers what one looks for; helps that ask for what one offers, else who looks for it."""

    helpers: list[FoundOut]
    helps: list[MatchOut]
    seekers: list[FoundOut]


class CandidateOut(Out):
    neighbour: NeighbourOut
    told: bool
    full: bool
    busy: bool
    kept_by_desk: bool


class CaseOut(Out):
    """An ask nobody answers; `suggested`: to how many the desk has written."""

    help: HelpOut
    handed_on_at: datetime
    told: int
    suggested: int


class CasesOut(Out):
    items: list[CaseOut]


class CandidatesOut(Out):
    items: list[CandidateOut]


async def list_matches(request: Request) -> Response:
    """The best first; and what was put aside within 180 days."""
    viewer = signed_in(request)
    items = await _matches(request, await matches_of(viewer))
    aside = [
        AsideOut(
            id=one.id, kind=one.kind, title=one.title, skills=list(one.skills), dismissed_at=one.dismissed_at
        )
        for one in await put_aside(viewer)
    ]
    return reply(MatchesOut(items=items, dismissed=aside))


async def dismiss_help(request: Request) -> Response:
    """Nothing that asks for the same skills is told for 180 days."""
    await dismiss(await visible_help(request), by=signed_in(request))
    return reply(None, 204)


async def take_help_back(request: Request) -> Response:
    await take_back(int(request.path_params["id"]), by=signed_in(request))
    return reply(None, 204)


async def show_told(request: Request) -> Response:
    """For who may change it."""
    told = await told_of(await own_help(request), signed_in(request))
    neighbours = [
        NeighbourOut(
            neighbour=WhoOut(id=one.id, name=one.name, handle=one.handle),
            reasons=list(one.reasons),
            why=one.why,
        )
        for one in told.neighbours
    ]
    return reply(
        ToldOut(count=told.count, widened=told.widened, handed_on=told.handed_on, neighbours=neighbours)
    )


async def show_first_visit(request: Request) -> Response:
    visit = await visit_of(signed_in(request))
    return reply(
        VisitOut(
            helpers=[_found(one) for one in visit.helpers],
            helps=await _matches(request, visit.helps),
            seekers=[_found(one) for one in visit.seekers],
        )
    )


async def list_cases(request: Request) -> Response:
    viewer = signed_in(request)
    cases = await telling_desk.cases(viewer)
    helps = await _helps(request, [case.card.id for case in cases])
    items = [
        CaseOut(
            help=helps[case.card.id],
            handed_on_at=case.handed_on_at,
            told=case.told,
            suggested=case.suggested,
        )
        for case in cases
        if case.card.id in helps
    ]
    return reply(CasesOut(items=items))


async def list_candidates(request: Request) -> Response:
    aid = await visible_help(request)
    items = [
        CandidateOut(
            neighbour=NeighbourOut(
                neighbour=WhoOut(id=one.id, name=one.name, handle=one.handle),
                reasons=list(one.reasons),
                why=one.why,
            ),
            told=one.told,
            full=one.full,
            busy=one.busy,
            kept_by_desk=one.kept_by_desk,
        )
        for one in await telling_desk.candidates(aid.id)
    ]
    return reply(CandidatesOut(items=items))


async def suggest(request: Request) -> Response:
    """Counts among their three notices of the day."""
    aid = await visible_help(request)
    form = await read_json(request, SuggestionForm)
    await telling_desk.suggest(aid, form.member, by=signed_in(request), words=form.words)
    return reply(None, 204)


async def close_case(request: Request) -> Response:
    """Whoever asked is told why, and may open it again."""
    aid = await visible_help(request)
    form = await read_json(request, DeskClosureForm)
    await telling_desk.close(aid, by=signed_in(request), reason=form.reason)
    return reply(None, 204)


async def _matches(request: Request, matches: Sequence[Match]) -> list[MatchOut]:
    helps = await _helps(request, [one.card.id for one in matches])
    return [
        MatchOut(help=helps[one.card.id], reasons=list(one.reasons), why=list(one.why))
        for one in matches
        if one.card.id in helps
    ]


async def _helps(request: Request, ids: list[int]) -> dict[int, HelpOut]:
    return await helps_out(ids, signed_in(request))


def _found(one: Found) -> FoundOut:
    return FoundOut(
        neighbour=WhoOut(id=one.id, name=one.name, handle=one.handle),
        skills=list(one.skills),
        same_quartier=one.near,
        why=one.why,
    )


_HELP = "/helps/{id:id}"

routes = [
    api("GET", "/helps/matches", list_matches, who=member,
        summary="Les coups de main qui vous vont, et ceux que vous avez écartés", answer=MatchesOut),
    api("POST", _HELP + "/dismissal", dismiss_help, who=member, summary="Dire que ce n’est pas pour soi",
        status=204),
    api("DELETE", _HELP + "/dismissal", take_help_back, who=member,
        summary="Dire que c’est pour soi, finalement", status=204),
    api("GET", _HELP + "/told", show_told, who=member, summary="Qui est prévenu de votre coup de main",
        answer=ToldOut),
    api("GET", "/me/first-visit", show_first_visit, who=member,
        summary="Les voisins qui vous conviennent dès l’arrivée", answer=VisitOut),
    api("GET", "/helps/unanswered", list_cases, who=concierge,
        summary="Les demandes sans réponse, pour la conciergerie", answer=CasesOut),
    api("GET", _HELP + "/candidates", list_candidates, who=concierge,
        summary="Qui la conciergerie peut proposer", answer=CandidatesOut),
    api("POST", _HELP + "/suggestions", suggest, who=concierge,
        summary="Écrire à quelqu’un qu’on pense à lui", body=SuggestionForm, status=204),
    api("POST", _HELP + "/desk-closure", close_case, who=concierge,
        summary="Fermer une demande en disant pourquoi", body=DeskClosureForm, status=204),
]  # fmt: skip
