"""The people of a loan: what both sides are called, and who hears of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from echange.database import fetch, fetch_one
from echange.lending.kinds import ON_THE_SPOT
from echange.lending.life import Side
from echange.lending.seeing import actor

if TYPE_CHECKING:
    from echange.lending.models.loan_row import LoanRow

__all__ = ["LoanNames", "actor", "deciders_of", "names_of", "told_of"]


@dataclass(frozen=True, slots=True)
class LoanNames:
    """As notices say them; `lender_member_id` when a member lends it, `here` when it is used on the spot."""

    title: str
    borrower: str
    lender: str
    lender_member_id: int | None
    here: bool


async def names_of(it: "LoanRow") -> LoanNames:
    """In one look-up."""
    row = await fetch_one(
        """SELECT i.title, coalesce(w.name, b.name) AS borrower, coalesce(m.name, o.name, p.name) AS lender,
                  l.member_id AS lender_member_id, i.kind = ANY($5::text[]) AS here
           FROM lender l JOIN item i ON i.id = $1 JOIN member b ON b.id = $3
           LEFT JOIN organisation w ON w.id = $4
           LEFT JOIN member m ON m.id = l.member_id LEFT JOIN organisation o ON o.id = l.organisation_id
           LEFT JOIN place p ON p.id = l.place_id
           WHERE l.id = $2""",
        it.item_id,
        it.lender_id,
        it.borrower_id,
        it.organisation_id,
        list(ON_THE_SPOT),
    )
    return LoanNames(**row) if row else LoanNames("", "", "", None, here=False)


async def told_of(it: "LoanRow", side: Side) -> list[int]:
    """Who hears what concerns this side."""
    return [it.borrower_id] if side == "borrower" else await deciders_of(it.lender_id, it.item_id)


async def deciders_of(lender_id: int, item_id: int) -> list[int]:
    """Who decides about it, none who is away: the lender's people, or the town's desk where it is asked.

    Owners before managers, then by how long they are here.
    """
    rows = await fetch(
        """SELECT m.id FROM member m JOIN (
               SELECT l.member_id, 0 AS rank FROM lender l WHERE l.id = $1
               UNION SELECT s.member_id, CASE s.role WHEN 'owner' THEN 0 ELSE 1 END
                     FROM lender l LEFT JOIN place p ON p.id = l.place_id
                     JOIN membership s ON s.organisation_id = coalesce(l.organisation_id, p.organisation_id)
                     WHERE l.id = $1 AND s.role IN ('owner', 'manager')
               UNION SELECT r.member_id, 2 FROM staff_role r
                     WHERE r.role IN ('concierge', 'admin') AND (
                         EXISTS (SELECT FROM item i WHERE i.id = $2 AND i.approval = 'staff')
                         OR EXISTS (SELECT FROM lender l JOIN place p ON p.id = l.place_id
                                    WHERE l.id = $1 AND p.organisation_id IS NULL))
           ) one ON one.member_id = m.id
           WHERE NOT m.away GROUP BY m.id ORDER BY min(one.rank), m.id""",
        lender_id,
        item_id,
    )
    return [row["id"] for row in rows]
