"""What is chosen in a list of annonces, as its address says it."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.requests import Request

from echange.ads.asking import SearchQuery
from echange.ads.categories import CATEGORIES
from echange.ads.kinds import BY_SLUG
from echange.ads.quartiers import quartiers_of
from echange.ads.searching import Search
from echange.http import Viewer
from echange.i18n import gettext as _
from echange.members import Member, Organisation, Quartier

LIST = "/annonces"
NOBODY = 0
# The column takes no more; organisations have longer ones.
LONGEST_HANDLE = 40


@dataclass(frozen=True, slots=True)
class Author:
    """Whose annonces are asked for; nobody's when there is no such neighbour, or none to be met."""

    slug: str
    name: str
    owner: int | None = None
    organisation: int | None = None


@dataclass(frozen=True)
class Choice:
    """Words and facets of an address; what does not exist narrows nothing."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    places: tuple[Quartier, ...] = ()
    free: bool = False
    price_max: int | None = None
    photo: bool = False
    author: Author | None = None
    exact: bool = False

    def search(self, viewer: Viewer | None) -> Search:
        """The same for the database."""
        return Search(
            words=self.words,
            kinds=self.kinds,
            categories=self.categories,
            quartiers=tuple(place.id for place in self.places),
            free=self.free,
            price_max=self.price_max,
            with_photo=self.photo,
            owner=self.author.owner if self.author else None,
            organisation=self.author.organisation if self.author else None,
            unseen=viewer.unseen if viewer else frozenset(),
        )

    def address(self, path: str = LIST, after: str | None = None) -> str:
        """Where a list of this is."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [("nature", kind) for kind in self.kinds]
        pairs += [("categorie", category) for category in self.categories]
        pairs += [("quartier", place.slug) for place in self.places]
        if self.free:
            pairs.append(("gratuit", "1"))
        if self.price_max is not None:
            pairs.append(("prix_max", str(self.price_max)))
        if self.photo:
            pairs.append(("photo", "1"))
        if self.author:
            pairs.append(("par", self.author.slug))
        if self.exact:
            pairs.append(("exact", "1"))
        if after:
            pairs.append(("suite", after))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def chips(self) -> list[tuple[str, str, bool]]:
        """What is chosen: (text, address without it, True), and « Tout effacer » when that is several."""
        without: list[tuple[str, Choice]] = []
        if self.words:
            without.append((_("« {words} »").format(words=self.words), replace(self, words="", exact=False)))
        if self.author:
            said = _("Annonces de {name}").format(name=self.author.name)
            without.append((said, replace(self, author=None)))
        for kind in self.kinds:
            rest = tuple(one for one in self.kinds if one != kind)
            without.append((_(BY_SLUG[kind].filter), replace(self, kinds=rest)))
        for category in self.categories:
            rest = tuple(one for one in self.categories if one != category)
            without.append((_(CATEGORIES[category].label), replace(self, categories=rest)))
        for place in self.places:
            others = tuple(one for one in self.places if one is not place)
            without.append((place.name, replace(self, places=others)))
        if self.free:
            without.append((_("Gratuit"), replace(self, free=False)))
        if self.price_max is not None:
            said = _("{n} € au plus").format(n=self.price_max)
            without.append((said, replace(self, price_max=None)))
        if self.photo:
            without.append((_("Avec photo"), replace(self, photo=False)))
        chips = [(text, choice.address(), True) for text, choice in without]
        return [*chips, (_("Tout effacer"), LIST, False)] if len(chips) > 1 else chips


async def choice_of(query: SearchQuery, request: Request, viewer: Viewer | None) -> Choice:
    """What an address asks for."""
    places = await quartiers_of(request) if query.quartier else []
    return Choice(
        query.q,
        tuple(dict.fromkeys(kind for kind in query.nature if kind in BY_SLUG)),
        tuple(dict.fromkeys(one for one in query.categorie if one in CATEGORIES)),
        tuple(place for place in places if place.slug in query.quartier),
        query.gratuit,
        query.prix_max,
        query.photo,
        await _author(query.par, viewer) if query.par else None,
        query.exact and bool(query.q),
    )


async def _author(slug: str, viewer: Viewer | None) -> Author:
    organisation = await Organisation.get_or_none(slug=slug, hidden_at=None, closed_at=None)
    if organisation is not None:
        return Author(slug, organisation.name, organisation=organisation.id)
    member = None
    if len(slug) <= LONGEST_HANDLE:
        member = await Member.get_or_none(handle=slug, away=False, confirmed_at__isnull=False)
    if member is None or (viewer and member.id in viewer.unseen):
        return Author(slug, slug, owner=NOBODY)
    return Author(slug, member.name, owner=member.id)
