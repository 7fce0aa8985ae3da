"""Units and photos of things lent, in JSON."""

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Out,
    api,
    member,
    read_json,
    signed_in,
)
from echange.http import answer as reply
from echange.lending.api.items import photo_out
from echange.lending.item_forms import UnitPatch, UnitsIn
from echange.lending.loading import own_item, own_unit
from echange.lending.models.photo import ItemPhoto
from echange.lending.models.unit import Unit
from echange.lending.unit_life import UnitState, give_back_unit, states_of, withdraw_unit
from echange.media.album_api import photo_api_routes


class UnitOut(Out):
    """`state`: there, out, maintenance or withdrawn; `loans`: how often it was lent."""

    id: int
    item: int
    code: str
    condition: str
    serial: str
    note: str
    state: str
    loans: int


class UnitList(Out):
    items: list[UnitOut]
    next: None = None


async def list_units(request: Request) -> Response:
    """For who manages it, in the order of their codes."""
    item = await own_item(request)
    units = await Unit.filter(item_id=item.id).order_by("code")
    return reply(UnitList(items=await _told(units)))


async def add_units(request: Request) -> Response:
    """So many more; each gets a code."""
    item = await own_item(request)
    form = await read_json(request, UnitsIn)
    return reply(UnitList(items=await _told(await Unit.add(item, form.count, by=signed_in(request)))), 201)


async def change_unit(request: Request) -> Response:
    """Only the fields that are given."""
    unit = await own_unit(request)
    form = await read_json(request, UnitPatch)
    by = signed_in(request)
    given = form.model_dump(exclude_unset=True, exclude={"withdrawn"})
    await unit.edit(by=by, **{name: value for name, value in given.items() if value is not None})
    if form.withdrawn is True:
        await withdraw_unit(unit, by=by)
    elif form.withdrawn is False:
        await give_back_unit(unit, by=by)
    return reply((await _told([unit]))[0])


async def _told(units: list[Unit]) -> list[UnitOut]:
    states = await states_of([unit.id for unit in units])
    return [_out(unit, states[unit.id]) for unit in units]


def _out(unit: Unit, state: UnitState) -> UnitOut:
    return UnitOut(
        id=unit.id,
        item=unit.item_id,
        code=unit.code,
        condition=unit.condition,
        serial=unit.serial,
        note=unit.note,
        state=state.word,
        loans=state.loans,
    )


_ITEM = "/items/{id:id}"

routes = [
    api("GET", _ITEM + "/units", list_units, who=member, summary="Les exemplaires d’un objet",
        answer=UnitList),
    api("POST", _ITEM + "/units", add_units, who=member, summary="Ajouter des exemplaires", body=UnitsIn,
        answer=UnitList, status=201),
    api("PATCH", "/units/{id:id}", change_unit, who=member,
        summary="Changer, retirer ou remettre un exemplaire", body=UnitPatch, answer=UnitOut),
    *photo_api_routes(_ITEM, own_item, ItemPhoto, photo_out),
]  # fmt: skip
