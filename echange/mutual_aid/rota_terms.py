"""What is told of a weekly slot, and the days that it falls on, on the town's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from echange.http.moments import NoSuchTime, instant_of

if TYPE_CHECKING:
    from echange.mutual_aid.models.shift import Shift

Coming = Literal["ask", "keep", "cancel"]
"""What to do about the shifts that somebody comes to."""
AHEAD: Final = timedelta(weeks=5)


@dataclass(frozen=True, slots=True)
class Terms:
    """A weekly slot; see `RotaSlot`."""

    weekday: int
    starts: int
    minutes: int
    first_day: date
    people: int = 1
    role: str = ""
    last_day: date | None = None

    def columns(self) -> dict[str, Any]:
        return {
            "weekday": self.weekday,
            "starts": self.starts,
            "minutes": self.minutes,
            "people": self.people,
            "role": self.role,
            "first_day": self.first_day,
            "last_day": self.last_day,
        }

    @property
    def hour(self) -> time:
        return time(*divmod(self.starts, 60))

    def days(self, since: date) -> Iterator[date]:
        """Its days within five weeks."""
        last = since + AHEAD if self.last_day is None else min(since + AHEAD, self.last_day)
        day = max(self.first_day, since)
        day += timedelta(days=(self.weekday - day.weekday()) % 7)
        while day <= last:
            yield day
            day += timedelta(weeks=1)

    def begins(self, day: date) -> datetime | None:
        """When it begins on this day; None where the clocks are put forward over that hour."""
        try:
            return instant_of(day, self.hour)
        except NoSuchTime:
            return None

    def fits(self, shift: "Shift") -> bool:
        """Whether this shift is as these terms would make it."""
        starts_at = self.begins(shift.day)
        return (
            starts_at is not None
            and shift.day.weekday() == self.weekday
            and self.first_day <= shift.day
            and (self.last_day is None or shift.day <= self.last_day)
            and (shift.starts_at, shift.ends_at) == (starts_at, starts_at + timedelta(minutes=self.minutes))
            and (shift.people, shift.role) == (self.people, self.role)
        )
