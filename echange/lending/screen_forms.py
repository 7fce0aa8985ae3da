"""The screens on which something to lend is told, and what of a lender is told."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange import ads
from echange.booking import Rules
from echange.http import Form, Id, Invalid, Line, Text
from echange.http.moments import Hour, NearDay
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending.cards import euros
from echange.lending.item_forms import (
    COLUMNS,
    MOST_ACCESSORIES,
    AtOnce,
    Body,
    Category,
    Horizon,
    LeadDays,
    Renewals,
    Rule,
    Step,
    Title,
    Units,
)
from echange.lending.kinds import Approval, Kind, Who
from echange.lending.lengths import Gap, Length, length_said
from echange.lending.models.item import Item
from echange.lending.models.parts import Part

_COUNTED: Final = re.compile(r"(?P<n>[0-9]{1,4})\s*(?:x|×|fois)?\s+(?P<name>.+)")
_NAME_OF_LENDER: Final = re.compile("(me|o[1-9][0-9]{0,8}|p[1-9][0-9]{0,8})")


def _cents(value: object) -> object:
    """« 80 », « 80 € », « 12,50 »."""
    cents = ads.cents_in(str(value)) if re.fullmatch(r"[0-9 .,€\u00a0\u202f]+", str(value)) else None
    if cents is None:
        raise PydanticCustomError("money", mark("Écrivez un montant en euros, par exemple 80."))
    return cents


def _lender(value: str) -> str:
    if not _NAME_OF_LENDER.fullmatch(value):
        raise PydanticCustomError("lender", mark("Choisissez une des réponses proposées."))
    return value


def accessories_in(text: str) -> list[tuple[str, int]]:
    """One a line: « Télécommande », « 2 câbles HDMI ». Raises PydanticCustomError."""
    told: dict[str, int] = {}
    for line in filter(None, (one.strip(" -•\t") for one in text.splitlines())):
        counted = _COUNTED.fullmatch(line)
        name, many = (counted["name"].strip(), int(counted["n"])) if counted else (line, 1)
        if len(name) > 80 or not 1 <= many <= 1000:
            raise PydanticCustomError("accessories", mark("Un accessoire par ligne, en 80 signes au plus."))
        told[name] = told.get(name, 0) + many
    if len(told) > MOST_ACCESSORIES:
        raise PydanticCustomError("accessories", mark("Trente accessoires au plus."))
    return list(told.items())


def accessories_said(said: list[tuple[str, int]]) -> str:
    """The same as its field shows it."""
    return "\n".join(name if many == 1 else f"{many} {name}" for name, many in said)


def _accessories(text: str) -> str:
    accessories_in(text)
    return text


Money = Annotated[int, BeforeValidator(_cents), Field(ge=0, le=10_000_000)]
Worth = Annotated[int, BeforeValidator(_cents), Field(ge=0, le=100_000_000)]
LenderName = Annotated[str, Field(max_length=12), AfterValidator(_lender)]
Accessories = Annotated[Text, Field(max_length=3000), AfterValidator(_accessories)]


class StartItemForm(Form):
    """The first screen. `lender`: me, an organisation (o12) or a place (p3)."""

    title: Title
    kind: Kind = "thing"
    units: Units = 1
    lender: LenderName = "me"


class DetailsItemForm(Form):
    """The second screen, and the page that corrects what is published. Money in euros, lengths in words."""

    title: Title
    body: Body = ""
    category: Category = ""
    accessories: Accessories = ""
    value: Worth | None = None
    deposit: Money = 0
    manual: Body = ""
    rules: Rule = ""
    who: Who = "verified"
    approval: Approval = "automatic"
    renewals: Renewals = 0
    max_quantity: AtOnce | None = None
    training: Id | None = None
    place: Id | None = None
    before: Gap = 0
    after: Gap = 0
    shortest: Length | None = None
    longest: Length | None = None
    lead_open_days: LeadDays = 0
    horizon_days: Horizon | None = None
    step: Step = 0
    spans: bool = False
    remove: list[Id] = Field(default=[], max_length=10)
    back: str = Field(default="", max_length=1)

    def columns(self) -> dict[str, Any]:
        """As an item keeps them."""
        told: dict[str, Any] = {
            name: getattr(self, name) for name in COLUMNS if name in DetailsItemForm.model_fields
        }
        return {
            **told,
            "value_cents": self.value,
            "deposit_cents": self.deposit,
            "place_id": self.place,
        }

    def terms(self) -> Rules:
        """Of its calendar. Raises Invalid where the longest loan is shorter than the shortest."""
        shortest = self.shortest or 1
        if self.longest is not None and self.longest < shortest:
            raise Invalid({"longest": [_("Le plus long est plus court que le plus court.")]})
        return Rules(
            before=self.before,
            after=self.after,
            min_minutes=shortest,
            max_minutes=self.longest,
            lead_open_days=self.lead_open_days,
            horizon_days=self.horizon_days,
            spans=self.spans,
            step=self.step,
        )


def words_of(item: Item, terms: Rules | None) -> dict[str, Any]:
    """What an item says, as the fields of that screen; it was loaded whole."""
    rules = terms or Rules()
    told = sorted(item.accessories, key=lambda one: (one.position, one.id))
    columns: dict[str, Any] = {name: getattr(item, name) for name in COLUMNS}
    return {
        **columns,
        "accessories": accessories_said([(one.name, one.quantity) for one in told]),
        "value": euros(item.value_cents),
        "deposit": euros(item.deposit_cents or None),
        "training": item.training_id or "",
        "place": item.place_id or "",
        "before": length_said(rules.before or None),
        "after": length_said(rules.after or None),
        "shortest": length_said(rules.min_minutes) if rules.min_minutes > 1 else "",
        "longest": length_said(rules.max_minutes),
        "lead_open_days": rules.lead_open_days or "",
        "horizon_days": rules.horizon_days or "",
        "step": rules.step,
        "spans": rules.spans,
    }


class AddUnitsForm(Form):
    count: Units = 1


class UnitForm(Form):
    """What of a unit its page tells."""

    code: Annotated[Line, Field(min_length=1, max_length=40)]
    condition: Literal["new", "good", "worn", "broken", "lost"] = "good"
    serial: Annotated[Line, Field(max_length=80)] = ""
    note: Annotated[Line, Field(max_length=300)] = ""


class MaintenanceForm(Form):
    """From when to when it is kept from being lent; from the first minute of a day where no hour is said."""

    words: Annotated[Line, Field(max_length=300)] = ""
    first_day: NearDay
    last_day: NearDay | None = None
    starts: Hour | None = None
    ends: Hour | None = None


class WithdrawForm(Form):
    """`future`: what becomes of loans that were not handed over yet."""

    future: Literal["keep", "cancel"] = "keep"
    words: Annotated[Text, Field(max_length=500)] = ""


class UnitEndForm(Form):
    """Why a unit is lent no more."""

    why: Literal["withdrawn", "lost", "broken"]


class LenderForm(Form):
    """Where things are collected, told once a loan is agreed; the limits of one borrower."""

    address: Annotated[Line, Field(max_length=200)] = ""
    directions: Annotated[Text, Field(max_length=500)] = ""
    max_running: Annotated[int, Field(ge=1, le=100)] | None = None
    max_per_category: Annotated[int, Field(ge=1, le=100)] | None = None


class ItemListQuery(Form):
    """What the catalogue's address says; `suite` goes on after a cursor, `exact` forgives no slip."""

    q: Line = Field(default="", max_length=100)
    categorie: list[str] = []
    sorte: list[str] = []
    quartier: list[str] = []
    preteur: list[str] = []
    chez: Line = Field(default="", max_length=80)
    lieu: Line = Field(default="", max_length=80)
    pour_moi: bool = False
    du: NearDay | None = None
    au: NearDay | None = None
    exact: bool = False
    suite: str = Field(default="", max_length=100)


def parts_in(asked: dict[int, tuple[str, bool]]) -> list[Part]:
    """What a kit's page says: by item, how many, and whether it is a choice. Raises Invalid."""
    parts = []
    for item_id, (many, optional) in asked.items():
        if not many.strip() or many.strip() == "0":
            continue
        if not many.isascii() or not many.strip().isdigit() or not 1 <= int(many.strip()[:9]) <= 1000:
            raise Invalid({"parts": [_("Écrivez un nombre entre 1 et 1 000.")]})
        parts.append(Part(item_id, int(many), optional))
    return parts
