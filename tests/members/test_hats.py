"""The hat: always visible, changed in one gesture, gone with the role that allowed it."""

import httpx
import pytest
from starlette.applications import Starlette

from echange.members import issue_token
from tests.conftest import Doors, sign_in
from tests.members.newcomers import plain
from tests.members.organisations import Connection, Home, settle_redoute
from tests.neighbours import Town

STRIP = "Vous agissez pour <strong>Les Fêtes de la Redoute</strong>"


@pytest.fixture
async def redoute(connection: Connection, town: Town) -> Home:
    return await settle_redoute(connection, town, bob="member", charlie="manager")


async def acting_for(client: httpx.AsyncClient) -> int | None:
    number: int | None = (await client.get("/api/v1/me")).json()["acting_for"]
    return number


async def test_one_gesture_puts_a_hat_on_and_every_page_says_so_until_it_is_off(
    keeper: httpx.AsyncClient, redoute: Home
) -> None:
    assert "Agir pour Les Fêtes de la Redoute" in (await keeper.get("/annonces")).text
    answer = await keeper.post("/moi/casquette", data={"organisation": redoute.id, "suite": "/annonces?q=x"})
    assert answer.headers["location"] == "/annonces?q=x"
    for path in ("/", "/annonces", "/messages", "/moi", "/publier", redoute.url, "/nulle-part"):
        assert STRIP in (await keeper.get(path)).text, path
    assert await acting_for(keeper) == redoute.id
    me = (await keeper.get("/api/v1/me")).json()
    assert (me["kind"], me["name"]) == ("resident", "Farida Benali")

    await keeper.post("/moi/casquette", data={"organisation": "", "suite": "https://pirate.example"})
    assert STRIP not in (await keeper.get("/annonces")).text
    assert await acting_for(keeper) is None


async def test_a_hat_is_worn_in_one_browser_only(
    app: Starlette, keeper: httpx.AsyncClient, redoute: Home
) -> None:
    async with Doors(app).open() as phone:
        await sign_in(phone, "redoute")
        await keeper.post("/moi/casquette", data={"organisation": redoute.id})
        assert await acting_for(phone) is None
        assert STRIP not in (await phone.get("/")).text


async def test_nobody_wears_a_hat_that_is_not_theirs(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, redoute: Home
) -> None:
    for somebody in (alice, bob):
        assert (await somebody.post("/moi/casquette", data={"organisation": redoute.id})).status_code == 404
        answer = await somebody.put("/api/v1/me/acting_for", json={"organisation": redoute.id})
        assert answer.status_code == 404
        assert await acting_for(somebody) is None
        assert "Agir pour" not in (await somebody.get("/moi")).text
    assert (await alice.post("/moi/casquette", data={"organisation": "x"})).status_code == 422
    assert (await alice.put("/api/v1/me/acting_for", json={})).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM membership WHERE role = 'manager'",
        "UPDATE membership SET role = 'member' WHERE role = 'manager'",
        "UPDATE organisation SET closed_at = now()",
        "UPDATE organisation SET hidden_at = now()",
    ],
)
async def test_a_hat_falls_off_with_what_allowed_it(
    charlie: httpx.AsyncClient, connection: Connection, redoute: Home, change: str
) -> None:
    await charlie.post("/moi/casquette", data={"organisation": redoute.id})
    assert await acting_for(charlie) == redoute.id
    await connection.execute(change)
    assert await acting_for(charlie) is None
    page = plain((await charlie.get("/moi")).text)
    assert STRIP not in page
    assert "Au nom de qui" not in page


async def test_a_program_wears_its_own_hat(app: Starlette, keeper: httpx.AsyncClient, redoute: Home) -> None:
    token = await issue_token("redoute@echange.example")
    async with Doors(app).open(authorization=f"Bearer {token}") as program:
        answer = await program.put("/api/v1/me/acting_for", json={"organisation": redoute.id})
        assert answer.json() == {"organisation": redoute.id}
        assert await acting_for(program) == redoute.id
        assert await acting_for(keeper) is None
        assert (await program.delete("/api/v1/me/acting_for")).json() == {"organisation": None}
        assert await acting_for(program) is None


async def test_my_associations_are_listed_with_what_i_may_do(
    bob: httpx.AsyncClient, charlie: httpx.AsyncClient, alice: httpx.AsyncClient, redoute: Home
) -> None:
    page = (await bob.get("/moi/associations")).text
    assert "Les Fêtes de la Redoute" in page
    assert "Agir en son nom" not in page
    assert "Agir en son nom" in (await charlie.get("/moi/associations")).text
    assert "Vous ne faites partie d’aucune" in plain((await alice.get("/moi/associations")).text)
