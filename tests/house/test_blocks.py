"""Alice wants nothing more to do with Bob: in every room, page, programme and feed, neither meets the other.

What remains are their old conversation and, for her, the list of those she avoids.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urljoin, urlsplit

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from echange.chat import client_id
from echange.members import Block
from echange.notifications import tell
from tests.house.crawling import PageReader, route_of
from tests.neighbours import Town

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
ENOUGH: Final = 3
SIGNS: Final = {
    "alice": ("Alice Morel", "/membres/alice", "Machine à coudre bleue", "machine-a-coudre-bleue"),
    "bob": ("Bob Traoré", "/membres/bob", "Tandem vert", "tandem-vert"),
}
# Where the old conversation, and the list of avoided people, may name the other one.
OLD_TALK: Final = ("/messages", "/api/v1/conversations")
HERS: Final = "/moi/blocages"


@dataclass(frozen=True)
class Parted:
    """Ids of what Alice and Bob had before they parted."""

    town: Town
    ads: dict[str, int]
    photos: dict[str, int]
    talk: int


@pytest.fixture
async def parted(town: Town, bob: httpx.AsyncClient, connection: Raw) -> Parted:
    await connection.execute("UPDATE member SET verified_at = now()")
    ads = {who: await _publish(connection, town, who, SIGNS[who][2]) for who in SIGNS}
    photos = {who: await _picture(connection, ads[who]) for who in SIGNS}
    asked = {"client_id": client_id(), "body": "Est-elle encore libre ?"}
    answered = await bob.post(f"/api/v1/ads/{ads['alice']}/answers", json=asked)
    assert answered.status_code == 201, answered.text
    for who, other in (("alice", "bob"), ("bob", "alice")):
        await connection.execute(
            "INSERT INTO favourite (ad_id, member_id) VALUES ($1, $2)", ads[other], town[who]
        )
        await connection.execute(
            "INSERT INTO cooptation (by_id, member_id) VALUES ($1, $2)", town[who], town["charlie"]
        )
        await tell(town[who], "vouched", link=f"/membres/{who}", name=SIGNS[other][0], by=town[other])
    await _found_together(connection, town)
    await Block.put(town["bob"], by=town["alice"])
    return Parted(town, ads, photos, answered.json()["conversation"])


async def _publish(connection: Raw, town: Town, who: str, title: str) -> int:
    number: int = await connection.fetchval(
        """INSERT INTO ad (kind, title, body, category, owner_id, quartier_id,
                           published_at, vouched_at, expires_at)
           VALUES ('give', $1, 'À venir chercher.', 'home', $2, $3, now(), now(), now() + interval '60 days')
           RETURNING id""",
        title, town[who], town.quartiers["les-larris"],
    )  # fmt: skip
    return number


async def _picture(connection: Raw, ad: int) -> int:
    number: int = await connection.fetchval(
        """INSERT INTO ad_photo (name, position, width, height, widths, ad_id)
           VALUES ('photo-' || $1::int::text, 0, 640, 480, '[320, 640]', $1) RETURNING id""",
        ad,
    )
    return number


async def _found_together(connection: Raw, town: Town) -> None:
    club = await connection.fetchval(
        "INSERT INTO organisation (slug, name, sort_key) VALUES ('club', 'Le Club', 'club') RETURNING id"
    )
    for who in ("charlie", "alice", "bob"):
        await connection.execute(
            "INSERT INTO membership (role, member_id, organisation_id) VALUES ($1, $2, $3)",
            "owner" if who == "charlie" else "member", town[who], club,
        )  # fmt: skip


def starts(parted: Parted, other: str) -> list[str]:
    """Where links may no longer lead, but an address known from before does."""
    ad, photo = parted.ads[other], parted.photos[other]
    own = parted.ads["bob" if other == "alice" else "alice"]
    title, slug = SIGNS[other][2:]
    return [
        "/",
        "/annonces",
        f"/annonces?q={title.split()[0]}",
        "/annonces.atom",
        "/experts",
        "/associations",
        "/associations/club",
        "/membres/charlie",
        "/moi/favoris",
        "/avis",
        f"/annonces/{ad}",
        f"/annonces/{ad}-{slug}",
        f"/annonces/{ad}/affiche",
        f"/annonces/{ad}/reponses",
        f"/annonces/{own}/reponses",
        f"/annonces/{ad}/photos/{photo}-320.webp",
        f"/membres/{other}",
        f"/membres/{other}/cooptation",
        f"/membres/{other}/blocage",
        f"/membres/{other}/photo-320.webp",
        f"/signaler?kind=member&id={parted.town[other]}",
        f"/signaler?kind=ad&id={ad}",
        f"/messages/{parted.talk}",
    ]


def programmes(app: Starlette, parted: Parted, other: str) -> list[str]:
    """Every address below /api/v1 that answers GET, about the other one."""
    ids = {"members": parted.town[other], "ads": parted.ads[other], "conversations": parted.talk}
    found = []
    for route in app.routes:
        if isinstance(route, Route) and route.path.startswith("/api/v1/") and "GET" in (route.methods or ()):
            number = ids.get(route.path.split("/")[3], 1)
            found.append(route.path.replace("{id:id}", str(number)))
    own = parted.ads["bob" if other == "alice" else "alice"]
    return [*found, f"/api/v1/ads/{own}/answers"]


@pytest.mark.parametrize(("who", "other"), [("alice", "bob"), ("bob", "alice")])
async def test_neither_meets_the_other_anywhere(
    app: Starlette, parted: Parted, who: str, other: str, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    client = {"alice": alice, "bob": bob}[who]
    seen = await _walk(app, client, starts(parted, other) + programmes(app, parted, other))
    assert len(seen) > 40, "the walk went somewhere"
    met = [
        f"{address} shows {sign}"
        for address, text in seen.items()
        for sign in SIGNS[other]
        if sign in text and not _may_remain(who, address)
    ]
    assert not met, "\n".join(met)
    assert SIGNS[other][0] in seen[f"/messages/{parted.talk}"], "the old conversation is still there"
    assert (SIGNS[other][0] in seen.get(HERS, "")) == (who == "alice")


async def test_what_is_hidden_answers_like_what_never_was(
    parted: Parted, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    for client, other in ((alice, "bob"), (bob, "alice")):
        ad, photo, number = parted.ads[other], parted.photos[other], parted.town[other]
        same = [
            (f"/membres/{other}", "/membres/personne"),
            (f"/annonces/{ad}-{SIGNS[other][3]}", "/annonces/987654-rien"),
            (f"/annonces/{ad}/photos/{photo}-320.webp", "/annonces/987654/photos/1-320.webp"),
            (f"/api/v1/members/{number}", "/api/v1/members/987654"),
            (f"/api/v1/members/{number}/trust", "/api/v1/members/987654/trust"),
            (f"/api/v1/ads/{ad}", "/api/v1/ads/987654"),
        ]
        for hidden, absent in same:
            answers = [await client.get(hidden), await client.get(absent)]
            assert [answer.status_code for answer in answers] == [404, 404], hidden
        acts = [
            ("POST", f"/api/v1/ads/{ad}/answers", {"client_id": "client-1", "body": "Bonjour"}),
            ("PUT", f"/api/v1/ads/{ad}/favourite", None),
            ("PUT", f"/api/v1/members/{number}/cooptation", None),
            ("POST", "/api/v1/conversations", {"about": {"kind": "ad", "id": ad}}),
            ("POST", "/api/v1/conversations", {"members": [number]}),
            ("POST", "/api/v1/reports", {"about": {"kind": "ad", "id": ad}, "reason": "spam", "text": "x"}),
        ]
        for method, path, body in acts:
            answer = await client.request(method, path, json=body)
            assert answer.status_code == 404, (method, path, answer.text)


async def test_everybody_else_still_meets_both(
    parted: Parted, charlie: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    for somebody in (charlie, client):
        listed = (await somebody.get("/annonces")).text
        assert all(SIGNS[who][2] in listed for who in SIGNS)
    trusted = (await charlie.get("/membres/charlie")).text
    assert all(SIGNS[who][0] in trusted for who in SIGNS)


def _may_remain(who: str, address: str) -> bool:
    path = urlsplit(address).path
    return path.startswith(OLD_TALK) or (who == "alice" and path == HERS)


async def _walk(app: Starlette, client: httpx.AsyncClient, addresses: list[str]) -> dict[str, str]:
    """The text of every page, by address: those named, and a few of each route that links lead to."""
    seen: dict[str, str] = {}
    visits: dict[str | None, int] = {}
    ahead = deque((address, True) for address in addresses)
    while ahead:
        address, named = ahead.popleft()
        route = route_of(app, address)
        if address in seen or route is None or (not named and visits.get(route, 0) >= ENOUGH):
            continue
        visits[route] = visits.get(route, 0) + 1
        answer = await client.get(address)
        # An address asked for comes back in refusals; what counts is what is told of it.
        seen[address] = answer.text if answer.status_code != 404 else ""
        if answer.headers.get("content-type", "").startswith("text/html") and answer.status_code == 200:
            links = (urljoin(address, link) for link in PageReader(answer.text).links)
            ahead.extend(
                (urlsplit(link)._replace(fragment="").geturl(), False) for link in links if link[0] == "/"
            )
    return seen
