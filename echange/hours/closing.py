"""What becomes of the hours of an organisation that has closed: a month to think again, then they go.

Called every hour; it bears being done again.
"""

from datetime import timedelta
from typing import Any, Final

import structlog

from echange.database import fetch, fetch_one, in_transaction
from echange.hours import notices
from echange.hours.emptying import end_account
from echange.http.dates import now
from echange.jobs import Handler

log = structlog.get_logger("echange.hours")
EVERY: Final = timedelta(hours=1)
KEPT_FOR: Final = timedelta(days=30)
# Of them all ($2 is null), or of one.
_DUE: Final = """
    SELECT o.id, o.name, o.slug, o.account_id FROM organisation o JOIN ledger_account a ON a.id = o.account_id
    WHERE o.closed_at <= $1 AND a.closed_at IS NULL AND o.id = coalesce($2::int, o.id)
    ORDER BY o.id LIMIT 500"""


def schedules() -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what."""
    return {"hours.closed_organisations": (EVERY, end_accounts)}


async def end_accounts(_: dict[str, Any] | None = None) -> None:
    """Give on or write off the hours of organisations closed for a month; each on its own."""
    for row in await fetch(_DUE, now() - KEPT_FOR, None):
        try:
            await _end(row["id"])
        except Exception:
            log.exception("account_not_ended", organisation=row["id"])


async def _end(organisation_id: int) -> None:
    async with in_transaction():
        # Held before its account, and looked at again: somebody may be opening it.
        await fetch("SELECT id FROM organisation WHERE id = $1 FOR NO KEY UPDATE", organisation_id)
        due = await fetch_one(_DUE, now() - KEPT_FOR, organisation_id)
        if due is None:
            return
        minutes = await end_account(due["account_id"], ("organisation", organisation_id))
        if minutes:
            await notices.account_ended(organisation_id, due["name"], due["slug"], minutes=minutes)
