"""Waiting lines in JSON."""

from typing import Annotated

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response

from echange.booking import Period
from echange.http import Form, Out, Rate, api, member, read_json, signed_in
from echange.http import answer as reply
from echange.lending.loading import visible_item
from echange.lending.loan_forms import MOST, OurInstant
from echange.lending.models.waiter import Waiter
from echange.lending.seeing import myself


class WaitIn(Form):
    """A window in which it is taken."""

    start: OurInstant
    end: OurInstant
    quantity: Annotated[int, Field(ge=1, le=MOST)] = 1


class WaitOut(Out):
    """`place` in line, from 1; `reservation` is what is held for them until `offer_until`."""

    id: int
    item: int
    title: str
    start: AwareDatetime
    end: AwareDatetime
    quantity: int
    place: int
    reservation: int | None
    offer_until: AwareDatetime | None


class WaitList(Out):
    items: list[WaitOut]


async def join(request: Request) -> Response:
    """For the first who can have it when it becomes free, it is held."""
    me = signed_in(request)
    item = await visible_item(request)
    form = await read_json(request, WaitIn)
    it = await Waiter.join(item, by=me, period=Period(form.start, form.end), quantity=form.quantity)
    return reply(await _told(await Waiter.get(id=it.id).select_related("item")), 201)


async def leave(request: Request) -> Response:
    """All lines for this thing."""
    me = signed_in(request)
    item = await visible_item(request)
    for one in await Waiter.filter(item_id=item.id, member_id=myself(me), ended_at=None).order_by("id"):
        await one.leave(by=me)
    return Response(status_code=204)


async def mine(request: Request) -> Response:
    found = Waiter.filter(member_id=myself(signed_in(request)), ended_at=None).select_related("item")
    return reply(WaitList(items=[await _told(one) for one in await found.order_by("at", "id")]))


async def _told(it: Waiter) -> WaitOut:
    return WaitOut(
        id=it.id,
        item=it.item_id,
        title=it.item.title,
        start=it.starts_at,
        end=it.ends_at,
        quantity=it.quantity,
        place=await it.place(),
        reservation=it.loan_id if it.is_offered else None,
        offer_until=it.offer_until if it.is_offered else None,
    )


routes = [
    api("POST", "/items/{id:id}/waiting", join, who=member, summary="Attendre un objet pris à ces dates",
        body=WaitIn, answer=WaitOut, status=201, limit=Rate("loan_asked", 30, 600)),
    api("DELETE", "/items/{id:id}/waiting", leave, who=member, summary="Ne plus attendre cet objet",
        status=204),
    api("GET", "/me/waiting", mine, who=member, summary="Ce que j’attends", answer=WaitList),
]  # fmt: skip
