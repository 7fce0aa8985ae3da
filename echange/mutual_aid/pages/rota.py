"""Rotas: weeks of shifts, who comes, and what its keeper does."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    Invalid,
    NotFound,
    Refusal,
    anyone,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.http.dates import DAYS, now, today
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.mutual_aid.group_forms import EntrustForm
from echange.mutual_aid.groups import entrust, groups_for
from echange.mutual_aid.loading import visible_help
from echange.mutual_aid.models import Help, RotaSlot, Shift
from echange.mutual_aid.rota_forms import EndForm, SlotForm, values_of
from echange.mutual_aid.rota_loading import run_help, run_slot
from echange.mutual_aid.rota_refusals import ReasonMissing, ShiftsTaken
from echange.mutual_aid.rota_seeing import may_run
from echange.mutual_aid.rota_showing import slot_words, slots_of, weeks_of

KEPT: Final = ("keep", "cancel")


async def show_rota(request: Request) -> Response:
    """GET /entraide/12/planning"""
    aid, viewer = await visible_help(request), viewer_of(request)
    slots, runs = await slots_of(aid.id), await may_run(aid, viewer)
    if aid.kind != "ask" or not (slots or runs):
        raise NotFound
    context = {
        "help": aid,
        "slots": slots,
        "weeks": await weeks_of(aid, viewer, today()),
        "runs": runs,
        "open": aid.ended_at is None and aid.hidden_at is None,
        "groups": await groups_for(aid, viewer) if viewer and runs else [],
        "group": aid.group_id,
    }
    return render(request, "mutual_aid/rota.html", context)


async def new_slot(request: Request) -> Response:
    """GET /entraide/12/planning/nouveau"""
    aid = await run_help(request)
    first = {"weekday": today().weekday(), "people": 1, "first_day": today().isoformat()}
    return render(request, "mutual_aid/rota_slot.html", await _screen(blank(SlotForm, **first), aid))


async def add_slot(request: Request) -> Response:
    """POST /entraide/12/planning/nouveau"""
    aid = await run_help(request)
    bound = await read_form(request, SlotForm)
    if bound.data is not None:
        try:
            await RotaSlot.add(aid, bound.data.terms(), by=signed_in(request))
        except Refusal as refusal:
            bound = _refused(bound, refusal)
        else:
            said = _("Le créneau est au planning, pour les cinq semaines qui viennent.")
            return redirect(request, f"{aid.url}/planning", say=said)
    return refused_form(request, "mutual_aid/rota_slot.html", await _screen(bound, aid))


async def edit_slot(request: Request) -> Response:
    """GET /entraide/planning/7/modifier"""
    slot, aid = await run_slot(request)
    form = blank(SlotForm, **values_of(slot.terms))
    return render(request, "mutual_aid/rota_slot.html", await _screen(form, aid, slot))


async def change_slot(request: Request) -> Response:
    """POST /entraide/planning/7/modifier"""
    slot, aid = await run_slot(request)
    bound = await read_form(request, SlotForm)
    asks = False
    if bound.data is not None:
        told = bound.data
        try:
            await slot.change(told.terms(), by=signed_in(request), coming=told.coming, reason=told.reason)
        except Refusal as refusal:
            asks = isinstance(refusal, ShiftsTaken | ReasonMissing)
            bound = _refused(bound, refusal)
        else:
            return redirect(request, f"{aid.url}/planning", say=_("Le planning est à jour."))
    return refused_form(request, "mutual_aid/rota_slot.html", await _screen(bound, aid, slot, asks=asks))


async def ask_end(request: Request) -> Response:
    """GET /entraide/planning/7/fin"""
    slot, aid = await run_slot(request)
    return render(request, "mutual_aid/rota_end.html", await _ending(blank(EndForm), slot, aid))


async def end_slot(request: Request) -> Response:
    """POST /entraide/planning/7/fin"""
    slot, aid = await run_slot(request)
    bound = await read_form(request, EndForm)
    if bound.data is not None:
        try:
            await slot.remove(by=signed_in(request), coming=bound.data.coming, reason=bound.data.reason)
        except Refusal as refusal:
            bound = _refused(bound, refusal)
        else:
            return redirect(request, f"{aid.url}/planning", say=_("Ce créneau n’a plus lieu."))
    return refused_form(request, "mutual_aid/rota_end.html", await _ending(bound, slot, aid))


async def entrust_help(request: Request) -> Response:
    """POST /entraide/12/groupe"""
    aid = await visible_help(request)
    bound = await read_form(request, EntrustForm)
    try:
        await entrust(aid, bound.data.group if bound.data else None, by=signed_in(request))
    except Refusal as refusal:
        if refusal.status not in {Refusal.status, Invalid.status}:
            raise
        return redirect(request, f"{aid.url}/planning", say=refusal.title, kind="warning")
    said = _("Les bénévoles du groupe sont prévenus.") if aid.group_id else _("Ce n’est plus pour un groupe.")
    return redirect(request, f"{aid.url}/planning", say=said)


def _refused(bound: Bound[Any], refusal: Refusal) -> Bound[Any]:
    if isinstance(refusal, ShiftsTaken):
        return bound.refuse(refusal, at="coming")
    if isinstance(refusal, ReasonMissing):
        return bound.refuse(refusal, at="reason")
    if refusal.status != Refusal.status and not isinstance(refusal, Invalid):
        raise refusal
    return bound.refuse(refusal)


async def _screen(
    form: Bound[SlotForm], aid: Help, slot: RotaSlot | None = None, *, asks: bool = False
) -> dict[str, Any]:
    return {
        "form": form,
        "help": aid,
        "slot": slot,
        "words": slot_words(slot) if slot else "",
        "path": f"/entraide/planning/{slot.id}/modifier" if slot else f"{aid.url}/planning/nouveau",
        "weekdays": list(enumerate(DAYS[current_locale.get()])),
        "roles": [role.name for role in await aid.roles.order_by("position", "id")],
        "asks": asks or form.values.get("coming") in KEPT,
        "what": what_of_them(),
    }


async def _ending(form: Bound[EndForm], slot: RotaSlot, aid: Help) -> dict[str, Any]:
    to_come = await Shift.filter(slot_id=slot.id, cancelled_at=None, starts_at__gt=now())
    taken = await Shift.with_people(to_come)
    return {
        "form": form,
        "help": aid,
        "slot": slot,
        "words": slot_words(slot),
        "taken": len(taken),
        "what": what_of_them(),
    }


def what_of_them() -> list[tuple[str, str, str]]:
    """What may be done about shifts that somebody comes to."""
    return [
        ("keep", _("Les garder"), _("Ceux qui ont dit oui viennent comme prévu.")),
        ("cancel", _("Les annuler"), _("Chacun est prévenu, avec la raison.")),
    ]


routes = [
    page("/entraide/{id:id}/planning", show_rota, who=anyone),
    page("/entraide/{id:id}/groupe", entrust_help, who=member, methods=("POST",)),
    page("/entraide/{id:id}/planning/nouveau", new_slot, who=member),
    page("/entraide/{id:id}/planning/nouveau", add_slot, who=member, methods=("POST",)),
    page("/entraide/planning/{id:id}/modifier", edit_slot, who=member),
    page("/entraide/planning/{id:id}/modifier", change_slot, who=member, methods=("POST",)),
    page("/entraide/planning/{id:id}/fin", ask_end, who=member),
    page("/entraide/planning/{id:id}/fin", end_slot, who=member, methods=("POST",)),
]
