"""How long a loan lasts, in the words of those who lend: « 7 jours », « 2 semaines », « 1 h 30 »."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.http import durations
from echange.i18n import mark, ngettext

DAY: Final = 1440
YEAR: Final = 366 * DAY
_DAYS: Final = re.compile(
    r"(?P<n>[0-9]{1,3})\s*(?P<unit>j|jours?|days?|sem|semaines?|weeks?|mois|months?)", re.I
)
_IN_DAYS: Final = {"j": 1, "d": 1, "s": 7, "w": 7, "m": 30}


def read_length(value: object) -> object:
    """Minutes from « 7 jours », « 2 semaines », « 1 mois » (30 days), « 1 h 30 », « 45 min »; a number is
    minutes. Raises PydanticCustomError for anything else.
    """
    found = _DAYS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is not None:
        return int(found["n"]) * _IN_DAYS[found["unit"][0].lower()] * DAY
    try:
        return durations.read(value)
    except PydanticCustomError as error:
        raise PydanticCustomError(
            "length", mark("Écrivez une durée, par exemple 7 jours, 2 h ou 45 min.")
        ) from error


def length_said(minutes: int | None) -> str:
    """« 7 jours », « 2 h »; "" for None."""
    if minutes is None:
        return ""
    days, rest = divmod(minutes, DAY)
    if days and not rest:
        return ngettext("{n} jour", "{n} jours", days).format(n=days)
    return durations.said(minutes)


Length = Annotated[int, BeforeValidator(read_length), Field(ge=1, le=YEAR)]
"""A length in minutes, as people write it."""
Gap = Annotated[int, BeforeValidator(read_length), Field(ge=0, le=14 * DAY)]
"""Time kept free around a loan, in minutes."""
