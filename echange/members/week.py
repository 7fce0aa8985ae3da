"""When somebody is there: three moments of seven days, a bit each, Monday morning first."""

from collections.abc import Iterable, Sequence
from typing import Final

from echange.http.dates import DAYS as DAY_NAMES
from echange.i18n import current_locale, mark
from echange.i18n import gettext as _

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOMENTS: Final = ("morning", "noon", "evening")
_MOMENT_NAMES: Final = (mark("matin"), mark("midi"), mark("soir"))
SLOTS: Final = len(DAYS) * len(MOMENTS)


def week_of(slots: Iterable[int]) -> int:
    """Slots numbered day × 3 + moment, as one number."""
    return sum(1 << slot for slot in set(slots))


def slots_of(week: int) -> list[int]:
    """The slots of a week, Monday morning being 0."""
    return [slot for slot in range(SLOTS) if week >> slot & 1]


def slot_keys(week: int) -> list[str]:
    """The same for programs: `tuesday-morning`."""
    return [f"{DAYS[slot // 3]}-{MOMENTS[slot % 3]}" for slot in slots_of(week)]


def mask(day: str = "", moment: str = "") -> int:
    """All slots of a day, of a moment, or the one of both; none when neither is named."""
    if not day and not moment:
        return 0
    days = [DAYS.index(day)] if day else range(len(DAYS))
    moments = [MOMENTS.index(moment)] if moment else range(len(MOMENTS))
    return week_of(one * 3 + part for one in days for part in moments)


def day_choices() -> list[tuple[str, str]]:
    """Keys and names of the days in the reader's language."""
    return list(zip(DAYS, day_names(), strict=True))


def day_names() -> tuple[str, ...]:
    """« lundi » and the others in the reader's language."""
    return DAY_NAMES[current_locale.get()]


def moment_choices() -> list[tuple[str, str]]:
    """Keys and names of the moments of a day."""
    return [(key, _(name)) for key, name in zip(MOMENTS, _MOMENT_NAMES, strict=True)]


def timetable() -> list[tuple[str, Sequence[tuple[int, str]]]]:
    """Rows for a table: a moment, and its slot on each day with its name in words (« lundi matin »)."""
    days = list(enumerate(day_names()))
    return [
        (_(moment).capitalize(), [(day * 3 + row, f"{name} {_(moment)}") for day, name in days])
        for row, moment in enumerate(_MOMENT_NAMES)
    ]
