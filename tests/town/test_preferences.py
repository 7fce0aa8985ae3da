"""Colours, size of letters and language: kept without JavaScript, never a way out of the site."""

import httpx
import pytest

from tests.neighbours import Town
from tests.town.test_the_front_page import Raw


async def test_a_choice_lasts_a_year_and_leads_back(client: httpx.AsyncClient) -> None:
    answer = await client.post("/preferences", data={"theme": "dark", "next": "/charte"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/charte")
    assert "Max-Age=31536000" in answer.headers["set-cookie"]
    assert 'data-theme="dark"' in (await client.get("/charte")).text


async def test_one_choice_leaves_the_others_alone(client: httpx.AsyncClient) -> None:
    await client.post("/preferences", data={"text_size": "large"})
    await client.post("/preferences", data={"theme": "light"})
    page = (await client.get("/")).text
    assert 'data-text="large"' in page
    assert 'data-theme="light"' in page


async def test_english_speaks_english(client: httpx.AsyncClient) -> None:
    await client.post("/preferences", data={"locale": "en"})
    page = (await client.get("/comment-ca-marche")).text
    assert '<html lang="en"' in page
    assert "How it works" in page


async def test_a_member_is_written_to_in_the_language_chosen(
    alice: httpx.AsyncClient, town: Town, connection: Raw
) -> None:
    await alice.post("/preferences", data={"locale": "en"})
    assert await connection.fetchval("SELECT locale FROM member WHERE id = $1", town["alice"]) == "en"
    assert await connection.fetchval("SELECT locale FROM member WHERE id = $1", town["bob"]) == "fr"


@pytest.mark.parametrize(
    "elsewhere", ["https://pirate.example/", "//pirate.example", "/\\pirate.example", "javascript:x"]
)
async def test_it_never_leads_to_another_site(client: httpx.AsyncClient, elsewhere: str) -> None:
    answer = await client.post("/preferences", data={"theme": "dark", "next": elsewhere})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("choice", [{"theme": "neon"}, {"locale": "xx"}, {"text_size": "9" * 5000}])
async def test_an_unknown_choice_is_refused(client: httpx.AsyncClient, choice: dict[str, str]) -> None:
    answer = await client.post("/preferences", data=choice)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


async def test_another_site_cannot_choose_for_alice(alice: httpx.AsyncClient) -> None:
    answer = await alice.post(
        "/preferences", data={"theme": "dark"}, headers={"origin": "https://pirate.example"}
    )
    assert answer.status_code == 403
