"""Calendars to subscribe to: of a thing for everybody, of one's own loans by a secret address."""

from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import NotFound, Rate, Viewer, anyone, member, page, redirect, render, signed_in
from echange.http.crosssite import own_origin
from echange.http.icalendar import calendar_feed
from echange.http.rates import address_of, limiter_of
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.lending import feeds
from echange.lending.cards import face_of
from echange.lending.loading import visible_item
from echange.lending.managing import lenders_of, may_manage
from echange.lending.models.calendar_key import CalendarKey
from echange.lending.models.lender import Lender

PUBLIC: Final = Rate("item calendar", 600, 3600)
PRIVATE: Final = Rate("own calendar", 120, 3600)
GUESSES: Final = Rate("unknown calendar", 30, 3600)
RENEWALS: Final = Rate("calendar key", 20, 3600)
PAGE: Final = "lending/feeds.html"
ADDRESS: Final = "/moi/calendriers"
_OF_KEY: Final = "/agenda/prive/{key:word}"


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """A calendar to subscribe to, by its whole address."""

    name: str
    url: str

    @property
    def webcal(self) -> str:
        """What a calendar program opens by itself."""
        return "webcal:" + self.url.partition(":")[2]


async def show_item_feed(request: Request) -> Response:
    """GET /prets/12/agenda.ics"""
    limiter_of(request).check(PUBLIC, request)
    item = await visible_item(request)
    name = _("{title} : ce qui est pris").format(title=item.title)
    taken = await feeds.taken(item)
    return calendar_feed(request, name, taken, f"objet-{item.id}", secret=False)


async def show_own_feed(request: Request) -> Response:
    """GET /agenda/prive/….ics?avec=materiel: what one borrows, and also what one lends."""
    reader = await _reader(request)
    mine = await feeds.borrowed(reader)
    if request.query_params.get("avec") == "materiel":
        known = {one.key for one in mine}
        lent = await feeds.lent([one.id for one in await lenders_of(reader)])
        mine += [one for one in lent if one.key not in known]
    return calendar_feed(request, _("Mes prêts"), mine, "mes-prets", secret=True)


async def show_lender_feed(request: Request) -> Response:
    """GET /agenda/prive/…/preteur/7.ics: for as long as one manages it."""
    reader = await _reader(request)
    owners = Lender.filter(id=request.path_params["id"]).select_related("member", "organisation", "place")
    lender = await owners.first()
    if lender is None or not await may_manage(reader, lender):
        raise NotFound
    name = _("Prêts : {name}").format(name=face_of(lender, reader).name)
    return calendar_feed(request, name, await feeds.lent([lender.id]), f"preteur-{lender.id}", secret=True)


async def show_keys(request: Request) -> Response:
    """GET /moi/calendriers"""
    return render(request, PAGE, await _screen(request))


async def renew_key(request: Request) -> Response:
    """POST /moi/calendriers: shown in the answer itself, as it is kept nowhere."""
    viewer = signed_in(request)
    key = await CalendarKey.renew(viewer.id)
    addresses = await addresses_of(request, viewer, key)
    return render(request, PAGE, {**await _screen(request), "addresses": addresses}, status=201)


async def revoke_key(request: Request) -> Response:
    """POST /moi/calendriers/retrait"""
    await CalendarKey.revoke(signed_in(request).id)
    return redirect(request, ADDRESS, say=_("Votre adresse secrète ne sert plus."))


async def addresses_of(request: Request, viewer: Viewer, key: str) -> list[FeedAddress]:
    """All calendars that this secret opens."""
    base = f"{own_origin(request, request.app.state.settings) or ''}/agenda/prive/{key}"
    lenders = await lenders_of(_oneself(viewer))
    told = [FeedAddress(_("Ce que j’emprunte"), f"{base}.ics")]
    if lenders:
        told.append(FeedAddress(_("Ce que j’emprunte et ce que je prête"), f"{base}.ics?avec=materiel"))
    return told + [
        FeedAddress(
            _("Prêts : {name}").format(name=face_of(one, viewer).name), f"{base}/preteur/{one.id}.ics"
        )
        for one in lenders
    ]


async def _reader(request: Request) -> Viewer:
    """Whose secret it is; their language too. Raises NotFound, TooMany."""
    limiter = limiter_of(request)
    reader = await CalendarKey.reader(request.path_params["key"])
    if reader is None:
        limiter.take(GUESSES, f"address {address_of(request)}")
        raise NotFound
    limiter.take(PRIVATE, f"member {reader.id}")
    current_locale.set(reader.locale)
    return reader


def _oneself(viewer: Viewer) -> Viewer:
    """A secret is its member's own, whoever they act for just now."""
    return Viewer(viewer.id, viewer.name, viewer.handle, viewer.confirmed, roles=viewer.roles)


async def _screen(request: Request) -> dict[str, Any]:
    key = await CalendarKey.get_or_none(member_id=signed_in(request).id)
    return {"key": key, "addresses": []}


routes = [
    page("/prets/{id:id}/agenda.ics", show_item_feed, who=anyone),
    page(_OF_KEY + ".ics", show_own_feed, who=anyone),
    page(_OF_KEY + "/preteur/{id:id}.ics", show_lender_feed, who=anyone),
    page(ADDRESS, show_keys, who=member),
    page(ADDRESS, renew_key, who=member, methods=("POST",), limit=RENEWALS),
    page(ADDRESS + "/retrait", revoke_key, who=member, methods=("POST",)),
]
