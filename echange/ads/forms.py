"""What people write about annonces, from the screens and from the API."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from echange.ads.categories import CATEGORIES
from echange.ads.kinds import Kind, Outcome
from echange.http import Form, Id, Line, PageQuery, Text
from echange.i18n import mark

LONGEST_TITLE = 80
LONGEST_BODY = 4000
LONGEST_PRICE = 60
LONGEST_ALT = 200
LONGEST_ANSWER = 2000


def _seen(title: str) -> str:
    # Spaces of zero width and lone accents would make an annonce that nobody can see or click.
    if not any(unicodedata.category(char)[0] in "LNPS" for char in title):
        raise PydanticCustomError("unseen", mark("Remplissez ce champ."))
    return title


def _known(category: str) -> str:
    if category and category not in CATEGORIES:
        raise PydanticCustomError("category", mark("Choisissez une des réponses proposées."))
    return category


Title = Annotated[Line, Field(min_length=1, max_length=LONGEST_TITLE), AfterValidator(_seen)]
Body = Annotated[Text, Field(max_length=LONGEST_BODY)]
Price = Annotated[Line, Field(max_length=LONGEST_PRICE)]
Category = Annotated[str, Field(max_length=30), AfterValidator(_known)]
QuartierSlug = Annotated[Line, Field(min_length=1, max_length=60)]


class StartForm(Form):
    """The first screen."""

    kind: Kind
    title: Title
    remove: list[Id] = Field(default=[], max_length=10)


class DetailsForm(Form):
    """The second screen."""

    body: Annotated[Body, Field(min_length=1)]
    category: Category = ""
    quartier: QuartierSlug
    price_text: Price = ""
    remove: list[Id] = Field(default=[], max_length=10)
    back: str = Field(default="", max_length=1)


class EditForm(DetailsForm):
    """A published annonce, corrected."""

    title: Title


class AltForm(Form):
    """What one sees on a photo."""

    alt: Line = Field(default="", max_length=LONGEST_ALT)


class AnswerForm(Form):
    """`client_id` makes the same answer sent twice count once."""

    body: Text = Field(min_length=1, max_length=LONGEST_ANSWER)
    client_id: Annotated[Text, Field(min_length=8, max_length=64)] | None = None


class ClosureForm(Form):
    outcome: Outcome


class AdForm(Form):
    """A draft, in one go; `quartier` by slug or id."""

    kind: Kind
    title: Title
    body: Body = ""
    category: Category = ""
    quartier: Id | QuartierSlug | None = None
    price_text: Price = ""


class AdPatch(Form):
    """What is not given stays."""

    kind: Kind | None = None
    title: Title | None = None
    body: Body | None = None
    category: Category | None = None
    quartier: Id | QuartierSlug | None = None
    price_text: Price | None = None


class SearchQuery(Form):
    """What the list's address says; `suite` goes on after a cursor."""

    q: Line = Field(default="", max_length=100)
    nature: list[str] = []
    quartier: list[str] = []
    suite: str = Field(default="", max_length=100)


class AdsQuery(PageQuery):
    """The same for the API."""

    q: Line = Field(default="", max_length=100)
    kind: Kind | None = None
    quartier: QuartierSlug | None = None
