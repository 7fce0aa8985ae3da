"""Those under age: they may say so when they join, by the month of their birth; only its end is kept."""

from datetime import date
from typing import Final

from echange.database import execute
from echange.http import Invalid
from echange.http.dates import MONTHS, today
from echange.i18n import current_locale
from echange.i18n import gettext as _

OF_AGE: Final = 18


def months_under_age(minimum_age: int) -> list[tuple[str, str]]:
    """The months in which somebody may be born who is old enough to join and not of age: « 2009-03 » and its
    name, the youngest first.
    """
    if minimum_age >= OF_AGE:
        return []
    this = _number(today())
    numbers = range(this - 12 * minimum_age, this - 12 * OF_AGE - 1, -1)
    return [(f"{number // 12}-{number % 12 + 1:02}", _named(number)) for number in numbers]


def of_age_on(born: str, minimum_age: int) -> date | None:
    """The first day on which somebody born in that month (« 2009-03 ») is surely of age; nothing for who is.

    Raises Invalid for who is too young to join.
    """
    if not born:
        return None
    year, month = map(int, born.split("-"))
    this, number = _number(today()), year * 12 + month - 1
    if number > this - 12 * minimum_age:
        raise Invalid({"born": [_("Il faut avoir {age} ans pour s’inscrire.").format(age=minimum_age)]})
    after = number + 12 * OF_AGE + 1
    return date(after // 12, after % 12 + 1, 1) if after > this else None


async def come_of_age() -> None:
    """Forget when those come of age who have."""
    await execute("UPDATE member SET minor_until = NULL WHERE minor_until <= $1", today())


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _named(number: int) -> str:
    return f"{MONTHS[current_locale.get()][number % 12]} {number // 12}"
