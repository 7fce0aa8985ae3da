"""What people write about a promise, from the screens and from the API."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from echange.http import Form, Id, Line
from echange.http.moments import Day, Hour, Instant, instant_of

Place = Annotated[Line, Field(min_length=1, max_length=200)]


class ReserveForm(Form):
    """For whom: by their answer, or by the member themselves."""

    answer: Id | None = None
    member: Id | None = None


class MeetingForm(Form):
    """A day and an hour on the town's clock, and a place."""

    day: Day
    hour: Hour
    where: Place

    @property
    def at(self) -> datetime:
        """Raises NoSuchTime."""
        return instant_of(self.day, self.hour)


class MeetingIn(Form):
    """The same for programmes: `at` in RFC 3339 with its offset."""

    at: Instant
    where: Place
