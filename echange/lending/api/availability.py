"""When something is free, in JSON; signed out too."""

from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from echange import booking
from echange.booking import Period
from echange.http import Invalid, Out, anyone, api, viewer_of
from echange.http import answer as reply
from echange.http.dates import local, today
from echange.http.forms import validate
from echange.i18n import gettext as _
from echange.lending import refusing
from echange.lending.loading import visible_item
from echange.lending.loan_forms import DAYS_AT_MOST, WEEKS_SHOWN, AvailabilityQuery
from echange.lending.wishing import Wish, wanted_of


class SpanOut(Out):
    start: datetime
    end: datetime


class DayOut(Out):
    """`state`: free, partly, taken, closed, past, too_soon, too_far; `spans`: when so many are free."""

    date: date
    state: str
    free: int
    spans: list[SpanOut]


class AvailabilityOut(Out):
    """`bookable`: whether the exact window between two instants can be booked; null for days.

    `refusal`: the code of the rule that says no, with `alternatives` that can be booked.
    """

    item: int
    quantity: int
    days: list[DayOut]
    bookable: bool | None
    refusal: str | None
    alternatives: list[dict[str, object]]


async def show_availability(request: Request) -> Response:
    """Which days are free for so many of it; between two instants also whether these can be booked."""
    item = await visible_item(request)
    query = _query(request)
    first, last = _days(query)
    wanted = await wanted_of(item, query.quantity, query.parts)
    days = await booking.days(wanted, first, last) if wanted else []
    told = AvailabilityOut(
        item=item.id,
        quantity=query.quantity,
        days=[_day(one) for one in days],
        bookable=None,
        refusal=None,
        alternatives=[],
    )
    if isinstance(query.start, datetime) and isinstance(query.end, datetime):
        period = Period(query.start, query.end)
        refusal = await booking.can_take(wanted, period) if wanted else booking.NotFree(0)
        told.bookable = refusal is None
        if refusal is not None:
            told.refusal = refusal.code
            if (viewer := viewer_of(request)) is not None:
                wish = Wish(item, period, query.quantity, tuple(query.parts))
                told.alternatives = [one.told() for one in await refusing.alternatives(wish, viewer)]
    return reply(told)


def _query(request: Request) -> AvailabilityQuery:
    asked = request.query_params
    given: dict[str, Any] = {name: asked[name] for name in ("from", "to", "quantity") if asked.get(name)}
    return validate(AvailabilityQuery, {**given, "parts": asked.getlist("parts")})


def _days(query: AvailabilityQuery) -> tuple[date, date]:
    first = _date(query.start) if query.start else today()
    last = _date(query.end) if query.end else first + WEEKS_SHOWN
    if last < first:
        raise Invalid({"to": [_("La fin doit venir après le début.")]})
    if last - first > timedelta(days=DAYS_AT_MOST):
        raise Invalid({"to": [_("Cent jours au plus à la fois.")]})
    return first, last


def _date(bound: date | datetime) -> date:
    return local(bound).date() if isinstance(bound, datetime) else bound


def _day(one: booking.Day) -> DayOut:
    spans = [SpanOut(start=span.start, end=span.end) for span in one.spans]
    return DayOut(date=one.date, state=one.state, free=one.free, spans=spans)


routes = [
    api("GET", "/items/{id:id}/availability", show_availability, who=anyone,
        summary="Quand un objet est libre", query=AvailabilityQuery, answer=AvailabilityOut),
]  # fmt: skip
