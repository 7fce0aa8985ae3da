"""Lists of exchanges, and what they tell of somebody: thanks, skills practised, hours given and received."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Case, F, Q, When

from echange.database import fetch, fetch_one
from echange.exchanges.life import OPEN
from echange.exchanges.models import Exchange
from echange.exchanges.sides import acted_for
from echange.http import Page, Viewer, cut
from echange.http.dates import local
from echange.http.pagination import Position
from echange.members import first_name


@dataclass(frozen=True, slots=True)
class ThanksLine:
    """A thank-you on a profile: in which `year`, in which `field` of skills ("" when none was named).

    Without `name` when the one who looks may not meet its author.
    """

    id: int
    words: str
    year: int
    field: str
    skill: str
    name: str
    url: str

    @property
    def first_name(self) -> str:
        return first_name(self.name)


async def exchanges_of(
    viewer: Viewer, *, states: Collection[str] = (), limit: int = 20, position: Position | None = None
) -> Page[Exchange]:
    """Those of whom the viewer speaks for, in these states (all when none is named), the newest first.

    With `giver`, `receiver` and their organisations.
    """
    found = Exchange.filter(acted_for(viewer))
    if states:
        found = found.filter(state__in=list(states))
    if position is not None:
        at, last = position
        found = found.filter(Q(at__lt=at) | Q(at=at, id__lt=last))
    rows = await found.order_by("-at", "-id").limit(limit + 1).select_related(*SHOWN)
    return cut(rows, limit, lambda one: (one.at, one.id))


async def open_of(viewer: Viewer, *, limit: int, position: Position | None = None) -> Page[Exchange]:
    """Those not over yet of whom the viewer speaks for, what is due first: by the day agreed, else by since
    when they are as they are. With their people.
    """
    found = Exchange.filter(acted_for(viewer), state__in=list(OPEN)).annotate(due=_DUE)
    if position is not None:
        due, last = position
        found = found.filter(Q(due__gt=due) | Q(due=due, id__gt=last))
    rows = await found.order_by("due", "id").limit(limit + 1).select_related(*SHOWN)
    return cut(rows, limit, lambda one: (_due(one), one.id))


async def disputes(*, limit: int = 20, position: Position | None = None) -> Page[Exchange]:
    """What waits for a moderator, the oldest first, with its people."""
    found = Exchange.filter(state="disputed")
    if position is not None:
        since, last = position
        found = found.filter(Q(disputed_at__gt=since) | Q(disputed_at=since, id__gt=last))
    rows = await found.order_by("disputed_at", "id").limit(limit + 1).select_related(*SHOWN)
    return cut(rows, limit, lambda one: (one.disputed_at or one.moved_at, one.id))


SHOWN = ("giver", "receiver", "giver_organisation", "receiver_organisation")
_WITH_A_DAY = ("accepted", "under_way")
_DUE = Case(
    When(state__in=list(_WITH_A_DAY), starts_at__isnull=False, then=F("starts_at")), default=F("moved_at")
)


def _due(it: Exchange) -> datetime:
    return it.starts_at if it.starts_at and it.state in _WITH_A_DAY else it.moved_at


async def thanks_of(member_id: int, viewer: Viewer | None, limit: int = 20) -> list[ThanksLine]:
    """What was said to somebody, the newest first, as far as this viewer may see it."""
    rows = await fetch(
        """SELECT t.id, t.words, e.settled_at, coalesce(s.field, '') AS field, coalesce(s.name, '') AS skill,
                  CASE WHEN NOT by.away THEN by.name ELSE '' END AS name, by.handle
           FROM thanks t JOIN exchange e ON e.id = t.exchange_id JOIN member by ON by.id = t.by_id
           LEFT JOIN skill s ON s.id = e.skill_id
           WHERE t.member_id = $1 AND t.removed_at IS NULL AND t.hidden_at IS NULL AND by.hidden_at IS NULL
             AND NOT by.id = ANY($2::int[])
           ORDER BY t.id DESC LIMIT $3""",
        member_id,
        list(viewer.unseen) if viewer else [],
        limit,
    )
    return [
        ThanksLine(
            id=row["id"],
            words=row["words"],
            year=local(row["settled_at"]).year,
            field=row["field"],
            skill=row["skill"],
            name=row["name"],
            url=f"/membres/{row['handle']}" if row["name"] else "",
        )
        for row in rows
    ]


# The staff may undo a transfer, by another one that names it.
_STANDS = "NOT EXISTS (SELECT FROM ledger_transfer undone WHERE undone.reverses_id = e.transfer_id)"


async def practised(member_id: int) -> dict[int, int]:
    """How often somebody gave their time with each skill (by its id), in exchanges that are settled.

    Not where a moderator decided that nothing was done, nor where the staff undid it.
    """
    rows = await fetch(
        f"""SELECT skill_id, count(*) AS times FROM exchange e
            WHERE giver_id = $1 AND giver_organisation_id IS NULL AND state = 'settled'
              AND skill_id IS NOT NULL AND (settled_minutes > 0 OR disputed_at IS NULL) AND {_STANDS}
            GROUP BY skill_id""",  # noqa: S608 — our own words
        member_id,
    )
    return {row["skill_id"]: row["times"] for row in rows}


async def given_and_received(member_id: int) -> tuple[int, int]:
    """Minutes given and received for oneself in settled exchanges, as agreed and not undone since."""
    row = await fetch_one(
        f"""SELECT coalesce(sum(settled_minutes) FILTER (
                       WHERE giver_id = $1 AND giver_organisation_id IS NULL), 0)::int AS given,
                   coalesce(sum(settled_minutes) FILTER (
                       WHERE receiver_id = $1 AND receiver_organisation_id IS NULL), 0)::int AS received
            FROM exchange e
            WHERE (giver_id = $1 OR receiver_id = $1) AND state = 'settled' AND {_STANDS}""",  # noqa: S608
        member_id,
    )
    return (row["given"], row["received"]) if row else (0, 0)
