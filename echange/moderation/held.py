"""First annonces of newcomers, which a moderator may put online sooner than the day they wait."""

from dataclasses import dataclass
from datetime import datetime

from echange.ads import Ad
from echange.database import in_transaction
from echange.http import Viewer
from echange.members import StaffAct
from echange.moderation.locking import hold
from echange.moderation.refusals import AboutOneself, AlreadyDecided


@dataclass(frozen=True, slots=True)
class Held:
    """An annonce held back."""

    id: int
    kind: str
    title: str
    body: str
    price_text: str
    owner: str
    owner_url: str
    held_at: datetime | None
    mine: bool


async def held_ads(viewer_id: int) -> list[Held]:
    """Those that wait, the oldest first."""
    ads = Ad.filter(held_at__isnull=False, hidden_at=None, closed_at=None).order_by("held_at", "id").limit(50)
    return [_held(ad, viewer_id) for ad in await ads.select_related("owner")]


async def show_held(ad: Ad, *, by: Viewer) -> None:
    """Put it online. Raises AlreadyDecided, AboutOneself."""
    if ad.owner_id == by.id:
        raise AboutOneself
    async with in_transaction():
        await hold("ad", ad.id)
        if not await Ad.filter(id=ad.id, held_at__isnull=False, hidden_at=None).exists():
            raise AlreadyDecided
        await ad.release(by=by)
        await StaffAct.note("release", "ad", ad.id, by=by.id)


def _held(ad: Ad, viewer_id: int) -> Held:
    return Held(
        id=ad.id,
        kind=ad.kind,
        title=ad.title,
        body=ad.body,
        price_text=ad.price_text,
        owner=ad.owner.name if ad.owner else "",
        owner_url=ad.owner.url if ad.owner else "",
        held_at=ad.held_at,
        mine=ad.owner_id == viewer_id,
    )
