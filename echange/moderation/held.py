"""First annonces of newcomers: the staff puts them online sooner than the day they wait, or refuses them."""

from dataclasses import dataclass
from datetime import datetime

from echange.ads import REREADING, Ad
from echange.database import in_transaction
from echange.http import NotAllowed, NotFound, Viewer
from echange.members import StaffAct, speakers_of
from echange.moderation.deciding import decide
from echange.moderation.links import Links
from echange.moderation.locking import hold
from echange.moderation.models import Decision
from echange.moderation.refusals import AboutOneself, AlreadyDecided
from echange.moderation.reportables import Reportables


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


async def held_before(ad_id: int, viewer: Viewer) -> Ad:
    """The annonce, for who may decide about it.

    Raises NotAllowed, NotFound, AlreadyDecided, AboutOneself.
    """
    if viewer.roles.isdisjoint(REREADING):
        raise NotAllowed
    ad = await Ad.filter(published_at__isnull=False).get_or_none(id=ad_id)
    if ad is None:
        raise NotFound
    if ad.state != "held":
        raise AlreadyDecided
    speakers = await speakers_of(ad.organisation_id) if ad.organisation_id else frozenset()
    if viewer.id in speakers | {ad.owner_id}:
        raise AboutOneself
    return ad


async def show_held(ad_id: int, *, by: Viewer) -> None:
    """Put it online. Raises what `held_before` does, and AddressUnconfirmed."""
    async with in_transaction():
        await hold("ad", ad_id)
        ad = await held_before(ad_id, by)
        await ad.release(by=by)
        await StaffAct.note("release", "ad", ad.id, by=by.id)


async def refuse_held(
    ad_id: int, *, by: Viewer, canned: str, words: str, reportables: Reportables, links: Links
) -> None:
    """Hide it; its owner is told why, and may answer. Raises what `held_before` does, and NeedsAnother."""
    async with in_transaction():
        await hold("ad", ad_id)
        await held_before(ad_id, by)
        last = await Decision.last_about("ad", ad_id)
        await decide(
            "ad", ad_id, reportables=reportables, by=by, act="hide", canned=canned, words=words,
            concerns=None, seen=last.id if last else 0, links=links,
        )  # fmt: skip


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
