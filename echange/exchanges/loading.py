"""Exchanges reach a handler through whoever looks: hidden and absent are the same 404."""

from starlette.requests import Request

from echange.exchanges.models import Exchange, Thanks
from echange.exchanges.queries import SHOWN
from echange.exchanges.sides import SCOPE
from echange.http import NotFound, signed_in
from echange.members import person_of


async def visible_exchange(request: Request) -> Exchange:
    """The exchange of the address, with its people. Raises NotFound."""
    seen = Exchange.visible_to(signed_in(request)).filter(id=request.path_params["id"])
    it = await seen.select_related(*SHOWN).first()
    if it is None:
        raise NotFound
    return it


async def own_thanks(request: Request) -> Thanks:
    """The thanks of the address, for whom they were said to; raises NotFound for anybody else."""
    me = person_of(signed_in(request), SCOPE)
    said = Thanks.filter(id=request.path_params["id"], member_id=me, hidden_at=None)
    thanks = await said.select_related("by", "member").first()
    if thanks is None:
        raise NotFound
    return thanks
