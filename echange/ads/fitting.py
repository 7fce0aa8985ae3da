"""The own fields of an annonce, fitted to its kind."""

from collections.abc import Mapping
from typing import Any

from echange.ads.kinds import BY_SLUG, EMPTY
from echange.ads.prices import cents_in


def fitted(changes: Mapping[str, Any], *, kind: str, price_text: str) -> dict[str, Any]:
    """The changes of an annonce that was of this kind and price: with what its kind does not have emptied,
    and the price of a sale in cents."""
    wanted = str(changes.get("kind", kind))
    touched = EMPTY if wanted != kind else changes
    foreign = EMPTY.keys() - {*BY_SLUG[wanted].fields}
    settled = {**changes, **{name: EMPTY[name] for name in touched if name in foreign}}
    if wanted != kind or "price_text" in settled:
        price = settled.get("price_text", price_text)
        settled["price_cents"] = cents_in(price) if wanted == "sell" else None
    return settled
