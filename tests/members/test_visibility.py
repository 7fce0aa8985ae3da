"""Who sees which field of a profile: everywhere it could be seen, or found by."""

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from tests.conftest import Doors, sign_in
from tests.media.pictures import encoded, scene
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

FIELDS = (
    "photo", "headline", "about", "languages", "quartier", "availability", "accessibility", "offers", "wants",
)  # fmt: skip
# What of Alice's page shows that a field is seen.
ON_PAGE = {
    "photo": "/membres/alice/photo-320.webp",
    "headline": "Ligne qui se cache",
    "about": "Paroles qui se cachent",
    "languages": "occitan de nuit",
    "quartier": "Les Larris",
    "availability": 'class="week"',
    "accessibility": "Parler en face",
    "offers": "Apiculture",
    "wants": "Soudure",
}
# What the list of experts shows of it, and by what question the field would find her.
IN_LIST = {key: ON_PAGE[key] for key in ("photo", "headline", "quartier", "offers")}
FOUND_BY = {
    "quartier": ("quartier=les-larris", "quartier=les-larris"),
    "availability": ("jour=tuesday&moment=morning", "availability=tuesday-morning"),
    "offers": ("q=abeilles", "skill=apiculture"),
}
# Who sees a field shown to everyone, to members, to nobody.
SEES = {
    "stranger": (True, False, False),
    "unconfirmed": (True, False, False),
    "member": (True, True, False),
    "hat": (True, True, False),
    "moderator": (True, True, False),
    "concierge": (True, True, True),
    "oneself": (True, True, True),
    "blocked": (False, False, False),
    "blocker": (False, False, False),
}
AUDIENCES = ("everyone", "members", "nobody")


@pytest.fixture
async def somebody(
    app: Starlette, town: Town, connection: Connection, request: pytest.FixtureRequest
) -> AsyncIterator[httpx.AsyncClient]:
    """The one who looks, as `request.param` names them; Alice has filled in everything."""
    await _fill_in(app, connection, town["alice"])
    async with Doors(app).open() as client:
        who = {"moderator": "moderatrice", "concierge": "concierge", "oneself": "alice"}.get(
            request.param, "bob"
        )
        if request.param != "stranger":
            await sign_in(client, who)
        await _become(connection, town, request.param)
        yield client


async def _fill_in(app: Starlette, connection: Connection, alice: int) -> None:
    await connection.execute(
        """UPDATE member SET headline = 'Ligne qui se cache', about = 'Paroles qui se cachent',
               languages = 'occitan de nuit', accessibility = 'Parler en face', availability = 8
           WHERE id = $1""",
        alice,
    )
    await connection.execute("DELETE FROM member_skill WHERE member_id = $1", alice)
    for wanted, key in ((False, "apiculture"), (True, "soudure")):
        await connection.execute(
            """INSERT INTO member_skill (member_id, skill_id, wanted, position)
               SELECT $1, id, $2, 0 FROM skill WHERE key = $3""",
            alice, wanted, key,
        )  # fmt: skip
    async with Doors(app).open() as client:
        await sign_in(client, "alice")
        sent = await client.post(
            "/moi/profil/photo", files={"photo": ("moi.jpg", encoded(scene(400, 300)), "image/jpeg")}
        )
        assert sent.status_code == 303


async def _become(connection: Connection, town: Town, who: str) -> None:
    alice, bob = town["alice"], town["bob"]
    if who in {"blocked", "blocker"}:
        by, other = (alice, bob) if who == "blocked" else (bob, alice)
        await connection.execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", by, other)
    if who == "unconfirmed":
        await connection.execute("UPDATE member SET confirmed_at = NULL WHERE id = $1", bob)
    if who == "hat":
        await connection.execute(
            """WITH o AS (INSERT INTO organisation (slug, name, sort_key) VALUES ('amap', 'Amap', 'amap')
                          RETURNING id),
                    p AS (INSERT INTO membership (organisation_id, member_id, role)
                          SELECT id, $1, 'owner' FROM o)
               UPDATE session SET acting_for_id = (SELECT id FROM o) WHERE member_id = $1""",
            bob,
        )


async def _show_to(connection: Connection, alice: int, audience: str) -> None:
    await connection.execute(
        "UPDATE member SET members_only = $2, private_fields = $3 WHERE id = $1",
        alice,
        list(FIELDS) if audience == "members" else [],
        list(FIELDS) if audience == "nobody" else [],
    )


@pytest.mark.parametrize("somebody", SEES, indirect=True)
async def test_a_field_is_seen_and_found_by_those_it_is_for(
    somebody: httpx.AsyncClient, request: pytest.FixtureRequest, connection: Connection, town: Town
) -> None:
    who: str = request.node.callspec.params["somebody"]
    for audience, seen in zip(AUDIENCES, SEES[who], strict=True):
        await _show_to(connection, town["alice"], audience)
        # What is found in lists may be told to others: there the desk and oneself are neighbours as well.
        listed = seen and audience != "nobody"
        assert await _on_page(somebody) == dict.fromkeys(FIELDS, seen), (who, audience)
        assert await _in_api(somebody, town["alice"]) == dict.fromkeys(FIELDS, seen), (who, audience)
        assert await _photo_is_there(somebody) == seen, (who, audience)
        assert await _in_lists(somebody) == dict.fromkeys(IN_LIST, listed), (who, audience)
        assert await _found(somebody, town["alice"]) == dict.fromkeys(FOUND_BY, listed), (who, audience)


async def _on_page(client: httpx.AsyncClient) -> dict[str, bool]:
    page = await client.get("/membres/alice")
    assert page.status_code in {200, 404}
    # Her annonces' places and her own menu stand elsewhere than in the page's main part.
    return {key: page.status_code == 200 and words in page.text for key, words in ON_PAGE.items()}


async def _in_api(client: httpx.AsyncClient, alice: int) -> dict[str, bool]:
    answer = await client.get(f"/api/v1/members/{alice}")
    body: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
    return {key: bool(body.get(key)) for key in FIELDS}


async def _photo_is_there(client: httpx.AsyncClient) -> bool:
    answer = await client.get("/membres/alice/photo-320.webp")
    assert answer.status_code in {200, 404}
    return answer.status_code == 200


async def _in_lists(client: httpx.AsyncClient) -> dict[str, bool]:
    page = (await client.get("/experts?q=alice")).text
    listed = (await client.get("/api/v1/members?q=alice")).json()["items"]
    row = page.partition('<ul class="rows">')[2].partition("</ul>\n</div>")[0]
    shown = {key: words in row for key, words in IN_LIST.items()}
    # The API's keys are those of the fields, but for the skills.
    body = listed[0] if listed else {}
    assert shown == {key: bool(body.get("skills" if key == "offers" else key)) for key in IN_LIST}
    return shown


async def _found(client: httpx.AsyncClient, alice: int) -> dict[str, bool]:
    found = {}
    for key, (on_page, in_api) in FOUND_BY.items():
        page = (await client.get(f"/experts?{on_page}")).text
        items = (await client.get(f"/api/v1/members?{in_api}")).json()["items"]
        found[key] = "Alice Morel" in page.partition('id="results"')[2]
        assert found[key] == (alice in [one["id"] for one in items])
    return found


@pytest.mark.parametrize(
    "away",
    ["paused_at = now()", "leaving_at = now()", "hidden_at = now()", "leaving_at = now(), left_at = now()"],
)
async def test_somebody_away_is_met_nowhere_and_nobody_can_tell_why(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient,
    connection: Connection, town: Town, away: str,
) -> None:  # fmt: skip
    await connection.execute(f"UPDATE member SET {away} WHERE id = $1", town["alice"])
    for reader in (client, bob):
        assert (await reader.get("/membres/alice")).status_code == 404
        assert (await reader.get(f"/api/v1/members/{town['alice']}")).status_code == 404
        assert "Alice Morel" not in (await reader.get("/experts?q=couture")).text
    assert (await alice.get("/experts?q=couture")).status_code in {200, 303}


async def test_a_paused_member_still_reads_their_own_page(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    page = await alice.get("/membres/alice")
    assert page.status_code == 200
    assert "personne d’autre ne voit cette page" in page.text


async def test_the_desk_is_told_what_is_private(app: Starlette, connection: Connection, town: Town) -> None:
    await connection.execute("UPDATE member SET private_fields = '{about}' WHERE id = $1", town["alice"])
    async with Doors(app).open() as desk:
        await sign_in(desk, "concierge")
        page = (await desk.get("/membres/alice")).text
    assert "les voisins ne le voient pas" in page
    assert "La machine" in page or "la machine" in page


async def test_others_eyes_are_tried_on_before_anything_is_shown(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute(
        "UPDATE member SET members_only = '{about}', private_fields = '{wants}' WHERE id = $1", town["alice"]
    )
    neighbour = (await alice.get("/moi/profil/apercu?en=voisin")).text
    passer_by = (await alice.get("/moi/profil/apercu?en=passant")).text
    assert "vu par un voisin inscrit" in neighbour
    assert "vu par un passant" in passer_by
    assert ("la machine" in neighbour, "la machine" in passer_by) == (True, False)
    assert "Montage de meubles" not in neighbour + passer_by
    assert 'name="membre"' not in neighbour
