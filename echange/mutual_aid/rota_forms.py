"""What people write about rotas, from the screens and from the API."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Line
from echange.http.dates import today
from echange.http.durations import said
from echange.http.moments import Day, Hour
from echange.i18n import mark
from echange.mutual_aid.forms import Lasting, People
from echange.mutual_aid.rota_terms import Coming, Terms

FURTHEST: Final = timedelta(days=730)
Role = Annotated[Line, Field(max_length=60)]
Reason = Annotated[Line, Field(max_length=300)]
Weekday = Annotated[int, Field(ge=0, le=6)]


class SlotForm(Form):
    """A weekly slot, on a screen and from a program: `weekday` 0 is Monday, `starts` on the town's clock."""

    weekday: Weekday
    starts: Hour
    minutes: Lasting
    people: People = 1
    role: Role = ""
    first_day: Day = Field(default_factory=today)
    last_day: Day | None = None
    coming: Coming = "ask"
    reason: Reason = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day is not None and self.last_day < self.first_day:
            raise PydanticCustomError("days", mark("La fin vient après le début."))
        if max(self.first_day, self.last_day or self.first_day) > today() + FURTHEST:
            raise PydanticCustomError("days", mark("Choisissez des jours dans les deux ans."))
        return self

    def terms(self) -> Terms:
        return Terms(
            weekday=self.weekday,
            starts=self.starts.hour * 60 + self.starts.minute,
            minutes=self.minutes,
            people=self.people,
            role=self.role,
            first_day=self.first_day,
            last_day=self.last_day,
        )


class EndForm(Form):
    """What becomes of the shifts that somebody comes to, and why."""

    coming: Coming = "ask"
    reason: Reason = ""


class CancelForm(Form):
    reason: Annotated[Reason, Field(min_length=1)]


class MemberForm(Form):
    member: Id


class MemberQuery(Form):
    """`?membre=12`: about whom the question is."""

    membre: Id


class AnswerForm(Form):
    answer: Literal["yes", "no"]


class ShiftsQuery(Form):
    """`?from=&to=`, both included; five weeks from today when not told."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")


def values_of(terms: Terms) -> dict[str, object]:
    """What the fields say of a slot told before."""
    return {
        "weekday": terms.weekday,
        "starts": f"{terms.hour:%H:%M}",
        "minutes": said(terms.minutes),
        "people": terms.people,
        "role": terms.role,
        "first_day": _iso(terms.first_day),
        "last_day": _iso(terms.last_day),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
