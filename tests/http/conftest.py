"""A small house behind the real front door: enough to test the kit without any room of the town."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from echange.config import Settings
from echange.database import execute, fetch_value, open_pools
from echange.http import (
    Form,
    Invalid,
    Line,
    Rate,
    Refusal,
    Text,
    Viewer,
    admin,
    answer,
    anyone,
    api,
    member,
    page,
    read_form,
    read_json,
    redirect,
)
from echange.http.assets import Assets
from echange.http.assets import route as static_route
from echange.http.errors import refusal_for, respond
from echange.http.front import Front
from echange.http.rates import Limiter
from echange.http.render import make_environments
from echange.i18n import mark
from echange.web import STATIC_DIR
from tests.neighbours import settle_at


class NoteForm(Form):
    title: Line = Field(min_length=1, max_length=20)
    body: Text = Field(default="", max_length=200)
    stars: int = Field(default=1, ge=1, le=5)
    tags: list[Line] = Field(default=[], max_length=3)


class NoteOut(BaseModel):
    id: int
    title: str


class Taken(Refusal):
    code = "taken"
    sentence = mark("Déjà pris.")


async def write_note(request: Request) -> Response:
    form = await read_json(request, NoteForm)
    if form.title == "pris":
        raise Taken
    number = await fetch_value(
        "INSERT INTO quartier (slug, name, position) VALUES ($1, 'x', 1) RETURNING id", form.title
    )
    return answer(NoteOut(id=number, title=form.title), 201)


async def post_note(request: Request) -> Response:
    bound = await read_form(request, NoteForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    return redirect(request, "/", say=f"Noté : {bound.data.title} ({len(bound.data.tags)})")


async def say_hello(request: Request) -> Response:
    return PlainTextResponse("bonjour")


async def break_down(request: Request) -> Response:
    raise ZeroDivisionError("secret of the inside")


async def lose_database(request: Request) -> Response:
    await execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return PlainTextResponse("never")


async def _load_viewer(session: str | None, token: str | None) -> Viewer | None:
    known = {"alice-key": 1, "admin-key": 7}
    number = known.get(session or token or "")
    roles = frozenset({"admin"}) if number == 7 else frozenset()
    return (
        Viewer(id=number, name="Alice Morel", handle="alice", confirmed=True, roles=roles) if number else None
    )


async def _told(request: Request, error: Exception) -> Response:
    return respond(request, refusal_for(error))


@pytest.fixture
def house_settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, pool_size=5)


@pytest.fixture
async def house(house_settings: Settings, database_url: str) -> AsyncIterator[Starlette]:
    await settle_at(database_url)
    assets = Assets(STATIC_DIR)
    app = Starlette(
        routes=[
            page("/", say_hello, who=anyone),
            page("/notes", post_note, who=anyone, methods=("POST",)),
            page("/membres", say_hello, who=member, methods=("GET", "POST")),
            page("/bureau", say_hello, who=admin),
            page("/souvent", say_hello, who=anyone, methods=("POST",), limit=Rate("often", 2, 60)),
            page("/panne", break_down, who=anyone),
            page("/base", lose_database, who=anyone),
            api(
                "POST",
                "/notes",
                write_note,
                who=member,
                summary="",
                body=NoteForm,
                answer=NoteOut,
                status=201,
            ),
            api("GET", "/panne", break_down, who=anyone, summary=""),
            api("GET", "/base", lose_database, who=anyone, summary=""),
            static_route(assets),
        ],
        middleware=[Middleware(Front, settings=house_settings, load_viewer=_load_viewer)],
        exception_handlers={HTTPException: _told, Refusal: _told},
    )
    app.state.settings = house_settings
    app.state.secret = house_settings.secret()
    app.state.environments = make_environments(house_settings, assets)
    app.state.limiter = Limiter(1)
    async with open_pools(database_url, pool_size=5):
        yield app


@pytest.fixture
async def visitor(house: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without cookies; each test says which headers the browser would send."""
    transport = httpx.ASGITransport(app=house, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client
