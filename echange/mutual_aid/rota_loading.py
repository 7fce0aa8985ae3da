"""Shifts and slots reach a handler through whoever looks: hidden and absent are the same 404."""

from starlette.requests import Request

from echange.http import NotAllowed, NotFound, signed_in, viewer_of
from echange.mutual_aid.loading import visible_help
from echange.mutual_aid.models import Help, RotaSlot, Shift
from echange.mutual_aid.rota_seeing import may_run


async def run_help(request: Request) -> Help:
    """The help of the address, for who runs its rota. Raises NotFound, NotAllowed."""
    aid = await visible_help(request)
    if not await may_run(aid, signed_in(request)):
        raise NotAllowed
    return aid


async def run_slot(request: Request) -> tuple[RotaSlot, Help]:
    """The weekly slot of the address, for who runs its rota. Raises NotFound, NotAllowed."""
    viewer = viewer_of(request)
    slot = await RotaSlot.get_or_none(id=request.path_params["id"], ended_at=None)
    aid = await Help.visible_to(viewer).get_or_none(id=slot.help_id) if slot else None
    if slot is None or aid is None:
        raise NotFound
    if not await may_run(aid, viewer):
        raise NotAllowed
    return slot, aid


async def visible_shift(request: Request) -> tuple[Shift, Help]:
    """The shift of the address and its help. Raises NotFound."""
    shift = await Shift.visible_to(viewer_of(request)).get_or_none(id=request.path_params["id"])
    if shift is None:
        raise NotFound
    return shift, await shift.help_of()
