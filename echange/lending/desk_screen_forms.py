"""What people write on the pages of the desk."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from echange.http import Form, Id, Line
from echange.http.moments import Hour, instant_of
from echange.lending.deposits import Sum
from echange.lending.desk_forms import AnswerForm, Means, Said
from echange.lending.incidents import Decision
from echange.lending.loan_forms import OurDay
from echange.lending.screen_forms import Money

__all__ = [
    "AnswerForm",
    "CodeQuery",
    "DamageScreenForm",
    "DecisionScreenForm",
    "DeskPageQuery",
    "FiguresQuery",
    "GiveBackForm",
    "HandoverScreenForm",
    "LossScreenForm",
    "ReturnScreenForm",
    "TakeForm",
    "UnitSeenForm",
]


class DeskPageQuery(Form):
    """`?preteur=&jour=&q=`: whose desk, which day, what is looked for."""

    preteur: Id | None = None
    jour: OurDay | None = None
    q: Line = Field(default="", max_length=80)


class CodeQuery(Form):
    code: Line = Field(default="", max_length=300)


class _WhenForm(Form):
    """When it happened, if that was not just now, and why it is written down afterwards."""

    day: OurDay | None = None
    hour: Hour | None = None
    reason: Said = ""
    words: Said = ""

    @property
    def moment(self) -> datetime | None:
        """Raises NoSuchTime."""
        if self.day is None or self.hour is None:
            return None
        return instant_of(self.day, self.hour)

    @property
    def said(self) -> str:
        return "\n".join(filter(None, (self.reason, self.words)))


class HandoverScreenForm(_WhenForm):
    """`deposit` in euros, nothing where it is not taken."""

    deposit: Money | None = None
    means: Means = "cheque"
    identity: bool = False

    @property
    def sum(self) -> Sum | None:
        return Sum(self.deposit, self.means) if self.deposit else None


class ReturnScreenForm(_WhenForm):
    pass


class UnitSeenForm(Form):
    """What one unit's part of the page says. Read with the unit's id after each name."""

    code: Annotated[Line, Field(max_length=40)] = ""
    back: bool = False
    condition: Literal["new", "good", "worn", "broken"] | None = None
    words: Said = ""
    damaged: bool = False
    repair: OurDay | None = None


class LossScreenForm(Form):
    units: list[Id] = Field(default=[], max_length=1000)
    words: Said = ""


class DamageScreenForm(Form):
    unit: Id | None = None
    words: Said = ""
    usable: Literal["yes", "no"]
    repair_until: OurDay | None = None


class TakeForm(Form):
    """In euros."""

    deposit: Money
    means: Means = "cheque"

    @property
    def sum(self) -> Sum | None:
        return Sum(self.deposit, self.means) if self.deposit else None


class GiveBackForm(Form):
    pass


class DecisionScreenForm(Form):
    """`kept` in euros."""

    decision: Decision
    words: Said = ""
    kept: Money | None = None


class FiguresQuery(Form):
    """`?preteur=&du=&au=`."""

    preteur: Id | None = None
    du: OurDay | None = None
    au: OurDay | None = None
