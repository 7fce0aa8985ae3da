"""What programs write at the desk."""

from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Line, PageQuery, Text
from echange.i18n import mark
from echange.lending.conditions import Look
from echange.lending.deposits import Sum
from echange.lending.incidents import Decision
from echange.lending.kinds import Condition
from echange.lending.loan_forms import OurDay, OurInstant


def _no_truth(value: object) -> object:
    # `true` is 1 to Python.
    if isinstance(value, bool):
        raise PydanticCustomError("cents", mark("Écrivez un nombre."))
    return value


LONGEST: Final = 500
MOST_UNITS: Final = 1000
MOST_CENTS: Final = 10_000_000
UnitName = Id | Annotated[Line, Field(min_length=1, max_length=40)]
"""A unit by its id, or by the code of its label."""
Units = Annotated[list[UnitName], Field(min_length=1, max_length=MOST_UNITS)]
Said = Annotated[Text, Field(max_length=LONGEST)]
Names = Annotated[list[Annotated[Line, Field(min_length=1, max_length=80)]], Field(max_length=30)]
ByUnit = Annotated[Line, Field(min_length=1, max_length=40)]
Cents = Annotated[int, BeforeValidator(_no_truth), Field(ge=1, le=MOST_CENTS)]
Means = Literal["cheque", "cash", "card", "other"]


class DepositIn(Form):
    cents: Cents
    means: Means = "cheque"
    words: Annotated[Line, Field(max_length=300)] = ""

    @property
    def sum(self) -> Sum:
        return Sum(self.cents, self.means, self.words)


class _SeenForm(Form):
    """`conditions` and `missing` by unit: its id or its code. `at` some time ago needs a `reason`."""

    units: Units | None = None
    conditions: dict[ByUnit, Condition] = Field(default_factory=dict, max_length=MOST_UNITS)
    missing: dict[ByUnit, Names] = Field(default_factory=dict, max_length=MOST_UNITS)
    at: OurInstant | None = None
    reason: Said = ""
    words: Said = ""

    @property
    def moment(self) -> datetime | None:
        return self.at

    @property
    def said(self) -> str:
        return "\n".join(filter(None, (self.reason, self.words)))

    def names(self) -> list[int | str]:
        """All units it names, as it calls them."""
        keys = [_called(one) for one in (*self.conditions, *self.missing)]
        return [*(self.units or []), *keys]

    def looks(self, ids: dict[int | str, int]) -> dict[int, Look]:
        """What it says of each unit; `ids` are the units called so."""
        condition = {ids[_called(name)]: one for name, one in self.conditions.items()}
        missing = {ids[_called(name)]: tuple(gone) for name, gone in self.missing.items()}
        return {
            unit: Look(condition.get(unit), missing=missing.get(unit, ()))
            for unit in {**condition, **missing}
        }


def _called(name: str) -> int | str:
    # Shorter than ten digits, PostgreSQL knows it as an id.
    return int(name) if name.isascii() and name.isdigit() and len(name) < 10 else name


class HandoverForm(_SeenForm):
    """`identity`: the borrower showed who they are."""

    deposit: DepositIn | None = None
    identity: bool = False


class ReturnForm(_SeenForm):
    pass


class LossForm(Form):
    """`unit` or `units`; all that is out where none is named."""

    unit: UnitName | None = None
    units: Units | None = None
    words: Said = ""

    def names(self) -> list[int | str] | None:
        named = [*([self.unit] if self.unit is not None else []), *(self.units or [])]
        return named or None


class DamageForm(Form):
    """`usable`: it can be lent as it is; else it is set aside until `repair_until`, for two weeks if none."""

    unit: UnitName | None = None
    words: Said = ""
    usable: bool = False
    repair_until: OurDay | None = None

    @property
    def look(self) -> Look:
        until: date | None = None if self.usable else self.repair_until
        return Look("worn" if self.usable else "broken", self.words, damaged=True, repair_until=until)


class DepositForm(DepositIn):
    """Taken, or given back."""

    kind: Literal["taken", "returned"]


class DecisionForm(Form):
    """`cents` of the deposit, where some is kept."""

    decision: Decision
    words: Annotated[Text, Field(max_length=1000)] = ""
    cents: Cents | None = None


class AnswerForm(Form):
    words: Annotated[Text, Field(min_length=1, max_length=1000)]


class DeskQuery(Form):
    """Of one lender, else of all that I manage; today unless another day is named."""

    lender: Id | None = None
    day: OurDay | None = None


class IncidentsQuery(PageQuery):
    lender: Id | None = None
