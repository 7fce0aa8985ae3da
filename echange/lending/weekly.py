"""The same hours every week: each its own loan, all of them or none."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Final

from pydantic import Field

from echange import booking
from echange.booking import Period
from echange.chat import client_id
from echange.database import in_transaction
from echange.database.again import again
from echange.http import Bound, Invalid, Refusal, Text, Viewer, blank
from echange.http.dates import day as day_said
from echange.http.dates import local
from echange.http.moments import instant_of
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending import asking
from echange.lending.loan_forms import Purpose, WindowForm
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.models.refused_ask import RefusedAsk
from echange.lending.wishing import Wish

AT_MOST: Final = 26
AGAIN: Final = timedelta(days=7)


class NotThatWeek(Refusal):
    """One of the weeks says no, so none is taken: the one of `wish`, because of `refusal`."""

    code: ClassVar[str] = "not_that_week"
    sentence: ClassVar[str] = mark("Rien n’est réservé : le {day}, ce n’est pas possible. {why}")

    def __init__(self, wish: Wish, refusal: Refusal) -> None:
        super().__init__(day=day_said(wish.period.start), why=refusal.title)
        self.wish, self.refusal = wish, refusal


class OnlyOnTheSpot(Refusal):
    code: ClassVar[str] = "only_on_the_spot"
    sentence: ClassVar[str] = mark("Seul ce qui s’utilise sur place se réserve chaque semaine.")


class WeeklyForm(WindowForm):
    """From this window on, so many weeks, the first one counted. `read`: the deposit and the rules were."""

    weeks: Annotated[int, Field(ge=2, le=AT_MOST)]
    purpose: Purpose = ""
    read: bool = False
    once: Annotated[Text, Field(max_length=30)] = ""


def weekly_form() -> Bound[WeeklyForm]:
    """An empty one."""
    return blank(WeeklyForm, weeks="4", once=client_id()[:30])


def windows(first: Period, weeks: int) -> list[Period]:
    """The same days and hours on the town's clock, week after week. Raises NoSuchTime."""
    return [_later(first, n * AGAIN) for n in range(weeks)]


def _later(period: Period, by: timedelta) -> Period:
    return Period(_at(period.start, by), _at(period.end, by))


def _at(instant: datetime, by: timedelta) -> datetime:
    shown = local(instant)
    return instant_of(shown.date() + by, shown.time()).astimezone(UTC)


@again
async def ask_weekly(
    item: Item,
    *,
    by: Viewer,
    first: Period,
    weeks: int,
    purpose: str = "",
    read: bool = False,
    once: str = "",
) -> list[Loan]:
    """Ask for it so many weeks in a row: all of them, or none. The same `once` again gives the same loans.

    What is to be read first is agreed to once for all weeks, with `read`, where a single request is held and
    confirmed. Those who decide hear of the first, which says until when. Raises Invalid at `read`;
    NotThatWeek, which names the day; OnlyOnTheSpot, and for the first week what `Loan.ask` does.
    """
    if not item.on_the_spot:
        raise OnlyOnTheSpot
    if item.needs_rereading and not read:
        raise Invalid({"read": [_("Relisez la caution et les règles, puis cochez la case.")]})
    wishes = [Wish(item, period) for period in windows(first, weeks)]
    try:
        async with in_transaction():
            return await _all_of_them(wishes, by, purpose, once)
    except booking.NotFree:
        await RefusedAsk.note(wishes[0], asking.asker_of(by).person_id)
        raise
    except NotThatWeek as refusal:
        if isinstance(refusal.refusal, booking.NotFree):
            await RefusedAsk.note(refusal.wish, asking.asker_of(by).person_id)
        raise


async def _all_of_them(wishes: Sequence[Wish], by: Viewer, purpose: str, once: str) -> list[Loan]:
    asker = asking.asker_of(by)
    await asking.lock_asker(asker.person_id)
    if known := await _known(asker.person_id, once):
        return known
    loans = [await _one(wish, by, purpose, _once(once, n), n) for n, wish in enumerate(wishes)]
    await asking.announce(loans[0], by, _said(purpose, wishes[-1].period.start))
    return loans


async def _known(person_id: int, once: str) -> list[Loan]:
    if not once:
        return []
    keys = [_once(once, n) for n in range(AT_MOST)]
    return list(await Loan.filter(borrower_id=person_id, once__in=keys).order_by("starts_at", "id"))


def _once(once: str, n: int) -> str:
    return f"{once}-{n}" if once else ""


async def _one(wish: Wish, by: Viewer, purpose: str, once: str, n: int) -> Loan:
    try:
        asker = asking.asker_of(by)
        await asking.check(wish, asker.person_id)
        return await Loan.booked(wish, asker, by=by, purpose=purpose, once=once)
    except Refusal as refusal:
        if n == 0:
            raise
        raise NotThatWeek(wish, refusal) from refusal


def _said(purpose: str, last: datetime) -> str:
    until = _("Chaque semaine, jusqu’à {day}.").format(day=day_said(last))
    return f"{purpose}\n{until}" if purpose else until
