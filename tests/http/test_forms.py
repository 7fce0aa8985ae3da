"""One form for pages and JSON: bad input is told field by field, in French."""

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from echange.http.forms import validate
from echange.http.pagination import decode, encode
from echange.http.redirects import local_path
from echange.http.refusals import Invalid
from tests.http.conftest import NoteForm

SIGNED_IN = {"cookie": "session=alice-key", "origin": "http://127.0.0.1:8000"}


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({}, "title", "Remplissez ce champ."),
        ({"title": "   "}, "title", "Remplissez ce champ."),
        ({"title": None}, "title", "Remplissez ce champ."),
        ({"title": "a" * 21}, "title", "Pas plus de 20 caractères."),
        ({"title": "a\x00b"}, "title", "caractère invisible"),
        ({"title": "a\u202eb"}, "title", "caractère invisible"),
        ({"title": {"$ne": 1}}, "title", "Remplissez ce champ."),
        ({"title": "a", "stars": 9}, "stars", "hors des limites"),
        ({"title": "a", "stars": "beaucoup"}, "stars", "Écrivez un nombre."),
        ({"title": "a", "stars": 10**40}, "stars", ""),
        ({"title": "a", "tags": ["a", "b", "c", "d"]}, "tags", "Pas plus de 3 réponses."),
        ({"title": "a", "tags": "a"}, "tags", "Cette réponse n’est pas comprise."),
    ],
)
async def test_a_wrong_answer_is_named_by_its_field(
    visitor: httpx.AsyncClient, body: dict[str, object], field: str, sentence: str
) -> None:
    answer = await visitor.post("/api/v1/notes", json=body, headers=SIGNED_IN)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert sentence in answer.json()["errors"][field][0]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b'{"title": "\\ud800"}', b"1" * 5000])
async def test_what_is_not_json_is_said(visitor: httpx.AsyncClient, body: bytes) -> None:
    answer = await visitor.post("/api/v1/notes", content=body, headers=SIGNED_IN)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_posted_form_reads_lists_and_leaves_empty_fields_out(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(
        "/notes", data={"title": " pain ", "stars": "", "tags": ["a", "", "b"]}, headers=SIGNED_IN
    )
    assert answer.status_code == 303


async def test_only_named_fields_are_read(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(
        "/api/v1/notes", json={"title": "a", "id": 1, "admin": True}, headers=SIGNED_IN
    )
    assert answer.status_code == 201
    assert answer.json()["id"] != 1


@given(st.text(max_size=30))
def test_any_text_is_either_kept_or_refused_but_never_breaks(text: str) -> None:
    refused: dict[str, list[str]] = {}
    try:
        title = validate(NoteForm, {"title": text}).title
    except Invalid as refusal:
        refused = refusal.errors
    else:
        assert title == " ".join(text.split())
    assert set(refused) <= {"title"}


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 2_147_483_647))
def test_a_cursor_finds_its_place_again(instant: datetime, number: int) -> None:
    assert decode(encode((instant, number))) == (instant, number)


@given(st.text(max_size=40))
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    try:
        instant, number = decode(cursor)
    except Invalid:
        return
    assert 0 <= number <= 2_147_483_647
    assert instant.tzinfo is not None


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%5Cevil.example",
        "/%2Fevil.example", "javascript:alert(1)", "", None, "/\t/evil.example", "/a\r\nSet-Cookie: x",
        "evil",
    ],
)  # fmt: skip
def test_a_redirect_never_leaves_home(elsewhere: str | None) -> None:
    assert local_path(elsewhere, default="/moi") == "/moi"


@pytest.mark.parametrize("home", ["/", "/annonces?q=v%C3%A9lo", "/annonces/3-un-velo#repondre"])
def test_a_redirect_keeps_paths_of_ours(home: str) -> None:
    assert local_path(home) == home
