"""What people write about a promise, from the screens and from the API."""

import re
from datetime import date, datetime, time
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import Form, Id, Line
from echange.http.dates import town_zone
from echange.i18n import mark

_HOUR: Final = re.compile(r"([01]?[0-9]|2[0-3])\s*(?:[h:]\s*([0-5][0-9])?)?(?::[0-5][0-9])?", re.IGNORECASE)


def _day(value: object) -> date:
    """A day as browsers send it, or as one writes it: 2026-11-28, 28/11/2026."""
    words = str(value).strip()
    if words.count("/") == 2:
        words = "-".join(part.zfill(2) for part in reversed(words.split("/")))
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise PydanticCustomError("day", mark("Écrivez une date, par exemple 28/11/2026.")) from error


def _hour(value: object) -> time:
    """10:30, 10 h 30, 10h."""
    found = _HOUR.fullmatch(str(value).strip())
    if found is None:
        raise PydanticCustomError("hour", mark("Écrivez une heure, par exemple 10 h 30."))
    return time(int(found[1]), int(found[2] or 0))


def _instant(value: object) -> object:
    # Numbers would be read as seconds since 1970.
    if not isinstance(value, str):
        raise PydanticCustomError("instant", mark("Écrivez une date et une heure, avec leur fuseau."))
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError(
            "instant", mark("Écrivez une date et une heure, avec leur fuseau.")
        ) from error


Place = Annotated[Line, Field(min_length=1, max_length=200)]


class ReserveForm(Form):
    """For whom: by their answer, or by the member themselves."""

    answer: Id | None = None
    member: Id | None = None


class MeetingForm(Form):
    """A day and an hour on the town's clock, and a place."""

    day: Annotated[date, BeforeValidator(_day)]
    hour: Annotated[time, BeforeValidator(_hour)]
    where: Place

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, self.hour, town_zone.get())


class MeetingIn(Form):
    """The same for programmes: `at` in RFC 3339 with its offset."""

    at: Annotated[AwareDatetime, BeforeValidator(_instant)]
    where: Place
