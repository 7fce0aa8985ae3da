"""What lending tells on the page of a neighbour, and of a place."""

from typing import Final

from echange.http import Viewer
from echange.lending.kinds import ON_THE_SPOT
from echange.lending.queries import lent_by
from echange.members import Organisation, Profile, Told
from echange.places import Place

SHOWN: Final = 6
AT_PLACE: Final = 60


async def told_of(person: Profile, viewer: Viewer | None) -> Told:
    """What they lend, the newest first."""
    items = await lent_by(viewer, member=person.id, limit=SHOWN + 1)
    more = f"/prets?chez={person.handle}" if len(items) > SHOWN else ""
    return Told(template="lending/_lent.html", values={"items": items[:SHOWN], "more": more})


async def told_of_organisation(organisation: Organisation, viewer: Viewer | None) -> Told:
    """What it lends, the newest first."""
    items = await lent_by(viewer, organisation=organisation.id, limit=SHOWN + 1)
    more = f"/prets?chez={organisation.slug}" if len(items) > SHOWN else ""
    return Told(template="lending/_lent.html", values={"items": items[:SHOWN], "more": more})


async def told_of_place(place: Place, viewer: Viewer | None) -> Told:
    """What is used on the spot, and what is borrowed there: the newest first."""
    items = await lent_by(viewer, place=place.id, limit=AT_PLACE)
    used = [one for one in items if one.kind in ON_THE_SPOT]
    lent = [one for one in items if one.kind not in ON_THE_SPOT]
    more = f"/prets?lieu={place.slug}" if len(lent) > SHOWN else ""
    return Told(template="lending/_at_place.html", values={"used": used, "lent": lent[:SHOWN], "more": more})
