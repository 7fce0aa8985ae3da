"""Rooms, desks and machines, booked every week at the same hour."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    GuardedRoute,
    NotFound,
    Rate,
    Refusal,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    signed_in,
)
from echange.i18n import ngettext
from echange.lending.choosing import ChoiceQuery, query_for
from echange.lending.loading import visible_item
from echange.lending.loan_screen_forms import AskForm
from echange.lending.pages.item import PAGE, screen_of
from echange.lending.weekly import WeeklyForm, ask_weekly

WEEKLY: Final = Rate("loan_weekly", 10, 3600)


async def ask_every_week(request: Request) -> Response:
    """POST /prets/12/chaque-semaine"""
    viewer, item = signed_in(request), await visible_item(request)
    bound = await read_form(request, WeeklyForm)
    form = bound.data
    if form is None:
        query = ChoiceQuery()
    else:
        query = query_for(form.period)
        try:
            loans = await ask_weekly(
                item,
                by=viewer,
                first=form.period,
                weeks=form.weeks,
                purpose=form.purpose,
                read=form.read,
                once=form.once,
            )
        except NotFound:
            raise
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            n = len(loans)
            say = ngettext("{n} réservation est faite.", "{n} réservations sont faites.", n).format(n=n)
            return redirect(request, "/moi/prets", say=say)
    screen = await screen_of(request, item, query, blank(AskForm, once=bound.values.get("once") or ""))
    return refused_form(request, PAGE, {**screen, "weekly": bound})


routes: Final[list[GuardedRoute]] = [
    page("/prets/{id:id}/chaque-semaine", ask_every_week, who=member, methods=("POST",), limit=WEEKLY),
]
