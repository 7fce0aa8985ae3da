"""Places as reports and moderators see them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from echange.http import Viewer
from echange.http.dates import now
from echange.members import Reportable, Reported, speakers_of
from echange.places.models import Place

_PAGE: Final = re.compile(r"/lieux/([A-Za-z0-9_.~-]+)")


class ReportablePlace:
    """A place's page; the first who speaks for its organisation answers for it."""

    kind = "place"
    can_be_hidden = True

    async def at(self, path: str) -> int | None:
        found = _PAGE.fullmatch(path)
        place = found and await Place.get_or_none(slug=found[1])
        return place.id if place else None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        found = await Place.filter(id=thing_id, hidden_at=None, closed_at=None).first()
        return await _reported(found) if found else None

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        return {place.id: await _reported(place) for place in await Place.filter(id__in=list(ids))}

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        place = await Place.get(id=thing_id)
        words = (place.address, place.about, place.way, place.access_note)
        return {"title": place.name, "text": "\n\n".join(part for part in words if part)}

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        await Place.filter(id=thing_id, hidden_at=None).update(hidden_at=now())

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        await Place.filter(id=thing_id).update(hidden_at=None)


async def _reported(place: Place) -> Reported:
    speakers = await speakers_of(place.organisation_id) if place.organisation_id else frozenset[int]()
    return Reported(
        kind="place",
        id=place.id,
        title=place.name,
        url=place.url,
        excerpt=place.about[:200] or place.address,
        owner_id=min(speakers, default=None),
        hidden=place.hidden_at is not None,
        involved=speakers,
    )


reportables: Final[tuple[Reportable, ...]] = (ReportablePlace(),)
