"""Opening hours of a booking site in words: a week, whether it is open now, what is closed next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from echange import booking
from echange.http import NotFound, dates
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.places.hours_form import clock_words, day_words

DAY: Final = timedelta(days=1)
# Further away, the day is named.
LOOKED_AHEAD: Final = timedelta(days=60)
CLOSURES_AHEAD: Final = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of the week with its hours in words, "" when it stays closed."""

    name: str
    words: str
    today: bool


@dataclass(frozen=True, slots=True)
class OpenState:
    """`kind`: open, soon (opens later), closed (not for long), appointment."""

    kind: str
    words: str

    @property
    def is_open(self) -> bool:
        return self.kind == "open"


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """A closure to come, in words."""

    id: int
    label: str
    words: str
    imported: bool


async def state_at(site_id: int, at: datetime) -> OpenState:
    """Whether a site is open to people at that instant, and until or from when. Raises NotFound."""
    states = await states_at([site_id], at)
    if site_id not in states:
        raise NotFound
    return states[site_id]


async def states_at(site_ids: Iterable[int], at: datetime) -> dict[int, OpenState]:
    """The same of several sites, in one look."""
    found = await booking.hours_of_sites(site_ids, booking.Period(at, at + LOOKED_AHEAD))
    near = booking.Period(at - DAY, at + LOOKED_AHEAD)
    return {
        site_id: state_of(hours.between(near), at, by_appointment=hours.by_appointment)
        for site_id, hours in found.items()
    }


async def closures_to_come(site_id: int, at: datetime) -> list[ClosureLine]:
    """What closes a site from now on, within two years."""
    coming = await booking.closures(site_id, booking.Period(at, at + CLOSURES_AHEAD))
    return [ClosureLine(one.id, one.label, span_said(one.period), one.imported) for one in coming]


def week_of(openings: Sequence[booking.Opening], today: date, who: str = "desk") -> list[DayLine]:
    """From Monday to Sunday, as each day will be the next time it comes."""
    names = dates.DAYS[current_locale.get()]
    lines = []
    for weekday, name in enumerate(names):
        day = today + timedelta(days=(weekday - today.weekday()) % 7)
        spans = sorted((one.opens, one.closes) for one in openings if one.who == who and one.holds_on(day))
        lines.append(DayLine(name, day_words(spans), day == today))
    return lines


def state_of(opened: Sequence[booking.Period], at: datetime, *, by_appointment: bool) -> OpenState:
    """Whether it is open at that instant, and until or from when; `opened` in order, from then on."""
    if by_appointment:
        return OpenState("appointment", _("Sur rendez-vous"))
    current = next((one for one in opened if one.start <= at < one.end), None)
    if current is not None:
        return OpenState("open", _("Ouvert jusqu’à {hour}").format(hour=short_clock(current.end)))
    coming = next((one for one in opened if one.start > at), None)
    if coming is None:
        return OpenState("closed", _("Fermé pour l’instant"))
    return OpenState("soon", opens_words(coming.start, at))


def opens_words(opens: datetime, at: datetime) -> str:
    """« Ouvre à 14 h », « Ouvre demain à 9 h », « Ouvre samedi à 9 h », « Ouvre le 3 janvier à 9 h »."""
    hour = short_clock(opens)
    days = (dates.local(opens).date() - dates.local(at).date()).days
    if days == 0:
        return _("Ouvre à {hour}").format(hour=hour)
    if days == 1:
        return _("Ouvre demain à {hour}").format(hour=hour)
    if days < 7:
        return _("Ouvre {day} à {hour}").format(day=dates.weekday(dates.local(opens).date()), hour=hour)
    return _("Ouvre {day} à {hour}").format(day=dates.day(opens), hour=hour)


def span_said(period: booking.Period) -> str:
    """« samedi 28 novembre », « du 1er au 3 mai », « mardi 5 mai, 9 h – 12 h »."""
    start, end = dates.local(period.start), dates.local(period.end)
    first, last = start.date(), (end - timedelta(microseconds=1)).date()
    whole = start.time() == end.time() == datetime.min.time()
    if whole and first == last:
        return dates.day(first)
    if whole:
        return _("de {first} à {last}").format(first=dates.day(first), last=dates.day(last))
    if first == last:
        hours = f"{short_clock(period.start)}\u00a0– {short_clock(period.end)}"
        return f"{dates.day(first)}, {hours}"
    return _("de {first}, {starts}, à {last}, {ends}").format(
        first=dates.day(first),
        starts=short_clock(period.start),
        last=dates.day(end.date()),
        ends=short_clock(period.end),
    )


def short_clock(instant: datetime) -> str:
    """« 9 h », « 9 h 30 »."""
    at = dates.local(instant)
    return clock_words(at.hour * 60 + at.minute)
