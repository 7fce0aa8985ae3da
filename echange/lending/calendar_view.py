"""A month as a table of days: free, partly free, taken, closed, told apart by word and shape.

Pure: what is free was asked before.
"""

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from echange import booking
from echange.booking import Period
from echange.http.dates import DAYS, MONTHS, hour, long_day
from echange.i18n import current_locale, ngettext
from echange.i18n import gettext as _

Shape = Literal["free", "partly", "taken", "closed"]
Band = Literal["", "first", "middle", "last", "only"]
# From two of these on the word says which part of the day is free.
_SHAPES: Final[Mapping[str, Shape]] = {"free": "free", "partly": "partly", "taken": "taken"}
_MARKS: Final = {"free": "○", "partly": "◐", "taken": "×", "closed": "–"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A day. `word` on wide screens, `mark` on a phone, `label` aloud; `band` where it is chosen.

    `corner`: which part of a partly free day is taken.
    """

    day: date
    shape: Shape
    word: str
    mark: str
    label: str
    band: Band
    corner: Literal["", "start", "end"]
    can_press: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks of seven; None where a day is of another month. `before` and `after`: « 2026-11 », or empty."""

    name: str
    key: str
    before: str
    after: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell | None, ...], ...]


def first_of(day: date) -> date:
    return day.replace(day=1)


def last_of(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def month_of(
    first: date,
    days: Iterable[booking.Day],
    opened: Mapping[date, Sequence[Period]],
    *,
    today: date,
    chosen: tuple[date, date] | None,
    quantity: int,
    furthest: date,
) -> Month:
    """The month of `first`; `opened` are the opening hours of each day, `chosen` its first and last day."""
    known = {day.date: day for day in days}
    weeks = tuple(
        tuple(
            _cell(known[day], opened.get(day, ()), today, chosen, quantity) if day in known else None
            for day in week
        )
        for week in Calendar().monthdatescalendar(first.year, first.month)
        # At the end of a month nobody wants to read three weeks of « passé » first.
        if max(week) >= today or any(_band(day, chosen) for day in week)
    )
    names = DAYS[current_locale.get()]
    before, after = first - timedelta(days=1), last_of(first) + timedelta(days=1)
    return Month(
        name=f"{MONTHS[current_locale.get()][first.month - 1]} {first.year}",
        key=f"{first:%Y-%m}",
        before=f"{before:%Y-%m}" if before >= first_of(today) else "",
        after=f"{after:%Y-%m}" if after <= furthest else "",
        weekdays=tuple((name, f"{name[:3]}.") for name in names),
        weeks=tuple(week for week in weeks if any(week)),
    )


def _cell(
    day: booking.Day,
    opened: Sequence[Period],
    today: date,
    chosen: tuple[date, date] | None,
    quantity: int,
) -> Cell:
    shape = _SHAPES.get(day.state, "closed")
    band = _band(day.date, chosen)
    word, corner = _word(day, shape, opened)
    told = {"first": _("retrait"), "middle": _("à vous"), "last": _("retour"), "only": _("à vous")}.get(band)
    aloud = [long_day(day.date), _spoken(day, shape, word, quantity)]
    if told:
        aloud.append(_("votre choix : {what}").format(what=told))
    return Cell(
        day=day.date,
        shape=shape,
        word=told or word,
        mark="✓" if band else _MARKS[shape],
        label=", ".join(aloud),
        band=band,
        corner=corner,
        can_press=shape in {"free", "partly"},
        is_today=day.date == today,
    )


def _band(day: date, chosen: tuple[date, date] | None) -> Band:
    if chosen is None or not chosen[0] <= day <= chosen[1]:
        return ""
    if chosen[0] == chosen[1]:
        return "only"
    if day == chosen[0]:
        return "first"
    return "last" if day == chosen[1] else "middle"


def _word(
    day: booking.Day, shape: Shape, opened: Sequence[Period]
) -> tuple[str, Literal["", "start", "end"]]:
    if shape == "free":
        return _("libre"), ""
    if shape == "taken":
        return _("pris"), ""
    if shape == "closed":
        return {
            "past": _("passé"),
            "too_soon": _("trop tôt"),
            "too_far": _("trop loin"),
        }.get(day.state, _("fermé")), ""
    opens = opened[0].start if opened else None
    closes = opened[-1].end if opened else None
    if len(day.spans) == 1 and day.spans[0].end == closes:
        return _("dès {hour}").format(hour=hour(day.spans[0].start)), "start"
    if len(day.spans) == 1 and day.spans[0].start == opens:
        return _("avant {hour}").format(hour=hour(day.spans[0].end)), "end"
    return _("en partie"), "end"


def _spoken(day: booking.Day, shape: Shape, word: str, quantity: int) -> str:
    if shape == "free" and (day.free > 1 or quantity > 1):
        return ngettext("{n} libre", "{n} libres", day.free).format(n=day.free)
    return _("libre {when}").format(when=word) if shape == "partly" else word
