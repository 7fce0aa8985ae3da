"""Somebody at a doorbell, who notes what they hear."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from echange.live.doorbell import Doorbell, hung_doorbell
from tests.live.waiting import until


@dataclass
class Ear:
    """A process in small."""

    bell: Doorbell = field(init=False)
    heard: list[str] = field(default_factory=list)
    backs: int = 0

    def back(self) -> None:
        self.backs += 1

    def ring(self, *texts: str) -> None:
        for text in texts:
            assert self.bell.ring(text), "it fits"


@asynccontextmanager
async def listening(url: str | None, database_url: str) -> AsyncIterator[Ear]:
    """An ear at a doorbell for the time of the block."""
    ear = Ear()
    async with hung_doorbell(url, database_url, ear.heard.append, ear.back) as ear.bell:
        yield ear


async def hears(ear: Ear, other: Ear) -> None:
    """Ring at `other` until `ear` hears it; TimeoutError after ten seconds."""

    def heard() -> bool:
        other.ring("là ?")
        return "là ?" in ear.heard

    ear.heard.clear()
    await until(heard)
