"""What an address asks of the list: words, facets, where to go on."""

from pydantic import Field

from echange.ads.forms import Category, QuartierSlug
from echange.ads.kinds import Kind
from echange.http import Form, Id, Line, PageQuery

MOST_EUROS = 1_000_000


class SearchQuery(Form):
    """What the list's address says; `suite` goes on after a cursor, `exact` forgives no slip."""

    q: Line = Field(default="", max_length=100)
    nature: list[str] = []
    categorie: list[str] = []
    quartier: list[str] = []
    gratuit: bool = False
    prix_max: int | None = Field(default=None, ge=0, le=MOST_EUROS)
    photo: bool = False
    par: Line = Field(default="", max_length=80)
    exact: bool = False
    suite: str = Field(default="", max_length=100)


class AdsQuery(PageQuery):
    """The same for the API; `owner` and `organisation` by id, `price_max` in euros."""

    q: Line = Field(default="", max_length=100)
    kind: Kind | None = None
    category: Category = ""
    quartier: QuartierSlug | None = None
    price_max: int | None = Field(default=None, ge=0, le=MOST_EUROS)
    free: bool = False
    with_photo: bool = False
    owner: Id | None = None
    organisation: Id | None = None
