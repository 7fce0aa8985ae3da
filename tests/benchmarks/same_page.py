"""The list of annonces as échange shows it to somebody signed out: its query, its template, what fills it.

Who is compared with brings a server and a database driver; pages.py checks that all say the same.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, cast

from jinja2 import Environment

from echange.ads.cards import card_of
from echange.ads.facets import KEPT, counts_in
from echange.ads.pages.choice import Choice
from echange.ads.pages.listing import PER_PAGE, facets, filled_with
from echange.ads.queries import CARD, NEWEST, OPEN, place_of
from echange.config import Settings
from echange.http import dates
from echange.http.assets import Assets
from echange.http.pagination import cut
from echange.http.render import make_environment
from echange.members import Quartier
from echange.web import STATIC_DIR

PATH: Final = "/annonces"
TEMPLATE: Final = "ads/list_ads.html"
SQL: Final = f"{CARD} WHERE {OPEN} {NEWEST} LIMIT {PER_PAGE + 1}"
QUARTIERS_SQL: Final = "SELECT id, slug, name, confirmed FROM quartier ORDER BY position"
COUNTS_SQL: Final = KEPT


class Place(NamedTuple):
    """A quartier, without the ORM."""

    id: int
    slug: str
    name: str
    confirmed: bool


class NoForm:
    """An empty search: nothing filled in, nothing refused."""

    errors: Final[dict[str, list[str]]] = {}
    values: Final[dict[str, str]] = {"q": ""}


def environment() -> Environment:
    """Our template environment."""
    return make_environment(Settings(), Assets(STATIC_DIR), "fr")


def unchanging(quartiers: Sequence[Sequence[Any]], counts: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """What is the same on every page, put together once: échange keeps its numbers for a while too."""
    places = cast("list[Quartier]", [Place(*row) for row in quartiers])
    return {
        "viewer": None,
        "unread": None,
        "today": dates.long_day(dates.today()),
        "locale": "fr",
        "theme": "auto",
        "text_size": "normal",
        "path": PATH,
        "full_path": PATH,
        "title_prefix": "",
        "flashes": [],
        **facets(Choice(), counts_in(counts), places),
        "found": "",
        "words": "",
        "written": "",
        "exactly_url": "",
        "form": NoForm,
    }


def filled(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """What the rows of a query bring to a page."""
    page = cut([card_of(row) for row in rows], PER_PAGE, place_of)
    return filled_with(page.items, page.next or "", Choice())
