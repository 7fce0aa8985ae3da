"""How often: token buckets in the memory of this process, scaled by ECHANGE_RATE_FACTOR."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection

from echange.http.refusals import TooMany
from echange.http.viewer import viewer_of

BUCKETS_KEPT: Final = 50_000


@dataclass(frozen=True)
class Rate:
    """`burst` acts at once, refilled evenly over `per` seconds; counted by member, else by address."""

    name: str
    burst: int
    per: float


class Limiter:
    """All the buckets of a process; the least recently used are forgotten first."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def check(self, rate: Rate, connection: HTTPConnection) -> None:
        """Take one act from the viewer's bucket, or raise TooMany."""
        viewer = viewer_of(connection)
        self.take(rate, f"member {viewer.id}" if viewer else f"address {address_of(connection)}")

    def take(self, rate: Rate, key: str) -> None:
        """Take one act from the bucket of `key`, or raise TooMany with the seconds to wait."""
        if self._factor == 0:
            return
        burst = rate.burst * self._factor
        refill = burst / rate.per
        now = time.monotonic()
        left, since = self._buckets.pop((rate.name, key), (burst, now))
        left = min(burst, left + (now - since) * refill)
        if left < 1:
            self._buckets[rate.name, key] = (left, now)
            raise TooMany(retry_after=(1 - left) / refill)
        self._buckets[rate.name, key] = (left - 1, now)
        if len(self._buckets) > BUCKETS_KEPT:
            self._buckets.popitem(last=False)


def limiter_of(connection: HTTPConnection) -> Limiter:
    """The limiter of the running application."""
    limiter: Limiter = connection.app.state.limiter
    return limiter


def address_of(connection: HTTPConnection) -> str:
    """The caller's network address; an IPv6 household is one caller (its /64)."""
    host = connection.client.host if connection.client else "unknown"
    return ":".join(host.split(":")[:4]) if ":" in host else host
