"""A year or a month on the town's calendar, for statements on paper."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from echange.hours.forms import PeriodQuery
from echange.http.dates import MONTHS, today, town_zone
from echange.i18n import current_locale


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to before `after`, days of the town."""

    first: date
    after: date
    year: int
    month: int | None

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), town_zone.get())

    @property
    def end(self) -> datetime:
        return datetime.combine(self.after, time(), town_zone.get())

    @property
    def per(self) -> Literal["day", "month"]:
        """What it is summed up by."""
        return "day" if self.month else "month"

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def over(self) -> bool:
        return self.after <= today()

    @property
    def name(self) -> str:
        """« novembre 2026 », « 2026 »."""
        return f"{MONTHS[current_locale.get()][self.month - 1]} {self.year}" if self.month else str(self.year)

    @property
    def query(self) -> str:
        return f"annee={self.year}&mois={self.month}" if self.month else f"annee={self.year}"


def period_of(query: PeriodQuery) -> Period:
    """The year or the month that was asked for, else the current year."""
    year = query.annee or today().year
    if query.mois is None:
        return Period(date(year, 1, 1), date(year + 1, 1, 1), year, None)
    after = date(year + 1, 1, 1) if query.mois == 12 else date(year, query.mois + 1, 1)
    return Period(date(year, query.mois, 1), after, year, query.mois)
