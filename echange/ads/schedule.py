"""What is done regularly for annonces."""

from datetime import timedelta
from functools import partial
from typing import Any

from echange.ads import facets, turns
from echange.ads.holding import KEPT_DAYS
from echange.ads.lasting import expire, release_waiting, warn
from echange.ads.models import Ad
from echange.ads.spelling import relearn
from echange.http.dates import now
from echange.jobs import Handler
from echange.media import Store

AT_ONCE = 200


def schedules(store: Store, secret: str) -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what. The secret signs the links of mails."""
    return {
        "ads.purge_drafts": (timedelta(hours=6), partial(purge_drafts, store)),
        "ads.life": (timedelta(minutes=1), partial(go_on, secret)),
        "ads.turns": (turns.EVERY, turns.tick),
        "ads.count": (timedelta(seconds=30), facets.Recount()),
        "ads.relearn": (timedelta(days=1), relearn),
    }


async def go_on(secret: str, _: dict[str, Any] | None = None) -> None:
    """What the clock does to annonces, every minute."""
    await release_waiting()
    await expire()
    await warn(secret)


async def purge_drafts(store: Store, _: dict[str, Any] | None = None) -> None:
    """Forget drafts that nobody signed in for within seven days, with their photos."""
    old = now() - timedelta(days=KEPT_DAYS)
    while drafts := await Ad.filter(owner_id=None, created_at__lt=old).order_by("id").limit(AT_ONCE):
        for draft in drafts:
            await draft.remove(store)
