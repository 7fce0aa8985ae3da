"""Hours and closures of a booking site in JSON."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from echange import booking
from echange.database import in_transaction
from echange.http import (
    Access,
    Form,
    GuardedRoute,
    Invalid,
    Line,
    Out,
    answer,
    anyone,
    api,
    member,
    read_json,
    signed_in,
)
from echange.http.dates import now
from echange.http.moments import Instant, NearDay
from echange.i18n import gettext as _
from echange.places.closing import listeners_of
from echange.places.hours import CLOSURES_AHEAD
from echange.places.hours_form import LONGEST_CLOSURE, MIDNIGHT, Who
from echange.places.hours_pages import CLOSURES
from echange.places.loading import kept_place, visible_place

SiteOf = Callable[[Request], Awaitable[int]]
OPENINGS_AT_MOST: Final = 500


class OpeningForm(Form):
    """Every `weekday` (0: Monday), in minutes since midnight; `who`: desk (receives people) or office."""

    weekday: int = Field(ge=0, le=6)
    opens: int = Field(ge=0, lt=MIDNIGHT)
    closes: int = Field(gt=0, le=MIDNIGHT)
    who: Who = "desk"
    from_day: NearDay | None = None
    until_day: NearDay | None = None


class HoursForm(Form):
    """All of them; none: by appointment."""

    openings: list[OpeningForm] = Field(max_length=OPENINGS_AT_MOST)


class SiteClosureForm(Form):
    start: Instant
    end: Instant
    label: Annotated[Line, Field(max_length=120)] = ""


class OpeningOut(Out):
    weekday: int
    opens: int
    closes: int
    who: str
    from_day: date | None
    until_day: date | None


class SiteClosureOut(Out):
    id: int
    start: datetime
    end: datetime
    label: str
    imported: bool


class HoursOut(Out):
    """`closures` those to come."""

    by_appointment: bool
    openings: list[OpeningOut]
    closures: list[SiteClosureOut]


class TouchedOut(Out):
    """A booking whose `what` (start, end, between) it touches; the next opening, where one comes."""

    booking: int
    start: datetime
    end: datetime
    what: str
    opens: datetime | None
    closes: datetime | None


class ClosedOut(Out):
    id: int
    touched: list[TouchedOut]


def hours_api_routes(
    path: str, seen: SiteOf, kept: SiteOf, *, seen_by: Access = anyone
) -> list[GuardedRoute]:
    """Calls below `path`, for who sees the site and who looks after it; both raise NotFound, NotAllowed."""
    calls, hours = _HoursCalls(seen, kept), f"{path}/hours"
    return [
        api("GET", hours, calls.show_hours, who=seen_by, summary="Les horaires et les fermetures à venir",
            answer=HoursOut),
        api("PUT", hours, calls.write_hours, who=member, summary="Écrire tous les horaires", body=HoursForm,
            answer=HoursOut),
        api("POST", f"{hours}/closures", calls.close, who=member, summary="Fermer pour un temps",
            body=SiteClosureForm, answer=ClosedOut, status=201, limit=CLOSURES),
        api("DELETE", f"{hours}/closures/{{closure:id}}", calls.reopen, who=member,
            summary="Retirer une fermeture", status=204),
    ]  # fmt: skip


class _HoursCalls:
    def __init__(self, seen: SiteOf, kept: SiteOf) -> None:
        self._seen = seen
        self._kept = kept

    async def show_hours(self, request: Request) -> Response:
        return await _told(await self._seen(request))

    async def write_hours(self, request: Request) -> Response:
        site_id, form = await self._kept(request), await read_json(request, HoursForm)
        for one in form.openings:
            if one.closes <= one.opens or (one.from_day and one.until_day and one.until_day < one.from_day):
                raise Invalid({"openings": [_("Une ouverture finit avant de commencer.")]})
        wanted = [booking.Opening(**one.model_dump()) for one in form.openings]
        await booking.set_openings(site_id, wanted)
        return await _told(site_id)

    async def close(self, request: Request) -> Response:
        """Nothing is deleted; whose bookings it touches are told."""
        site_id, form = await self._kept(request), await read_json(request, SiteClosureForm)
        if form.end - form.start > LONGEST_CLOSURE:
            raise Invalid({"end": [_("Une fermeture dure deux ans au plus.")]})
        async with in_transaction():
            period = booking.Period(form.start, form.end)
            closure_id = await booking.close_site(site_id, period, form.label)
            touched = await booking.affected(site_id, closure_id)
            for listener in listeners_of(request) if touched else ():
                await listener.closed_then(touched, by=signed_in(request))
        lines = [
            TouchedOut(
                booking=one.booking_id,
                start=one.period.start,
                end=one.period.end,
                what=one.what,
                opens=one.next_opening and one.next_opening.start,
                closes=one.next_opening and one.next_opening.end,
            )
            for one in touched
        ]
        return answer(ClosedOut(id=closure_id, touched=lines), 201)

    async def reopen(self, request: Request) -> Response:
        await booking.reopen_site(await self._kept(request), request.path_params["closure"])
        return answer(None, 204)


async def _told(site_id: int) -> Response:
    hours, at = await booking.openings(site_id), now()
    coming = await booking.closures(site_id, booking.Period(at, at + CLOSURES_AHEAD))
    return answer(
        HoursOut(
            by_appointment=not hours,
            openings=[
                OpeningOut(
                    weekday=one.weekday,
                    opens=one.opens,
                    closes=one.closes,
                    who=one.who,
                    from_day=one.from_day,
                    until_day=one.until_day,
                )
                for one in hours
            ],
            closures=[
                SiteClosureOut(
                    id=one.id,
                    start=one.period.start,
                    end=one.period.end,
                    label=one.label,
                    imported=one.imported,
                )
                for one in coming
            ],
        )
    )


async def _site_seen(request: Request) -> int:
    return (await visible_place(request)).site_id


async def _site_kept(request: Request) -> int:
    return (await kept_place(request)).site_id


routes: Final = hours_api_routes("/places/{id:id}", _site_seen, _site_kept)
