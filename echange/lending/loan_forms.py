"""What programs write about loans."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.booking import Period
from echange.http import Form, Id, Line, PageQuery, Text
from echange.http.moments import Day, Instant
from echange.i18n import mark
from echange.lending.life import State

LONGEST_PURPOSE: Final = 300
LONGEST_WORDS: Final = 1000
MOST: Final = 1000
MOST_PARTS: Final = 30
DAYS_AT_MOST: Final = 100


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("quantity", mark("Écrivez un nombre."))
    return value


Quantity = Annotated[int, BeforeValidator(_no_truth), Field(ge=1, le=MOST)]
Purpose = Annotated[Line, Field(max_length=LONGEST_PURPOSE)]
Words = Annotated[Text, Field(max_length=LONGEST_WORDS)]
Reason = Annotated[Text, Field(min_length=1, max_length=LONGEST_WORDS)]
Parts = Annotated[tuple[Id, ...], Field(max_length=MOST_PARTS)]


def _of_our_time(at: date) -> None:
    if not 2000 <= at.year < 2200:
        raise PydanticCustomError("instant", mark("Cette date est trop loin."))


def _day(day: date) -> date:
    _of_our_time(day)
    return day


def _instant(at: datetime) -> datetime:
    _of_our_time(at)
    return at.astimezone(UTC)


OurDay = Annotated[Day, AfterValidator(_day)]
"""A day that calendars can reckon with."""
OurInstant = Annotated[Instant, AfterValidator(_instant)]
"""The same of an instant, in UTC."""


class WindowForm(Form):
    """From when until when."""

    start: OurInstant
    end: OurInstant

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class LoanForm(WindowForm):
    """`parts`: optional items of a kit, by their ids. With `hold` it is kept ten minutes, to be confirmed."""

    quantity: Quantity = 1
    parts: Parts = ()
    purpose: Purpose = ""
    hold: bool = False


class ChangeForm(Form):
    """Only what is to change."""

    start: OurInstant | None = None
    end: OurInstant | None = None
    quantity: Quantity | None = None
    parts: Parts | None = None


class ProposalForm(WindowForm):
    words: Words = ""


class PurposeForm(Form):
    purpose: Purpose = ""


class WordsForm(Form):
    """A word of explanation, if one likes."""

    reason: Words = ""


class ReasonForm(Form):
    reason: Reason


class RenewalForm(Form):
    end: OurInstant


class LoansQuery(PageQuery):
    """Mine; with `lender` those of a lender that I manage."""

    lender: Id | None = None
    item: Id | None = None
    state: State | None = None


def _bound(value: object) -> object:
    """A day, or an instant with its offset."""
    words = str(value).strip()
    if isinstance(value, bool) or not words:
        raise PydanticCustomError(
            "bound", mark("Écrivez une date, ou une date et une heure avec leur fuseau.")
        )
    try:
        if len(words) == 10 and words[:2] in {"20", "21"}:
            return date.fromisoformat(words)
        # In an address « + » is a space.
        at = datetime.fromisoformat(words.replace(" ", "+") if words.count(" ") == 1 else words)
    except ValueError as error:
        raise PydanticCustomError(
            "bound", mark("Écrivez une date, ou une date et une heure avec leur fuseau.")
        ) from error
    if at.tzinfo is None:
        raise PydanticCustomError(
            "bound", mark("Écrivez une date, ou une date et une heure avec leur fuseau.")
        )
    return _instant(at)


Bound = Annotated[Any, BeforeValidator(_bound)]
"""A date or an aware datetime."""


class AvailabilityQuery(Form):
    """Two days, or two instants; without them thirty days from today on."""

    start: Bound | None = Field(default=None, alias="from")
    end: Bound | None = Field(default=None, alias="to")
    quantity: Annotated[int, Field(ge=1, le=MOST)] = 1
    parts: list[Id] = Field(default_factory=list, max_length=MOST_PARTS)


WEEKS_SHOWN: Final = timedelta(days=30)
Board = Literal["a-decider", "a-preparer", "sortis", "en-retard", "a-regler"]
