"""Thanks on a profile: words with their year and field, removed by whom they are said to; hours if shown."""

from typing import Final

import httpx
import pytest

from echange.database import execute, fetch_value
from tests.ads.annonces import Connection
from tests.exchanges.twos import settled, somebody
from tests.exchanges.walking import at, press
from tests.neighbours import Town

WORDS: Final = "Merci pour l’armoire, elle tient debout."


async def thanked(alice: httpx.AsyncClient, town: Town) -> int:
    """Alice thanks Bob after his settled exchange, in which he practised a skill of his."""
    it = await settled(town)
    await execute(
        """UPDATE exchange SET skill_id = (
               SELECT skill_id FROM member_skill WHERE member_id = $2 AND NOT wanted LIMIT 1)
           WHERE id = $1""",
        it.id,
        town["bob"],
    )
    answer = await press(alice, it, "merci", {"words": WORDS})
    assert (answer.status_code, at(answer)) == (303, it.url)
    thanks_id: int = await fetch_value("SELECT id FROM thanks")
    return thanks_id


async def test_words_stand_on_the_profile_with_their_year_and_field(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    thanks = await thanked(alice, town)
    year = await fetch_value("SELECT extract(year FROM settled_at)::int FROM exchange")
    for reader in (client, charlie):
        page = (await reader.get("/membres/bob")).text
        said = page.partition(f'id="merci-{thanks}"')[2].partition("</li>")[0]
        assert WORDS in said
        assert '<a href="/membres/alice">Alice</a>' in said
        assert str(year) in said
        assert "Morel" not in said, "a first name is enough"
        assert f"/signaler?kind=thanks&amp;id={thanks}" in said
        assert "retrait" not in said


async def test_a_skill_practised_is_marked_so(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    assert "pratiqué" not in (await charlie.get("/membres/bob")).text
    await thanked(alice, town)
    assert "pratiqué · 1 échange<" in (await charlie.get("/membres/bob")).text


async def test_whom_they_are_said_to_takes_them_off_and_puts_them_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, town: Town
) -> None:
    thanks = await thanked(alice, town)
    assert f'href="/mercis/{thanks}/retrait"' in (await bob.get("/membres/bob")).text
    assert WORDS in (await bob.get(f"/mercis/{thanks}/retrait")).text
    for _ in range(2):
        answer = await bob.post(f"/mercis/{thanks}/retrait")
        assert (answer.status_code, at(answer)) == (303, "/membres/bob#mercis")
    after = (await bob.get("/membres/bob")).text
    assert f'action="/mercis/{thanks}/remise"' in after, "it can be undone"
    assert WORDS not in (await client.get("/membres/bob")).text
    for _ in range(2):
        assert (await bob.post(f"/mercis/{thanks}/remise")).status_code == 303
    assert WORDS in (await client.get("/membres/bob")).text


@pytest.mark.parametrize("path", ["retrait", "remise"])
async def test_nobody_else_takes_them_off(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, client: httpx.AsyncClient, town: Town, path: str
) -> None:
    thanks = await thanked(alice, town)
    for reader in (alice, charlie):
        assert (await reader.post(f"/mercis/{thanks}/{path}")).status_code == 404
        assert (await reader.get(f"/mercis/{thanks}/retrait")).status_code == 404
    assert WORDS in (await client.get("/membres/bob")).text


async def test_what_a_moderator_hid_is_gone_for_everybody(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    thanks = await thanked(alice, town)
    await execute("UPDATE thanks SET hidden_at = now()")
    assert WORDS not in (await bob.get("/membres/bob")).text
    assert (await bob.post(f"/mercis/{thanks}/remise")).status_code == 404


async def test_whoever_avoids_the_author_does_not_read_them(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await thanked(alice, town)
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["charlie"], town["alice"]
    )
    assert WORDS not in (await charlie.get("/membres/bob")).text


async def test_under_the_exchange_both_read_them(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    await thanked(alice, town)
    it = await fetch_value("SELECT id FROM exchange")
    assert WORDS in (await alice.get(f"/echanges/{it}")).text
    his = (await bob.get(f"/echanges/{it}")).text
    assert WORDS in his
    assert "/merci" in his, "he may thank her, too"
    again = await alice.post(f"/echanges/{it}/merci", data={"words": "Encore merci"})
    assert again.status_code == 422
    assert "déjà dit merci" in again.text
    assert "Encore merci" in again.text or "C’est compté" in again.text


SHOWN: Final = "1\u00a0h\u00a030 données, 0\u00a0min reçues"


@pytest.mark.parametrize(
    ("audience", "seen"), [(None, "100"), ("nobody", "100"), ("members", "110"), ("everyone", "111")]
)
async def test_hours_are_shown_to_those_they_are_for(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    client: httpx.AsyncClient,
    town: Town,
    audience: str | None,
    seen: str,
) -> None:
    await settled(town)
    if audience is not None:
        page = (await bob.get("/moi/profil/qui-voit-quoi")).text
        assert 'name="hours" value="nobody" required checked' in page, "nobody, until one says otherwise"
        fields = (
            "photo", "headline", "about", "offers", "wants", "quartier", "availability", "languages",
            "accessibility",
        )  # fmt: skip
        chosen = {**dict.fromkeys(fields, "everyone"), "hours": audience}
        assert (await bob.post("/moi/profil/qui-voit-quoi", data=chosen)).status_code == 303
    for reader, shown in zip((bob, alice, client), seen, strict=True):
        assert (SHOWN in (await reader.get("/membres/bob")).text) == (shown == "1")
    preview = (await bob.get("/moi/profil/apercu?en=voisin")).text
    assert (SHOWN in preview) == (seen[1] == "1")
    assert "/mercis/" not in preview


async def test_the_desk_is_not_told_of_private_things_where_there_are_none(
    bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute("INSERT INTO staff_role (member_id, role) VALUES ($1, 'concierge')", town["bob"])
    assert "Vous voyez tout" not in (await bob.get("/membres/alice")).text


async def test_a_profile_without_thanks_says_nothing_of_them(client: httpx.AsyncClient, town: Town) -> None:
    assert 'id="mercis"' not in (await client.get("/membres/bob")).text
    assert somebody(town, "bob").id == town["bob"]
