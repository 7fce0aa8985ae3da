"""What the front page tells, counted in the tables themselves."""

from dataclasses import dataclass
from typing import Final

from echange.database import fetch_one
from echange.http import NotFound

SKILLS_ASKED: Final = 3


@dataclass(frozen=True, slots=True)
class Together:
    """What the town did over the last thirty days, and how many people live here."""

    neighbours: int
    ads: int
    answers: int
    ended_well: int


async def together() -> Together:
    """Counted now, every time."""
    row = await fetch_one(
        """WITH since AS (SELECT now() - interval '30 days' AS day)
           SELECT (SELECT count(*) FROM member WHERE confirmed_at IS NOT NULL),
                  (SELECT count(*) FROM ad, since WHERE published_at >= day),
                  (SELECT count(*) FROM answer, since WHERE at >= day),
                  (SELECT count(*) FROM closure, since WHERE at >= day AND outcome <> 'withdrawn')"""
    )
    return Together(*row) if row else Together(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """How far a member has come since joining."""

    quartier_id: int | None
    quartier: str
    offers: int
    wants: int
    published: bool
    answered: bool

    @property
    def steps(self) -> tuple[bool, bool, bool, bool, bool]:
        """Quartier, three offers, three wants, a first annonce, a first answer: done or not."""
        return (
            self.quartier_id is not None,
            self.offers >= SKILLS_ASKED,
            self.wants >= SKILLS_ASKED,
            self.published,
            self.answered,
        )


async def beginnings(member_id: int) -> Beginnings:
    """One look-up."""
    row = await fetch_one(
        """SELECT m.quartier_id, coalesce(q.name, ''),
                  (SELECT count(*) FROM member_skill WHERE member_id = m.id AND NOT wanted),
                  (SELECT count(*) FROM member_skill WHERE member_id = m.id AND wanted),
                  EXISTS (SELECT FROM ad WHERE owner_id = m.id AND published_at IS NOT NULL),
                  EXISTS (SELECT FROM answer WHERE member_id = m.id)
           FROM member m LEFT JOIN quartier q ON q.id = m.quartier_id WHERE m.id = $1""",
        member_id,
    )
    if row is None:
        raise NotFound
    return Beginnings(*row)
