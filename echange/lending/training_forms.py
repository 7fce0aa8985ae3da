"""What a lender writes about trainings, and to whom one is given."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Line, Text
from echange.http.dates import today
from echange.http.moments import NearDay, instant_of
from echange.i18n import mark

FURTHEST: Final = timedelta(days=3660)
_PAGE: Final = re.compile(r"/membres/([A-Za-z0-9_.~-]{1,40})/?")


def _person(value: object) -> object:
    """Somebody's handle, out of the address that their QR code tells, or as it is typed."""
    words = str(value).strip()
    if "/" in words:
        found = _PAGE.fullmatch(urlsplit(words).path)
        return found[1] if found else words
    return words.removeprefix("@").strip()


def _ahead(value: date) -> date:
    if not today() <= value <= today() + FURTHEST:
        raise PydanticCustomError("until", mark("Choisissez un jour à venir, dans les dix ans."))
    return value


LastDay = Annotated[NearDay, AfterValidator(_ahead)]


class TrainingForm(Form):
    name: Annotated[Line, Field(min_length=2, max_length=80)]
    words: Annotated[Text, Field(max_length=2000)] = ""


class NewTrainingForm(TrainingForm):
    """The same for programs: of which lender."""

    lender: Id


class TrainingPatch(Form):
    """Only what is given."""

    name: Annotated[Line, Field(min_length=2, max_length=80)] | None = None
    words: Annotated[Text, Field(max_length=2000)] | None = None

    def given(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.model_dump(exclude_unset=True).items() if value is not None
        }


class GiveForm(Form):
    """`who`: a handle, the address of a page, or part of a name; `member` once chosen among several."""

    who: Annotated[Line, BeforeValidator(_person), Field(max_length=100)] = ""
    member: Id | None = None
    until: LastDay | None = None

    def ends_at(self) -> datetime | None:
        return end_of(self.until)


class GiveToForm(Form):
    """For programs: a member, and the last day it is good for."""

    member: Id
    until: LastDay | None = None

    def ends_at(self) -> datetime | None:
        return end_of(self.until)


def end_of(day: date | None) -> datetime | None:
    """The end of that day in town."""
    return None if day is None else instant_of(day + timedelta(days=1), time())
