"""What is done regularly for helps."""

from datetime import timedelta

from echange.jobs import Handler
from echange.mutual_aid import first_visit_wishes, lasting, rota_life, telling


def schedules() -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what."""
    return {
        "mutual_aid.life": (timedelta(minutes=5), lasting.go_on),
        telling.JOB: (telling.EVERY, telling.go_on),
        "mutual_aid.climbing": (telling.CLIMBING_EVERY, telling.climb_on),
        **rota_life.schedules(),
        "mutual_aid.wishes": (first_visit_wishes.EVERY, first_visit_wishes.go_on),
    }
