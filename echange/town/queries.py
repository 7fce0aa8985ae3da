"""What the front page tells, counted in the tables themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.database import fetch, fetch_one
from echange.http import NotFound
from echange.http.dates import today

SKILLS_ASKED: Final = 3


@dataclass(frozen=True, slots=True)
class Together:
    """What the town did over the last thirty days."""

    ads: int
    answers: int
    ended_well: int
    minutes: int


async def together() -> Together:
    """Counted now, every time."""
    row = await fetch_one(
        """WITH since AS (SELECT now() - interval '30 days' AS day)
           SELECT (SELECT count(*) FROM ad, since WHERE published_at >= day),
                  (SELECT count(*) FROM answer, since WHERE at >= day),
                  (SELECT count(*) FROM closure, since WHERE at >= day AND outcome <> 'withdrawn'),
                  (SELECT coalesce(sum(settled_minutes), 0) FROM exchange, since WHERE settled_at >= day)"""
    )
    return Together(*row) if row else Together(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """How far a member has come since joining; `balance` is what they hold, in minutes."""

    quartier_id: int | None
    quartier: str
    offers: int
    wants: int
    published: bool
    answered: bool
    exchanged: bool
    balance: int

    @property
    def steps(self) -> tuple[bool, bool, bool, bool, bool, bool]:
        """Quartier, three offers, three wants, a first annonce, a first answer, a first exchange: done?"""
        return (
            self.quartier_id is not None,
            self.offers >= SKILLS_ASKED,
            self.wants >= SKILLS_ASKED,
            self.published,
            self.answered,
            self.exchanged,
        )


async def beginnings(member_id: int) -> Beginnings:
    """One look-up."""
    row = await fetch_one(
        """SELECT m.quartier_id, coalesce(q.name, ''),
                  (SELECT count(*) FROM member_skill WHERE member_id = m.id AND NOT wanted),
                  (SELECT count(*) FROM member_skill WHERE member_id = m.id AND wanted),
                  EXISTS (SELECT FROM ad WHERE owner_id = m.id AND published_at IS NOT NULL),
                  EXISTS (SELECT FROM answer WHERE member_id = m.id),
                  EXISTS (SELECT FROM exchange WHERE giver_id = m.id)
                      OR EXISTS (SELECT FROM exchange WHERE receiver_id = m.id),
                  a.balance
           FROM member m JOIN ledger_account a ON a.id = m.account_id
           LEFT JOIN quartier q ON q.id = m.quartier_id WHERE m.id = $1""",
        member_id,
    )
    if row is None:
        raise NotFound
    return Beginnings(*row)


@dataclass(frozen=True, slots=True)
class NextShift:
    """A shift of a rota that concerns somebody."""

    id: int
    title: str
    starts_at: datetime

    @property
    def url(self) -> str:
        return f"/entraide/creneaux/{self.id}"


async def shifts_waiting(member_id: int) -> tuple[Sequence[NextShift], Sequence[NextShift]]:
    """Those proposed to somebody and not answered, and those they come to today or tomorrow."""
    rows = await fetch(
        """SELECT t.id, h.title, t.starts_at, w.offered
           FROM (SELECT shift_id, true AS offered FROM shift_offer
                 WHERE member_id = $1 AND answered_at IS NULL
                 UNION ALL SELECT shift_id, false FROM shift_signup
                 WHERE member_id = $1 AND ended_at IS NULL AND NOT waiting) w
           JOIN shift t ON t.id = w.shift_id JOIN rota_slot s ON s.id = t.slot_id
           JOIN help h ON h.id = s.help_id
           WHERE t.cancelled_at IS NULL AND t.starts_at > now() AND h.hidden_at IS NULL
             AND (w.offered OR t.day <= $2::date + 1)
           ORDER BY t.starts_at, t.id LIMIT 4""",
        member_id,
        today(),
    )
    shifts = [(row["offered"], NextShift(row["id"], row["title"], row["starts_at"])) for row in rows]
    return [one for offered, one in shifts if offered], [one for offered, one in shifts if not offered]
