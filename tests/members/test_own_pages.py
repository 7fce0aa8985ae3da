"""My own pages: profile, skills, password, browsers, tokens."""

import re
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.demo.neighbours import PASSWORD
from tests.conftest import Doors, sign_in
from tests.members.newcomers import plain, viewer_id
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
OWN_PAGES = [
    "/moi",
    "/moi/profil",
    "/moi/savoir-faire",
    "/moi/mot-de-passe",
    "/moi/sessions",
    "/moi/jetons",
    "/moi/adresse",
    "/moi/pause",
    "/moi/depart",
]


@pytest.mark.parametrize("path", OWN_PAGES)
async def test_own_pages_are_for_members(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/connexion?suite={path}")


@pytest.mark.parametrize("path", OWN_PAGES)
async def test_own_pages_are_kept_by_no_cache(alice: httpx.AsyncClient, path: str) -> None:
    answer = await alice.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("<h1") == 1


async def test_a_profile_is_rewritten(alice: httpx.AsyncClient, connection: Connection) -> None:
    form = {
        "name": "Alice Zola", "headline": "Couturière", "about": "Bonjour.\r\nEt voilà <b>.",
        "languages": "français, wolof", "quartier": "le-village",
    }  # fmt: skip
    answer = await alice.post("/moi/profil", data=form)

    assert answer.headers["location"] == "/moi/profil"
    page = (await alice.get("/membres/alice")).text
    for words in ("Alice Zola", "Couturière, Le Village", "Et voilà &lt;b&gt;.", "français, wolof"):
        assert words in page
    assert await connection.fetchval("SELECT sort_key FROM member WHERE handle = 'alice'") == "alice zola"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": ""}, "Remplissez ce champ."),
        ({"name": "Concierge"}, "réservé à l’équipe"),
        ({"headline": "x" * 121}, "Pas plus de 120"),
        ({"about": "x" * 2001}, "Pas plus de 2000"),
        ({"about": "nul\x00"}, "caractère invisible"),
    ],
)
async def test_a_profile_that_will_not_do_keeps_its_words(
    alice: httpx.AsyncClient, connection: Connection, changed: dict[str, str], reason: str
) -> None:
    answer = await alice.post("/moi/profil", data={"name": "Alice", "languages": "occitan", **changed})
    assert answer.status_code == 422
    assert reason in plain(answer.text)
    assert 'value="occitan"' in answer.text
    assert await connection.fetchval("SELECT name FROM member WHERE handle = 'alice'") == "Alice Morel"


async def test_only_named_fields_are_taken(alice: httpx.AsyncClient, connection: Connection) -> None:
    await alice.post("/moi/profil", data={"name": "Alice", "email": "x@y.example", "handle": "x", "id": "7"})
    row = await connection.fetchrow("SELECT handle, email FROM member WHERE name = 'Alice'")
    assert row is not None
    assert tuple(row) == ("alice", "alice@echange.example")


async def test_a_skill_is_added_noted_and_removed(alice: httpx.AsyncClient, connection: Connection) -> None:
    await alice.post(
        "/moi/savoir-faire", data={"side": "offer", "name": "plantes vertes", "note": "avec mes pots"}
    )
    page = (await alice.get("/membres/alice")).text
    assert "Plantes d’intérieur" in page
    assert "avec mes pots" in page

    await alice.post(
        "/moi/savoir-faire", data={"side": "offer", "name": "Plantes d’intérieur", "note": "le samedi"}
    )
    page = (await alice.get("/membres/alice")).text
    assert page.count("Plantes d’intérieur") == 1
    assert "le samedi" in page

    line = await connection.fetchval("SELECT id FROM member_skill WHERE note = 'le samedi'")
    answer = await alice.post(f"/moi/savoir-faire/{line}/retrait")
    assert answer.status_code == 303
    assert "Plantes d’intérieur" not in (await alice.get("/membres/alice")).text


async def test_nobody_removes_somebody_elses_skill(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    line = await connection.fetchval("SELECT id FROM member_skill WHERE member_id = $1 LIMIT 1", town["bob"])
    assert (await alice.post(f"/moi/savoir-faire/{line}/retrait")).status_code == 404
    assert await connection.fetchval("SELECT count(*) FROM member_skill WHERE id = $1", line) == 1


async def test_twelve_skills_are_enough(alice: httpx.AsyncClient, connection: Connection, town: Town) -> None:
    for number in range(9):
        answer = await alice.post("/moi/savoir-faire", data={"side": "offer", "name": f"Astuce {number}"})
        assert answer.status_code == 303
    refused = await alice.post("/moi/savoir-faire", data={"side": "offer", "name": "Astuce de trop"})
    assert refused.status_code == 422
    assert "Douze au plus" in refused.text
    assert 'value="Astuce de trop"' in refused.text
    count = "SELECT count(*) FROM member_skill WHERE member_id = $1 AND NOT wanted"
    assert await connection.fetchval(count, town["alice"]) == 12
    other_side = await alice.post("/moi/savoir-faire", data={"side": "want", "name": "Astuce de trop"})
    assert other_side.status_code == 303


async def test_a_password_changes_with_the_current_one(
    alice: httpx.AsyncClient, app: Starlette, town: Town
) -> None:
    async with Doors(app).open() as elsewhere:
        await sign_in(elsewhere, "alice")
        answer = await alice.post(
            "/moi/mot-de-passe", data={"current": PASSWORD, "password": "quatre lunes vertes"}
        )
        assert answer.headers["location"] == "/moi"
        assert await viewer_id(alice) == town["alice"], "this browser stays"
        assert await viewer_id(elsewhere) is None, "the others do not"


@pytest.mark.parametrize(
    ("current", "new", "reason"),
    [
        ("pas le bon", "quatre lunes vertes", "Ce n’est pas votre mot de passe actuel."),
        (PASSWORD, "password1", "que les fraudeurs essaient"),
        (PASSWORD, "court", "au moins 8"),
        ("", "quatre lunes vertes", "Ce n’est pas votre mot de passe actuel."),
    ],
)
async def test_a_password_stays_when_something_is_wrong(
    alice: httpx.AsyncClient, connection: Connection, current: str, new: str, reason: str
) -> None:
    before = await connection.fetchval("SELECT password_hash FROM member WHERE handle = 'alice'")
    answer = await alice.post("/moi/mot-de-passe", data={"current": current, "password": new})
    assert answer.status_code == 422
    assert reason in plain(answer.text)
    assert await connection.fetchval("SELECT password_hash FROM member WHERE handle = 'alice'") == before


@pytest.mark.parametrize("ticked", [True, False])
async def test_tokens_outlive_a_password_unless_one_says_so(
    alice: httpx.AsyncClient, app: Starlette, ticked: bool
) -> None:
    token = token_on((await alice.post("/moi/jetons", data={"label": "agenda"})).text)
    assert "Retirer aussi mes jetons" in (await alice.get("/moi/mot-de-passe")).text
    fields = {"current": PASSWORD, "password": "quatre lunes vertes"} | ({"tokens": "on"} if ticked else {})
    assert (await alice.post("/moi/mot-de-passe", data=fields)).status_code == 303
    async with Doors(app).open(authorization=f"Bearer {token}") as program:
        assert (await program.get("/api/v1/me")).status_code == (401 if ticked else 200)


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


async def test_one_sees_and_ends_ones_own_sessions(
    app: Starlette, town: Town, connection: Connection
) -> None:
    async with (
        Doors(app).open(**{"user-agent": FIREFOX}) as desk,
        Doors(app).open(**{"user-agent": PHONE}) as phone,
    ):
        await sign_in(desk, "alice")
        await sign_in(phone, "alice")
        page = (await desk.get("/moi/sessions")).text
        assert "Firefox, Linux" in page
        assert "Safari, iPhone" in page
        assert page.count("Celui-ci") == 1

        theirs = await connection.fetchval("SELECT id FROM session WHERE device LIKE 'Safari%'")
        assert (await desk.post(f"/moi/sessions/{theirs}/fin")).status_code == 303
        assert await viewer_id(phone) is None
        assert await viewer_id(desk) == town["alice"]


async def test_nobody_ends_somebody_elses_session(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    theirs = await connection.fetchval("SELECT id FROM session WHERE member_id = $1", town["bob"])
    assert (await alice.post(f"/moi/sessions/{theirs}/fin")).status_code == 404
    assert await viewer_id(bob) == town["bob"]


async def test_all_other_sessions_end_at_once(app: Starlette, alice: httpx.AsyncClient, town: Town) -> None:
    async with Doors(app).open() as one, Doors(app).open() as two:
        await sign_in(one, "alice")
        await sign_in(two, "alice")
        assert (await alice.post("/moi/sessions/fin")).status_code == 303
        assert [await viewer_id(each) for each in (one, two, alice)] == [None, None, town["alice"]]


def token_on(page: str) -> str:
    found = re.search(r'id="fresh-token">([^<]+)<', page)
    assert found
    return found[1]


async def test_a_token_is_shown_once_and_acts_for_its_owner(
    alice: httpx.AsyncClient, app: Starlette, town: Town, connection: Connection
) -> None:
    token = token_on((await alice.post("/moi/jetons", data={"label": "Agenda <b>"})).text)
    later = (await alice.get("/moi/jetons")).text
    assert token not in later
    assert "Agenda &lt;b&gt;" in later
    assert "jamais servi" in later
    assert token not in str(await connection.fetch("SELECT label, key_hash FROM personal_token"))

    async with Doors(app).open(
        authorization=f"Bearer {token}", origin="https://elsewhere.example"
    ) as program:
        assert await viewer_id(program) == town["alice"]
        assert (await program.get("/moi")).status_code == 303, "pages need a session"
    assert "jamais servi" not in (await alice.get("/moi/jetons")).text


async def test_a_revoked_token_is_nobodys(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, app: Starlette, connection: Connection
) -> None:
    token = token_on((await alice.post("/moi/jetons", data={"label": "agenda"})).text)
    row = await connection.fetchval("SELECT id FROM personal_token")
    assert (await bob.post(f"/moi/jetons/{row}/retrait")).status_code == 404
    assert (await alice.post(f"/moi/jetons/{row}/retrait")).status_code == 303
    async with Doors(app).open(authorization=f"Bearer {token}") as program:
        assert (await program.get("/api/v1/me")).status_code == 401


async def test_a_token_needs_a_name(alice: httpx.AsyncClient, connection: Connection) -> None:
    answer = await alice.post("/moi/jetons", data={"label": "  "})
    assert answer.status_code == 422
    assert await connection.fetchval("SELECT count(*) FROM personal_token") == 0


async def test_twenty_tokens_are_enough(alice: httpx.AsyncClient, connection: Connection) -> None:
    for number in range(20):
        assert (await alice.post("/moi/jetons", data={"label": f"n° {number}"})).status_code == 201
    assert (await alice.post("/moi/jetons", data={"label": "de trop"})).status_code == 422
    assert await connection.fetchval("SELECT count(*) FROM personal_token") == 20
