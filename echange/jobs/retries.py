"""When a failed job is tried again."""

from datetime import timedelta
from typing import Final

FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(hours=1)
TRIES: Final = 8
# With an hour between tries, about three days: what a mail server is given to come back (RFC 5321, 4.5.4.1).
PATIENT_TRIES: Final = 81


class Postponed(Exception):
    """Raised by a handler when the far side is away, through no fault of the job: tried for three days."""


class Abandoned(Exception):
    """Raised by a handler when trying again cannot help: kept as failed at once."""


def pause_before_next_try(failures_before: int, error: Exception) -> timedelta | None:
    """How long to wait after this failure; None when it was the last try."""
    tries = PATIENT_TRIES if isinstance(error, Postponed) else TRIES
    if isinstance(error, Abandoned) or failures_before + 1 >= tries:
        return None
    return min(FIRST_PAUSE * (1 << min(failures_before, 16)), LONGEST_PAUSE)
