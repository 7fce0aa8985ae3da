"""Hours agreed on are said as people say them; those at which something happened, to the minute."""

from datetime import UTC, datetime

import pytest

from echange.http.dates import clock, hour, hour_of_day
from echange.i18n import current_locale

AT_TWO = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
HALF_PAST = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "full", "half", "happened"),
    [("fr", "14\u00a0h", "14\u00a0h\u00a030", "14\u00a0h\u00a000"), ("en", "14:00", "14:30", "14:00")],
)
def test_a_full_hour_has_no_minutes_in_french(locale: str, full: str, half: str, happened: str) -> None:
    token = current_locale.set(locale)
    try:
        assert (hour(AT_TWO), hour(HALF_PAST), clock(AT_TWO)) == (full, half, happened)
        assert hour_of_day(14 * 60) == full
    finally:
        current_locale.reset(token)
