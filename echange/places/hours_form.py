"""Opening hours as people write them, for any booking site: « 9 h – 12 h, 14 h – 18 h », day by day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlencode

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from echange import booking
from echange.http import Form, Invalid, Line
from echange.http.dates import today
from echange.http.moments import Hour, NearDay, instant_of
from echange.i18n import current_locale, mark
from echange.i18n import gettext as _

Who = Literal["desk", "office"]
Span = tuple[int, int]
DAY_FIELDS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPANS_AT_MOST: Final = 6
MIDNIGHT: Final = 1440
# Longer, or further away, is a slip of the hand.
LONGEST_CLOSURE: Final = timedelta(days=731)
CLOSED_AHEAD: Final = timedelta(days=3650)
CLOSED_BEFORE: Final = timedelta(days=31)
_SHUT: Final = frozenset({"", "-", "–", "—", "x", "fermé", "ferme", "fermée", "closed"})
_TIME: Final = r"([01]?[0-9]|2[0-4])\s*(?:[h:.]\s*([0-5][0-9])?)?"
_SPAN: Final = re.compile(rf"(?:de\s+|from\s+)?{_TIME}\s*(?:-|–|—|à|a|to|jusqu’à|jusqu'à)\s*{_TIME}", re.I)
_BETWEEN: Final = re.compile(r"\s*(?:[,;/+&]|\bet\b|\band\b|\bpuis\b)\s*", re.I)


def spans_of(words: str) -> list[Span]:
    """« 9 h – 12 h, 14 h – 18 h » as minutes since midnight, in order. Raises a sentence of ours."""
    text = " ".join(words.split())
    if text.casefold() in _SHUT:
        return []
    spans = sorted(_span(part) for part in _BETWEEN.split(text) if part)
    if len(spans) > SPANS_AT_MOST:
        raise PydanticCustomError("hours", mark("Six ouvertures par jour au plus."))
    for (_opens, closes), (opens, _closes) in pairwise(spans):
        if opens < closes:
            raise PydanticCustomError("hours", mark("Deux ouvertures se chevauchent : relisez ce jour."))
    return spans


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(part.strip())
    if found is None:
        raise PydanticCustomError(
            "hours", mark("Ces heures ne sont pas comprises. Écrivez par exemple 9 h – 12 h, 14 h – 18 h.")
        )
    opens, closes = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    if closes > MIDNIGHT or opens >= closes:
        raise PydanticCustomError(
            "hours", mark("La fermeture vient après l’ouverture. Ce qui suit minuit s’écrit le jour d’après.")
        )
    return opens, closes


def _minutes(hours: str, minutes: str | None) -> int:
    return int(hours) * 60 + int(minutes or 0)


def clock_words(minutes: int) -> str:
    """« 9 h », « 9 h 30 »; 9:30 in English. Minutes since midnight."""
    hours, rest = divmod(minutes, 60)
    if current_locale.get() == "en":
        return f"{hours}:{rest:02}"
    return f"{hours}\u00a0h\u00a0{rest:02}" if rest else f"{hours}\u00a0h"


def span_words(span: Span) -> str:
    """« 9 h – 12 h »."""
    return f"{clock_words(span[0])}\u00a0– {clock_words(span[1])}"


def day_words(spans: Sequence[Span]) -> str:
    """« 9 h – 12 h, 14 h – 18 h », as it is read again by `spans_of`."""
    return ", ".join(span_words(span) for span in spans)


def _understood(words: str) -> str:
    spans_of(words)
    return words


DayWords = Annotated[Line, Field(max_length=200), AfterValidator(_understood)]


class WeekForm(Form):
    """The hours of a week for the desk or the office, all the year or in a season."""

    who: Who = "desk"
    from_day: NearDay | None = None
    until_day: NearDay | None = None
    # The season that is rewritten, as it was when the form was shown.
    known: Literal["1", ""] = ""
    was_from: NearDay | None = None
    was_until: NearDay | None = None
    monday: DayWords = ""
    tuesday: DayWords = ""
    wednesday: DayWords = ""
    thursday: DayWords = ""
    friday: DayWords = ""
    saturday: DayWords = ""
    sunday: DayWords = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_day and self.until_day and self.until_day < self.from_day:
            raise PydanticCustomError("season", mark("La période finit avant de commencer."))
        return self

    @property
    def season(self) -> "Season":
        return Season(self.who, self.from_day, self.until_day)

    @property
    def was(self) -> "Season | None":
        return Season(self.who, self.was_from, self.was_until) if self.known else None

    def openings(self) -> list[booking.Opening]:
        """What is open in that season."""
        days = [spans_of(getattr(self, name)) for name in DAY_FIELDS]
        return [
            booking.Opening(weekday, opens, closes, self.who, self.from_day, self.until_day)
            for weekday, spans in enumerate(days)
            for opens, closes in spans
        ]


class SeasonQuery(Form):
    """Which week is meant; `new`: one there is not yet, `saison`: for a part of the year."""

    who: Who = "desk"
    from_day: NearDay | None = None
    until_day: NearDay | None = None
    new: Literal["1", ""] = ""
    saison: Literal["1", ""] = ""

    @property
    def season(self) -> "Season":
        return Season(self.who, self.from_day, self.until_day)


class ClosureForm(Form):
    """When it is closed: whole days, or from one hour to another."""

    label: Annotated[Line, Field(max_length=120)] = ""
    first_day: NearDay
    last_day: NearDay | None = None
    starts: Hour | None = None
    ends: Hour | None = None

    def period(self) -> booking.Period:
        """On the town's clock. Raises Invalid, NoSuchTime."""
        first, last = self.first_day, self.last_day or self.first_day
        if not today() - CLOSED_BEFORE <= first <= today() + CLOSED_AHEAD:
            raise Invalid({"first_day": [_("Cette date est trop loin d’aujourd’hui.")]})
        if not first <= last <= first + LONGEST_CLOSURE:
            raise Invalid({"last_day": [_("Le dernier jour vient après le premier, dans les deux ans.")]})
        start = instant_of(first, self.starts or time())
        end = instant_of(last, self.ends) if self.ends else instant_of(last + timedelta(days=1), time())
        if start >= end:
            raise Invalid({"ends": [_("La fin vient après le début.")]})
        return booking.Period(start.astimezone(UTC), end.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Season:
    """Whose hours, from one day to another, both included; None: without end on that side."""

    who: str
    from_day: date | None = None
    until_day: date | None = None

    @property
    def query(self) -> str:
        """As parameters of an address."""
        told = {"who": self.who, "from_day": self.from_day, "until_day": self.until_day}
        return urlencode({name: value for name, value in told.items() if value})

    @classmethod
    def of(cls, opening: booking.Opening) -> "Season":
        return cls(opening.who, opening.from_day, opening.until_day)


def seasons_of(openings: Sequence[booking.Opening]) -> list[Season]:
    """The seasons for which there are hours: the desk first, those of all the year first."""
    known = {Season.of(opening) for opening in openings}
    return sorted(
        known, key=lambda one: (one.who != "desk", one.from_day or date.min, one.until_day or date.max)
    )


def week_fields(openings: Sequence[booking.Opening], season: Season) -> dict[str, Any]:
    """A season's hours as the fields of its form."""
    days: dict[str, str] = {}
    for weekday, name in enumerate(DAY_FIELDS):
        mine = [one for one in openings if one.weekday == weekday and Season.of(one) == season]
        days[name] = day_words(sorted((one.opens, one.closes) for one in mine))
    told = {"from_day": season.from_day, "until_day": season.until_day}
    was = {"was_from": season.from_day, "was_until": season.until_day}
    dates = {name: day.isoformat() if day else "" for name, day in {**told, **was}.items()}
    return {"who": season.who, **dates, **days}


def laid_over(
    openings: Sequence[booking.Opening], was: Season | None, season: Season, week: Sequence[booking.Opening]
) -> list[booking.Opening]:
    """All hours, with this week in its season instead of what was said for `was`; inside the season it alone
    holds, and what it covered of others goes on before and after it. An empty week: that season is no more.
    """
    kept = _healed([one for one in openings if Season.of(one) != was], was) if was else list(openings)
    if not week:
        return kept
    parts: list[booking.Opening] = []
    for one in kept:
        parts += _cut(one, season) if one.who == season.who else [one]
    return [*parts, *week]


def _cut(one: booking.Opening, season: Season) -> list[booking.Opening]:
    """What of an opening lies before and after the season."""
    parts = []
    if season.from_day is not None and (one.from_day is None or one.from_day < season.from_day):
        last = season.from_day - timedelta(days=1)
        parts.append(_between(one, one.from_day, min(one.until_day or last, last)))
    if season.until_day is not None and (one.until_day is None or one.until_day > season.until_day):
        first = season.until_day + timedelta(days=1)
        parts.append(_between(one, max(one.from_day or first, first), one.until_day))
    return parts


def _healed(openings: list[booking.Opening], gone: Season) -> list[booking.Opening]:
    """Where a season ends that had cut another in two, both parts become one again; else the hours before
    it go on over its days.
    """
    before = Season(gone.who, *_ending(openings, gone))
    if gone.from_day is None or gone.until_day is None or before.until_day is None:
        return openings
    first_after = gone.until_day + timedelta(days=1)
    late = [one for one in openings if one.who == gone.who and one.from_day == first_after]
    early = [one for one in openings if Season.of(one) == before]
    whole = _plain(early) == _plain(late) and late != []
    last = late[0].until_day if whole else gone.until_day
    healed = [_between(one, one.from_day, last) for one in early]
    return [one for one in openings if one not in early and not (whole and one in late)] + healed


def _ending(openings: Sequence[booking.Opening], gone: Season) -> tuple[date | None, date | None]:
    if gone.from_day is None:
        return None, None
    eve = gone.from_day - timedelta(days=1)
    for one in openings:
        if one.who == gone.who and one.until_day == eve:
            return one.from_day, one.until_day
    return None, None


def _plain(openings: Sequence[booking.Opening]) -> set[tuple[int, int, int]]:
    return {(one.weekday, one.opens, one.closes) for one in openings}


def _between(one: booking.Opening, first: date | None, last: date | None) -> booking.Opening:
    return booking.Opening(one.weekday, one.opens, one.closes, one.who, first, last)
