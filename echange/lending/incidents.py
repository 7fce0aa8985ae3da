"""Damage, loss, missing parts: told, answered by the borrower, decided by somebody who did not borrow it."""

from collections.abc import Collection, Sequence
from typing import Final, Literal

from tortoise.queryset import QuerySet

from echange import booking
from echange.database import fetch
from echange.database.again import again
from echange.http import Invalid, NotAllowed, NotFound, Viewer
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending import deposits, desk_refusals, loan_refusals, waiting
from echange.lending.loan_sides import borrows, seen_by
from echange.lending.models.condition import ConditionReport
from echange.lending.models.incident import Incident
from echange.lending.models.loan import Loan
from echange.lending.models.unit import Maintenance, Unit
from echange.lending.seeing import actor
from echange.members import note_act

Sort = Literal["damage", "loss", "missing"]
Decision = Literal["nothing", "repaired", "replaced", "kept"]
SORTS: Final = {
    "damage": mark("Abîmé"),
    "loss": mark("Perdu"),
    "missing": mark("Incomplet"),
}
DECISIONS: Final = {
    "nothing": mark("Sans suite"),
    "repaired": mark("Réparé"),
    "replaced": mark("Remplacé"),
    "kept": mark("Caution gardée"),
}
SHOWN: Final = (
    "unit", "loan", "loan__item", "loan__lender", "loan__lender__member", "loan__lender__organisation",
    "loan__lender__place", "loan__borrower", "loan__organisation", "report",
)  # fmt: skip
# Found and lost anew, it is the later loan that lost it.
_LOST: Final = """
    SELECT DISTINCT i.unit_id FROM incident i JOIN unit u ON u.id = i.unit_id AND u.condition = 'lost'
    WHERE i.loan_id = $1 AND i.kind = 'loss' AND NOT EXISTS (
        SELECT FROM incident o
        WHERE o.unit_id = i.unit_id AND o.kind = 'loss' AND o.id > i.id AND o.loan_id <> i.loan_id)"""


def visible_to(viewer: Viewer | None) -> QuerySet[Incident]:
    """Those of the loans they see."""
    from tortoise.expressions import Subquery

    return Incident.filter(loan_id__in=Subquery(Loan.filter(seen_by(viewer)).values("id")))


async def open_incident(
    it: Loan, kind: Sort, unit_id: int, words: str, *, by: Viewer, report: ConditionReport | None = None
) -> Incident:
    """Write it down in the caller's transaction, the loan being locked; its borrower hears of it."""
    made = await Incident.create(
        kind=kind,
        words=words[:1000],
        loan_id=it.id,
        unit_id=unit_id,
        report_id=report.id if report else None,
        by_id=by.id,
    )
    code = await Unit.filter(id=unit_id).values_list("code", flat=True)
    await it.tell("borrower", "incident_opened", by=by, sort=kind, code=str(code[0]))
    return made


@again
async def answer(one: Incident, *, by: Viewer, words: str) -> None:
    """What the borrower says of it; said anew it takes the place of what they said before.

    Raises NotAllowed for others, AlreadyDecided.
    """
    actor(by)
    it = await Loan.get(id=one.loan_id)
    if not borrows(it, by):
        raise NotAllowed
    async with it.turn(by, "change"):
        await _fresh(one)
        if one.answer == words:
            return
        if one.decided_at is not None:
            raise desk_refusals.AlreadyDecided
        await Incident.filter(id=one.id).update(answer=words, answered_at=now())
        await note_act(by, "incident_answered", ("loan", it.id))
        await it.tell("lender", "incident_answered", by=by)
    await one.refresh_from_db()


@again
async def decide(
    one: Incident, *, by: Viewer, decision: Decision, words: str = "", cents: int | None = None
) -> bool:
    """Say what becomes of it; the loan ends where nothing is left to settle. False when they said so before.

    « kept » keeps `cents` of the deposit; « repaired » makes the unit fit to be lent again.
    Raises OwnIncident, AlreadyDecided, NotYourTurn, DepositTooLow, Invalid at `cents`.
    """
    actor(by)
    it = await Loan.get(id=one.loan_id)
    if decision == "kept" and not cents:
        raise Invalid({"cents": [_("Écrivez ce qui est gardé de la caution.")]})
    async with it.turn(by, "closing") as turn:
        if by.id == it.borrower_id:
            raise desk_refusals.OwnIncident
        if turn.side != "lender":
            raise loan_refusals.NotYourTurn
        await _fresh(one)
        if one.decided_at is not None:
            if (one.decision, one.decided_by_id) == (decision, by.id):
                return False
            raise desk_refusals.AlreadyDecided
        if decision == "kept" and cents:
            await deposits.keep(it, cents, words, by)
        if decision == "repaired":
            await _repaired(it, one.unit_id)
        await _settle([one.id], decision, by, words, cents if decision == "kept" else None)
        await note_act(by, "incident_decided", ("loan", it.id))
        await it.tell("borrower", "incident_decided", by=by, decision=decision, reason=words)
        await deposits.close_if_settled(it, by)
    await one.refresh_from_db()
    return True


async def lost_in(it: Loan) -> set[int]:
    """The units that were lost during this loan, and are so still."""
    return {row["unit_id"] for row in await fetch(_LOST, it.id)}


async def settle_found(it: Loan, unit_ids: Collection[int], by: Viewer) -> None:
    """What was lost is back: nothing is left to decide about that, in the caller's transaction.

    Raises OwnIncident.
    """
    if by.id == it.borrower_id:
        raise desk_refusals.OwnIncident
    lost = Incident.filter(loan_id=it.id, unit_id__in=list(unit_ids), kind="loss", decided_at=None)
    await _settle([one.id for one in await lost], "nothing", by, _("Retrouvé."), None)


async def open_of(lender_ids: Collection[int]) -> Sequence[Incident]:
    """What waits for a decision, the oldest first."""
    waiting_ones = Incident.filter(loan__lender_id__in=list(lender_ids), decided_at=None)
    return list(await waiting_ones.order_by("at", "id").select_related(*SHOWN).limit(300))


async def _fresh(one: Incident) -> None:
    # The loan's row is held: nobody else answers or decides meanwhile.
    await one.refresh_from_db()
    if one.id is None:
        raise NotFound


async def _settle(ids: Sequence[int], decision: Decision, by: Viewer, words: str, cents: int | None) -> None:
    await Incident.filter(id__in=list(ids)).update(
        decision=decision, decision_words=words, decided_at=now(), decided_by_id=by.id, kept_cents=cents
    )


async def _repaired(it: Loan, unit_id: int) -> None:
    """Lent again from now on: no repair waits any more, and where it was withdrawn it is back."""
    moment = now()
    for repair in await Maintenance.filter(unit_id=unit_id, ended_at=None, ends_at__gt=moment):
        await Maintenance.filter(id=repair.id).update(ended_at=moment)
        await booking.end_maintenance(repair.booking_id, moment)
    await booking.restore(unit_id)
    await Unit.filter(id=unit_id, condition__in=["broken", "lost"]).update(condition="good")
    await waiting.freed([it.item_id])
