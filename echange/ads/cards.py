"""An annonce as lists and pages show it: plain values, nothing left to read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from echange.ads.addresses import ad_url, photo_url
from echange.ads.categories import drawing_of
from echange.http.excerpts import beginning_of
from echange.media.shots import Shot, shot_of
from echange.members import Author


@dataclass(frozen=True, slots=True)
class AdCard:
    """An annonce in a list; its state is one of those of `Ad.state`."""

    id: int
    kind: str
    title: str
    url: str
    summary: str
    category: str
    drawing: str
    price_text: str
    quartier: str
    published_at: datetime | None
    state: str
    owner: Author | None
    photo: Shot | None


def card_of(row: Sequence[Any]) -> AdCard:
    """A card out of a row of `queries.CARD`, in its order."""
    (ad_id, kind, title, body, category, price_text, published_at, state, quartier) = row[:9]
    (photo_id, width, height, widths, alt) = row[18:23]
    return AdCard(
        ad_id,
        kind,
        title,
        ad_url(ad_id, title),
        beginning_of(body),
        category,
        drawing_of(category),
        price_text,
        quartier or "",
        published_at,
        state,
        _author_of(*row[9:18]),
        photo_of(ad_id, photo_id, width, height, orjson.loads(widths), alt) if photo_id else None,
    )


def _author_of(
    member_id: int | None, name: str, handle: str, verified: bool,
    organisation_id: int | None, called: str, slug: str, kind: str, is_verified: bool,
) -> Author | None:  # fmt: skip
    if organisation_id:
        return Author(organisation_id, called, slug, kind, is_verified)
    return Author(member_id, name, handle, None, verified) if member_id else None


def photo_of(ad_id: int, photo_id: int, width: int, height: int, widths: Iterable[int], alt: str) -> Shot:
    """A photo of an annonce."""
    return shot_of(photo_id, width, height, widths, alt, lambda one: photo_url(ad_id, photo_id, one))
