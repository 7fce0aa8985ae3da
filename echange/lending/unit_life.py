"""Units taken out of use, given back, repaired: with what becomes of the loans that counted on them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from echange import booking
from echange.database import fetch, fetch_one, in_transaction
from echange.database.again import again
from echange.http import Invalid, Viewer
from echange.http.dates import now
from echange.http.moments import instant_of
from echange.i18n import gettext as _
from echange.lending import refusals
from echange.lending.displacing import hold_loans, loans_displaced
from echange.lending.life import State
from echange.lending.loan_refusals import NotNow, NotYourTurn
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.models.unit import Maintenance, Unit
from echange.lending.screen_forms import MaintenanceForm
from echange.lending.seeing import actor
from echange.members import note_act

# Asked for and not handed over; what is only held lapses by itself, and is told to nobody.
COMING: Final[tuple[State, ...]] = ("requested", "approved", "at_risk", "ready")


@dataclass(frozen=True, slots=True)
class UnitState:
    """`out`: somebody has it; `busy`: it is being repaired; `loans` how often it was lent."""

    retired_at: datetime | None
    out: bool
    busy: bool
    loans: int

    @property
    def word(self) -> str:
        """withdrawn, out, maintenance or there."""
        if self.retired_at is not None:
            return "withdrawn"
        if self.out:
            return "out"
        return "maintenance" if self.busy else "there"


async def states_of(unit_ids: list[int]) -> dict[int, UnitState]:
    """Where these units are just now."""
    rows = await fetch(
        """SELECT b.id, b.retired_at,
               EXISTS (SELECT FROM booking_holding h WHERE h.unit_id = b.id AND h.returned_at IS NULL) AS out,
               EXISTS (SELECT FROM maintenance x WHERE x.unit_id = b.id AND x.ended_at IS NULL
                       AND now() BETWEEN x.starts_at AND x.ends_at) AS busy,
               (SELECT count(DISTINCT h.booking_id) FROM booking_holding h WHERE h.unit_id = b.id) AS loans
           FROM booking_unit b WHERE b.id = ANY($1)""",
        unit_ids,
    )
    return {row["id"]: UnitState(row["retired_at"], row["out"], row["busy"], row["loans"]) for row in rows}


@again
async def withdraw_unit(unit: Unit, *, by: Viewer, condition: str = "") -> list[Loan]:
    """Lend it to nobody more; the loans it was promised to get another unit, or are at risk: these come back.

    Withdrawn already, nothing happens. Raises UnitOut while somebody has it.
    """
    actor(by)
    async with in_transaction():
        await _hold(unit)
        state = (await states_of([unit.id]))[unit.id]
        if state.out:
            raise refusals.UnitOut
        at_risk = []
        if state.retired_at is None:
            at_risk = await loans_displaced(await booking.withdraw(unit.id, at=now()), by=by)
            await Maintenance.filter(unit_id=unit.id, ended_at=None).update(ended_at=now())
            await note_act(by, "unit_withdrawn", ("item", unit.item_id), code=unit.code)
        if condition:
            await Unit.filter(id=unit.id).update(condition=condition)
            unit.condition = condition
        return at_risk


async def give_back_unit(unit: Unit, *, by: Viewer) -> None:
    """It can be lent again: found, repaired after all. In use already, nothing happens."""
    actor(by)
    async with in_transaction():
        await _hold(unit)
        await booking.restore(unit.id)
        if unit.condition == "lost":
            await Unit.filter(id=unit.id).update(condition="good")
            unit.condition = "good"
        await note_act(by, "unit_given_back", ("item", unit.item_id), code=unit.code)


@again
async def repair_unit(unit: Unit, form: MaintenanceForm, *, by: Viewer) -> list[Loan]:
    """Keep it from being lent for a while; loans it was promised to get another unit, or are at risk.

    Raises Invalid for days in the wrong order, UnitWithdrawn, and what `booking.maintain` does.
    """
    period = _period_of(form)
    async with in_transaction():
        await _hold(unit)
        if (await states_of([unit.id]))[unit.id].retired_at is not None:
            raise refusals.UnitWithdrawn
        _made, displaced = await Maintenance.plan(unit, period.start, period.end, form.words, by=by)
        return await loans_displaced(displaced, by=by)


async def _hold(unit: Unit) -> None:
    # A loan comes before its model in every transaction.
    row = await fetch_one("SELECT model_id FROM booking_unit WHERE id = $1", unit.id)
    if row is not None:
        await hold_loans([row["model_id"]])


def _period_of(form: MaintenanceForm) -> booking.Period:
    last = form.last_day or form.first_day
    start = instant_of(form.first_day, form.starts or time())
    end = instant_of(last, form.ends) if form.ends else instant_of(last + timedelta(days=1), time())
    if end <= start:
        raise Invalid({"last_day": [_("La fin vient après le début.")]})
    if end <= now():
        raise Invalid({"last_day": [_("Ces jours sont passés.")]})
    if end - start > timedelta(days=366):
        raise Invalid({"last_day": [_("Un an au plus.")]})
    return booking.Period(max(start, now()), end)


async def loans_to_come(item: Item) -> list[Loan]:
    """Those of it alone that were asked for and not handed over yet; a kit's loans are its own."""
    mine = Loan.filter(item_id=item.id, state__in=COMING)
    return list(await mine.order_by("starts_at", "id").select_related("borrower"))


async def call_off(item: Item, words: str, *, by: Viewer) -> int:
    """Call off all loans of it that were not handed over yet, each with a word to its borrower; how many."""
    said = words or _("Ce matériel n’est plus prêté.")
    return sum([await _called_off(loan, said, by) for loan in await loans_to_come(item)])


async def _called_off(loan: Loan, words: str, by: Viewer) -> bool:
    try:
        if loan.state == "requested":
            await loan.refuse(by=by, reason=words)
        else:
            await loan.cancel(by=by, words=words)
    except (NotNow, NotYourTurn):
        # It was handed over or called off just now; the others need not wait for that.
        return False
    return True
