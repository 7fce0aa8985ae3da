"""Pages where whoever looks after a booking site writes its hours and closures: a place's, a lender's."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange import booking
from echange.database import in_transaction
from echange.http import (
    Bound,
    GuardedRoute,
    Invalid,
    NotFound,
    Rate,
    Refusal,
    blank,
    member,
    page,
    read_form,
    read_query,
    read_upload,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.dates import DAYS, now, today
from echange.http.dates import day as day_said
from echange.i18n import current_locale, mark, ngettext
from echange.i18n import gettext as _
from echange.places.closing import TouchedLine, lines_of, listeners_of
from echange.places.hours import closures_to_come, span_said, week_of
from echange.places.hours_form import (
    CLOSED_AHEAD,
    DAY_FIELDS,
    LONGEST_CLOSURE,
    ClosureForm,
    Season,
    SeasonQuery,
    WeekForm,
    laid_over,
    seasons_of,
    week_fields,
)

CLOSURES: Final = Rate("closures", 60, 3600)
CALENDAR_BODY: Final = 1024 * 1024
ERRORS_SHOWN: Final = 20
NOTHING_OPEN: Final = mark(
    "Aucune heure n’est écrite. Pour fermer pendant une période, ajoutez plutôt une fermeture."
)


@dataclass(frozen=True, slots=True)
class SiteOwner:
    """Whose hours these are: `trail` leads to its page, `url`; its hours stand below."""

    site_id: int
    name: str
    url: str
    trail: tuple[tuple[str, str], ...]

    @property
    def hours_url(self) -> str:
        return f"{self.url}/horaires"


OwnerOf = Callable[[Request], Awaitable[SiteOwner]]


def hours_routes(path: str, owner_of: OwnerOf) -> list[GuardedRoute]:
    """The pages below `path`. `owner_of` loads whose they are for who may change them; it raises
    NotFound, NotAllowed.
    """
    pages, hours = _HoursPages(owner_of), f"{path}/horaires"
    return [
        page(hours, pages.show, who=member),
        page(f"{hours}/semaine", pages.show_week, who=member),
        page(f"{hours}/semaine", pages.write_week, who=member, methods=("POST",)),
        page(f"{hours}/sur-rendez-vous", pages.by_appointment, who=member, methods=("POST",)),
        page(f"{hours}/fermetures", pages.close, who=member, methods=("POST",), limit=CLOSURES),
        page(f"{hours}/fermetures/calendrier", pages.take_calendar, who=member, methods=("POST",),
             limit=CLOSURES, max_body=CALENDAR_BODY),
        page(f"{hours}/fermetures/{{closure:id}}", pages.show_closure, who=member),
        page(f"{hours}/fermetures/{{closure:id}}/retrait", pages.reopen, who=member, methods=("POST",)),
    ]  # fmt: skip


class _HoursPages:
    def __init__(self, owner_of: OwnerOf) -> None:
        self._owner_of = owner_of

    async def show(self, request: Request) -> Response:
        """GET …/horaires"""
        owner = await self._owner_of(request)
        return render(request, "places/hours.html", await _screen(owner, blank(ClosureForm)))

    async def show_week(self, request: Request) -> Response:
        """GET …/horaires/semaine?who=desk&from_day=&until_day="""
        owner, query = await self._owner_of(request), read_query(request, SeasonQuery).data or SeasonQuery()
        hours = await booking.openings(owner.site_id)
        fields = week_fields(hours, query.season)
        form = blank(WeekForm, **{**fields, "known": "" if query.new else "1"})
        screen = _week_screen(owner, form, season=query.saison == "1")
        return render(request, "places/week.html", screen)

    async def write_week(self, request: Request) -> Response:
        """POST …/horaires/semaine"""
        owner, bound = await self._owner_of(request), await read_form(request, WeekForm)
        form = bound.data
        if form is not None and form.was is None and not form.openings():
            form, bound = None, bound.refuse(Invalid({"": [_(NOTHING_OPEN)]}))
        if form is None:
            return refused_form(request, "places/week.html", _week_screen(owner, bound))
        async with in_transaction():
            hours = [one for one in await booking.openings(owner.site_id) if not _is_over(one)]
            week = laid_over(hours, form.was, form.season, form.openings())
            await booking.set_openings(owner.site_id, week)
        return redirect(request, owner.hours_url, say=_("Les horaires sont à jour."))

    async def by_appointment(self, request: Request) -> Response:
        """POST …/horaires/sur-rendez-vous"""
        owner = await self._owner_of(request)
        await booking.set_openings(owner.site_id, [])
        say = _("C’est noté : on vient sur rendez-vous, à toute heure.")
        return redirect(request, owner.hours_url, say=say)

    async def close(self, request: Request) -> Response:
        """POST …/horaires/fermetures"""
        owner, bound = await self._owner_of(request), await read_form(request, ClosureForm)
        if bound.data is not None:
            try:
                closure_id = await _closed(request, owner, bound.data)
            except Refusal as refusal:
                bound = bound.refuse(refusal, at="first_day")
            else:
                return redirect(request, f"{owner.hours_url}/fermetures/{closure_id}", say=_("C’est noté."))
        return refused_form(request, "places/hours.html", await _screen(owner, bound))

    async def take_calendar(self, request: Request) -> Response:
        """POST …/horaires/fermetures/calendrier: a file of closures, again and again."""
        owner = await self._owner_of(request)
        try:
            file = await read_upload(request, missing=_("Choisissez un fichier .ics."))
            async with in_transaction():
                taken = await booking.import_closures(owner.site_id, file.data)
                touched = await _tell(request, owner, [*taken.added, *taken.changed])
        except Refusal as refusal:
            calendar = Bound[ClosureForm]().refuse(refusal, at="file")
            context = await _screen(owner, blank(ClosureForm), calendar=calendar)
            return refused_form(request, "places/hours.html", context)
        told = {"words": _taken_words(taken), "errors": taken.errors[:ERRORS_SHOWN], "touched": touched}
        return render(request, "places/hours.html", await _screen(owner, blank(ClosureForm), taken=told))

    async def show_closure(self, request: Request) -> Response:
        """GET …/horaires/fermetures/7: what it touches, and what is proposed instead."""
        owner = await self._owner_of(request)
        closure = await _closure(owner, request)
        found = await lines_of(request, await booking.affected(owner.site_id, closure.id))
        return render(
            request,
            "places/closure.html",
            {
                "owner": owner,
                "closure": closure,
                "when": span_said(closure.period),
                "touched": [_touched(line) for line in found],
            },
        )

    async def reopen(self, request: Request) -> Response:
        """POST …/horaires/fermetures/7/retrait"""
        owner = await self._owner_of(request)
        await booking.reopen_site(owner.site_id, request.path_params["closure"])
        return redirect(request, owner.hours_url, say=_("La fermeture est retirée."))


async def _closed(request: Request, owner: SiteOwner, form: ClosureForm) -> int:
    async with in_transaction():
        closure_id = await booking.close_site(owner.site_id, form.period(), form.label)
        await _tell(request, owner, [closure_id])
    return closure_id


async def _tell(request: Request, owner: SiteOwner, closure_ids: Sequence[int]) -> int:
    """Whose bookings these closures touch, and how many they are."""
    by, found = signed_in(request), 0
    async with in_transaction():
        for closure_id in closure_ids:
            touched = await booking.affected(owner.site_id, closure_id)
            found += len(touched)
            for listener in listeners_of(request) if touched else ():
                await listener.closed_then(touched, by=by)
    return found


async def _closure(owner: SiteOwner, request: Request) -> booking.Closure:
    """The closure of the address, as it belongs to this site. Raises NotFound."""
    wanted, at = request.path_params["closure"], now()
    span = booking.Period(at - 2 * LONGEST_CLOSURE, at + CLOSED_AHEAD + LONGEST_CLOSURE)
    for closure in await booking.closures(owner.site_id, span):
        if closure.id == wanted:
            return closure
    raise NotFound


async def _screen(
    owner: SiteOwner,
    form: Bound[ClosureForm],
    *,
    calendar: Bound[Any] | None = None,
    taken: dict[str, Any] | None = None,
) -> dict[str, Any]:
    hours = [one for one in await booking.openings(owner.site_id) if not _is_over(one)]
    return {
        "owner": owner,
        "weeks": [_week_line(hours, season, owner) for season in seasons_of(hours)],
        "has_office": any(one.who == "office" for one in hours),
        "closures": await closures_to_come(owner.site_id, now()),
        "form": form,
        "calendar": calendar or Bound(),
        "taken": taken,
        "first_possible": today().isoformat(),
    }


def _week_line(hours: Sequence[booking.Opening], season: Season, owner: SiteOwner) -> dict[str, Any]:
    mine = [one for one in hours if Season.of(one) == season]
    return {
        "title": season_words(season),
        "days": week_of(mine, season.from_day or today(), season.who),
        "url": f"{owner.hours_url}/semaine?{season.query}",
    }


def season_words(season: Season) -> str:
    """« Toute l’année », « Du … au … », of the office where it is not the desk."""
    if season.from_day is None and season.until_day is None:
        words = _("Toute l’année")
    elif season.from_day is None:
        words = _("Jusqu’à {day}").format(day=day_said(season.until_day or today()))
    elif season.until_day is None:
        words = _("À partir de {day}").format(day=day_said(season.from_day))
    else:
        words = _("De {first} à {last}").format(
            first=day_said(season.from_day), last=day_said(season.until_day)
        )
    return words if season.who == "desk" else _("Bureau, sans accueil\u00a0: {season}").format(season=words)


def _week_screen(owner: SiteOwner, form: Bound[WeekForm], *, season: bool = False) -> dict[str, Any]:
    days = list(zip(DAY_FIELDS, (name.capitalize() for name in DAYS[current_locale.get()]), strict=True))
    told = form.values
    return {
        "owner": owner,
        "form": form,
        "is_new": not told.get("known"),
        "days": days,
        "season": season or bool(told.get("from_day") or told.get("until_day")),
        "labels": {**dict(days), "from_day": _("Du"), "until_day": _("Au")},
    }


def _is_over(opening: booking.Opening) -> bool:
    return opening.until_day is not None and opening.until_day < today()


def _touched(line: TouchedLine) -> dict[str, Any]:
    found = line.found
    what = {
        "start": _("Personne ne sera là pour le départ."),
        "end": _("Personne ne sera là pour le retour."),
        "between": _("C’est fermé entre-temps."),
    }[found.what]
    opens = found.next_opening
    return {
        "thing": line.thing,
        "number": found.booking_id,
        "when": span_said(found.period),
        "what": what,
        "proposed": span_said(opens) if opens else "",
    }


def _taken_words(taken: booking.Imported) -> str:
    added, changed = len(taken.added), len(taken.changed)
    parts = [
        ngettext("{n} fermeture ajoutée", "{n} fermetures ajoutées", added).format(n=added),
        ngettext("{n} changée", "{n} changées", changed).format(n=changed),
        ngettext("{n} retirée", "{n} retirées", taken.removed).format(n=taken.removed),
    ]
    return ", ".join(parts) + "."
