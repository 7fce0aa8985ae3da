"""Places: found in the list, shown, made, described, closed."""

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    GuardedRoute,
    NotAllowed,
    Rate,
    Refusal,
    anyone,
    blank,
    member,
    page,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.members import quartier_choices
from echange.places.access import FACTS, fact_icon, fact_words
from echange.places.forms import PlaceForm, PlacesQuery
from echange.places.loading import columns, kept_place, visible_place
from echange.places.models import Place
from echange.places.parts import parts_of
from echange.places.queries import find_places, keepers_for
from echange.places.showing import detail_of

MAKING: Final = Rate("places", 10, 86_400)
LIST: Final = "/lieux"


async def list_places(request: Request) -> Response:
    """GET /lieux"""
    bound = read_query(request, PlacesQuery)
    query = bound.data
    if query is None:
        return refused_form(request, "places/list.html", await _list_screen(request, bound))
    facts = [fact for fact in query.acces if fact in FACTS]
    found = await find_places(query.q, query.quartier, facts, query.limit, query.position(), now())
    next_url = _address(query, cursor=found.next) if found.next else ""
    context = await _list_screen(request, bound)
    return render(request, "places/list.html", {**context, "places": found.items, "next_url": next_url})


async def _list_screen(request: Request, bound: Bound[PlacesQuery]) -> dict[str, Any]:
    query, quartiers = bound.data or PlacesQuery(), await quartier_choices()
    names = dict(quartiers.choices)
    chips = [
        (names[slug], _address(query, quartier=[one for one in query.quartier if one != slug]), True)
        for slug in query.quartier
        if slug in names
    ]
    chips += [
        (fact_words(fact), _address(query, acces=[one for one in query.acces if one != fact]), True)
        for fact in query.acces
        if fact in FACTS
    ]
    return {
        "form": bound,
        "places": [],
        "next_url": "",
        "chips": chips,
        "quartiers": [(slug, name, slug in query.quartier) for slug, name in quartiers.choices],
        "quartiers_note": quartiers.note,
        "facts": [(fact, fact_words(fact), fact in query.acces) for fact in FACTS],
        "may_make": bool(keepers_for(viewer_of(request))),
    }


def _address(query: PlacesQuery, **changed: Any) -> str:  # noqa: ANN401 — parameters of several types
    kept = {"q": query.q, "quartier": query.quartier, "acces": query.acces, **changed}
    told = urlencode({name: value for name, value in kept.items() if value}, doseq=True)
    return f"{LIST}?{told}" if told else LIST


async def show_place(request: Request) -> Response:
    """GET /lieux/la-forge"""
    place, viewer = await visible_place(request), viewer_of(request)
    return render(
        request,
        "places/place.html",
        {
            "place": await detail_of(place),
            "parts": await parts_of(request, place, viewer),
            "keeps": place.is_kept_by(viewer),
        },
    )


async def go_to_place(request: Request) -> Response:
    """GET /lieux/3: the same by its number, at its lasting address."""
    return redirect(request, (await visible_place(request)).url)


async def show_making(request: Request) -> Response:
    """GET /lieux/nouveau"""
    keepers = keepers_for(signed_in(request))
    if not keepers:
        return _not_yours(request)
    acting = signed_in(request).acting_for
    form = blank(PlaceForm, organisation=str(acting.id) if acting else keepers[0][0])
    return render(request, "places/edit.html", await _form_screen(request, form))


async def make(request: Request) -> Response:
    """POST /lieux/nouveau"""
    if not keepers_for(signed_in(request)):
        return _not_yours(request)
    bound = await read_form(request, PlaceForm)
    if bound.data is not None:
        try:
            place = await Place.make(by=signed_in(request), **await columns(bound.data.model_dump()))
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            say = _("La page de « {name} » est en ligne. Écrivez maintenant ses horaires.")
            return redirect(request, f"{place.url}/horaires", say=say.format(name=place.name))
    return refused_form(request, "places/edit.html", await _form_screen(request, bound))


async def show_description(request: Request) -> Response:
    """GET /lieux/la-forge/modifier"""
    place = await kept_place(request)
    form = blank(
        PlaceForm,
        name=place.name,
        address=place.address,
        quartier=place.quartier.slug if place.quartier else "",
        about=place.about,
        way=place.way,
        access=place.access,
        access_note=place.access_note,
        phone=place.phone,
        mail=place.mail,
        organisation=str(place.organisation_id or ""),
    )
    return render(request, "places/edit.html", await _form_screen(request, form, place))


async def describe(request: Request) -> Response:
    """POST /lieux/la-forge/modifier"""
    place, bound = await kept_place(request), await read_form(request, PlaceForm)
    if bound.data is not None:
        try:
            await place.rewrite(by=signed_in(request), **await columns(bound.data.model_dump()))
        except NotAllowed:
            raise
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            return redirect(request, place.url, say=_("La page est à jour."))
    return refused_form(request, "places/edit.html", await _form_screen(request, bound, place))


async def close_place(request: Request) -> Response:
    """POST /lieux/la-forge/fermeture"""
    place = await kept_place(request)
    await place.close(by=signed_in(request))
    say = _("La page de « {name} » est fermée : elle n’est plus dans la liste.").format(name=place.name)
    return redirect(request, place.url, say=say, undo_url=f"{place.url}/reouverture")


async def reopen_place(request: Request) -> Response:
    """POST /lieux/la-forge/reouverture"""
    place = await kept_place(request)
    await place.reopen(by=signed_in(request))
    return redirect(request, place.url, say=_("La page est de nouveau ouverte."))


def _not_yours(request: Request) -> Response:
    say = _("Un lieu s’ajoute au nom d’une association, par ses responsables, ou à la conciergerie.")
    return redirect(request, LIST, say=say, kind="info")


async def _form_screen(
    request: Request, form: Bound[PlaceForm], place: Place | None = None
) -> dict[str, Any]:
    quartiers = await quartier_choices()
    keepers = keepers_for(viewer_of(request))
    if place is not None and place.organisation is not None:
        mine = (str(place.organisation.id), place.organisation.name)
        keepers = keepers if mine in keepers else [mine, *keepers]
    return {
        "form": form,
        "place": place and {"name": place.name, "url": place.url, "closed": place.closed_at is not None},
        "quartiers": quartiers,
        "keepers": keepers,
        "facts": [(fact, fact_words(fact), "", fact_icon(fact)) for fact in FACTS],
        "path": f"{place.url}/modifier" if place else f"{LIST}/nouveau",
    }


routes: Final[list[GuardedRoute]] = [
    page("/lieux", list_places, who=anyone),
    page("/lieux/nouveau", show_making, who=member),
    page("/lieux/nouveau", make, who=member, methods=("POST",), limit=MAKING),
    page("/lieux/{id:id}", go_to_place, who=anyone),
    page("/lieux/{slug:slug}", show_place, who=anyone),
    page("/lieux/{slug:slug}/modifier", show_description, who=member),
    page("/lieux/{slug:slug}/modifier", describe, who=member, methods=("POST",)),
    page("/lieux/{slug:slug}/fermeture", close_place, who=member, methods=("POST",)),
    page("/lieux/{slug:slug}/reouverture", reopen_place, who=member, methods=("POST",)),
]
