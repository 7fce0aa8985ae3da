"""What is done for members in the background, when asked and regularly."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from echange.database import execute
from echange.jobs import Handler
from echange.media import Store
from echange.members.account import addresses, leaving, links
from echange.members.account.ages import come_of_age
from echange.members.models.portrait import FORGET_PHOTO
from echange.members.privacy import Belongings
from echange.members.viewing import SESSION_IDLE_DAYS


def handlers(store: Store) -> dict[str, Handler]:
    """Names of jobs that somebody asks for, and what is done."""

    async def forget_photo(payload: dict[str, Any]) -> None:
        await store.delete(payload["name"])

    return {
        links.JOB: links.mail_link,
        addresses.JOB: addresses.mail_change,
        FORGET_PHOTO: forget_photo,
    }


def schedules(belongings: Sequence[Belongings], store: Store) -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what. `belongings`: every room's part in a departure."""

    async def erase(_: dict[str, Any]) -> None:
        await leaving.erase_due(belongings, store)

    return {"members.purge": (timedelta(days=1), _purge), "members.erase": (timedelta(hours=1), erase)}


async def _purge(_: dict[str, Any]) -> None:
    """Forget links and sessions that are over, and the age of those who have come of it."""
    await execute("DELETE FROM mail_key WHERE expires_at < now()")
    await come_of_age()
    await execute("DELETE FROM invitation WHERE expires_at < now()")
    await execute("DELETE FROM session WHERE seen_at < now() - $1 * interval '1 day'", SESSION_IDLE_DAYS)
