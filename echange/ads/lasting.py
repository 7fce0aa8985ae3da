"""How long annonces last, by the clock: newcomers' are let in, ends are announced, then come."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from echange.ads.links import renewal_link
from echange.ads.models import Ad
from echange.ads.newcomers import HELD_FOR
from echange.ads.refusals import AddressUnconfirmed, HiddenAd, NotHeld
from echange.database import fetch, in_transaction
from echange.http.dates import now
from echange.notifications import tell

WARNED_BEFORE: Final = timedelta(days=7)
# How often the owner of a standing offer is asked whether it still stands.
ASKED_EVERY: Final = timedelta(days=90)
AT_ONCE: Final = 500


async def release_waiting() -> None:
    """A newcomer's annonce waits a day at most, and for its owner's address to be confirmed."""
    waiting = Ad.filter(
        held_at__lte=now() - HELD_FOR, hidden_at=None, closed_at=None, owner__confirmed_at__isnull=False
    )
    for ad in await waiting.order_by("held_at").limit(AT_ONCE):
        try:
            await ad.release(by=None)
        except (NotHeld, HiddenAd, AddressUnconfirmed):
            # A moderator was faster, or its owner.
            continue


async def warn(secret: str) -> None:
    """A week before its end its owner gets a link that renews it; for a standing offer every 90 days."""
    moment = now()
    async with in_transaction():
        rows = await fetch(
            """UPDATE ad SET warned_at = $1 WHERE id IN (
                   SELECT id FROM ad WHERE listed AND warned_at IS NULL AND expires_at BETWEEN $1 AND $2
                   UNION
                   SELECT id FROM ad WHERE listed AND standing
                   AND greatest(vouched_at, warned_at) <= $3 LIMIT $4)
                 AND (warned_at IS NULL OR warned_at <= $3)
               RETURNING id, owner_id, title, standing, expires_at, vouched_at""",
            moment,
            moment + WARNED_BEFORE,
            moment - ASKED_EVERY,
            AT_ONCE,
        )
        for row in rows:
            link = renewal_link(secret, row["id"], row["vouched_at"])
            if row["standing"]:
                await tell(row["owner_id"], "ad_standing", link=link, title=row["title"])
            else:
                until = row["expires_at"].isoformat()
                await tell(row["owner_id"], "ad_expiring", link=link, title=row["title"], until=until)


async def expire() -> None:
    """End what is past its day and promised to nobody; who has nothing open any more is told."""
    async with in_transaction():
        rows = await fetch(
            """WITH over AS (
                   UPDATE ad SET expired_at = $1 WHERE id IN (
                       SELECT id FROM ad WHERE listed AND NOT reserved AND expires_at <= $1
                       ORDER BY expires_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
                   RETURNING id, owner_id, title),
               noted AS (INSERT INTO ad_event (kind, data, ad_id) SELECT 'expired', '{}', id FROM over)
               SELECT owner_id, title FROM over""",
            now(),
            AT_ONCE,
        )
        titles = {row["owner_id"]: row["title"] for row in rows}
        for owner_id in await _without_any(titles):
            await tell(owner_id, "ads_expired", link="/moi/annonces", title=titles[owner_id])


async def _without_any(owners: Iterable[int]) -> list[int]:
    """Those of these members who have no annonce in the lists any more."""
    rows = await fetch(
        """SELECT one.id FROM unnest($1::int[]) AS one (id)
           WHERE NOT EXISTS (SELECT FROM ad WHERE owner_id = one.id AND listed)""",
        list(owners),
    )
    return [row["id"] for row in rows]
