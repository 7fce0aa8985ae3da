"""The catalogue: words, facets and dates, all in the address."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Invalid, Viewer, read_query, render, viewer_of
from echange.http.dates import day, today
from echange.http.pagination import decode
from echange.i18n import gettext as _
from echange.i18n import mark, ngettext
from echange.lending.cards import ItemCard
from echange.lending.categories import CATEGORIES
from echange.lending.free_on import LONGEST, with_free
from echange.lending.kinds import KINDS_MANY
from echange.lending.queries import ItemSearch, count_items, find_items
from echange.lending.screen_forms import ItemListQuery
from echange.lending.seeing import myself
from echange.members import Member, Organisation, Quartier, quartiers_note
from echange.places import Place

PER_PAGE: Final = 20
COUNTED_UP_TO: Final = 1000
LIST: Final = "/prets"
LENDERS: Final = {
    "associations": ("organisation", mark("Associations")),
    "lieux": ("place", mark("Lieux de la ville")),
    "voisins": ("member", mark("Voisins")),
}
NOBODY: Final = 0
FURTHEST: Final = timedelta(days=1095)


@dataclass(frozen=True, slots=True)
class Author:
    """Whose things are asked for; nobody's when there is none such, or none to be met."""

    slug: str
    name: str
    member: int | None = None
    organisation: int | None = None


@dataclass(frozen=True)
class ItemChoice:
    """Words and facets of an address; what does not exist narrows nothing."""

    words: str = ""
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    places: tuple[Quartier, ...] = ()
    lenders: tuple[str, ...] = ()
    author: Author | None = None
    here: Place | None = None
    for_me: bool = False
    first: date | None = None
    last: date | None = None
    exact: bool = False

    def search(self, viewer: Viewer | None) -> ItemSearch:
        """The same for the database."""
        return ItemSearch(
            words=self.words,
            categories=self.categories,
            kinds=self.kinds,
            quartiers=tuple(one.id for one in self.places),
            lender_kinds=tuple(LENDERS[one][0] for one in self.lenders),
            member=self.author.member if self.author else None,
            organisation=self.author.organisation if self.author else None,
            place=self.here.id if self.here else None,
            borrowable_by=myself(viewer) if self.for_me and viewer else None,
            unseen=viewer.unseen if viewer else frozenset(),
        )

    def address(self, after: str = "") -> str:
        """Where a list of this is."""
        told = [("q", self.words)] if self.words else []
        told += [("categorie", one) for one in self.categories]
        told += [("sorte", one) for one in self.kinds]
        told += [("quartier", one.slug) for one in self.places]
        told += [("preteur", one) for one in self.lenders]
        told += [("chez", self.author.slug)] if self.author else []
        told += [("lieu", self.here.slug)] if self.here else []
        told += [("pour_moi", "1")] if self.for_me else []
        told += [("du", self.first.isoformat())] if self.first else []
        told += [("au", self.last.isoformat())] if self.last else []
        told += [("exact", "1")] if self.exact else []
        told += [("suite", after)] if after else []
        return f"{LIST}?{urlencode(told)}" if told else LIST

    def chips(self) -> list[tuple[str, str, bool]]:
        """What is chosen: (text, address without it, True), and « Tout effacer » when that is several."""
        without: list[tuple[str, ItemChoice]] = []
        if self.words:
            without.append((_("« {words} »").format(words=self.words), replace(self, words="", exact=False)))
        if self.author:
            without.append((_("Chez {name}").format(name=self.author.name), replace(self, author=None)))
        if self.here:
            without.append((self.here.name, replace(self, here=None)))
        if self.first and self.last:
            said = _("Du {first} au {last}").format(first=day(self.first), last=day(self.last))
            without.append((said, replace(self, first=None, last=None)))
        without += [
            (_(CATEGORIES[one].label), replace(self, categories=_less(self.categories, one)))
            for one in self.categories
        ]
        without += [(_(KINDS_MANY[one]), replace(self, kinds=_less(self.kinds, one))) for one in self.kinds]
        without += [
            (_(LENDERS[one][1]), replace(self, lenders=_less(self.lenders, one))) for one in self.lenders
        ]
        without += [(one.name, replace(self, places=_less(self.places, one))) for one in self.places]
        if self.for_me:
            without.append((_("Que je peux emprunter"), replace(self, for_me=False)))
        chips = [(text, choice.address(), True) for text, choice in without]
        return [*chips, (_("Tout effacer"), LIST, False)] if len(chips) > 1 else chips


T = TypeVar("T")


def _less(chosen: tuple[T, ...], one: T) -> tuple[T, ...]:
    return tuple(other for other in chosen if other != one)


async def list_items(request: Request) -> Response:
    """GET /prets"""
    bound, viewer = read_query(request, ItemListQuery), viewer_of(request)
    query, quartiers = bound.data or ItemListQuery(), await Quartier.all()
    asked = await _choice_of(query, quartiers, viewer)
    found = await find_items(asked.search(viewer), PER_PAGE, _place(query.suite), viewer, exactly=query.exact)
    choice = replace(asked, words=found.meant)
    items, taken = await _free_ones(list(found.page.items), choice)
    is_filtered = bool(choice.search(None)) or bool(choice.first)
    context = {
        "items": items,
        "taken": taken,
        "next_url": choice.address(found.page.next) if found.page.next else "",
        "first_url": choice.address() if query.suite else "",
        "chips": choice.chips(),
        "is_filtered": is_filtered,
        "found": _told(await count_items(choice.search(viewer), COUNTED_UP_TO)) if is_filtered else "",
        "words": choice.words if bound.data else str(bound.values["q"])[:100],
        "written": asked.words if choice.words != asked.words else "",
        "exactly_url": replace(asked, exact=True).address(),
        "undated_url": replace(choice, first=None, last=None).address(),
        "ask_url": f"/publier?{urlencode({'nature': 'seek', 'titre': asked.words})}"
        if asked.words
        else "/publier?nature=seek",
        "form": bound,
        "title_prefix": "" if bound.data else _("Erreur : "),
        **_facets(choice, quartiers),
    }
    return render(request, "lending/list_items.html", context, status=200 if bound.data else 422)


async def _choice_of(query: ItemListQuery, quartiers: list[Quartier], viewer: Viewer | None) -> ItemChoice:
    first, last = _dates(query)
    return ItemChoice(
        words=query.q,
        categories=tuple(one for one in CATEGORIES if one in query.categorie),
        kinds=tuple(one for one in KINDS_MANY if one in query.sorte),
        places=tuple(one for one in quartiers if one.slug in query.quartier),
        lenders=tuple(one for one in LENDERS if one in query.preteur),
        author=await _author(query.chez, viewer) if query.chez else None,
        here=await Place.get_or_none(slug=query.lieu, hidden_at=None) if query.lieu else None,
        for_me=query.pour_moi and viewer is not None,
        first=first,
        last=last,
        exact=query.exact and bool(query.q),
    )


def _dates(query: ItemListQuery) -> tuple[date | None, date | None]:
    """From one day to another to come; one alone is both, and what makes no sense narrows nothing."""
    first, last = query.du or query.au, query.au or query.du
    if first is None or last is None or last < today():
        return None, None
    first, last = max(min(first, last), today()), max(first, last)
    return (
        (first, last) if last - first <= LONGEST and last - today() <= timedelta(days=1095) else (None, None)
    )


async def _author(slug: str, viewer: Viewer | None) -> Author:
    organisation = await Organisation.get_or_none(slug=slug, hidden_at=None, closed_at=None)
    if organisation is not None:
        return Author(slug, organisation.name, organisation=organisation.id)
    known = await Member.filter(handle=slug[:40], away=False, confirmed_at__isnull=False).first()
    if known is None or viewer is None or known.id in viewer.unseen:
        # Who lends in their own name is not looked up by those signed out.
        return Author(slug, slug, member=NOBODY)
    return Author(slug, known.name, member=known.id)


async def _free_ones(items: list[ItemCard], choice: ItemChoice) -> tuple[list[ItemCard], int]:
    """Those of a page that are free on the days asked for, and how many are not."""
    if choice.first is None or choice.last is None:
        return items, 0
    told = await with_free(items, choice.first, choice.last)
    free = [card for card in told if card.free]
    return free, len(told) - len(free)


def _place(suite: str) -> Any:  # noqa: ANN401 — a position or nothing
    try:
        return decode(suite) if suite else None
    except Invalid:
        # An old or mistyped address: from the beginning.
        return None


def _facets(choice: ItemChoice, quartiers: list[Quartier]) -> dict[str, Any]:
    return {
        "categories": [
            (one.slug, _(one.label), one.slug in choice.categories) for one in CATEGORIES.values()
        ],
        "kinds": [(slug, _(label), slug in choice.kinds) for slug, label in KINDS_MANY.items()],
        "lenders": [(slug, _(label), slug in choice.lenders) for slug, (_kind, label) in LENDERS.items()],
        "quartiers": [(one.slug, one.name, one in choice.places) for one in quartiers],
        "quartiers_note": quartiers_note(one.confirmed for one in quartiers),
        "author": choice.author.slug if choice.author else "",
        "here": choice.here.slug if choice.here else "",
        "for_me": choice.for_me,
        "first": choice.first.isoformat() if choice.first else "",
        "last": choice.last.isoformat() if choice.last else "",
        "first_possible": today().isoformat(),
        "many": sum(on for _text, _url, on in choice.chips()) - bool(choice.words),
    }


def _told(number: int) -> str:
    if number > COUNTED_UP_TO:
        return _("Plus de 1 000 objets")
    return ngettext("{n} objet", "{n} objets", number).format(n=number)
