"""The pieces of a thing: their codes, their life, repairs, labels, and where a label leads."""

from io import BytesIO
from typing import Any, Final

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from echange.http import (
    Bound,
    NotFound,
    Refusal,
    Viewer,
    blank,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
    viewer_of,
)
from echange.http.crosssite import own_origin
from echange.http.dates import today
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.lending.addresses import unit_url
from echange.lending.item_showing import detail_of
from echange.lending.kinds import CONDITIONS
from echange.lending.loading import own_item, own_unit, unit_of_code
from echange.lending.managing import may_manage
from echange.lending.models.item import MOST_UNITS, Item
from echange.lending.models.loan import Loan
from echange.lending.models.unit import Maintenance, Unit
from echange.lending.refusals import CodeTaken
from echange.lending.screen_forms import AddUnitsForm, MaintenanceForm, UnitEndForm, UnitForm
from echange.lending.unit_history import history_of
from echange.lending.unit_life import give_back_unit, repair_unit, states_of, withdraw_unit

QR_SECONDS: Final = 86_400


async def list_units(request: Request) -> Response:
    """GET /prets/12/exemplaires"""
    item = await own_item(request)
    if item.is_kit:
        return redirect(request, f"/prets/{item.id}/lot")
    screen = await _units_screen(item, blank(AddUnitsForm, count=1), signed_in(request))
    return render(request, "lending/units.html", screen)


async def add_units(request: Request) -> Response:
    """POST /prets/12/exemplaires"""
    item, viewer = await own_item(request), signed_in(request)
    bound = await read_form(request, AddUnitsForm)
    if bound.data is not None:
        try:
            added = await Unit.add(item, bound.data.count, by=viewer)
        except Refusal as refusal:
            bound = bound.refuse(refusal, at="count")
        else:
            said = ngettext("{n} exemplaire ajouté.", "{n} exemplaires ajoutés.", len(added))
            return redirect(request, f"/prets/{item.id}/exemplaires", say=said.format(n=len(added)))
    return refused_form(request, "lending/units.html", await _units_screen(item, bound, viewer))


async def _units_screen(item: Item, form: Bound[AddUnitsForm], viewer: Viewer) -> dict[str, Any]:
    units = await Unit.filter(item_id=item.id).order_by("code")
    states = await states_of([unit.id for unit in units])
    return {
        "form": form,
        "item": detail_of(item, viewer),
        "units": [
            {
                "id": unit.id,
                "code": unit.code,
                "condition": _(CONDITIONS[unit.condition]),
                "serial": unit.serial,
                "state": states[unit.id].word,
                "loans": states[unit.id].loans,
            }
            for unit in units
        ],
        "most": MOST_UNITS,
    }


async def show_unit(request: Request) -> Response:
    """GET /prets/exemplaires/7"""
    unit = await own_unit(request)
    return render(request, "lending/unit.html", await _unit_screen(unit))


async def change_unit(request: Request) -> Response:
    """POST /prets/exemplaires/7"""
    unit = await own_unit(request)
    bound = await read_form(request, UnitForm)
    if bound.data is not None:
        try:
            await unit.edit(by=signed_in(request), **bound.data.model_dump())
        except Refusal as refusal:
            bound = bound.refuse(refusal, at="code" if isinstance(refusal, CodeTaken) else "")
        else:
            return redirect(request, f"/prets/exemplaires/{unit.id}", say=_("C’est enregistré."))
    return refused_form(request, "lending/unit.html", await _unit_screen(await own_unit(request), form=bound))


async def plan_maintenance(request: Request) -> Response:
    """POST /prets/exemplaires/7/entretien"""
    unit = await own_unit(request)
    bound = await read_form(request, MaintenanceForm)
    if bound.data is not None:
        try:
            at_risk = await repair_unit(unit, bound.data, by=signed_in(request))
        except Refusal as refusal:
            bound = bound.refuse(refusal, at="first_day")
        else:
            said = _("C’est noté : il n’est prêté à personne pendant ce temps.")
            return redirect(request, f"/prets/exemplaires/{unit.id}", say=_and_at_risk(said, at_risk))
    return refused_form(request, "lending/unit.html", await _unit_screen(unit, repair=bound))


async def end_maintenance(request: Request) -> Response:
    """POST /prets/exemplaires/7/entretien/3/fin"""
    unit = await own_unit(request)
    repair = await Maintenance.get_or_none(id=request.path_params["maintenance"], unit_id=unit.id)
    if repair is None:
        raise NotFound
    await repair.end(by=signed_in(request))
    return redirect(request, f"/prets/exemplaires/{unit.id}", say=_("Il peut de nouveau être prêté."))


async def end_unit(request: Request) -> Response:
    """POST /prets/exemplaires/7/retrait: lost, broken for good, or given away."""
    unit = await own_unit(request)
    bound = await read_form(request, UnitEndForm)
    if bound.data is None:
        return refused_form(request, "lending/unit.html", await _unit_screen(unit, end=bound))
    why = bound.data.why
    try:
        at_risk = await withdraw_unit(
            unit, by=signed_in(request), condition=why if why in ("lost", "broken") else ""
        )
    except Refusal as refusal:
        told = bound.refuse(refusal, at="why")
        return refused_form(request, "lending/unit.html", await _unit_screen(unit, end=told))
    said = _("{code} n’est plus prêté.").format(code=unit.code)
    return redirect(
        request,
        f"/prets/exemplaires/{unit.id}",
        say=_and_at_risk(said, at_risk),
        undo_url=f"/prets/exemplaires/{unit.id}/remise",
    )


async def give_back(request: Request) -> Response:
    """POST /prets/exemplaires/7/remise: it is lent again."""
    unit = await own_unit(request)
    await give_back_unit(unit, by=signed_in(request))
    return redirect(request, f"/prets/exemplaires/{unit.id}", say=_("Il peut de nouveau être prêté."))


def _and_at_risk(said: str, at_risk: list[Loan]) -> str:
    if not at_risk:
        return said
    more = ngettext(
        "{n} prêt n’a plus d’exemplaire : la personne est prévenue, avec d’autres dates.",
        "{n} prêts n’ont plus d’exemplaire : les personnes sont prévenues, avec d’autres dates.",
        len(at_risk),
    )
    return f"{said} {more.format(n=len(at_risk))}"


async def _unit_screen(
    unit: Unit,
    form: Bound[UnitForm] | None = None,
    repair: Bound[MaintenanceForm] | None = None,
    end: Bound[UnitEndForm] | None = None,
) -> dict[str, Any]:
    state = (await states_of([unit.id]))[unit.id]
    said = {"code": unit.code, "condition": unit.condition, "serial": unit.serial, "note": unit.note}
    repairs = await Maintenance.filter(unit_id=unit.id, ended_at=None).order_by("starts_at")
    return {
        "unit": unit,
        "item": unit.item,
        "state": state.word,
        "loans": state.loans,
        "form": form or blank(UnitForm, **said),
        "repair": repair or blank(MaintenanceForm),
        "end": end or blank(UnitEndForm),
        "conditions": [(slug, _(label)) for slug, label in CONDITIONS.items()],
        "repairs": [one for one in repairs if not one.is_over],
        "history": await history_of(unit.id),
        "first_possible": today().isoformat(),
    }


async def labels(request: Request) -> Response:
    """GET /prets/12/etiquettes?choix=7&choix=9: a sheet to print; all of them when none is chosen."""
    item = await own_item(request)
    units = await Unit.filter(item_id=item.id).order_by("code")
    states = await states_of([unit.id for unit in units])
    there = [unit for unit in units if states[unit.id].retired_at is None]
    wanted = set(request.query_params.getlist("choix"))
    chosen = [unit for unit in there if str(unit.id) in wanted] or there
    context = {
        "item": detail_of(item, signed_in(request)),
        "units": [(unit.id, unit.code, unit in chosen) for unit in there],
        "labels": [{"code": unit.code, "qr": f"{unit_url(unit.code)}/qr.svg"} for unit in chosen],
        "address": _address(request, "").split("://", 1)[1],
    }
    return render(request, "lending/labels.html", context)


async def qr(request: Request) -> Response:
    """GET /prets/u/FOR-012/qr.svg: where the label leads (ISO/IEC 18004), a quarter of it may be worn off."""
    unit = await unit_of_code(request.path_params["code"])
    if unit is None or not await may_manage(viewer_of(request), unit.item.lender):
        raise NotFound
    drawn = BytesIO()
    code = segno.make(_address(request, unit.code), error="q", micro=False)
    code.save(drawn, kind="svg", border=2, dark="#000", light="#fff", omitsize=True)
    headers = {"cache-control": f"private, max-age={QR_SECONDS}"}
    return Response(drawn.getvalue(), media_type="image/svg+xml", headers=headers)


async def scanned(request: Request) -> Response:
    """GET /prets/u/FOR-012: the desk's page of it for who manages it, the item's for anybody else."""
    unit = await unit_of_code(request.path_params["code"])
    if unit is None:
        raise NotFound
    viewer = viewer_of(request)
    if await may_manage(viewer, unit.item.lender):
        return _to(f"/prets/comptoir/exemplaires/{unit.id}")
    item = await Item.visible_to(viewer).get_or_none(id=unit.item_id)
    if item is None:
        raise NotFound
    return _to(item.url)


def _to(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers={"cache-control": "no-store"})


def _address(request: Request, code: str) -> str:
    settings = request.app.state.settings
    origin = own_origin(request, settings) or f"http://127.0.0.1:{settings.port}"
    return f"{origin}{unit_url(code)}"
