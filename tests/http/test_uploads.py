"""A file of a multipart body, and the words beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.requests import Request

from echange.http import Invalid, read_alt, read_upload

CAT = ("chat.png", b"miaou")


def nameless(data: bytes) -> dict[str, object]:
    """What a browser sends of a file field where nothing was chosen: a file whose name is empty."""
    part = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n' + data + b"\r\n--x--\r\n"
    )
    return {"content": part, "headers": {"content-type": "multipart/form-data; boundary=x"}}


@asynccontextmanager
async def posted(**parts: object) -> AsyncIterator[Request]:
    """A request whose body is written by a client of the town."""
    sent = httpx.Request("POST", "http://127.0.0.1/", **parts)  # type: ignore[arg-type]

    async def body() -> dict[str, object]:
        return {"type": "http.request", "body": sent.read(), "more_body": False}

    headers = [(name.lower(), value) for name, value in sent.headers.raw]
    request = Request({"type": "http", "method": "POST", "headers": headers}, body)
    yield request
    await request.close()


async def test_a_file_comes_with_its_name_and_what_one_sees_on_it() -> None:
    async with posted(files={"file": CAT}, data={"alt": " Un chat\nroux "}) as request:
        sent = await read_upload(request)
        assert (sent.filename, sent.data, await read_alt(request)) == ("chat.png", b"miaou", "Un chat roux")


async def test_a_file_needs_neither_words_nor_a_name() -> None:
    async with posted(**nameless(b"miaou")) as request:
        sent = await read_upload(request)
        assert (sent.filename, sent.data, await read_alt(request)) == ("", b"miaou", "")


async def test_an_empty_file_that_has_a_name_was_chosen() -> None:
    async with posted(files={"photo": ("vide.png", b"")}) as request:
        assert (await read_upload(request, "photo")).filename == "vide.png"


@pytest.mark.parametrize(
    "parts",
    [
        nameless(b""),
        {"files": {"other": CAT}},
        {"files": {"file": (None, b"mots")}},
        {"data": {"file": "mots"}},
        {},
    ],
)
async def test_where_no_file_was_chosen_its_field_is_named(parts: dict[str, object]) -> None:
    async with posted(**parts) as request:
        with pytest.raises(Invalid) as refused:
            await read_upload(request)
        assert refused.value.errors == {"file": ["Remplissez ce champ."]}
        with pytest.raises(Invalid) as refused:
            await read_upload(request, missing="Choisissez une photo.")
        assert refused.value.errors == {"file": ["Choisissez une photo."]}


async def test_words_that_are_too_long_are_named_apart_from_the_file() -> None:
    async with posted(files={"file": CAT}, data={"alt": "a" * 201}) as request:
        assert (await read_upload(request)).data == b"miaou"
        with pytest.raises(Invalid) as refused:
            await read_alt(request)
        assert refused.value.errors == {"alt": ["Pas plus de 200 caractères."]}
