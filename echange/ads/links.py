"""The signed link of a mail, which says that an annonce still holds without signing in."""

from datetime import datetime
from typing import Any, Final

from itsdangerous import BadSignature, URLSafeSerializer

RENEWAL: Final = "/renouveler/"


def renewal_link(secret: str, ad_id: int, vouched_at: datetime) -> str:
    """Good until its annonce is vouched for again: that moment is part of what is signed."""
    token: str = _serializer(secret).dumps([ad_id, _stamp(vouched_at)])
    return RENEWAL + token


def read_renewal(secret: str, token: str) -> tuple[int, int] | None:
    """The annonce of a link, and the moment it was last vouched for; None when we did not sign it."""
    try:
        ad_id, stamp = _serializer(secret).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(ad_id), int(stamp)


def is_spent(stamp: int, vouched_at: datetime | None) -> bool:
    """Whether its annonce was vouched for since the link was written."""
    return vouched_at is None or _stamp(vouched_at) != stamp


def _stamp(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _serializer(secret: str) -> Any:  # noqa: ANN401 — generic only in its stub
    return URLSafeSerializer(secret, salt="renewal")
