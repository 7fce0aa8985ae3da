"""What waits for a moderator: things with open reports, decisions that were answered, annonces held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from echange.database import fetch, fetch_one, fetch_value
from echange.http import NotFound
from echange.members import Reported
from echange.moderation.models import Decision, Report
from echange.moderation.reasons import reason_words
from echange.moderation.reportables import Reportables

_CONTESTED: Final = """
    d.replied_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM decision later
        WHERE later.about_kind = d.about_kind AND later.about_id = d.about_id AND later.id > d.id)"""

_HELD: Final = "SELECT count(*) FROM ad WHERE held_at IS NOT NULL AND hidden_at IS NULL AND closed_at IS NULL"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the moderators' list; `since` is when the oldest thing in it arrived."""

    kind: str
    id: int
    title: str
    excerpt: str
    reports: int
    reasons: Sequence[str]
    contested: bool
    since: datetime
    mine: bool

    @property
    def url(self) -> str:
        return f"/moderation/{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing before its moderator; `thing` is None once it is gone, what was said of it stays."""

    kind: str
    id: int
    thing: Reported | None
    can_be_hidden: bool
    open_reports: int
    last_id: int
    last_act: str
    decided_by: int | None
    contested: bool
    against: tuple[int, ...]
    kept_title: str

    @property
    def title(self) -> str:
        return self.thing.title if self.thing else self.kept_title

    @property
    def is_hidden(self) -> bool:
        return self.thing is not None and self.thing.hidden

    @property
    def involved(self) -> frozenset[int]:
        return self.thing.involved if self.thing else frozenset(self.against)

    @property
    def acts(self) -> tuple[str, ...]:
        """What can be decided now."""
        if self.thing is None:
            return ("dismiss",) if self.open_reports else ()
        acts = []
        if self.contested:
            acts += ["restore", "confirm", *([] if self.is_hidden or not self.can_be_hidden else ["hide"])]
        elif self.is_hidden:
            acts += ["restore"]
        else:
            acts += ["hide", "warn"] if self.can_be_hidden or self.open_reports else []
        if self.open_reports and not self.contested:
            acts += ["dismiss"]
        return tuple(acts)

    def concerned(self, chosen: int | None) -> int | None:
        """Whom a decision concerns: its owner, or of two people the one who was chosen or reported."""
        if self.thing is None:
            return None
        if self.thing.owner_id is not None:
            return self.thing.owner_id
        if chosen in self.thing.involved:
            return chosen
        return self.against[0] if self.against else None


async def open_matter(reportables: Reportables, kind: str, thing_id: int) -> Matter:
    """A thing as moderators find it; raises NotFound when there is neither it nor a report of it.

    What two people keep between them (a conversation) comes before moderators by a report only.
    """
    reportable = reportables[kind]
    thing = (await reportable.named([thing_id])).get(thing_id)
    reports = await Report.filter(about_kind=kind, about_id=thing_id).order_by("-id")
    if not reports and (thing is None or not reportable.can_be_hidden):
        raise NotFound
    last = await Decision.last_about(kind, thing_id)
    still_open = [report for report in reports if report.decision_id is None]
    accused = [report.evidence.get("against") for report in still_open or reports]
    return Matter(
        kind=kind,
        id=thing_id,
        thing=thing,
        can_be_hidden=reportable.can_be_hidden,
        open_reports=len(still_open),
        last_id=last.id if last else 0,
        last_act=last.act if last else "",
        decided_by=last.by_id if last else None,
        contested=last is not None and last.is_contested,
        against=tuple(dict.fromkeys(one for one in reversed(accused) if one is not None)),
        kept_title=str(reports[0].evidence.get("title", "")) if reports else "",
    )


async def waiting(reportables: Reportables, viewer_id: int) -> list[Waiting]:
    """Everything reported or answered, the oldest first."""
    rows = await fetch(
        f"""SELECT about_kind, about_id, sum(reports)::int AS reports, bool_or(contested) AS contested,
                   min(since) AS since, array_remove(array_agg(DISTINCT reason), NULL) AS reasons
            FROM (SELECT about_kind, about_id, 1 AS reports, false AS contested, at AS since, reason
                  FROM report WHERE decision_id IS NULL
                  UNION ALL
                  SELECT d.about_kind, d.about_id, 0, true, d.replied_at, NULL
                  FROM decision d WHERE {_CONTESTED}) AS matter
            GROUP BY about_kind, about_id ORDER BY min(since), about_kind, about_id LIMIT 200"""  # noqa: S608
    )
    things = await _named(reportables, rows)
    return [_waiting(row, things.get((row["about_kind"], row["about_id"])), viewer_id) for row in rows]


async def held_count() -> int:
    """How many annonces are held back."""
    count: int = await fetch_value(_HELD)
    return count


async def waiting_count() -> int:
    """How many things wait for a moderator, annonces held back included."""
    count: int = await fetch_value(
        f"""SELECT (SELECT count(*) FROM (
                SELECT about_kind, about_id FROM report WHERE decision_id IS NULL
                UNION SELECT d.about_kind, d.about_id FROM decision d WHERE {_CONTESTED}) AS matter)
            + ({_HELD})"""  # noqa: S608
    )
    return count


async def _named(reportables: Reportables, rows: Sequence[Any]) -> dict[tuple[str, int], Reported]:
    wanted: dict[str, list[int]] = {}
    for row in rows:
        wanted.setdefault(row["about_kind"], []).append(row["about_id"])
    found: dict[tuple[str, int], Reported] = {}
    for kind, ids in wanted.items():
        named = await reportables[kind].named(ids)
        found.update({(kind, thing_id): thing for thing_id, thing in named.items()})
    return found


def _waiting(row: Any, thing: Reported | None, viewer_id: int) -> Waiting:  # noqa: ANN401 — a record
    return Waiting(
        kind=row["about_kind"],
        id=row["about_id"],
        title=thing.title if thing else "",
        excerpt=thing.excerpt if thing else "",
        reports=row["reports"],
        reasons=[reason_words(reason) for reason in row["reasons"]],
        contested=row["contested"],
        since=row["since"],
        mine=thing is not None and viewer_id in thing.involved,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Why trust somebody, for who decides about them."""

    id: int
    name: str
    handle: str
    since: datetime
    verified_at: datetime | None
    ads: int
    hidden_before: int
    warned_before: int

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"


async def standing_of(member_id: int) -> Standing | None:
    """A member's past here, in one look-up."""
    row = await fetch_one(
        """SELECT m.id, m.name, m.handle, m.created_at, m.verified_at,
                  (SELECT count(*) FROM ad WHERE owner_id = m.id AND published_at IS NOT NULL),
                  (SELECT count(*) FROM decision WHERE concerns_id = m.id AND act = 'hide'),
                  (SELECT count(*) FROM decision WHERE concerns_id = m.id AND act = 'warn')
           FROM member m WHERE m.id = $1""",
        member_id,
    )
    return Standing(*row) if row else None
