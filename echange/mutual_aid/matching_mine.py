"""« Pour moi »: the helps that fit somebody, and what they put aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import execute, fetch, in_transaction
from echange.http import Viewer
from echange.members import note_act
from echange.mutual_aid.cards import HelpCard
from echange.mutual_aid.matching import LEARNED_DAYS, helps_for
from echange.mutual_aid.matching_reasons import names_in, why_you
from echange.mutual_aid.models import Help
from echange.mutual_aid.queries import CARD, card_of
from echange.mutual_aid.refusals import OwnHelp
from echange.mutual_aid.seeing import actor

AT_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Match:
    """A help that fits, and why: reasons for programs, and in words."""

    card: HelpCard
    reasons: tuple[str, ...]
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class PutAside:
    """A help that is not for them; until `until` nothing of the same skills is told to them."""

    id: int
    kind: str
    title: str
    skills: Sequence[str]
    is_over: bool
    dismissed_at: datetime

    @property
    def url(self) -> str:
        return f"/entraide/{self.id}"


async def matches_of(viewer: Viewer) -> list[Match]:
    """The open helps that fit whoever acts, the best first. Raises OutOfScope."""
    return await matches_for(actor(viewer), viewer)


async def matches_for(member_id: int, viewer: Viewer) -> list[Match]:
    """Those that fit this member, as the viewer reads them."""
    fits = await helps_for(member_id, AT_MOST)
    cards = await _cards([fit.help_id for fit in fits], viewer)
    names = await names_in(reason for fit in fits for reason in fit.reasons)
    return [
        Match(cards[fit.help_id], fit.reasons, why_you(cards[fit.help_id].kind, fit.reasons, names))
        for fit in fits
        if fit.help_id in cards
    ]


async def _cards(ids: list[int], viewer: Viewer) -> dict[int, HelpCard]:
    if not ids:
        return {}
    rows = await fetch(
        f"{CARD} WHERE h.id = ANY($1) AND h.person_id <> ALL($2::int[])",
        ids,
        list(viewer.unseen),
    )
    return {row["id"]: card_of(row, viewer) for row in rows}


async def put_aside(viewer: Viewer) -> list[PutAside]:
    """What they said is not for them while it still counts, the newest first. Raises OutOfScope."""
    rows = await fetch(
        """SELECT h.id, h.kind, h.title, h.ended_at IS NOT NULL AS is_over, x.dismissed_at,
                  ARRAY(SELECT s.name FROM help_skill y JOIN skill s ON s.id = y.skill_id
                        WHERE y.help_id = h.id ORDER BY y.id) AS skills
           FROM help_match x JOIN help h ON h.id = x.help_id JOIN member p ON p.id = h.person_id
           WHERE x.member_id = $1 AND x.dismissed_at > now() - make_interval(days => $2)
               AND h.hidden_at IS NULL AND NOT p.away AND h.person_id <> ALL($3::int[])
           ORDER BY x.dismissed_at DESC, x.id DESC LIMIT $4""",
        actor(viewer),
        LEARNED_DAYS,
        list(viewer.unseen),
        AT_MOST,
    )
    return [PutAside(**row) for row in rows]


async def dismiss(aid: Help, *, by: Viewer) -> None:
    """Not for them: of the same skills they are told nothing for 180 days. Said twice, it counts once.

    Raises OwnHelp, OutOfScope.
    """
    if aid.can_be_edited_by(by):
        raise OwnHelp
    async with in_transaction():
        changed = await execute(
            """INSERT INTO help_match (help_id, member_id, reasons, dismissed_at) VALUES ($1, $2, '{}', now())
               ON CONFLICT (help_id, member_id) DO UPDATE SET dismissed_at = now()
               WHERE help_match.dismissed_at IS NULL""",
            aid.id,
            actor(by),
        )
        if changed:
            await note_act(by, "help_dismissed", ("help", aid.id))


async def take_back(help_id: int, *, by: Viewer) -> None:
    """For them after all; said twice, it counts once. Raises OutOfScope."""
    async with in_transaction():
        changed = await execute(
            """UPDATE help_match SET dismissed_at = NULL
               WHERE help_id = $1 AND member_id = $2 AND dismissed_at IS NOT NULL""",
            help_id,
            actor(by),
        )
        if changed:
            await note_act(by, "help_wanted_again", ("help", help_id))
