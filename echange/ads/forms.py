"""What people write about annonces, from the screens and from the API."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.ads.carrying import Carry
from echange.ads.categories import CATEGORIES
from echange.ads.kinds import Condition, Kind, Outcome, Terms
from echange.http import Form, Id, Line, Text
from echange.http.dates import today
from echange.http.forms import visible
from echange.i18n import mark

LONGEST_TITLE = 80
LONGEST_BODY = 4000
LONGEST_PRICE = 60
LONGEST_ANSWER = 2000
LONGEST_WHEN = 200


def _known(category: str) -> str:
    if category and category not in CATEGORIES:
        raise PydanticCustomError("category", mark("Choisissez une des réponses proposées."))
    return category


def _number(value: object) -> object:
    # `true` is 1 to Python; and a French weight has a comma.
    if isinstance(value, bool):
        raise PydanticCustomError("number", mark("Écrivez un nombre."))
    return value.replace(",", ".").removesuffix("kg").strip() if isinstance(value, str) else value


def _half(kilos: float) -> float:
    return max(0.5, round(kilos * 2) / 2)


def _past_day(value: object) -> date:
    """A day as browsers send it, or as one writes it: 2026-11-20, 20/11/2026."""
    words = str(value).strip()
    if words.count("/") == 2:
        words = "-".join(part.zfill(2) for part in reversed(words.split("/")))
    try:
        day = date.fromisoformat(words)
    except ValueError as error:
        raise PydanticCustomError("day", mark("Écrivez une date, par exemple 20/11/2026.")) from error
    if day > today():
        raise PydanticCustomError("day", mark("Cette date n’est pas encore arrivée."))
    if day.year < EARLIEST_YEAR:
        raise PydanticCustomError("day", mark("Cette date est trop ancienne."))
    return day


EARLIEST_YEAR = 1950
MOST_KILOS = 2000
Kilos = Annotated[
    float, BeforeValidator(_number), Field(gt=0, le=MOST_KILOS, allow_inf_nan=False), AfterValidator(_half)
]
Days = Annotated[int, BeforeValidator(_number), Field(ge=1, le=365)]
PastDay = Annotated[date, BeforeValidator(_past_day)]
When = Annotated[Line, Field(max_length=100)]
Title = Annotated[Line, Field(min_length=1, max_length=LONGEST_TITLE), AfterValidator(visible)]
Body = Annotated[Text, Field(max_length=LONGEST_BODY)]
Price = Annotated[Line, Field(max_length=LONGEST_PRICE)]
Category = Annotated[str, Field(max_length=30), AfterValidator(_known)]
QuartierSlug = Annotated[Line, Field(min_length=1, max_length=60)]


class StartForm(Form):
    """The first screen."""

    kind: Kind
    title: Title
    remove: list[Id] = Field(default=[], max_length=10)


class OwnFields(Form):
    """What only some kinds have; the others' are emptied. Weights to half a kilo."""

    price_text: Price = ""
    condition: Condition = ""
    weight_kg: Kilos | None = None
    fair: bool = False
    lend_days: Days | None = None
    terms: Terms = ""
    when_text: When = ""
    happened_on: PastDay | None = None
    standing: bool = False
    noindex: bool = False


class DetailsForm(OwnFields):
    """The second screen. `photo` moves one: « earlier-12 »."""

    body: Annotated[Body, Field(min_length=1)]
    category: Category = ""
    quartier: QuartierSlug
    remove: list[Id] = Field(default=[], max_length=10)
    back: str = Field(default="", max_length=1)


class EditForm(DetailsForm):
    """A published annonce, corrected."""

    title: Title


class AnswerForm(Form):
    """A fair queue asks for `when_text` and `carry`; `client_id` makes an answer sent twice count once."""

    body: Text = Field(min_length=1, max_length=LONGEST_ANSWER)
    when_text: Line = Field(default="", max_length=LONGEST_WHEN)
    carry: Carry = ""
    client_id: Annotated[Text, Field(min_length=8, max_length=64)] | None = None


class ClosureForm(Form):
    """`weight_kg` counts when it was given away."""

    outcome: Outcome
    weight_kg: Kilos | None = None


class PublicationForm(Form):
    """In one's own name, even when wearing an organisation's hat?"""

    as_myself: bool = False


class AdForm(OwnFields):
    """A draft, in one go; `quartier` by slug or id."""

    kind: Kind
    title: Title
    body: Body = ""
    category: Category = ""
    quartier: Id | QuartierSlug | None = None


class AdPatch(Form):
    """What is not given stays; what may be unknown is forgotten by null."""

    kind: Kind | None = None
    title: Title | None = None
    body: Body | None = None
    category: Category | None = None
    quartier: Id | QuartierSlug | None = None
    price_text: Price | None = None
    condition: Condition | None = None
    weight_kg: Kilos | None = None
    fair: bool | None = None
    lend_days: Days | None = None
    terms: Terms | None = None
    when_text: When | None = None
    happened_on: PastDay | None = None
    standing: bool | None = None
    noindex: bool | None = None


_FORGETTABLE = frozenset({"weight_kg", "lend_days", "happened_on"})


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """Values of these forms as an annonce keeps them: grams, and null only where it means unknown."""
    kept = {name: value for name, value in values.items() if value is not None or name in _FORGETTABLE}
    if "weight_kg" in kept:
        kept["weight_grams"] = grams(kept.pop("weight_kg"))
    return kept


def grams(kilos: float | None) -> int | None:
    """Kilos as they are kept."""
    return round(kilos * 1000) if kilos else None
