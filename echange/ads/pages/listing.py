"""The list of annonces: words and facets, all in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.asking import SearchQuery
from echange.ads.cards import AdCard
from echange.ads.categories import CATEGORIES
from echange.ads.facets import Counts, counts_of
from echange.ads.kinds import BY_SLUG
from echange.ads.pages.choice import Choice, choice_of
from echange.ads.quartiers import quartiers_of
from echange.ads.searching import COUNTED_UP_TO, find
from echange.http import read_query, render, viewer_of
from echange.i18n import current_locale, ngettext
from echange.i18n import gettext as _
from echange.members import Quartier, quartiers_note

PER_PAGE = 20
FEED = "/annonces.atom"


async def list_ads(request: Request) -> Response:
    """GET /annonces"""
    bound = read_query(request, SearchQuery)
    query, viewer = bound.data or SearchQuery(), viewer_of(request)
    asked = await choice_of(query, request, viewer)
    search = asked.search(viewer)
    found = await find(search, PER_PAGE, query.suite, exactly=query.exact)
    choice = replace(asked, words=found.meant)
    counts = await counts_of(choice.search(viewer), request)
    context = {
        **filled_with(found.ads, found.next, choice),
        **await _facets(choice, counts, request),
        "found": _told(counts.total) if search else "",
        "words": choice.words if bound.data else str(bound.values["q"])[:100],
        "written": asked.words if choice.words != asked.words else "",
        "exactly_url": replace(asked, exact=True).address(),
        "form": bound,
        "title_prefix": "" if bound.data else _("Erreur : "),
    }
    return render(request, "ads/list_ads.html", context, status=200 if bound.data else 422)


async def _facets(choice: Choice, counts: Counts, request: Request) -> dict[str, Any]:
    """Nothing chosen, they are the same for everybody until the numbers change."""
    if choice != Choice():
        return facets(choice, counts, await quartiers_of(request))
    kept: dict[str, tuple[Counts, dict[str, Any]]] = request.app.state.ads_facets
    known = kept.get(current_locale.get())
    if known is None or known[0] is not counts:
        known = (counts, facets(choice, counts, await quartiers_of(request)))
        kept[current_locale.get()] = known
    return known[1]


def filled_with(ads: Sequence[AdCard], after: str | None, choice: Choice) -> dict[str, Any]:
    """The annonces, and the ways on; those `after` a place stand on the next page."""
    chips = choice.chips()
    return {
        "ads": ads,
        "next_url": choice.address(after=after) if after else "",
        "feed_url": replace(choice, exact=False).address(FEED),
        "chips": chips,
        "many": sum(on for _text, _url, on in chips) - bool(choice.words),
        "is_filtered": bool(choice.search(None)),
    }


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick beside the list; `count` is "" for none."""

    value: str
    label: str
    on: bool
    count: str


def facets(choice: Choice, counts: Counts, quartiers: list[Quartier]) -> dict[str, Any]:
    """The choices beside the list, each with how many annonces it would show."""
    return {
        "kinds": [
            Option(kind.slug, _(kind.filter), kind.slug in choice.kinds, _number(counts, "kind", kind.slug))
            for kind in BY_SLUG.values()
        ],
        "categories": [
            Option(one.slug, _(one.label), one.slug in choice.categories, number)
            for one in CATEGORIES.values()
            if (number := _number(counts, "category", one.slug)) or one.slug in choice.categories
        ],
        "quartiers": [
            Option(one.slug, one.name, one in choice.places, _number(counts, "quartier", str(one.id)))
            for one in quartiers
        ],
        "quartiers_note": quartiers_note(one.confirmed for one in quartiers),
        "free": Option("1", _("Gratuit"), choice.free, _number(counts, "free")),
        "photo": Option("1", _("Avec photo"), choice.photo, _number(counts, "photo")),
        "price_max": choice.price_max,
        "author": choice.author.slug if choice.author else "",
    }


def _number(counts: Counts, facet: str, value: str = "yes") -> str:
    number = counts.of(facet, value)
    if not number:
        return ""
    if facet in counts.cut:
        return f"{_thousands(min(number, COUNTED_UP_TO))}+"
    return _thousands(number)


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _told(number: int) -> str:
    if number > COUNTED_UP_TO:
        return _("Plus de 1 000 annonces")
    return ngettext("{n} annonce", "{n} annonces", number).format(n=number)
