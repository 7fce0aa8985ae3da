"""In whose name somebody lends: what they choose among, and the lender they chose."""

from echange.http import Viewer
from echange.i18n import gettext as _
from echange.lending.managing import lender_for, places_kept, spoken_for
from echange.lending.models.lender import Lender
from echange.lending.seeing import actor


async def lender_names(viewer: Viewer) -> list[tuple[str, str]]:
    """`me`, an organisation (o12) or a place (p3), each with its name."""
    names = [("me", _("Moi, {name}").format(name=viewer.behalf.name if viewer.behalf else viewer.name))]
    names += [(f"o{number}", name) for number, name in (await spoken_for(viewer)).items()]
    return names + [(f"p{place.id}", place.name) for place in await places_kept(viewer)]


async def lender_named(name: str, viewer: Viewer) -> Lender:
    """The lender so named, made when it is none yet. Raises NotAllowed, NotFound, OutOfScope."""
    if name == "me":
        # One's own name, even under a hat.
        return await Lender.of(member_id=actor(viewer))
    number = int(name[1:])
    if name[0] == "o":
        return await lender_for(viewer, organisation_id=number)
    return await lender_for(viewer, place_id=number)
