"""What people and programs say about hours."""

import secrets
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, WrapValidator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidatorFunctionWrapHandler

from echange.hours.settle import Above
from echange.http import Form, Id, Line, PageQuery, Text
from echange.http.durations import Minutes, between
from echange.i18n import mark

LONGEST_WORDS: Final = 300
MOST_GIVEN: Final = 600
MOST_OWED: Final = 6_000
MOST_KEPT: Final = 600_000

Given = Annotated[Minutes, between(1, MOST_GIVEN)]


class ToOrganisation(Form):
    """An organisation by its number."""

    organisation: Id


To = Id | ToOrganisation | Literal["fund"]


def _somebody(value: Any, read: ValidatorFunctionWrapHandler) -> To:  # noqa: ANN401 — what was posted
    try:
        to: To = read(value)
    except ValidationError as error:
        raise PydanticCustomError("to", mark("Choisissez à qui vous offrez ces heures.")) from error
    return to


class GiftBody(Form):
    """`to`: a member's number, `{"organisation": number}`, or `fund`."""

    to: Annotated[To, WrapValidator(_somebody)]
    minutes: Given
    reason: Line = Field(default="", max_length=LONGEST_WORDS)


class OnceForm(Form):
    """`once` is made with the page, so that a second click gives nothing more."""

    once: Annotated[str, Field(min_length=8, max_length=64)] = Field(default_factory=secrets.token_urlsafe)


class GiftForm(OnceForm):
    minutes: Given
    reason: Line = Field(default="", max_length=LONGEST_WORDS)


class RecipientQuery(Form):
    """To whom: named by their page, or looked for."""

    membre: Id | None = None
    organisation: Id | None = None
    fonds: bool = False
    nom: Line = Field(default="", max_length=60)


class AccountQuery(PageQuery):
    """One's own account, or an organisation's whose hat one may wear."""

    organisation: Id | None = None


class PeriodQuery(Form):
    """A year, or a month of it; the current year when nothing is said."""

    organisation: Id | None = None
    annee: int | None = Field(default=None, ge=2000, le=2200)
    mois: int | None = Field(default=None, ge=1, le=12)


class AboveForm(Form):
    """What becomes of hours that one's account cannot keep."""

    above: Above


class LeavingForm(Form):
    """To whom one's hours go in the end: an organisation, or nobody for the solidarity fund."""

    organisation: Id | None = None


class PreferencesBody(Form):
    """What is not said stays; `left_to` null is the solidarity fund."""

    above_ceiling: Above | None = None
    left_to: Id | None = None


class ReasonForm(Form):
    """Why, in words that both sides will read."""

    reason: Text = Field(min_length=1, max_length=500)


class SolidarityForm(ReasonForm, OnceForm):
    """Hours from the fund."""

    minutes: Given


class SolidarityBody(ReasonForm):
    member: Id
    minutes: Given


class LimitsForm(ReasonForm):
    """How much may be owed, and kept."""

    owed: Annotated[Minutes, between(0, MOST_OWED)]
    kept: Annotated[Minutes, between(60, MOST_KEPT)]


class SealQuery(Form):
    """A transfer whose seal somebody kept on paper."""

    transfer: Id | None = None


class LookUpQuery(Form):
    q: Line = Field(default="", max_length=100)
