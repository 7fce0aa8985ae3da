"""Annonces at one moment of their life or another, made through verbs, for tests."""

from typing import Any

from echange.ads import Ad
from echange.http import Viewer
from tests.ads.annonces import Connection
from tests.neighbours import Town

SECRET = "un secret pour signer"


def somebody(town: Town, handle: str, *roles: str) -> Viewer:
    return Viewer(id=town[handle], name=handle, handle=handle, confirmed=True, roles=frozenset(roles))


async def shown(town: Town, handle: str = "alice", **changes: Any) -> Ad:
    """A published annonce of a neighbour."""
    ad = await Ad.start(kind=str(changes.pop("kind", "give")), title="Fauteuil", by=somebody(town, handle))
    await ad.edit(quartier="les-larris", **changes)
    await ad.publish(by=somebody(town, handle))
    return ad


async def seen(ad: Ad, viewer: Viewer | None) -> bool:
    return await Ad.visible_to(viewer).filter(id=ad.id).exists()


async def states(ad: Ad) -> tuple[str, bool]:
    fresh = await Ad.get(id=ad.id)
    return fresh.state, fresh.listed


async def told(connection: Connection, kind: str) -> list[int]:
    rows = await connection.fetch("SELECT member_id FROM notice WHERE kind = $1 ORDER BY id", kind)
    return [row["member_id"] for row in rows]


async def unverified(connection: Connection, town: Town, handle: str = "alice") -> None:
    await connection.execute("UPDATE member SET verified_at = NULL WHERE id = $1", town[handle])


async def wear(connection: Connection, town: Town, handle: str, organisation: int | None) -> None:
    await connection.execute(
        "UPDATE session SET acting_for_id = $2 WHERE member_id = $1", town[handle], organisation
    )
