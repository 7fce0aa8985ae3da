"""An annonce as its own page shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from echange.ads.addresses import ad_url
from echange.ads.cards import photo_of
from echange.ads.categories import CATEGORIES, drawing_of
from echange.ads.kinds import BY_SLUG, CONDITIONS, TERMS, ending_label
from echange.ads.models import Ad
from echange.ads.newcomers import HELD_FOR
from echange.http import Viewer
from echange.http.dates import local, long_day
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.media.shots import Shot
from echange.members import Author, shown_fields


@dataclass(frozen=True, slots=True)
class OwnerDetail:
    """The neighbour beside their annonce; `since` is a year."""

    card: Author
    headline: str
    quartier: str
    since: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what its kind says: an icon, a label in bold (or ""), and words."""

    icon: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class AdDetail:
    """Everything on the page. `paragraphs` are lists of lines; `outcome` is "" while it is open.

    `state` is one of `Ad.state`; `held_until` is when a newcomer's annonce comes out at the latest, and
    `unconfirmed` whether it waits for its owner's address to be confirmed first.
    """

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
    photos: Sequence[Shot]
    facts: Sequence[Fact]
    noindex: bool
    fair: bool
    standing: bool
    vouched_at: datetime | None
    expires_at: datetime | None
    held_until: datetime | None
    unconfirmed: bool
    in_name_of: str
    in_hours: bool
    can_edit: bool
    can_answer: bool
    can_renew: bool
    can_release: bool
    is_mine: bool

    @property
    def photo(self) -> Shot | None:
        return self.photos[0] if self.photos else None

    @property
    def is_open(self) -> bool:
        """Whether neighbours may answer it."""
        return self.state in {"published", "reserved"}


def detail_of(ad: Ad, viewer: Viewer | None, face: str = "") -> AdDetail:
    """The page of an annonce loaded by `visible_ad`; `face` is the address of its owner's photo."""
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
        owner=_owner_of(ad, viewer, face),
        photos=photos_of(ad),
        facts=list(facts_of(ad)),
        noindex=ad.noindex,
        fair=ad.fair,
        standing=ad.standing,
        vouched_at=ad.vouched_at,
        expires_at=ad.expires_at,
        held_until=ad.held_at + HELD_FOR if ad.held_at else None,
        unconfirmed=ad.owner is not None and ad.owner.confirmed_at is None,
        in_name_of=ad.organisation.name if ad.organisation else "",
        in_hours=ad.terms == "hours",
        can_edit=ad.can_be_edited_by(viewer),
        can_answer=ad.can_be_answered_by(viewer),
        can_renew=ad.can_be_renewed(),
        can_release=ad.can_be_released_by(viewer),
        is_mine=viewer is not None and ad.owner_id == viewer.id,
    )


def facts_of(ad: Ad) -> Iterator[Fact]:
    """What its kind says of it, in the order in which it matters."""
    kind = BY_SLUG[ad.kind]
    if ad.terms:
        yield Fact("handshake", "", _(TERMS[ad.terms]))
    if ad.price_text:
        yield Fact("scale", _(kind.price) if kind.price else "", ad.price_text)
    if ad.when_text:
        yield Fact("calendar-days", _("Quand ?"), ad.when_text)
    if ad.happened_on:
        label = _("Perdu") if ad.kind == "lost" else _("Trouvé")
        yield Fact("calendar-days", label, _("le {day}").format(day=long_day(ad.happened_on)))
    if ad.lend_days:
        days = ngettext("{n} jour au plus", "{n} jours au plus", ad.lend_days).format(n=ad.lend_days)
        yield Fact("clock", _("Pour"), days)
    if ad.condition:
        yield Fact("circle-check", "", _(CONDITIONS[ad.condition]))
    if ad.weight_grams:
        kilos = kilos_in_words(ad.weight_grams)
        yield Fact("package", "", _("{kilos} kg environ").format(kilos=kilos))
    if ad.standing and ad.vouched_at:
        said = _("toujours valable, dit le {day}").format(day=long_day(ad.vouched_at))
        yield Fact("repeat", _("Offre permanente"), said)


def kilos_in_words(grams: int | None) -> str:
    """« 12,5 »; nothing for an unknown weight."""
    return f"{grams / 1000:g}".replace(".", ",") if grams else ""


def photos_of(ad: Ad) -> list[Shot]:
    """Its photos in order, once they are loaded."""
    return [
        photo_of(ad.id, photo.id, photo.width, photo.height, photo.widths, photo.alt)
        for photo in sorted(ad.photos, key=lambda photo: photo.position)
    ]


def paragraphs_of(body: str) -> list[list[str]]:
    """A text as paragraphs of lines, empty ones left out."""
    blocks = (block.strip().splitlines() for block in body.split("\n\n"))
    return [lines for lines in blocks if lines]


def _owner_of(ad: Ad, viewer: Viewer | None, face: str) -> OwnerDetail | None:
    if ad.organisation is not None:
        one = ad.organisation
        card = Author(one.id, one.name, one.slug, one.kind, one.verified_at is not None)
        return OwnerDetail(card, one.headline, "", local(one.created_at).year)
    owner = ad.owner
    if owner is None:
        return None
    shown = shown_fields(owner, viewer)
    return OwnerDetail(
        Author(owner.id, owner.name, owner.handle, None, owner.verified_at is not None, face),
        owner.headline if "headline" in shown else "",
        owner.quartier.name if owner.quartier and "quartier" in shown else "",
        local(owner.created_at).year,
    )
