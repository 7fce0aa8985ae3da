"""What is done regularly for members' data."""

from datetime import timedelta
from typing import Any

from echange.database import execute
from echange.jobs import Handler
from echange.members.viewing import SESSION_IDLE_DAYS


def schedules() -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what."""
    return {"members.purge": (timedelta(days=1), _purge)}


async def _purge(_: dict[str, Any]) -> None:
    """Forget links and sessions that are over."""
    await execute("DELETE FROM mail_key WHERE expires_at < now()")
    await execute("DELETE FROM session WHERE seen_at < now() - $1 * interval '1 day'", SESSION_IDLE_DAYS)
