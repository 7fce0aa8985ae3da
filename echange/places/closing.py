"""Who is told when a site closes: rooms above know whose bookings stand there, `app.py` lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request

from echange import booking
from echange.http import Viewer


@dataclass(frozen=True, slots=True)
class Touched:
    """What stands under a booking's number, for who looks after its site."""

    title: str
    who: str
    url: str


class ClosureListener(Protocol):
    """A room that has bookings at sites."""

    async def touched(self, booking_ids: Sequence[int]) -> Mapping[int, Touched]:
        """What of these is its own; numbers of other rooms are missing."""
        ...

    async def closed_then(self, touched: Sequence[booking.Affected], *, by: Viewer) -> None:
        """Tell whose they are, with the proposed openings; in the transaction that closes the site."""
        ...


@dataclass(frozen=True, slots=True)
class TouchedLine:
    """A booking that a closure touches, with the openings proposed instead."""

    thing: Touched | None
    found: booking.Affected


def listeners_of(request: Request) -> tuple[ClosureListener, ...]:
    """Who listens in the running application."""
    listeners: tuple[ClosureListener, ...] = request.app.state.closure_listeners
    return listeners


async def lines_of(request: Request, found: Sequence[booking.Affected]) -> list[TouchedLine]:
    """What a closure touches, each in words."""
    numbers = [one.booking_id for one in found]
    known: dict[int, Touched] = {}
    for listener in listeners_of(request):
        known.update(await listener.touched(numbers))
    return [TouchedLine(known.get(one.booking_id), one) for one in found]
