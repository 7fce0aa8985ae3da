"""Who can help: neighbours by what they know, when and on which terms; organisations by name."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Bound, Page, anyone, page, read_query, refused_form, render, viewer_of
from echange.i18n import gettext as _
from echange.members.finding import MemberCard, Wish, find_members
from echange.members.forms_profile import DirectoryQuery
from echange.members.organisations.queries import OrganisationCard, find_organisations
from echange.members.queries import quartier_choices
from echange.members.skill_words import term_choices
from echange.members.taxonomy import FIELDS, skill_names
from echange.members.week import day_choices, moment_choices

Cards = Page[MemberCard] | Page[OrganisationCard]
# What narrows the list, in the order of its chips.
_NARROWING: Final = ("q", "champ", "quartier", "jour", "moment", "conditions", "verifie")


async def list_experts(request: Request) -> Response:
    """GET /experts"""
    bound = read_query(request, DirectoryQuery)
    query = bound.data
    if query is None:
        return refused_form(request, "members/experts.html", await _directory(bound, (), ""))
    found = await _find(request, query)
    next_url = f"/experts?{_address(query, cursor=found.next)}" if found.next else ""
    return render(request, "members/experts.html", await _directory(bound, found.items, next_url))


async def _find(request: Request, query: DirectoryQuery) -> Cards:
    if query.qui:
        return await find_organisations(
            query.q,
            query.qui,
            query.quartier,
            query.limit,
            query.position(),
            verified_only=bool(query.verifie),
        )
    wish = Wish(
        query.q,
        field=query.champ,
        quartier=query.quartier,
        week=query.week,
        terms=query.conditions,
        verified_only=bool(query.verifie),
    )
    return await find_members(wish, viewer_of(request), query.limit, query.position())


async def _directory(
    bound: Bound[DirectoryQuery], items: Sequence[MemberCard] | Sequence[OrganisationCard], next_url: str
) -> dict[str, Any]:
    quartiers = await quartier_choices()
    choices = {
        "champ": [(key, _(label)) for key, label, _icon in FIELDS],
        "quartier": quartiers.choices,
        "jour": day_choices(),
        "moment": moment_choices(),
        "conditions": [(key, words) for key, words, _hint in term_choices()],
    }
    return {
        "form": bound,
        "members": items,
        "next_url": next_url,
        "choices": choices,
        "quartiers_note": quartiers.note,
        "skill_names": skill_names(),
        "kinds": _kinds(bound.data or DirectoryQuery()),
        "chips": _chips(bound.data, choices) if bound.data else [],
    }


def _kinds(query: DirectoryQuery) -> list[tuple[str, str, bool]]:
    kinds = {
        "": _("Habitants"),
        "association": _("Associations"),
        "professional": _("Professionnels"),
        "municipal": _("Services de la ville"),
    }
    # Days, fields and terms are asked of people only.
    kept = {"q": query.q, "quartier": query.quartier, "verifie": query.verifie}
    return [(text, _url({**kept, "qui": kind}), kind == query.qui) for kind, text in kinds.items()]


def _chips(query: DirectoryQuery, choices: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, bool]]:
    """What narrows the list, each leading to the list without it."""
    chosen = [(name, getattr(query, name)) for name in _NARROWING if getattr(query, name)]
    return [(_chip_text(name, value, choices), _without(query, name), True) for name, value in chosen]


def _without(query: DirectoryQuery, name: str) -> str:
    return f"/experts?{_address(query, **{name: ''})}".rstrip("?")


def _chip_text(name: str, value: str, choices: dict[str, list[tuple[str, str]]]) -> str:
    if name == "q":
        return f"« {value} »"
    if name == "verifie":
        return _("Vérifiés seulement")
    return dict(choices[name]).get(value, value)


def _address(query: DirectoryQuery, **changed: str) -> str:
    kept = {"qui": query.qui, **{name: getattr(query, name) for name in _NARROWING}, **changed}
    return urlencode({name: value for name, value in kept.items() if value})


def _url(parameters: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"/experts?{query}" if query else "/experts"


routes = [page("/experts", list_experts, who=anyone)]
