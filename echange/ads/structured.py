"""An annonce as other machines read it: search engines, and whoever shows a shared link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from markupsafe import Markup

from echange.ads.addresses import ad_url
from echange.ads.models import Ad
from echange.ads.showing import AdDetail
from echange.database import fetch
from echange.http.excerpts import beginning_of

DESCRIPTION_LENGTH: Final = 155
# schema.org: what a neighbour has is an Offer, what they look for a Demand; lost and found are neither.
_SHAPES: Final = {
    "give": ("Offer", "Product"),
    "sell": ("Offer", "Product"),
    "swap": ("Offer", "Product"),
    "lend": ("Offer", "Product"),
    "seek": ("Demand", "Product"),
    "service_offered": ("Offer", "Service"),
    "service_sought": ("Demand", "Service"),
}
_CONDITIONS: Final = {
    "new": "NewCondition",
    "good": "UsedCondition",
    "worn": "UsedCondition",
    "repair": "DamagedCondition",
}
# What would end the script that holds the data, and what old parsers take for the end of a line.
_UNSAFE: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the head of its page says. `structured` is a whole script element with JSON-LD, or nothing."""

    description: str
    image: str
    noindex: bool
    structured: Markup


def sharing_of(ad: Ad, detail: AdDetail, origin: str, town: str) -> Sharing:
    """No more of anybody than the page shows; robots stay away when its owner wishes, or when it is over."""
    noindex = detail.noindex or not detail.is_open
    data = {} if noindex else _data(ad, detail, origin, town)
    return Sharing(
        description=beginning_of(ad.body, DESCRIPTION_LENGTH) or ad.title,
        image=f"{origin}{detail.photo.full}" if detail.photo else "",
        noindex=noindex,
        structured=_script(data) if data else Markup(""),
    )


async def indexable(most: int) -> Sequence[tuple[str, datetime]]:
    """Path and last change of the newest annonces that search engines may read."""
    rows = await fetch(
        """SELECT id, title, greatest(published_at, edited_at) AS at FROM ad
           WHERE listed AND NOT noindex AND (expires_at IS NULL OR expires_at > now())
           ORDER BY published_at DESC, id DESC LIMIT $1""",
        most,
    )
    return [(ad_url(row["id"], row["title"]), row["at"]) for row in rows]


def _data(ad: Ad, detail: AdDetail, origin: str, town: str) -> Mapping[str, Any]:
    if ad.kind not in _SHAPES:
        return {}
    shape, item_type = _SHAPES[ad.kind]
    item = {
        "@type": item_type,
        "name": ad.title,
        "description": beginning_of(ad.body, DESCRIPTION_LENGTH) or ad.title,
    }
    if detail.photo:
        item["image"] = f"{origin}{detail.photo.full}"
    price = 0 if ad.kind == "give" else ad.price_cents
    given = {
        "@context": "https://schema.org",
        "@type": shape,
        "url": f"{origin}{detail.url}",
        "itemOffered": item,
        "availability": "https://schema.org/" + ("Reserved" if detail.state == "reserved" else "InStock"),
        "areaServed": ", ".join(part for part in (detail.quartier, town) if part),
        "validFrom": ad.published_at.isoformat() if ad.published_at else None,
        "validThrough": ad.expires_at.isoformat() if ad.expires_at else None,
        "itemCondition": f"https://schema.org/{_CONDITIONS[ad.condition]}" if ad.condition else None,
        "price": f"{price / 100:.2f}" if price is not None and shape == "Offer" else None,
        "priceCurrency": "EUR" if price is not None and shape == "Offer" else None,
        "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut" if ad.kind == "lend" else None,
        "seller": {"@type": "Organization", "name": detail.in_name_of} if detail.in_name_of else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _script(data: Mapping[str, Any]) -> Markup:
    # A data block is not run: the policy against inline scripts lets it be (HTML, "prepare the script").
    text = orjson.dumps(data).decode()
    for char, escaped in _UNSAFE.items():
        text = text.replace(char, escaped)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 — escaped just above
