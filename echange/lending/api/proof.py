"""Anybody may check that nothing was promised twice."""

from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange import booking
from echange.http import GuardedRoute, Out, answer, anyone, api
from echange.http.dates import now
from echange.http.rationed import Rationed


class BookingWrongOut(Out):
    """The first row that is not what was done."""

    table: str
    row: int
    booking: int | None
    unit: int | None
    what: str


class BookingProofOut(Out):
    """`head`: the hash over all events in the order of their numbers, as far as `sealed_to`."""

    ok: bool
    sites: int
    units: int
    allocations: int
    events: int
    holdings: int
    head: str
    sealed_to: int | None
    first_wrong: BookingWrongOut | None
    at: datetime


Proven = tuple[booking.Proof, datetime]


async def proven() -> Proven:
    """A proof, and when it was made."""
    return await booking.prove(), now()


async def show_proof(request: Request) -> Response:
    rationed: Rationed[Proven] = request.app.state.booking_proof
    proof, at = await rationed.answer()
    wrong = proof.first_wrong
    return answer(
        BookingProofOut(
            ok=proof.ok,
            sites=proof.sites,
            units=proof.units,
            allocations=proof.allocations,
            events=proof.events,
            holdings=proof.holdings,
            head=proof.head,
            sealed_to=proof.sealed_to,
            first_wrong=BookingWrongOut(
                table=wrong.table, row=wrong.row, booking=wrong.booking, unit=wrong.unit, what=wrong.what
            )
            if wrong
            else None,
            at=at,
        )
    )


routes: Final[list[GuardedRoute]] = [
    api("GET", "/booking/proof", show_proof, who=anyone,
        summary="La preuve que rien n’est promis deux fois", answer=BookingProofOut),
]  # fmt: skip
