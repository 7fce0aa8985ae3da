"""An annonce as its own page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from echange.ads.addresses import ad_url
from echange.ads.cards import Owner, Photo, photo_of
from echange.ads.categories import CATEGORIES, drawing_of
from echange.ads.kinds import BY_SLUG, ending_label
from echange.ads.models import Ad
from echange.http import Viewer
from echange.http.dates import local
from echange.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class OwnerDetail:
    """The neighbour beside their annonce; `since` is a year."""

    card: Owner
    headline: str
    quartier: str
    since: int


@dataclass(frozen=True, slots=True)
class AdDetail:
    """Everything on the page. `paragraphs` are lists of lines; `outcome` is "" while it is open."""

    id: int
    kind: str
    title: str
    url: str
    paragraphs: Sequence[Sequence[str]]
    category_label: str
    drawing: str
    price_text: str
    price_label: str
    quartier: str
    published_at: datetime | None
    edited_at: datetime | None
    state: str
    outcome: str
    owner: OwnerDetail | None
    photos: Sequence[Photo]
    can_edit: bool
    can_answer: bool

    @property
    def photo(self) -> Photo | None:
        return self.photos[0] if self.photos else None


def detail_of(ad: Ad, viewer: Viewer | None) -> AdDetail:
    """The page of an annonce loaded by `visible_ad`."""
    kind = BY_SLUG[ad.kind]
    category = CATEGORIES.get(ad.category)
    closure = ad.closure if ad.closed_at else None
    return AdDetail(
        id=ad.id,
        kind=ad.kind,
        title=ad.title,
        url=ad_url(ad.id, ad.title),
        paragraphs=paragraphs_of(ad.body),
        category_label=_(category.label) if category else "",
        drawing=drawing_of(ad.category),
        price_text=ad.price_text,
        price_label=_(kind.price) if kind.price else "",
        quartier=ad.quartier.name if ad.quartier else "",
        published_at=ad.published_at,
        edited_at=ad.edited_at,
        state=ad.state,
        outcome=_(ending_label(ad.kind, closure.outcome)) if closure else "",
        owner=_owner_of(ad),
        photos=photos_of(ad),
        can_edit=ad.can_be_edited_by(viewer),
        can_answer=ad.can_be_answered_by(viewer),
    )


def photos_of(ad: Ad) -> list[Photo]:
    """Its photos in order, once they are loaded."""
    return [
        photo_of(ad.id, photo.id, photo.width, photo.height, photo.widths, photo.alt)
        for photo in sorted(ad.photos, key=lambda photo: photo.position)
    ]


def paragraphs_of(body: str) -> list[list[str]]:
    """A text as paragraphs of lines, empty ones left out."""
    blocks = (block.strip().splitlines() for block in body.split("\n\n"))
    return [lines for lines in blocks if lines]


def _owner_of(ad: Ad) -> OwnerDetail | None:
    owner = ad.owner
    if owner is None:
        return None
    return OwnerDetail(
        Owner(owner.id, owner.name, owner.handle),
        owner.headline,
        owner.quartier.name if owner.quartier else "",
        local(owner.created_at).year,
    )
