"""How long helps last, by the clock: those with all their helpers are done, ends are announced, then come."""

from datetime import timedelta
from typing import Any, Final

from echange.database import fetch, in_transaction
from echange.exchanges import Exchange
from echange.http.dates import now
from echange.mutual_aid import proposing
from echange.mutual_aid.models import Help
from echange.mutual_aid.spans import RENEWABLE
from echange.notifications import tell

# How often the person of a standing offer is asked whether it still stands.
ASKED_EVERY: Final = timedelta(days=90)
AT_ONCE: Final = 500


async def go_on(_: dict[str, Any] | None = None) -> None:
    """What the clock does to helps."""
    await finish()
    await expire()
    await end_proposals()
    await warn()


async def finish() -> None:
    """An ask for which everybody came, and whose exchanges are all settled, is done; not within a day after
    its person opened it again.
    """
    await fetch(
        """WITH over AS (
               UPDATE help SET ended_at = $1, ending = 'done' WHERE id IN (
                   SELECT h.id FROM help h WHERE h.ended_at IS NULL AND h.kind = 'ask' AND h.taken >= h.people
                   AND NOT EXISTS (SELECT FROM rota_slot WHERE help_id = h.id)
                   AND NOT EXISTS (SELECT FROM exchange WHERE about_kind = 'help' AND about_id = h.id
                                   AND state IN ('accepted', 'under_way', 'declared', 'disputed'))
                   AND NOT EXISTS (SELECT FROM help_event WHERE help_id = h.id AND kind = 'reopened'
                                   AND at > $1::timestamptz - interval '1 day')
                   ORDER BY h.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
               RETURNING id)
           INSERT INTO help_event (kind, data, help_id)
           SELECT 'closed', '{"outcome": "done"}', id FROM over""",
        now(),
        AT_ONCE,
    )


async def expire() -> None:
    """End what is past its day; its person is told when nobody came. With helpers found, it is done."""
    async with in_transaction():
        rows = await fetch(
            """WITH over AS (
                   UPDATE help SET ended_at = $1, ending = CASE WHEN taken > 0 THEN 'done' ELSE 'expired' END
                   WHERE id IN (
                       SELECT id FROM help WHERE ended_at IS NULL AND expires_at <= $1
                       ORDER BY expires_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
                   RETURNING id, person_id, title, kind, ending, hidden_at),
               noted AS (INSERT INTO help_event (kind, data, help_id)
                         SELECT CASE ending WHEN 'done' THEN 'closed' ELSE 'expired' END,
                                CASE ending WHEN 'done' THEN '{"outcome": "done"}'::jsonb ELSE '{}' END, id
                         FROM over)
               SELECT o.id, o.person_id, o.title, o.kind FROM over o JOIN member m ON m.id = o.person_id
               WHERE o.ending = 'expired' AND o.hidden_at IS NULL AND NOT m.away""",
            now(),
            AT_ONCE,
        )
        for row in rows:
            await tell(
                row["person_id"],
                "help_expired",
                link=f"/entraide/{row['id']}",
                title=row["title"],
                aid=row["kind"],
            )


async def end_proposals() -> None:
    """Nobody waits for a yes about what is done or withdrawn; what only expired may be prolonged."""
    rows = await fetch(
        """SELECT e.id, h.id AS help_id FROM exchange e JOIN help h ON h.id = e.about_id
           WHERE e.about_kind = 'help' AND e.state = 'proposed' AND h.ending IN ('done', 'cancelled')
           ORDER BY e.id LIMIT $1""",
        AT_ONCE,
    )
    for row in rows:
        async with in_transaction():
            # Before the help, as whoever says yes to it.
            proposal = await Exchange.get(id=row["id"])
            await proposal.lock()
            aid = await Help.filter(id=row["help_id"]).select_for_update(no_key=True).first()
            if aid is not None and aid.ending in {"done", "cancelled"}:
                await proposing.end(aid, proposal)


async def warn() -> None:
    """Three days before its end its person is told; for a standing offer every 90 days."""
    moment = now()
    async with in_transaction():
        rows = await fetch(
            """UPDATE help h SET warned_at = $1 FROM member m
               WHERE m.id = h.person_id AND NOT m.away AND h.ended_at IS NULL AND h.hidden_at IS NULL
               AND h.id IN (
                   SELECT id FROM help WHERE ended_at IS NULL AND warned_at IS NULL
                       AND expires_at BETWEEN $1 AND $2 AND (kind = 'offer' OR taken < people)
                   UNION
                   SELECT id FROM help WHERE ended_at IS NULL AND standing
                       AND greatest(vouched_at, warned_at) <= $3
                   LIMIT $4)
               RETURNING h.id, h.person_id, h.title, h.standing, h.expires_at""",
            moment,
            moment + RENEWABLE,
            moment - ASKED_EVERY,
            AT_ONCE,
        )
        for row in rows:
            link = f"/entraide/{row['id']}"
            if row["standing"]:
                await tell(row["person_id"], "help_standing", link=link, title=row["title"])
            else:
                until = row["expires_at"].isoformat()
                await tell(row["person_id"], "help_expiring", link=link, title=row["title"], until=until)
