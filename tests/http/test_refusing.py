"""Every no has its page and its problem+json, and says nothing of the inside."""

import httpx
import pytest

OWN = {"origin": "http://127.0.0.1:8000"}
SIGNED_IN = {"cookie": "session=alice-key", **OWN}


async def test_signed_out_people_are_sent_to_sign_in_and_back(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/membres?page=2")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/connexion?suite=/membres%3Fpage%3D2"


async def test_the_api_says_signed_out(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/api/v1/notes", json={"title": "pain"}, headers=OWN)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Connectez-vous pour continuer.",
        "status": 401,
        "code": "signed_out",
        "errors": {},
    }


async def test_a_member_does_not_enter_the_office(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/bureau", headers=SIGNED_IN)).status_code == 403
    assert (await visitor.get("/bureau", headers={"cookie": "session=admin-key"})).status_code == 200


@pytest.mark.parametrize("path", ["/nulle-part", "/api/v1/nulle-part"])
async def test_an_address_that_does_not_exist_is_said_in_french(
    visitor: httpx.AsyncClient, path: str
) -> None:
    answer = await visitor.get(path)
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.text


async def test_the_wrong_method_is_405(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/api/v1/notes")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/panne", "/api/v1/panne"])
async def test_an_accident_tells_nothing_of_the_inside(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(path)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Zero" not in answer.text
    assert "Rien n’a été perdu" in answer.text


@pytest.mark.parametrize("path", ["/base", "/api/v1/base"])
async def test_a_lost_database_is_503_and_says_when_to_come_back(
    visitor: httpx.AsyncClient, path: str
) -> None:
    answer = await visitor.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert (await visitor.get("/")).status_code == 200


async def test_a_rule_of_today_is_409_for_the_api(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/api/v1/notes", json={"title": "pris"}, headers=SIGNED_IN)
    assert (answer.status_code, answer.json()["code"], answer.json()["title"]) == (409, "taken", "Déjà pris.")


async def test_too_many_acts_are_429_with_the_seconds_to_wait(visitor: httpx.AsyncClient) -> None:
    statuses = [(await visitor.post("/souvent", headers=OWN)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    answer = await visitor.post("/souvent", headers=OWN)
    assert 1 <= int(answer.headers["retry-after"]) <= 30


async def test_a_body_too_large_is_refused_before_it_is_read(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/notes", content=b"title=" + b"a" * 300_000, headers=OWN)
    assert answer.status_code == 413

    async def endless() -> object:
        while True:
            yield b"a" * 65_536

    answer = await visitor.post("/api/v1/notes", content=endless(), headers=SIGNED_IN)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_every_answer_carries_the_security_headers_and_its_id(visitor: httpx.AsyncClient) -> None:
    for path in ("/", "/nulle-part", "/panne", "/static/css/app.css"):
        headers = (await visitor.get(path)).headers
        assert headers["content-security-policy"].startswith(
            "default-src 'self'; img-src 'self' blob:; object-src 'none'"
        )
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "referrer-policy" in headers
        assert len(headers["x-request-id"]) == 16


@pytest.mark.parametrize(
    "path",
    [
        "/static/../pyproject.toml",
        "/static/%2e%2e/locales/en",
        "/static/css",
        "/static/.npmrc",
        "/static/x.css",
    ],
)
async def test_only_static_files_are_static(visitor: httpx.AsyncClient, path: str) -> None:
    assert (await visitor.get(path)).status_code == 404
