"""What somebody has chosen on a thing's page so far: days, hours, how many; and whether that can be had."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from echange import booking
from echange.booking import Period
from echange.http import Form, Id, Line, Refusal, Viewer
from echange.http.dates import MONTHS, local, now, today
from echange.http.moments import Day, Hour, NoSuchTime, instant_of
from echange.i18n import current_locale, mark
from echange.lending import loan_refusals, refusing
from echange.lending.calendar_view import Month, first_of, last_of, month_of
from echange.lending.loan_forms import MOST, MOST_PARTS
from echange.lending.models.item import Item
from echange.lending.pickup_times import Slot, hours_of_day, slots_of
from echange.lending.wishing import Wish, wanted_of

MONTHS_AHEAD: Final = 18
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def _month(value: object) -> date:
    found = _MONTH.fullmatch(str(value))
    if found is None:
        raise PydanticCustomError("month", mark("Choisissez une des réponses proposées."))
    return date(int(found[1]), int(found[2]), 1)


def _of_our_time(day: date) -> date:
    if not 2000 <= day.year < 2200:
        raise PydanticCustomError("day", mark("Écrivez une date, par exemple 28/11/2026."))
    return day


OurDay = Annotated[Day, AfterValidator(_of_our_time)]


class ChoiceQuery(Form):
    """`jour` is the button of a day: the first or the last of the loan, whichever is still to choose.

    `heures`: of which days the hours were chosen.
    """

    mois: Annotated[date, BeforeValidator(_month)] | None = None
    du: OurDay | None = None
    au: OurDay | None = None
    jour: OurDay | None = None
    retrait: Hour | None = None
    retour: Hour | None = None
    heures: Annotated[Line, Field(max_length=30)] = ""
    nombre: Annotated[int, Field(ge=1, le=MOST)] = 1
    avec: list[Id] = Field(default_factory=list, max_length=MOST_PARTS)


@dataclass
class Choice:
    """All that a calendar shows. `period` once days and hours are chosen, `refusal` where a rule says no
    to it, with its `instead`.
    """

    month: Month
    query: ChoiceQuery
    period: Period | None = None
    refusal: Refusal | None = None
    instead: Sequence[refusing.Alternative] = ()
    pickups: Sequence[Slot] = ()
    returns: Sequence[Slot] = ()
    free: int | None = None

    @property
    def is_good(self) -> bool:
        return self.period is not None and self.refusal is None

    @property
    def any_period(self) -> Period:
        """The window chosen, else the day to come: to ask who may, whenever it be."""
        return self.period or Period(now(), now() + timedelta(days=1))

    @property
    def said(self) -> str:
        """« 11 – 15 décembre »; the days chosen so far, in short."""
        du, au = self.query.du, self.query.au
        months = MONTHS[current_locale.get()]
        if du is None or au is None or du == au:
            return f"{du.day} {months[du.month - 1]}" if du else ""
        first = (
            str(du.day) if (du.year, du.month) == (au.year, au.month) else f"{du.day} {months[du.month - 1]}"
        )
        return f"{first} – {au.day} {months[au.month - 1]}"

    def address(self, **changes: object) -> str:
        """The choice as parameters of an address, but for what `changes` says."""
        return address_of(self.query, **changes)


def address_of(query: ChoiceQuery, **changes: object) -> str:
    """« ?du=2026-12-11&au=2026-12-15 »"""
    said: dict[str, object] = {
        "mois": f"{query.mois:%Y-%m}" if query.mois else None,
        "du": query.du,
        "au": query.au,
        "retrait": f"{query.retrait:%H:%M}" if query.retrait else None,
        "retour": f"{query.retour:%H:%M}" if query.retour else None,
        "nombre": query.nombre if query.nombre > 1 else None,
        "avec": query.avec,
        **changes,
    }
    return "?" + urlencode([(name, one) for name, value in said.items() for one in _values(value)])


def query_for(period: Period, quantity: int = 1, parts: Sequence[int] = ()) -> ChoiceQuery:
    """The choice of this very window."""
    start, end = local(period.start), local(period.end)
    return ChoiceQuery(
        mois=f"{start:%Y-%m}",
        du=start.date(),
        au=end.date(),
        retrait=_hour(start),
        retour=_hour(end),
        nombre=quantity,
        avec=list(parts),
    )


def window_address(period: Period, quantity: int = 1, parts: Sequence[int] = ()) -> str:
    """The address that shows it."""
    return address_of(query_for(period, quantity, parts))


def resolved(query: ChoiceQuery) -> ChoiceQuery:
    """With the button of a day pressed, the days in order, and no hours left that were chosen for others."""
    du, au, mois = query.du, query.au, query.mois
    if query.jour is not None:
        if du is None or au is not None or query.jour < du:
            du, au = query.jour, None
        else:
            au = query.jour
    else:
        du, au = (au, du) if du and au and au < du else (du or au, au if du else None)
        if query.heures and query.heures != _days_said(query.du, query.au):
            # Typed into the fields: show where that is.
            mois = None
    stale = bool(query.heures) and query.heures != _days_said(du, au)
    hours = {"retrait": None, "retour": None} if stale else {}
    return query.model_copy(update={"jour": None, "heures": "", "mois": mois, "du": du, "au": au, **hours})


def _days_said(du: date | None, au: date | None) -> str:
    return f"{du or ''}_{au or ''}"


async def choice_of(
    item: Item,
    query: ChoiceQuery,
    viewer: Viewer | None,
    *,
    besides: int | None = None,
    staff: bool = False,
) -> Choice | None:
    """What this choice comes to; `besides` is the booking that it changes. None without anything to lend."""
    query = resolved(query)
    wish = Wish(item, _NEVER, query.nombre, tuple(query.avec) if item.is_kit else ())
    try:
        wanted = await wanted_of(item, wish.quantity, wish.parts)
    except loan_refusals.NotForLoan:
        # A kit of which a part is lent no more.
        return None
    if not wanted:
        return None
    first = _shown_month(query)
    until = max(last_of(first), query.au or first) + timedelta(days=2)
    span = Period(now(), datetime.combine(until, time(), UTC))
    diary = await booking.diary_of(wanted, span, staff=staff, besides=besides)
    choice = Choice(_month_shown(diary, first, query), query)
    if query.du and query.au:
        _choose_hours(choice, diary, query.du, query.au)
    if choice.refusal is not None and choice.period is not None and viewer is not None:
        choice.instead = await refusing.alternatives(wish.at(choice.period), viewer, besides=besides)
    return choice


_NEVER: Final = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 2, tzinfo=UTC))


def _month_shown(diary: booking.Diary, first: date, query: ChoiceQuery) -> Month:
    days = [first + timedelta(days=n) for n in range((last_of(first) - first).days + 1)]
    return month_of(
        first,
        [diary.day(day) for day in days],
        {day: diary.opened(day) for day in days},
        today=today(),
        chosen=(query.du, query.au or query.du) if query.du else None,
        quantity=query.nombre,
        furthest=_furthest(),
    )


def _choose_hours(choice: Choice, diary: booking.Diary, du: date, au: date) -> None:
    """The hours of both days, and the window that the chosen ones make."""
    step, query = diary.rules.step, choice.query
    starts = hours_of_day(diary.opened(du), step=step, ends=False)
    ends = hours_of_day(diary.opened(au), step=step, ends=True)
    free_from, free_to = diary.day(du).spans, diary.day(au).spans
    start = end = None
    try:
        start = instant_of(du, query.retrait) if query.retrait else None
        end = instant_of(au, query.retour) if query.retour else None
    except NoSuchTime as refusal:
        choice.refusal = refusal
    else:
        pickups = [start] if start else _ends_of(slots_of(starts, free_from, None, ends=False))
        returns = [end] if end else _ends_of(slots_of(ends, free_to, None, ends=True))[::-1]
        choice.period, choice.refusal = _first_to_be_had(diary, pickups, returns)
    if choice.period is not None:
        start, end = choice.period.start, choice.period.end
        choice.query = query.model_copy(update={"retrait": _hour(start), "retour": _hour(end)})
        choice.free = diary.sets(choice.period)
    choice.pickups = slots_of(starts, free_from, start, ends=False)
    choice.returns = slots_of(ends, free_to, end, ends=True)


def _ends_of(slots: Sequence[Slot]) -> list[datetime]:
    """The first and the last free hour; the same of all where none is free."""
    free = [one.at for one in slots if one.is_free] or [one.at for one in slots]
    return list(dict.fromkeys([*free[:1], *free[-1:]]))


def _first_to_be_had(
    diary: booking.Diary, pickups: Sequence[datetime], returns: Sequence[datetime]
) -> tuple[Period | None, Refusal | None]:
    """The first pair of these hours that can be had, else the first with what says no to it."""
    refused: tuple[Period | None, Refusal | None] = (None, None)
    for start in pickups:
        for end in returns:
            period = Period(start.astimezone(UTC), end.astimezone(UTC))
            refusal = diary.refusal(period)
            if refusal is None:
                return period, None
            if refused[0] is None:
                refused = (period, refusal)
    return refused


def _shown_month(query: ChoiceQuery) -> date:
    first = query.mois or first_of(query.du or today())
    return min(max(first, first_of(today())), _furthest())


def _furthest() -> date:
    return first_of(today() + timedelta(days=31 * MONTHS_AHEAD))


def _hour(at: datetime) -> time:
    return local(at).time().replace(second=0, microsecond=0)


def _values(value: object) -> list[object]:
    if isinstance(value, list):
        return list(value)
    return [] if value is None else [value]
