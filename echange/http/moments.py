"""Days and hours as people and programs write them, on the town's clock."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, ClassVar, Final, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from echange.http.dates import town_zone
from echange.http.refusals import Refusal
from echange.i18n import mark

Moment = TypeVar("Moment", bound=date)
_HOUR: Final = re.compile(r"([01]?[0-9]|2[0-3])\s*(?:[h:]\s*([0-5][0-9])?)?(?::[0-5][0-9])?", re.IGNORECASE)


class NoSuchTime(Refusal):
    """The clocks are put forward over this hour."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark(
        "Cette heure n’existe pas ce jour-là : on avance les montres. Choisissez-en une autre."
    )


def instant_of(day: date, hour: time) -> datetime:
    """When the town's clock shows this; the first time where it shows it twice. Raises NoSuchTime."""
    zone = town_zone.get()
    at = datetime.combine(day, hour, zone)
    # PEP 495: a time in the gap comes back as another one.
    if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != datetime.combine(day, hour):
        raise NoSuchTime
    return at


def _reckonable(at: Moment) -> Moment:
    """Far enough from the first and the last year for a day more or another zone. Raises ValueError."""
    if not 1000 <= at.year <= 9000:
        raise ValueError(at)
    return at


def _near(day: date) -> date:
    try:
        return _reckonable(day)
    except ValueError as error:
        raise PydanticCustomError("day", mark("Écrivez une date, par exemple 28/11/2026.")) from error


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
        return _reckonable(datetime.fromisoformat(value))
    except ValueError as error:
        raise PydanticCustomError(
            "instant", mark("Écrivez une date et une heure, avec leur fuseau.")
        ) from error


Day = Annotated[date, BeforeValidator(_day)]
"""A day, from a form."""
NearDay = Annotated[Day, AfterValidator(_near)]
"""A day that one can reckon with: some days more, another zone."""
Hour = Annotated[time, BeforeValidator(_hour)]
"""A time of the day, from a form."""
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
"""An instant in RFC 3339 with its offset, from a program."""
