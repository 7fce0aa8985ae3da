"""The same hours every week: each its own loan, all of them or none."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Final

from pydantic import Field

from echange.booking import Period
from echange.chat import client_id
from echange.database import in_transaction
from echange.database.again import again
from echange.http import Bound, Refusal, Text, Viewer, blank
from echange.http.dates import day as day_said
from echange.http.dates import local
from echange.http.moments import instant_of
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending import asking
from echange.lending.loan_forms import Purpose, WindowForm
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.wishing import Wish

AT_MOST: Final = 26
AGAIN: Final = timedelta(days=7)


class NotThatWeek(Refusal):
    """One of the weeks says no, so none is taken."""

    code: ClassVar[str] = "not_that_week"
    sentence: ClassVar[str] = mark("Rien n’est réservé : le {day}, ce n’est pas possible. {why}")


class OnlyOnTheSpot(Refusal):
    code: ClassVar[str] = "only_on_the_spot"
    sentence: ClassVar[str] = mark("Seul ce qui s’utilise sur place se réserve chaque semaine.")


class WeeklyForm(WindowForm):
    """From this window on, so many weeks, the first one counted."""

    weeks: Annotated[int, Field(ge=2, le=AT_MOST)]
    purpose: Purpose = ""
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
    item: Item, *, by: Viewer, first: Period, weeks: int, purpose: str = "", once: str = ""
) -> list[Loan]:
    """Ask for it so many weeks in a row: all of them, or none. The same `once` again gives the same loans.

    Those who decide hear of the first, which says until when. Raises NotThatWeek, which names the day;
    OnlyOnTheSpot, and for the first week what `Loan.ask` does.
    """
    if not item.on_the_spot:
        raise OnlyOnTheSpot
    asker = asking.asker_of(by)
    periods = windows(first, weeks)
    async with in_transaction():
        await asking.lock_asker(asker.person_id)
        if known := await _known(asker.person_id, once):
            return known
        loans = [
            await _one(Wish(item, period), by, purpose, _once(once, n), n) for n, period in enumerate(periods)
        ]
        await asking.announce(loans[0], by, _said(purpose, periods[-1].start))
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
        raise NotThatWeek(day=day_said(wish.period.start), why=refusal.title) from refusal


def _said(purpose: str, last: datetime) -> str:
    until = _("Chaque semaine, jusqu’à {day}.").format(day=day_said(last))
    return f"{purpose}\n{until}" if purpose else until
