"""Unsafe requests come from our own pages, or act for nobody."""

import httpx
import pytest

OWN = "http://127.0.0.1:8000"
SIGNED_IN = {"cookie": "session=alice-key"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": OWN}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9000"}, 403),
        ({"origin": "https://127.0.0.1:8000"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
    ],
)
async def test_a_form_sent_with_a_cookie_must_come_from_our_own_page(
    visitor: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await visitor.post("/membres", headers={**SIGNED_IN, **headers})
    assert answer.status_code == status


async def test_without_cookie_nor_headers_a_form_acts_for_nobody_and_passes(
    visitor: httpx.AsyncClient,
) -> None:
    assert (await visitor.post("/notes", data={"title": "pain"})).status_code == 303


async def test_without_cookie_a_foreign_page_is_refused_all_the_same(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/notes", data={"title": "pain"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "ne vient pas de notre site" in answer.text


async def test_a_personal_token_needs_no_origin(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(
        "/api/v1/notes", json={"title": "pain"}, headers={"authorization": "Bearer alice-key"}
    )
    assert answer.status_code == 201


async def test_a_token_counts_on_api_paths_only(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/membres", headers={"authorization": "Bearer alice-key"})
    assert answer.status_code == 303


async def test_a_wrong_token_is_said_and_does_not_fall_back_to_the_cookie(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(
        "/api/v1/notes",
        json={"title": "pain"},
        headers={"authorization": "Bearer nope", **SIGNED_IN, "origin": OWN},
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


async def test_our_origin_cannot_be_claimed_by_a_host_header_from_elsewhere(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await visitor.post(
        "/membres", headers={**SIGNED_IN, "host": "evil.example", "origin": "http://evil.example"}
    )
    assert answer.status_code == 403
