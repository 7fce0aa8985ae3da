"""Who may borrow what: verified, of the association, trained; and how much of it at once.

Asked inside the transaction that asks for the loan, the borrower's member row being locked: two requests at
once count one after the other.
"""

from dataclasses import dataclass
from typing import Final

from echange.booking import Period
from echange.database import fetch_one
from echange.http import Refusal
from echange.lending import loan_refusals
from echange.lending.models.item import Item

_PERSON: Final = """
    SELECT m.verified_at IS NOT NULL AS verified, m.away, l.member_id = m.id AS own, l.max_running,
           l.max_per_category, coalesce(o.name, po.name, p.name, '') AS association, t.name AS training,
           EXISTS (SELECT FROM membership s WHERE s.member_id = m.id
                   AND s.organisation_id = coalesce(l.organisation_id, p.organisation_id)) AS belongs,
           i.training_id IS NULL OR EXISTS (
               SELECT FROM trained d WHERE d.training_id = i.training_id AND d.member_id = m.id
               AND (d.until IS NULL OR d.until >= $3)) AS trained
    FROM item i JOIN lender l ON l.id = i.lender_id JOIN member m ON m.id = $2
    LEFT JOIN organisation o ON o.id = l.organisation_id LEFT JOIN place p ON p.id = l.place_id
    LEFT JOIN organisation po ON po.id = p.organisation_id LEFT JOIN training t ON t.id = i.training_id
    WHERE i.id = $1"""
# A hold that lapsed counts no more, whether or not it was tidied away.
_RUNNING: Final = """
    SELECT count(*) FILTER (WHERE n.lender_id = $2) AS here,
           count(*) FILTER (WHERE n.lender_id = $2 AND i.category = $3) AS of_category,
           min(i.title) FILTER (WHERE n.state = 'out' AND n.ends_at < now()) AS late
    FROM loan n JOIN item i ON i.id = n.item_id
    WHERE n.borrower_id = $1 AND n.state IN ('held', 'requested', 'approved', 'at_risk', 'ready', 'out')
      AND (n.held_until IS NULL OR n.held_until > now()) AND n.id IS DISTINCT FROM $4"""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many loans one person may have running at a lender's; None: as many as they like."""

    running: int | None
    of_category: int | None


async def check(
    item: Item, borrower_id: int, period: Period, quantity: int, *, besides: int | None = None
) -> None:
    """Raises what stands between this person and a new loan of it, or the loan `besides` that is held."""
    limits = await check_person(item, borrower_id, period)
    check_quantity(item, quantity)
    await _check_running(item, borrower_id, limits, besides)


async def check_person(item: Item, borrower_id: int, period: Period) -> Limits:
    """Raises PausedBorrower, OwnItem, NotVerified, MembersOnly, TrainingNeeded."""
    row = await fetch_one(_PERSON, item.id, borrower_id, period.start)
    if row is None or row["away"]:
        raise loan_refusals.PausedBorrower
    if row["own"]:
        raise loan_refusals.OwnItem
    if not row["verified"]:
        raise loan_refusals.NotVerified
    if item.who == "members" and row["association"] and not row["belongs"]:
        raise loan_refusals.MembersOnly(title=item.title, name=row["association"])
    if not row["trained"]:
        raise loan_refusals.TrainingNeeded(title=item.title, training=row["training"])
    return Limits(row["max_running"], row["max_per_category"])


def check_quantity(item: Item, quantity: int) -> None:
    """Raises TooManyAtOnce."""
    if item.max_quantity is not None and quantity > item.max_quantity:
        raise loan_refusals.TooManyAtOnce(limit=item.max_quantity)


async def would_refuse(item: Item, borrower_id: int, period: Period, quantity: int) -> Refusal | None:
    """The same as an answer."""
    try:
        await check(item, borrower_id, period, quantity)
    except Refusal as refusal:
        return refusal
    return None


async def _check_running(item: Item, borrower_id: int, limits: Limits, besides: int | None) -> None:
    row = await fetch_one(_RUNNING, borrower_id, item.lender_id, item.category, besides)
    if row is None:
        return
    if row["late"]:
        raise loan_refusals.Overdue(title=row["late"])
    if limits.running is not None and row["here"] >= limits.running:
        raise loan_refusals.TooManyRunning(limits.running)
    if item.category and limits.of_category is not None and row["of_category"] >= limits.of_category:
        raise loan_refusals.TooManyOfCategory(limits.of_category)
