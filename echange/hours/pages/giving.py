"""Hours given away: to whom, then how many."""

import secrets
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from echange.hours import gifts
from echange.hours.forms import GiftForm, RecipientQuery, To, ToOrganisation
from echange.hours.refusals import GiftToOneself
from echange.http import (
    Bound,
    NotFound,
    Refusal,
    Viewer,
    blank,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.durations import said
from echange.i18n import gettext as _
from echange.ledger import AboveCeiling, BelowFloor, account
from echange.members import Organisation, Unreachable, fold, met_by

_FOUND_AT_MOST: Final = 20


async def ask(request: Request) -> Response:
    """GET /temps/offrir?membre=|organisation=|fonds=|nom=."""
    return await _page(request, blank(GiftForm, once=secrets.token_urlsafe(12)))


async def give(request: Request) -> Response:
    """POST /temps/offrir?membre=|organisation=|fonds=."""
    viewer = signed_in(request)
    to, name = await _recipient(viewer, _asked(request))
    if to is None:
        raise NotFound
    bound = await read_form(request, GiftForm)
    if bound.data is None:
        return await _page(request, bound)
    form = bound.data
    try:
        gift = await gifts.give(to, by=viewer, minutes=form.minutes, words=form.reason, key=form.once)
    except NotFound:
        raise
    except Refusal as refusal:
        about_hours = isinstance(refusal, BelowFloor | AboveCeiling)
        return await _page(request, bound.refuse(refusal, at="minutes" if about_hours else ""))
    return redirect(
        request,
        f"/temps?organisation={viewer.acting_for.id}" if viewer.acting_for else "/temps",
        say=_("Vous avez offert {duration} à {name}. Merci !").format(duration=said(form.minutes), name=name),
        undo_url=f"/temps/dons/{gift.id}/annulation",
    )


async def take_back(request: Request) -> Response:
    """POST /temps/dons/{id}/annulation."""
    viewer = signed_in(request)
    back = f"/temps?organisation={viewer.acting_for.id}" if viewer.acting_for else "/temps"
    try:
        await gifts.take_back(int(request.path_params["id"]), by=viewer)
    except NotFound:
        raise
    except Refusal as refusal:
        return redirect(request, back, say=refusal.title, kind="warning")
    return redirect(request, back, say=_("Le don est repris : les heures sont revenues."))


def _asked(request: Request) -> RecipientQuery:
    return read_query(request, RecipientQuery).data or RecipientQuery()


async def _recipient(viewer: Viewer, asked: RecipientQuery) -> tuple[To | None, str]:
    """Who was named, as the viewer meets them; raises NotFound."""
    if asked.fonds:
        return "fund", _("Fonds de solidarité")
    if asked.organisation is not None:
        organisation = await Organisation.get_or_none(id=asked.organisation, away=False)
        if organisation is None:
            raise NotFound
        return ToOrganisation(organisation=organisation.id), organisation.name
    if asked.membre is not None:
        member = await met_by(viewer).get_or_none(id=asked.membre)
        if member is None or member.confirmed_at is None:
            raise NotFound
        return member.id, member.name
    return None, ""


async def _page(request: Request, bound: Bound[GiftForm]) -> Response:
    viewer, asked = signed_in(request), _asked(request)
    to, name = await _recipient(viewer, asked)
    context: dict[str, Any] = {
        "form": bound,
        "to": to,
        "name": name,
        "action": str(request.url.path) + "?" + request.url.query,
        "asked": asked.nom,
        "found": await _found(viewer, asked.nom) if to is None and asked.nom else [],
        "account": await account(await gifts.source_of(viewer)),
        "reason_not": await _reason_not(viewer, to) if to else "",
    }
    answer = refused_form if bound.errors else render
    return answer(request, "hours/give.html", context)


async def _reason_not(viewer: Viewer, to: To) -> str:
    """Why nothing can be given to them, told before anything is filled in."""
    if isinstance(to, int):
        if to == viewer.id and viewer.acting_for is None:
            return GiftToOneself().title
        try:
            await gifts.check_may_reach(viewer.id, to)
        except Unreachable as refusal:
            return refusal.title
    return ""


async def _found(viewer: Viewer, name: str) -> list[tuple[str, str, str]]:
    """Neighbours and associations called so: the kind of each, its name, and the way to give to it."""
    words = fold(name)
    called = Q(sort_key__startswith=words) | Q(sort_key__contains=f" {words}")
    people = met_by(viewer).filter(called, confirmed_at__isnull=False).exclude(id=viewer.id)
    homes = Organisation.filter(called, away=False)
    if viewer.acting_for:
        homes = homes.exclude(id=viewer.acting_for.id)
    order, most = ("sort_key", "id"), _FOUND_AT_MOST
    return [
        *[("member", one.name, f"membre={one.id}") for one in await people.order_by(*order).limit(most)],
        *[
            ("organisation", one.name, f"organisation={one.id}")
            for one in await homes.order_by(*order).limit(most)
        ],
    ]
