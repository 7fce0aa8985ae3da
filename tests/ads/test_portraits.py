"""Who gave a photo of theirs is seen with it beside their annonce, by whom they chose."""

import httpx
import pytest

from tests.ads.annonces import PHOTO, Connection, published
from tests.neighbours import Town

FACE = 'src="/membres/alice/photo-'


@pytest.fixture
async def url(alice: httpx.AsyncClient) -> str:
    """An annonce of Alice's, who shows her face."""
    taken = await alice.post("/moi/profil/photo", files={"photo": ("moi.jpg", PHOTO)})
    assert taken.status_code == 303, taken.text
    ad_id = await published(alice)
    return f"/annonces/{ad_id}-fauteuil-crapaud"


async def show_to(connection: Connection, *, members_only: bool = False, nobody: bool = False) -> None:
    await connection.execute(
        "UPDATE member SET members_only = $1, private_fields = $2 WHERE handle = 'alice'",
        ["photo"] if members_only else [],
        ["photo"] if nobody else [],
    )


async def sees(somebody: httpx.AsyncClient, url: str) -> bool:
    page = (await somebody.get(url)).text
    assert "Alice Morel" in page
    return FACE in page


async def test_everybody_sees_the_face_she_shows_to_everybody(
    client: httpx.AsyncClient, bob: httpx.AsyncClient, url: str
) -> None:
    assert await sees(client, url)
    assert await sees(bob, url)
    src = (await bob.get(url)).text.split(FACE)[1].split('"')[0]
    assert (await client.get(f"/membres/alice/photo-{src}")).headers["content-type"] == "image/webp"


async def test_a_face_for_neighbours_stays_among_them(
    client: httpx.AsyncClient, bob: httpx.AsyncClient, url: str, connection: Connection
) -> None:
    await show_to(connection, members_only=True)
    assert not await sees(client, url)
    assert await sees(bob, url)
    await connection.execute("UPDATE member SET confirmed_at = NULL WHERE handle = 'bob'")
    assert not await sees(bob, url), "no neighbour yet"


async def test_a_private_face_is_seen_by_nobody(
    client: httpx.AsyncClient, bob: httpx.AsyncClient, url: str, connection: Connection
) -> None:
    await show_to(connection, nobody=True)
    assert not await sees(client, url)
    assert not await sees(bob, url)


async def test_an_annonce_of_an_association_shows_no_face_of_whoever_wrote_it(
    client: httpx.AsyncClient, url: str, connection: Connection, town: Town
) -> None:
    number = await connection.fetchval(
        "INSERT INTO organisation (slug, name, sort_key) VALUES ('club', 'Club', 'club') RETURNING id"
    )
    await connection.execute("UPDATE ad SET organisation_id = $1", number)
    page = (await client.get(url)).text
    assert "Club" in page
    assert FACE not in page


async def test_the_directory_shows_the_same_face_to_the_same_people(
    client: httpx.AsyncClient, bob: httpx.AsyncClient, url: str, connection: Connection
) -> None:
    for somebody in (client, bob):
        assert FACE in (await somebody.get("/experts")).text
    await show_to(connection, members_only=True)
    assert FACE not in (await client.get("/experts")).text
    assert FACE in (await bob.get("/experts")).text
