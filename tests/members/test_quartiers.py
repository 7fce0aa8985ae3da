"""The admin keeps the list of quartiers; until the town confirms it, whoever chooses one reads so."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.ads.annonces import draft
from tests.members.newcomers import plain
from tests.members.organisations import Connection
from tests.neighbours import Town

LIST = "/administration/quartiers"
TO_CONFIRM = "La liste des quartiers est à confirmer par la ville."
SAME = {"seen": "Les Larris"}


@pytest.fixture(autouse=True)
async def as_before(connection: Connection) -> AsyncIterator[None]:
    """The town's own quartiers stay from test to test: each is put back as it was."""
    before = await connection.fetch("SELECT id, name, confirmed FROM quartier")
    yield
    await connection.executemany(
        "UPDATE quartier SET name = $2, confirmed = $3 WHERE id = $1", [tuple(row) for row in before]
    )


def said_in(page: httpx.Response) -> str:
    """Its words without its tags."""
    return re.sub(r"<[^>]+>", "", plain(page.text))


async def acts(connection: Connection) -> list[str]:
    rows = await connection.fetch("SELECT what FROM staff_act WHERE about_kind = 'quartier' ORDER BY id")
    return [row["what"] for row in rows]


async def test_the_admin_finds_the_list_and_confirms_a_name(
    bernard: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    assert f'href="{LIST}"' in (await bernard.get("/administration")).text
    page = plain((await bernard.get(LIST)).text)
    assert "9 noms restent à confirmer" in page
    one = f"{LIST}/{town.quartiers['les-larris']}"
    said = await bernard.post(f"{one}/confirmation", data=SAME, follow_redirects=True)
    assert "La ville a confirmé « Les Larris »" in plain(said.text)
    assert "8 noms restent à confirmer" in plain(said.text)
    await bernard.post(f"{one}/confirmation", data=SAME)
    await bernard.post(f"{one}/confirmation/retrait", data=SAME)
    assert await acts(connection) == ["quartier_confirmed", "quartier_unconfirmed"]
    journal = said_in(await bernard.get("/administration/journal"))
    assert "Quartier confirmé par la ville : Les Larris" in journal


async def test_a_renamed_quartier_keeps_its_address_and_is_to_be_confirmed_anew(
    bernard: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    number = town.quartiers["les-larris"]
    await bernard.post(f"{LIST}/{number}/confirmation", data=SAME)
    await bernard.post(f"{LIST}/{number}", data={"name": "Grands Larris", **SAME})
    row = await connection.fetchrow("SELECT slug, name, confirmed FROM quartier WHERE id = $1", number)
    assert row is not None
    assert tuple(row) == ("les-larris", "Grands Larris", False)
    journal = said_in(await bernard.get("/administration/journal"))
    assert "Quartier renommé : Grands Larris" in journal
    assert "s’appelait Les Larris" in journal


async def test_what_another_admin_renamed_meanwhile_is_neither_confirmed_nor_renamed(
    bernard: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    one = f"{LIST}/{town.quartiers['les-larris']}"
    await bernard.post(one, data={"name": "Grands Larris", **SAME})
    late = await bernard.post(f"{one}/confirmation", data=SAME, follow_redirects=True)
    assert "il s’appelle maintenant « Grands Larris »" in plain(late.text)
    second = await bernard.post(one, data={"name": "Petits Larris", **SAME})
    assert second.status_code == 422
    assert 'value="Petits Larris"' in second.text
    assert 'name="seen" value="Grands Larris"' in second.text
    assert not await connection.fetchval("SELECT bool_or(confirmed) FROM quartier")


async def test_a_quartier_is_added_last_and_never_twice(
    bernard: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection
) -> None:
    answers = await asyncio.gather(
        *(bernard.post(LIST, data={"name": name}) for name in ("Bois Clair", "bois  clair"))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "déjà dans la liste" in refused.text
    row = await connection.fetchrow("SELECT slug, confirmed FROM quartier ORDER BY position DESC LIMIT 1")
    assert row is not None
    assert tuple(row) == ("bois-clair", False)
    assert await acts(connection) == ["quartier_added"]
    assert (await bernard.post(LIST, data={"name": " "})).status_code == 422
    await draft(alice, quartier="bois-clair")


async def test_a_new_quartier_may_take_the_old_name_of_another(
    bernard: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await bernard.post(f"{LIST}/{town.quartiers['les-larris']}", data={"name": "Grands Larris", **SAME})
    assert (await bernard.post(LIST, data={"name": "Les Larris"})).status_code == 303
    slugs = await connection.fetch("SELECT slug FROM quartier WHERE slug LIKE 'les-larris%'")
    assert len(slugs) == 2


@pytest.mark.parametrize("name", ["Le Village", "le village", "LE VILLAGE"])
async def test_two_quartiers_never_share_a_name(bernard: httpx.AsyncClient, town: Town, name: str) -> None:
    one = f"{LIST}/{town.quartiers['les-larris']}"
    refused = await bernard.post(one, data={"name": name, **SAME})
    assert refused.status_code == 422
    assert "déjà dans la liste" in refused.text


async def test_nobody_but_the_admin_touches_the_list(
    alice: httpx.AsyncClient, nadia: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    one = f"{LIST}/{town.quartiers['les-larris']}"
    for somebody in (alice, nadia):
        assert (await somebody.get(LIST)).status_code == 403
        assert (await somebody.get(one)).status_code == 403
        for path in (LIST, one, f"{one}/confirmation", f"{one}/confirmation/retrait"):
            assert (await somebody.post(path, data={"name": "À moi", **SAME})).status_code == 403
    assert await connection.fetchval("SELECT name FROM quartier WHERE slug = 'les-larris'") == "Les Larris"
    assert await acts(connection) == []


async def test_an_unknown_quartier_is_not_found(bernard: httpx.AsyncClient) -> None:
    assert (await bernard.get(f"{LIST}/987654")).status_code == 404
    for path in (f"{LIST}/987654", f"{LIST}/987654/confirmation"):
        assert (await bernard.post(path, data={"name": "Rien", **SAME})).status_code == 404


async def test_whoever_chooses_a_quartier_reads_that_the_list_is_to_be_confirmed(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await draft(alice)
    pages = (
        "/bienvenue",
        "/moi/profil",
        "/associations/nouvelle",
        "/experts",
        "/annonces",
        f"/publier/{ad_id}/details",
    )
    for path in pages:
        assert TO_CONFIRM in (await alice.get(path)).text, path


async def test_once_the_town_has_confirmed_all_names_nothing_is_said(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    await connection.execute("UPDATE quartier SET confirmed = true")
    for path in ("/bienvenue", "/moi/profil", "/experts", "/annonces"):
        assert TO_CONFIRM not in (await alice.get(path)).text, path
    await connection.execute("UPDATE quartier SET confirmed = false WHERE slug = 'le-village'")
    assert TO_CONFIRM in (await alice.get("/experts")).text
