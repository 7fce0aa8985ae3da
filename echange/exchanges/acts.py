"""What acts under a mandate were about, in this room: an exchange, a thank-you by that of its exchange."""

from collections.abc import Collection
from typing import Final

from echange.exchanges.models import Exchange, Thanks
from echange.http import Viewer
from echange.members import ActSubject


async def _exchanges(ids: Collection[int], viewer: Viewer) -> dict[int, tuple[str, str]]:
    seen = await Exchange.visible_to(viewer).filter(id__in=list(ids))
    return {it.id: (it.title, it.url) for it in seen}


async def _thanks(ids: Collection[int], viewer: Viewer) -> dict[int, tuple[str, str]]:
    said = {one.id: one.exchange_id for one in await Thanks.filter(id__in=list(ids))}
    names = await _exchanges(said.values(), viewer)
    return {number: names[exchange] for number, exchange in said.items() if exchange in names}


subjects: Final = (ActSubject("exchange", _exchanges), ActSubject("thanks", _thanks))
