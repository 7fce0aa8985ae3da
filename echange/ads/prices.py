"""What a price in words comes to."""

import re
from typing import Final

MOST_CENTS: Final = 100_000_000
_FREE: Final = re.compile(r"\b(gratuit|gratuite|gratuitement|offert|offerte)\b", re.IGNORECASE)
_AMOUNT: Final = r"([0-9]{1,3}(?:[ .\u00a0\u202f][0-9]{3})+|[0-9]{1,9})(?:[,.]([0-9]{1,2}))?(?![0-9])"
_IN_EUROS: Final = re.compile(_AMOUNT + r"[ \u00a0\u202f]*(?:€|euros?\b|eur\b)", re.IGNORECASE)
_ANY: Final = re.compile(_AMOUNT)


def cents_in(text: str) -> int | None:
    """The first amount of « 20 € », « 12,50 », « 1 200 euros »; « gratuit » is 0. None without any.

    An amount that is said in euros counts before a bare number: « 2 chaises, 15 € » is 15 €.
    """
    amount = _IN_EUROS.search(text) or _ANY.search(text)
    if amount is None:
        return 0 if _FREE.search(text) else None
    euros = int(re.sub("[^0-9]", "", amount[1]))
    cents = euros * 100 + int((amount[2] or "").ljust(2, "0"))
    return cents if cents <= MOST_CENTS else None
