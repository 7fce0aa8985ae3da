"""How long helps last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from echange.http.dates import now
from echange.mutual_aid.details import Slot

ASK_LASTS: Final = timedelta(days=30)
AFTER_SLOTS: Final = timedelta(days=14)
OFFER_LASTS: Final = timedelta(days=60)
# How long before its end it may be made to last longer; its person is reminded then.
RENEWABLE: Final = timedelta(days=3)
# How long an end may be taken back.
REOPENABLE: Final = timedelta(days=30)


def lasts_until(kind: str, standing: bool, slots: Sequence[Slot]) -> datetime | None:
    """When it ends by itself, told now; never for a standing offer."""
    if kind == "offer":
        return None if standing else now() + OFFER_LASTS
    return max(ends for _starts, ends in slots) + AFTER_SLOTS if slots else now() + ASK_LASTS
