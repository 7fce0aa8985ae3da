"""The parts of town to choose from."""

import time
from typing import Final

from starlette.requests import Request

from echange.http import Invalid
from echange.i18n import gettext as _
from echange.members import Quartier

KEPT_SECONDS: Final = 60.0


async def quartiers_of(request: Request) -> list[Quartier]:
    """All in order, kept a minute by the application: every list shows them, hardly anybody changes them."""
    state = request.app.state
    kept: tuple[float, list[Quartier]] | None = getattr(state, "ads_quartiers", None)
    if kept is None or kept[0] < time.monotonic():
        kept = (time.monotonic() + KEPT_SECONDS, await Quartier.all())
        state.ads_quartiers = kept
    return kept[1]


async def quartier_choices(request: Request) -> list[tuple[str, str]]:
    """Them as choices of a form: slug and name."""
    return [(quartier.slug, quartier.name) for quartier in await quartiers_of(request)]


async def quartier_named(name: str | int) -> Quartier:
    """The quartier of this slug or id; raises Invalid."""
    wanted = {"id": name} if isinstance(name, int) else {"slug": name}
    quartier = await Quartier.get_or_none(**wanted)
    if quartier is None:
        raise Invalid({"quartier": [_("Choisissez une des réponses proposées.")]})
    return quartier
