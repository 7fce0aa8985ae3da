"""A crowd of neighbours, and something they all want."""

from datetime import timedelta
from typing import Any

from echange.ads.models import Ad, Answer
from echange.database import execute, fetch
from echange.http.dates import now
from echange.members import Member


async def crowd(n: int) -> list[Member]:
    """This many neighbours, straight into the table."""
    await execute(
        """INSERT INTO member (handle, name, sort_key, email, confirmed_at, verified_at)
           SELECT 'voisin-' || n, 'Voisin ' || n, 'voisin', 'voisin-' || n || '@echange.example', now(), now()
           FROM generate_series(1, $1) n""",
        n,
    )
    return await Member.filter(handle__startswith="voisin-").order_by("id")


async def given(owner_id: int, quartier_id: int, **changes: Any) -> Ad:
    """A cot given through the fair queue, published two days ago."""
    at = now() - timedelta(days=2)
    ad = await Ad.create(
        **{
            "owner_id": owner_id,
            "quartier_id": quartier_id,
            "kind": "give",
            "title": "Lit d’enfant",
            "body": "Avec son matelas.",
            "category": "enfants",
            "fair": True,
            "published_at": at,
            "vouched_at": at,
            "expires_at": at + timedelta(days=60),
            **changes,
        }
    )
    return await Ad.get(id=ad.id)


async def wanted(ad: Ad, *neighbours: Member) -> list[Answer]:
    """All of them answer, one after the other."""
    return [
        await Answer.give(
            ad, by=one, body=f"Pour ma fille, dit {one.name}.", when_text="Le samedi", carry="bike"
        )
        for one in neighbours
    ]


async def a_day_later(ad: Ad) -> None:
    """Everything about this annonce happened a day earlier, so that its hours are over."""
    for table, key, columns in (
        ("answer", "ad_id", ("at",)),
        ("reservation", "ad_id", ("at", "answer_by", "accepted_at", "ended_at", "meet_at")),
        ("ad", "id", ("queue_opens_at", "queue_opened_at", "queue_told_at")),
    ):
        earlier = ", ".join(f"{column} = {column} - interval '1 day'" for column in columns)
        await execute(f"UPDATE {table} SET {earlier} WHERE {key} = $1", ad.id)


async def told(member_id: int) -> list[str]:
    """The kinds of what a member was told, in order."""
    rows = await fetch("SELECT kind FROM notice WHERE member_id = $1 ORDER BY id", member_id)
    return [row["kind"] for row in rows]
