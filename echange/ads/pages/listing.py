"""The list of annonces: words, kinds and quartiers, all in the address."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.forms import SearchQuery
from echange.ads.kinds import BY_SLUG
from echange.ads.quartiers import quartiers_of
from echange.ads.queries import COUNTED_UP_TO, Search, count, find, place_of
from echange.http import cut, read_query, render
from echange.http.pagination import decode
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.members import Quartier

PER_PAGE = 20


async def list_ads(request: Request) -> Response:
    """GET /annonces"""
    bound = read_query(request, SearchQuery)
    query = bound.data or SearchQuery()
    quartiers = await quartiers_of(request)
    kinds = [kind for kind in query.nature if kind in BY_SLUG]
    places = [place for place in quartiers if place.slug in query.quartier]
    search = Search(query.q, tuple(kinds), tuple(place.id for place in places))
    rows = await find(search, PER_PAGE + 1, decode(query.suite) if query.suite else None)
    page = cut(rows, PER_PAGE, place_of)
    context = {
        "ads": page.items,
        "next_url": _address(query.q, kinds, places, page.next) if page.next else "",
        "found": await _found(search) if search else "",
        "words": query.q if bound.data else str(bound.values["q"])[:100],
        "kinds": [(kind.slug, _(kind.filter), kind.slug in kinds) for kind in BY_SLUG.values()],
        "quartiers": [(place.slug, place.name, place in places) for place in quartiers],
        "chips": _chips(query.q, kinds, places),
        "is_filtered": bool(search),
        "form": bound,
        "title_prefix": "" if bound.data else _("Erreur : "),
    }
    return render(request, "ads/list_ads.html", context, status=200 if bound.data else 422)


async def _found(search: Search) -> str:
    number = await count(search)
    if number > COUNTED_UP_TO:
        return _("Plus de 1 000 annonces")
    return ngettext("{n} annonce", "{n} annonces", number).format(n=number)


def _chips(words: str, kinds: Sequence[str], places: Sequence[Quartier]) -> list[tuple[str, str, bool]]:
    """What is chosen; each leads to the same list without it."""
    chips = [
        (_(BY_SLUG[kind].filter), _address(words, [one for one in kinds if one != kind], places), True)
        for kind in kinds
    ]
    chips += [
        (place.name, _address(words, kinds, [one for one in places if one is not place]), True)
        for place in places
    ]
    if words:
        chips.insert(0, (_("« {words} »").format(words=words), _address("", kinds, places), True))
    if len(chips) > 1:
        chips.append((_("Tout effacer"), "/annonces", False))
    return chips


def _address(words: str, kinds: Sequence[str], places: Sequence[Quartier], after: str | None = None) -> str:
    pairs = [("q", words)] if words else []
    pairs += [("nature", kind) for kind in kinds]
    pairs += [("quartier", place.slug) for place in places]
    if after:
        pairs.append(("suite", after))
    return f"/annonces?{urlencode(pairs)}" if pairs else "/annonces"
