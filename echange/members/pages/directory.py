"""Who is who: experts, a neighbour's profile, associations."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Bound, NotFound, anyone, page, read_query, refused_form, render, viewer_of
from echange.http.dates import MONTHS, local
from echange.http.viewer import initials, tint
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.members.forms import DirectoryQuery
from echange.members.models import Member, Organisation
from echange.members.queries import (
    Wish,
    all_organisations,
    find_members,
    organisations_of,
    people_of,
    quartier_choices,
    skill_names,
    skills_of,
)
from echange.members.taxonomy import FIELDS


async def list_experts(request: Request) -> Response:
    bound = read_query(request, DirectoryQuery)
    query = bound.data
    if query is None:
        return refused_form(request, "members/experts.html", await _directory(bound, [], None))
    wish = Wish(query.q, query.champ, quartier=query.quartier)
    found = await find_members(wish, query.limit, query.position())
    next_url = f"/experts?{_address(query, cursor=found.next)}" if found.next else ""
    return render(request, "members/experts.html", await _directory(bound, found.items, next_url))


async def _directory(bound: Bound[DirectoryQuery], items: Any, next_url: str | None) -> dict[str, Any]:  # noqa: ANN401
    fields = [(key, _(label)) for key, label, _icon in FIELDS]
    quartiers = await quartier_choices()
    return {
        "form": bound,
        "members": items,
        "next_url": next_url,
        "fields": fields,
        "quartiers": quartiers,
        "skill_names": await skill_names(),
        "chips": _chips(bound.data, dict(fields), dict(quartiers)) if bound.data else [],
    }


def _chips(
    query: DirectoryQuery, fields: dict[str, str], quartiers: dict[str, str]
) -> list[tuple[str, str, bool]]:
    """What narrows the list, each leading to the list without it."""
    words = {
        "q": f"« {query.q} »" if query.q else "",
        "champ": fields.get(query.champ, query.champ),
        "quartier": quartiers.get(query.quartier, query.quartier),
    }
    return [
        (text, f"/experts?{_address(query, **{name: ''})}".rstrip("?"), True)
        for name, text in words.items()
        if text
    ]


def _address(query: DirectoryQuery, **changed: str) -> str:
    kept = {"q": query.q, "champ": query.champ, "quartier": query.quartier, **changed}
    return urlencode({name: value for name, value in kept.items() if value})


async def show_member(request: Request) -> Response:
    person = await Member.get_or_none(handle=request.path_params["handle"]).select_related("quartier")
    if person is None:
        raise NotFound
    lines = await skills_of(person.id)
    viewer = viewer_of(request)
    return render(
        request,
        "members/profile.html",
        {
            "person": {
                "id": person.id,
                "name": person.name,
                "first_name": person.name.split()[0],
                "initials": initials(person.name),
                "tint": tint(person.id),
                "kind": None,
                "url": person.url,
                "headline": person.headline,
                "about": person.about,
                "quartier": person.quartier.name if person.quartier else "",
                "languages": person.languages,
                "since": _month(person),
            },
            "offers": [line for line in lines if not line.wanted],
            "wants": [line for line in lines if line.wanted],
            "hats": await organisations_of(person.id),
            "is_me": viewer is not None and viewer.id == person.id,
        },
    )


def _month(person: Member) -> str:
    at = local(person.created_at)
    return f"{MONTHS[current_locale.get()][at.month - 1]} {at.year}"


async def list_organisations(request: Request) -> Response:
    return render(request, "members/organisations.html", {"organisations": await all_organisations()})


async def show_organisation(request: Request) -> Response:
    found = await Organisation.get_or_none(slug=request.path_params["slug"]).select_related("quartier")
    if found is None:
        raise NotFound
    people = await people_of(found.id)
    viewer = viewer_of(request)
    return render(
        request,
        "members/organisation.html",
        {
            "organisation": {
                "name": found.name,
                "initials": initials(found.name),
                "tint": tint(found.id),
                "kind": "association",
                "about": found.about,
                "quartier": found.quartier.name if found.quartier else "",
                "rna": found.rna,
            },
            "people": people,
            "keeper": next((one for one in people if one.role == "owner"), None),
            "my_id": viewer.id if viewer else None,
        },
    )


routes = [
    page("/experts", list_experts, who=anyone),
    page("/membres/{handle:word}", show_member, who=anyone),
    page("/associations", list_organisations, who=anyone),
    page("/associations/{slug:word}", show_organisation, who=anyone),
]
