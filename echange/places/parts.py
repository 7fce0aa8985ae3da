"""What other rooms tell on a place's page; `app.py` lists who does."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from echange.http import Viewer
from echange.members import Told
from echange.places.models import Place

PlacePart = Callable[[Place, Viewer | None], Awaitable[Told]]


async def parts_of(request: Request, place: Place, viewer: Viewer | None) -> list[Told]:
    """What every room tells of it, in the order of the list."""
    parts: tuple[PlacePart, ...] = request.app.state.place_parts
    return [await tell(place, viewer) for tell in parts]
