"""What people write about things they lend, from the screens and from the API."""

from dataclasses import replace
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.booking import Rules
from echange.http import Form, Id, Invalid, Line, PageQuery, Text
from echange.http.forms import visible
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending.categories import CATEGORIES
from echange.lending.kinds import Approval, Kind, Who
from echange.lending.models.item import MOST_UNITS
from echange.lending.models.parts import Part

LONGEST_TITLE: Final = 80
LONGEST_BODY: Final = 4000
LONGEST_RULES: Final = 2000
MOST_ACCESSORIES: Final = 30
MOST_PARTS: Final = 30
MOST_CENTS: Final = 10_000_000
YEAR_MINUTES: Final = 366 * 24 * 60
STEPS: Final = (0, 5, 10, 15, 30, 60, 120, 240)


def _known(category: str) -> str:
    if category and category not in CATEGORIES:
        raise PydanticCustomError("category", mark("Choisissez une des réponses proposées."))
    return category


def _number(value: object) -> object:
    # `true` is 1 to Python.
    if isinstance(value, bool):
        raise PydanticCustomError("number", mark("Écrivez un nombre."))
    return value


def _step(minutes: int) -> int:
    if minutes not in STEPS:
        raise PydanticCustomError("step", mark("Choisissez une des réponses proposées."))
    return minutes


def _apart(said: list["AccessoryIn"]) -> list["AccessoryIn"]:
    if len({one.name.casefold() for one in said}) < len(said):
        raise PydanticCustomError("accessories", mark("Chaque accessoire une seule fois."))
    return said


def _parts_apart(said: list["PartIn"]) -> list["PartIn"]:
    if len({one.item for one in said}) < len(said):
        raise PydanticCustomError("parts", mark("Chaque objet une seule fois."))
    return said


Title = Annotated[Line, Field(min_length=1, max_length=LONGEST_TITLE), AfterValidator(visible)]
Body = Annotated[Text, Field(max_length=LONGEST_BODY)]
Rule = Annotated[Text, Field(max_length=LONGEST_RULES)]
Category = Annotated[str, Field(max_length=30), AfterValidator(_known)]
Whole = Annotated[int, BeforeValidator(_number)]
Units = Annotated[Whole, Field(ge=1, le=MOST_UNITS)]
Cents = Annotated[Whole, Field(ge=0, le=MOST_CENTS)]
Value = Annotated[Whole, Field(ge=0, le=100_000_000)]
Renewals = Annotated[Whole, Field(ge=0, le=20)]
AtOnce = Annotated[Whole, Field(ge=1, le=1000)]
Buffer = Annotated[Whole, Field(ge=0, le=20_160)]
Lasting = Annotated[Whole, Field(ge=1, le=YEAR_MINUTES)]
LeadDays = Annotated[Whole, Field(ge=0, le=90)]
Horizon = Annotated[Whole, Field(ge=1, le=1095)]
Step = Annotated[Whole, AfterValidator(_step)]


class AccessoryIn(Form):
    """What goes with it and must come back."""

    name: Annotated[Line, Field(min_length=1, max_length=80), AfterValidator(visible)]
    quantity: AtOnce = 1


class PartIn(Form):
    """So many of an item in a kit, by its id."""

    item: Id
    quantity: AtOnce = 1
    optional: bool = False


Accessories = Annotated[list[AccessoryIn], Field(max_length=MOST_ACCESSORIES), AfterValidator(_apart)]
Parts = Annotated[list[PartIn], Field(max_length=MOST_PARTS), AfterValidator(_parts_apart)]

# Fields of its calendar, by their names in `booking`.
TERMS: Final = {
    "before_minutes": "before",
    "after_minutes": "after",
    "min_minutes": "min_minutes",
    "max_minutes": "max_minutes",
    "lead_open_days": "lead_open_days",
    "horizon_days": "horizon_days",
    "spans": "spans",
    "step_minutes": "step",
}
COLUMNS: Final = (
    "title", "body", "category", "manual", "rules", "value_cents", "deposit_cents", "who", "approval",
    "renewals", "max_quantity",
)  # fmt: skip
# What may be unknown is forgotten by null.
FORGETTABLE: Final = frozenset({"value_cents", "max_quantity", "max_minutes", "horizon_days"})


class ItemIn(Form):
    """Something to lend, from a program: lent at once to all neighbours, at any time, unless told otherwise.

    Lengths are minutes, money cents. In the name of an `organisation`, of a place (`lent_by_place`), of the
    hat one wears, or in one's own; collected at `place`. A kit is made of `parts` and has no units.
    """

    title: Title
    kind: Kind = "thing"
    units: Annotated[Units, Field(validation_alias=AliasChoices("units", "quantity"))] = 1
    organisation: Id | None = None
    lent_by_place: Id | None = None
    place: Id | None = None
    training: Id | None = None
    draft: bool = False
    body: Body = ""
    category: Category = ""
    manual: Body = ""
    rules: Rule = ""
    value_cents: Value | None = None
    deposit_cents: Cents = 0
    who: Who = "verified"
    approval: Approval = "automatic"
    renewals: Renewals = 1
    max_quantity: AtOnce | None = None
    before_minutes: Buffer = 0
    after_minutes: Buffer = 0
    min_minutes: Lasting = 1
    max_minutes: Lasting | None = None
    lead_open_days: LeadDays = 0
    horizon_days: Horizon | None = None
    spans: bool = True
    step_minutes: Step = 0
    accessories: Accessories = []
    parts: Parts = []


class ItemPatch(Form):
    """What is not given stays; what may be unknown is forgotten by null."""

    title: Title | None = None
    place: Id | None = None
    training: Id | None = None
    withdrawn: bool | None = None
    published: bool | None = None
    body: Body | None = None
    category: Category | None = None
    manual: Body | None = None
    rules: Rule | None = None
    value_cents: Value | None = None
    deposit_cents: Cents | None = None
    who: Who | None = None
    approval: Approval | None = None
    renewals: Renewals | None = None
    max_quantity: AtOnce | None = None
    before_minutes: Buffer | None = None
    after_minutes: Buffer | None = None
    min_minutes: Lasting | None = None
    max_minutes: Lasting | None = None
    lead_open_days: LeadDays | None = None
    horizon_days: Horizon | None = None
    spans: bool | None = None
    step_minutes: Step | None = None
    accessories: Accessories | None = None
    parts: Parts | None = None


class UnitsIn(Form):
    """So many more pieces."""

    count: Annotated[Units, Field(validation_alias=AliasChoices("count", "units", "quantity"))] = 1


class UnitPatch(Form):
    """What is not given stays. `withdrawn` true takes it out of use for good, false gives it back."""

    code: Annotated[Line, Field(min_length=1, max_length=40)] | None = None
    condition: Annotated[str, Field(pattern="^(new|good|worn|broken|lost)$")] | None = None
    serial: Annotated[Line, Field(max_length=80)] | None = None
    note: Annotated[Line, Field(max_length=300)] | None = None
    withdrawn: bool | None = None


class ItemsQuery(PageQuery):
    """`?q=&category=&lender=&place=&kind=&quartier=` of the API's list; lender and place by id."""

    q: Annotated[Line, Field(max_length=100)] = ""
    category: Category = ""
    kind: Kind | None = None
    lender: Id | None = None
    place: Id | None = None
    organisation: Id | None = None
    quartier: Annotated[Line, Field(max_length=60)] = ""


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of an item among values of these forms; null only where it means unknown."""
    return {
        name: values[name]
        for name in COLUMNS
        if name in values and (values[name] is not None or name in FORGETTABLE)
    }


def terms_of(values: dict[str, Any], now: Rules | None = None) -> Rules | None:
    """The terms of its calendar: those of `now`, changed by what is given; None when nothing is.

    Raises Invalid where the longest loan is shorter than the shortest.
    """
    told = {
        own: values[name]
        for name, own in TERMS.items()
        if name in values and (values[name] is not None or name in FORGETTABLE)
    }
    if not told:
        return None
    rules = replace(now or Rules(), **told)
    if rules.max_minutes is not None and rules.max_minutes < rules.min_minutes:
        raise Invalid({"max_minutes": [_("Le plus long est plus court que le plus court.")]})
    return rules


def parts_of(said: list[PartIn]) -> list[Part]:
    return [Part(one.item, one.quantity, one.optional) for one in said]
