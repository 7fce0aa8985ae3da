"""What is used on the spot for some hours: a week of days, and of one day from when until when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from echange import booking
from echange.booking import Period, Rules
from echange.http import Refusal, Viewer
from echange.http.dates import DAYS, hour, local, long_day, now, today
from echange.http.moments import NoSuchTime, instant_of
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.lending import refusing
from echange.lending.choosing import ChoiceQuery, address_of
from echange.lending.models.item import Item
from echange.lending.wishing import Wish, wanted_of

DAY: Final = timedelta(days=1)
LOOKED_AHEAD: Final = timedelta(days=14)
FURTHEST: Final = timedelta(days=560)
ENDS_AT_MOST: Final = 48
USUAL: Final = timedelta(hours=1)
ONE_DAY: Final = 1440
# Minutes between two hours shown where its rules name no step.
EVERY: Final = 30
_OPEN: Final = frozenset({"free", "partly", "taken"})


@dataclass(frozen=True, slots=True)
class DayLink:
    """A day; `shape` as in a month: free, partly, taken, closed. `url` is "" where it is shut."""

    key: str
    weekday: str
    number: int
    word: str
    label: str
    shape: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class HourLink:
    """An hour to begin or to end at, « 9 h 30 »; `url` is "" where it is taken."""

    words: str
    key: str
    url: str
    is_chosen: bool


@dataclass
class SlotChoice:
    """All that the page shows. `period` once a start is chosen, `refusal` where a rule says no to it."""

    query: ChoiceQuery
    day: date
    days: Sequence[DayLink] = ()
    before: str = ""
    after: str = ""
    starts: Sequence[HourLink] = ()
    ends: Sequence[HourLink] = ()
    period: Period | None = None
    refusal: Refusal | None = None
    instead: Sequence[refusing.Alternative] = field(default=())
    free: int | None = None
    by_slots: bool = True

    @property
    def is_good(self) -> bool:
        return self.period is not None and self.refusal is None

    @property
    def any_period(self) -> Period:
        """The window chosen, else the hour to come: to ask who may, whenever it be."""
        return self.period or Period(now(), now() + USUAL)

    def address(self, **changes: object) -> str:
        """The choice as parameters of an address, but for what `changes` says."""
        return address_of(self.query, **changes)


def goes_by_slots(item: Item, rules: Rules | None) -> bool:
    """Whether it is used on the spot, for hours rather than days."""
    if rules is None or not item.on_the_spot:
        return False
    return not rules.spans or (rules.max_minutes is not None and rules.max_minutes <= ONE_DAY)


async def slot_choice_of(
    item: Item, query: ChoiceQuery, viewer: Viewer | None, *, besides: int | None = None
) -> SlotChoice:
    """What this choice comes to; `besides` is the booking that it changes."""
    wanted = await wanted_of(item)
    asked = query.jour or query.du
    furthest = min(max(asked or today(), today()), today() + FURTHEST) + LOOKED_AHEAD
    span = Period(now(), datetime.combine(furthest, time(), UTC))
    diary = await booking.diary_of(wanted, span, besides=besides)
    day = min(asked, today() + FURTHEST) if asked else _first_open(diary)
    choice = SlotChoice(_asked(query, day, keep=query.jour is None), day)
    _choose(choice, diary)
    _show_week(choice, diary)
    if choice.refusal is not None and choice.period is not None and viewer is not None:
        choice.instead = await refusing.alternatives(Wish(item, choice.period), viewer, besides=besides)
    return choice


def _first_open(diary: booking.Diary) -> date:
    days = (today() + n * DAY for n in range(LOOKED_AHEAD.days))
    return next((day for day in days if diary.day(day).state in {"free", "partly"}), today())


def _asked(query: ChoiceQuery, day: date, *, keep: bool) -> ChoiceQuery:
    """The query of that day; hours that were chosen for another day are forgotten."""
    keep = keep and query.du == day
    hours = {} if keep else {"retrait": None, "retour": None, "au": None}
    told: dict[str, object] = {
        "mois": None, "jour": None, "heures": "", "du": day, "nombre": 1, "avec": []
    }  # fmt: skip
    return query.model_copy(update={**told, **hours})


def _choose(choice: SlotChoice, diary: booking.Diary) -> None:
    query, rules = choice.query, diary.rules
    step = timedelta(minutes=rules.step or EVERY)
    shortest = -(-timedelta(minutes=rules.min_minutes) // step) * step
    slots = diary.slots(choice.day, int(shortest.total_seconds() // 60))
    start = end = None
    try:
        start = instant_of(choice.day, query.retrait).astimezone(UTC) if query.retrait else None
        end = _end_of(choice.day, query, start)
    except NoSuchTime as refusal:
        choice.refusal = refusal
    if start is not None:
        ends = _ends_after(diary, start, step, shortest)
        if end is None:
            end = _usual_end(start, ends) or start + shortest
        choice.period = Period(start, end)
        choice.refusal = diary.refusal(choice.period)
        choice.free = diary.sets(choice.period)
        choice.query = query.model_copy(update=_hours_of(choice.period))
        shown = dict(ends) if end in dict(ends) else {**dict(ends), end: choice.refusal is None}
        choice.ends = [
            _hour(choice, "a", at, at == end, free=free, **_hours_of(Period(start, at)))
            for at, free in sorted(shown.items())
        ]
    begin = {slot.period.start: slot.free for slot in slots}
    if start is not None:
        begin.setdefault(start, choice.refusal is None)
    choice.starts = [
        _hour(choice, "de", at, at == start, free=free, retrait=f"{local(at):%H:%M}", retour=None, au=None)
        for at, free in sorted(begin.items())
    ]


def _end_of(day: date, query: ChoiceQuery, start: datetime | None) -> datetime | None:
    if start is None or query.retour is None:
        return None
    last = query.au if query.au and day <= query.au <= day + DAY else day
    end = instant_of(last, query.retour).astimezone(UTC)
    if end <= start and query.retour == time() and last == day:
        end = instant_of(day + DAY, time()).astimezone(UTC)
    return end if end > start else None


def _ends_after(
    diary: booking.Diary, start: datetime, step: timedelta, shortest: timedelta
) -> list[tuple[datetime, bool]]:
    """When a use that begins then may end, each with whether it can; as long as it is open."""
    rules = diary.rules
    longest = timedelta(minutes=min(rules.max_minutes or ONE_DAY, ONE_DAY))
    shuts = max((one.end for one in diary.opened(local(start).date()) if one.start <= start), default=start)
    found = []
    for n in range(ENDS_AT_MOST):
        end = start + shortest + n * step
        if end - start > longest or end > shuts:
            break
        found.append((end, diary.refusal(Period(start, end)) is None))
    return found


def _usual_end(start: datetime, ends: Sequence[tuple[datetime, bool]]) -> datetime | None:
    free = [end for end, is_free in ends if is_free]
    return next((end for end in free if end - start >= USUAL), free[-1] if free else None)


def _hours_of(period: Period) -> dict[str, object]:
    start, end = local(period.start), local(period.end)
    hours = {"retrait": start.time().replace(second=0, microsecond=0, tzinfo=None)}
    return {**hours, "retour": end.time().replace(second=0, microsecond=0, tzinfo=None), "au": end.date()}


def _hour(
    choice: SlotChoice, name: str, at: datetime, chosen: bool, *, free: bool, **changes: object
) -> HourLink:
    said = {key: f"{value:%H:%M}" if isinstance(value, time) else value for key, value in changes.items()}
    url = choice.address(**said) if free or chosen else ""
    return HourLink(hour(at), f"{name}-{local(at):%H%M}", url, chosen)


def _show_week(choice: SlotChoice, diary: booking.Diary) -> None:
    monday = choice.day - timedelta(days=choice.day.weekday())
    week = [monday + n * DAY for n in range(7)]
    choice.days = [_day(choice, day, diary.day(day)) for day in week]
    if monday > today():
        choice.before = _address_of_day(max(monday - DAY, today()))
    if monday + 7 * DAY <= today() + FURTHEST:
        choice.after = _address_of_day(monday + 7 * DAY)


def _day(choice: SlotChoice, day: date, seen: booking.Day) -> DayLink:
    shape = seen.state if seen.state in _OPEN else "closed"
    word = {"free": _("libre"), "partly": _("en partie"), "taken": _("pris")}.get(shape, _shut_word(seen))
    is_chosen = day == choice.day
    return DayLink(
        key=f"jour-{day}",
        weekday=f"{DAYS[current_locale.get()][day.weekday()][:3]}.",
        number=day.day,
        word=word,
        label=f"{long_day(day)}, {word}",
        shape=shape,
        url=_address_of_day(day) if shape in {"free", "partly"} or is_chosen else "",
        is_chosen=is_chosen,
    )


def _shut_word(seen: booking.Day) -> str:
    words = {"past": _("passé"), "too_soon": _("trop tôt"), "too_far": _("trop loin")}
    return words.get(seen.state, _("fermé"))


def _address_of_day(day: date) -> str:
    return f"?du={day}"
