"""What somebody sees of whom their help was told to, and why it was told to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import fetch, fetch_one
from echange.http import Viewer
from echange.members import seen_by
from echange.mutual_aid.matching import in_order
from echange.mutual_aid.matching_reasons import Names, names_in, why_they, why_you
from echange.mutual_aid.models import Help
from echange.mutual_aid.seeing import persons_of
from echange.mutual_aid.telling import HANDED_ON, UNANSWERED, WIDENED

NAMED: Final = 2
# Any neighbour's eyes: what somebody keeps to themselves is no reason told to others.
_EYES: Final = "1"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour who was told, and why: « s’y connaît en couture et habite ce quartier »."""

    id: int
    name: str
    handle: str
    why: str
    reasons: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"


@dataclass(frozen=True, slots=True)
class Told:
    """How many know of a help and the best of them to name; whether more were told since nobody answered,
    and whether the desk looks for somebody too.
    """

    count: int
    neighbours: Sequence[Neighbour]
    widened: bool
    handed_on: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """Why a help fits the one who looks; `dismissed_at` when they put it aside."""

    why: Sequence[str]
    reasons: tuple[str, ...]
    told_at: datetime | None
    dismissed_at: datetime | None


async def told_of(aid: Help, viewer: Viewer) -> Told:
    """For those who look after a help. Nobody is named for what they hide, nor who is not to be met."""
    state = await fetch_one(
        f"""SELECT (SELECT count(*) FROM help_match WHERE help_id = h.id AND told_at IS NOT NULL) AS count,
                   {WIDENED} AS widened, {HANDED_ON} AND {UNANSWERED} AS handed_on
            FROM help h JOIN member p ON p.id = h.person_id WHERE h.id = $1""",  # noqa: S608
        aid.id,
    )
    count, widened, handed_on = (
        (state["count"], state["widened"], state["handed_on"]) if state else (0, False, False)
    )
    return Told(count, await _named(aid, viewer) if count else [], widened, handed_on)


async def _named(aid: Help, viewer: Viewer) -> list[Neighbour]:
    shown = "offers" if aid.kind == "ask" else "wants"
    rows = await fetch(
        f"""SELECT m.id, m.name, m.handle, x.reasons, {seen_by(_EYES, shown)} AS shows_skills,
                   {seen_by(_EYES, "quartier")} AS shows_quartier,
                   {seen_by(_EYES, "availability")} AS shows_moments
            FROM help_match x JOIN member m ON m.id = x.member_id
            WHERE x.help_id = $1 AND x.told_at IS NOT NULL AND NOT m.away AND m.id <> ALL($2::int[])
            ORDER BY x.told_at, cardinality(x.reasons) DESC, x.id""",  # noqa: S608 — our own words
        aid.id,
        list(viewer.unseen),
    )
    sayable = []
    for row in rows:
        hidden = {
            kind
            for kind, shows in (
                ("skill", "shows_skills"),
                ("quartier", "shows_quartier"),
                ("moment", "shows_moments"),
            )
            if not row[shows]
        }
        reasons = tuple(one for one in in_order(row["reasons"]) if one.partition(":")[0] not in hidden)
        if _tells_nothing_hidden(row["reasons"], reasons):
            sayable.append((row, reasons))
    best = sorted(sayable, key=lambda one: -len(one[1]))[:NAMED]
    names = await names_in(reason for _row, reasons in best for reason in reasons)
    return [
        Neighbour(row["id"], row["name"], row["handle"], why_they(aid.kind, reasons, names), reasons)
        for row, reasons in best
    ]


def _tells_nothing_hidden(all_reasons: Sequence[str], shown: Sequence[str]) -> bool:
    """To name somebody says that what was needed is true of them: it must be among what they show."""

    def needed(reasons: Sequence[str]) -> bool:
        return any(one.partition(":")[0] in {"skill", "offer", "ask"} for one in reasons)

    if needed(all_reasons):
        return needed(shown)
    return "quartier" in shown


async def mine_of(aid: Help, viewer: Viewer) -> Mine | None:
    """For a neighbour: why they were told of this help, or that they put it aside; None when neither."""
    row = await fetch_one(
        """SELECT reasons, told_at, dismissed_at FROM help_match
           WHERE help_id = $1 AND member_id = ANY($2) AND (told_at IS NOT NULL OR dismissed_at IS NOT NULL)
           ORDER BY member_id = $3 LIMIT 1""",
        aid.id,
        list(persons_of(viewer)),
        viewer.id,
    )
    if row is None:
        return None
    reasons = in_order(row["reasons"])
    names: Names = await names_in(reasons)
    return Mine(why_you(aid.kind, reasons, names), reasons, row["told_at"], row["dismissed_at"])
