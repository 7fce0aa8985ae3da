"""Acting for somebody: said on every page, written down, gone with what allowed it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from echange.database import in_transaction
from echange.http import Viewer
from echange.http.viewer import Behalf
from echange.members import OutOfScope, issue_token, note_act, person_of
from echange.members.behalf import MandateGone
from tests.conftest import Doors, sign_in
from tests.members.mandating import TERMS, ask, behalf, settle, sign, wear
from tests.members.newcomers import plain
from tests.members.organisations import Connection, Home
from tests.neighbours import Town

STRIP = "Vous agissez pour <strong>Alice Morel</strong>"


@pytest.fixture
async def mandate(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> int:
    """Bob may act for Alice, for a month, in mutual aid."""
    made = await ask(alice, "bob")
    await bob.post(f"/moi/mandats/{made}/accord")
    return made


@pytest.fixture
async def bernard(app: Starlette, town: Town, connection: Connection) -> AsyncIterator[httpx.AsyncClient]:
    """Charlie, at the desk today."""
    await connection.execute(
        "INSERT INTO staff_role (member_id, role) VALUES ($1, 'concierge')", town["charlie"]
    )
    async with Doors(app).open() as somebody:
        await sign_in(somebody, "charlie")
        yield somebody


async def test_every_page_says_for_whom_until_one_is_oneself_again(
    bob: httpx.AsyncClient, mandate: int
) -> None:
    await wear(bob, mandate)
    for path in ("/", "/annonces", "/messages", "/moi", "/publier", "/nulle-part", "/moi/mandats"):
        assert STRIP in (await bob.get(path)).text, path
    page = plain((await bob.get("/moi")).text)
    assert "bob@echange.example" in page, "his own account, never hers"
    assert (await wear(bob, None)).status_code == 303
    assert STRIP not in (await bob.get("/annonces")).text
    assert await behalf(bob) is None


async def test_only_the_way_home_is_followed(bob: httpx.AsyncClient, mandate: int) -> None:
    answer = await bob.post("/moi/agir-pour", data={"mandate": mandate, "suite": "https://pirate.example"})
    assert answer.headers["location"] == "/moi/mandats"
    assert (await bob.post("/moi/agir-pour", data={"mandate": "x"})).status_code == 422


async def test_it_is_worn_in_one_browser_only_and_by_a_program_apart(
    app: Starlette, bob: httpx.AsyncClient, mandate: int
) -> None:
    token = await issue_token("bob@echange.example")
    async with Doors(app).open(authorization=f"Bearer {token}") as program:
        await wear(bob, mandate)
        assert await behalf(program) is None
        await program.put("/api/v1/me/mandate", json={"mandate": mandate})
        assert await behalf(program) == "Alice Morel"
        await wear(bob, None)
        assert await behalf(program) == "Alice Morel"


async def test_wearing_is_written_down_once(
    bob: httpx.AsyncClient, mandate: int, connection: Connection, town: Town
) -> None:
    for _ in range(2):
        await wear(bob, mandate)
    rows = await connection.fetch("SELECT what, by_id, mandate_id FROM mandate_act")
    assert [tuple(row) for row in rows] == [("worn", town["bob"], mandate)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE mandate SET ended_at = now()",
        "UPDATE mandate SET starts_at = now() - interval '2 days', ends_at = now() - interval '1 second'",
        "UPDATE mandate SET agreed_at = NULL",
        "UPDATE member SET leaving_at = now() WHERE handle = 'alice'",
        "UPDATE member SET hidden_at = now() WHERE handle = 'alice'",
        "UPDATE member SET hidden_at = now() WHERE handle = 'bob'",
        """INSERT INTO block (by_id, member_id) SELECT a.id, b.id FROM member a, member b
           WHERE a.handle = 'alice' AND b.handle = 'bob'""",
    ],
)
async def test_the_power_goes_with_what_allowed_it(
    bob: httpx.AsyncClient, mandate: int, connection: Connection, change: str
) -> None:
    await wear(bob, mandate)
    assert await behalf(bob) == "Alice Morel"
    await connection.execute(change)
    assert await behalf(bob) is None
    assert STRIP not in (await bob.get("/moi/mandats")).text
    assert (await wear(bob, mandate)).status_code == 404


async def test_the_desk_mandate_serves_all_its_staff_and_nobody_else(
    nadia: httpx.AsyncClient, bernard: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town,
    connection: Connection,
) -> None:  # fmt: skip
    mandate = await sign(nadia, town["alice"])
    for desk in (nadia, bernard):
        assert (await wear(desk, mandate)).status_code == 303
        assert await behalf(desk) == "Alice Morel"
    assert (await wear(bob, mandate)).status_code == 404
    await connection.execute("DELETE FROM staff_role WHERE member_id = $1", town["charlie"])
    assert await behalf(bernard) is None, "no longer of the staff"
    assert (await wear(bernard, mandate)).status_code == 404


async def test_a_moderator_is_not_the_desk(app: Starlette, nadia: httpx.AsyncClient, town: Town) -> None:
    mandate = await sign(nadia, town["alice"])
    async with Doors(app).open() as moderator:
        await sign_in(moderator, "moderatrice")
        assert (await wear(moderator, mandate)).status_code == 404
        assert (await moderator.get(f"/moi/mandats/{mandate}")).status_code == 404


async def test_who_is_named_and_of_the_staff_has_two_hats_and_is_told_so(
    alice: httpx.AsyncClient, bernard: httpx.AsyncClient
) -> None:
    mandate = await ask(alice, "charlie")
    await bernard.post(f"/moi/mandats/{mandate}/accord")
    assert "Deux casquettes" in (await bernard.get(f"/moi/mandats/{mandate}")).text
    assert "(en voisin)" in (await bernard.get("/moi/mandats")).text


async def test_one_hat_at_a_time(keeper: httpx.AsyncClient, alice: httpx.AsyncClient, redoute: Home) -> None:
    mandate = await ask(alice, "redoute")
    await keeper.post(f"/moi/mandats/{mandate}/accord")
    await keeper.post("/moi/casquette", data={"organisation": redoute.id})
    refused = await wear(keeper, mandate)
    assert refused.status_code == 422
    assert "Vous agissez déjà pour Les Fêtes de la Redoute" in plain(refused.text)
    assert await behalf(keeper) is None
    await keeper.post("/moi/casquette", data={"organisation": ""})
    await wear(keeper, mandate)
    refused = await keeper.post("/moi/casquette", data={"organisation": redoute.id})
    assert refused.status_code == 422
    assert "Vous agissez déjà pour Alice Morel" in plain(refused.text)
    api = await keeper.put("/api/v1/me/acting_for", json={"organisation": redoute.id})
    assert (api.status_code, api.json()["code"]) == (409, "hat_worn")
    me = (await keeper.get("/api/v1/me")).json()
    assert (me["acting_for"], me["behalf"]["name"]) == (None, "Alice Morel")


def wearing(town: Town, mandate: int, *scopes: str) -> Viewer:
    own = Viewer(town["bob"], "Bob Traoré", "bob", True)
    return replace(own, behalf=Behalf(town["alice"], "Alice Morel", mandate, frozenset(scopes)))


async def test_acts_are_the_persons_within_the_scope_and_noted(
    alice: httpx.AsyncClient, town: Town, mandate: int
) -> None:
    acting = wearing(town, mandate, "help")
    assert person_of(acting, "help") == town["alice"]
    with pytest.raises(OutOfScope):
        person_of(acting, "lending")
    assert person_of(replace(acting, behalf=None), "lending") == town["bob"]
    await note_act(acting, "help_published", ("help", 12))
    await note_act(replace(acting, behalf=None), "help_published", ("help", 13))
    items = (await alice.get(f"/api/v1/mandates/{mandate}/acts")).json()["items"]
    assert [(one["what"], one["about_kind"], one["about_id"], one["by"]) for one in items] == [
        ("help_published", "help", 12, "Bob Traoré")
    ]
    page = plain((await alice.get(f"/moi/mandats/{mandate}")).text)
    assert "Coup de main demandé ou proposé" in page
    assert "demande nº 12" in page
    assert 'href="/entraide/12"' not in page, "there is no such help"


async def test_nothing_is_done_under_a_mandate_that_ends_meanwhile(
    alice: httpx.AsyncClient, town: Town, mandate: int, connection: Connection
) -> None:
    acting = wearing(town, mandate, "help")
    await alice.post(f"/moi/mandats/{mandate}/fin")
    with pytest.raises(MandateGone):
        async with in_transaction():
            await note_act(acting, "help_published", ("help", 12))
    assert await connection.fetchval("SELECT count(*) FROM mandate_act") == 0


async def test_a_departure_ends_them_for_good(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, nadia: httpx.AsyncClient, mandate: int, town: Town,
    connection: Connection,
) -> None:  # fmt: skip
    assert "Vos mandats prennent fin" in plain((await alice.get("/moi/depart")).text)
    await connection.execute("UPDATE mandate SET words = 'Seulement le jardin'")
    await wear(bob, mandate)
    person = await settle(nadia)
    desk = await sign(nadia, person)
    assert (await nadia.post(f"/administration/membres/{person}/depart")).status_code == 303
    assert (await wear(nadia, desk)).status_code == 404
    assert (await nadia.post(f"/administration/membres/{person}/depart/annulation")).status_code == 303
    assert (await wear(nadia, desk)).status_code == 404, "to stay does not give it back"
    assert await sign(nadia, person) != desk

    from echange.members.privacy import belongings

    async with in_transaction():
        await connection.execute("UPDATE member SET leaving_at = now() WHERE id = $1", town["alice"])
        await belongings.forget(town["alice"], None)  # type: ignore[arg-type]
    assert await behalf(bob) is None
    row = await connection.fetchrow("SELECT ended_at, words FROM mandate WHERE id = $1", mandate)
    assert row is not None
    assert row["ended_at"] is not None
    assert row["words"] == ""
    page = plain((await bob.get(f"/moi/mandats/{mandate}")).text)
    assert "Ancien membre" in page
    assert "A commencé à agir" in page, "what he did stays written"


async def test_terms_are_those_of_the_desk_form_too(nadia: httpx.AsyncClient, town: Town) -> None:
    url = f"/administration/membres/{town['alice']}/mandat"
    wrongs: list[dict[str, object]] = [
        {"consent": "online"},
        {"scopes": []},
        {"days": "2"},
        {"helper": "personne-du-tout"},
    ]
    for wrong in wrongs:
        answer = await nadia.post(url, data={**TERMS, "consent": "signed", **wrong})
        assert answer.status_code == 422, wrong
        assert "<title>Erreur" in answer.text
    assert (await nadia.post("/administration/membres/987654/mandat", data=TERMS)).status_code == 404
    named = await sign(nadia, town["alice"], helper="bob")
    assert "Bob Traoré" in (await nadia.get(f"/moi/mandats/{named}")).text
