"""Lengths of time in words, and read from words: whole minutes inside, « 1 h 30 » outside."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange.i18n import current_locale, mark
from echange.i18n import gettext as _

LONGEST: Final = 100_000
_HOURS: Final = r"(?:h|hs|heures?|hours?|hrs?)"
_MINUTES: Final = r"(?:min|mins|mn|m|minutes?)"
# Without the spaces that were in it, and with a full stop for a decimal comma.
_WRITTEN: Final = re.compile(
    rf"(?P<hours>\d{{1,4}})(?:{_HOURS}|:)(?:(?P<rest>\d{{1,2}})(?:{_MINUTES})?)?"
    rf"|(?P<part>\d{{1,4}}\.\d{{1,2}}){_HOURS}"
    rf"|(?P<minutes>\d{{1,6}})(?P<said>{_MINUTES})?"
)
_AMBIGUOUS_BELOW: Final = 10


def said(minutes: int) -> str:
    """« 1 h 30 », « 45 min », « −2 h »."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else ""
    if not hours:
        return f"{sign}{rest}\u00a0min"
    if current_locale.get() == "en":
        return f"{sign}{hours:,}\u00a0h" + (f"\u00a0{rest}\u00a0min" if rest else "")
    whole = f"{hours:,}".replace(",", "\u00a0")
    return f"{sign}{whole}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")


def read(value: object) -> object:
    """Minutes from « 1 h 30 », « 1h30 », « 1:30 », « 1,5 h », « 90 », « 45 min »; a number is minutes.

    Raises PydanticCustomError for anything else, also for « 2 », which may be hours to whoever writes it.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = re.sub(r"\s+", "", value).lower().replace(",", ".") if isinstance(value, str) else ""
    found = _WRITTEN.fullmatch(text)
    if found is None or int(found["rest"] or 0) >= 60:
        raise PydanticCustomError("duration", mark("Écrivez une durée, par exemple 1 h 30 ou 45 min."))
    if found["hours"]:
        return int(found["hours"]) * 60 + int(found["rest"] or 0)
    if found["part"]:
        return round(float(found["part"]) * 60)
    minutes = int(found["minutes"])
    if not found["said"] and 0 < minutes < _AMBIGUOUS_BELOW:
        raise PydanticCustomError(
            "duration", mark("Des heures ou des minutes ? Écrivez par exemple 2 h, ou 5 min.")
        )
    return minutes


Minutes = Annotated[int, BeforeValidator(read), Field(ge=0, le=LONGEST)]
"""A length of time; limits of one's own by `between`."""


def between(least: int, most: int) -> AfterValidator:
    """Limits for `Annotated[Minutes, between(5, 600)]`, told as lengths of time."""

    def check(minutes: int) -> int:
        if not least <= minutes <= most:
            sentence = _("Entre {least} et {most}.").format(least=said(least), most=said(most))
            raise PydanticCustomError("duration", sentence)
        return minutes

    return AfterValidator(check)
